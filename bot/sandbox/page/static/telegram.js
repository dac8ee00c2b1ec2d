import { element } from "/static/bus.js";
import { switcher } from "/static/people.js";

export function mount(root, bus) {
  const list = element("ol", {});
  root.append(switcher(bus, "telegram"), list);
  bus.onChange("telegram", async () => {
    const rooms = await bus.get("/telegram/control/rooms");
    list.replaceChildren(...rooms.map((room) => element("li", {}, JSON.stringify(room))));
  });
}
