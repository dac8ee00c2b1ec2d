// The switch for who is played on one messenger: shared by both panes.
import { element } from "/static/bus.js";

export function switcher(bus, messenger) {
  const choice = element("select", {
    class: "people", "aria-label": `${bus.say("play")} (${messenger})`,
    onchange: (event) => bus.become(messenger, event.target.value),
  });
  for (const one of bus.cast[messenger].people) {
    choice.append(element("option", { value: one.handle }, `${one.name} · ${bus.say(`role.${one.role}`)}`));
  }
  const language = element("select", { class: "speaks", onchange: (event) => bus.attempt(bus.speak(messenger, event.target.value)) });
  for (const one of ["en", "uk", "ru"]) language.append(element("option", { value: one }, one));
  const draw = () => {
    const me = bus.me(messenger);
    choice.value = me.handle;
    language.value = me.language;
    language.setAttribute("aria-label", bus.say("speaks", me));
    language.title = bus.say("speaks", me);
  };
  bus.onMe(messenger, draw);
  draw();
  return element("span", { class: "playing" }, element("span", { "aria-hidden": "true" }, bus.say("play")), choice, language);
}
