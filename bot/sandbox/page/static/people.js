// The switch for who is played on one messenger: shared by both panes.
import { element } from "/static/bus.js";

export function switcher(bus, messenger) {
  const choice = element("select", {
    class: "people", "aria-label": `${bus.say("play")} (${messenger})`,
    onchange: (event) => bus.become(messenger, event.target.value),
  });
  for (const one of bus.cast[messenger].people) {
    const words = `${one.name} · ${bus.say(`role.${one.role}`)} · ${one.language}`;
    choice.append(element("option", { value: one.handle }, words));
  }
  const draw = () => { choice.value = bus.me(messenger).handle; };
  bus.onMe(messenger, draw);
  draw();
  return element("label", { class: "playing" }, element("span", {}, bus.say("play")), choice);
}
