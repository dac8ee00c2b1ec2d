import { element } from "/static/bus.js";
import { switcher } from "/static/people.js";

export function mount(root, bus) {
  const list = element("ol", {});
  root.append(switcher(bus, "slack"), list);
  bus.onChange("slack", async () => {
    const rooms = await bus.get("/slack/control/rooms");
    list.replaceChildren(...rooms.map((room) => element("li", {}, JSON.stringify(room))));
  });
}
