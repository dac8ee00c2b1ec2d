import { element } from "/static/bus.js";

export function mount(root, bus) {
  const shown = element("pre", {});
  const status = document.getElementById("desk-state");
  const kill = element("button", { type: "button", onclick: () => bus.attempt(bus.post("/desk/kill")) }, "kill");
  root.append(kill, shown);
  bus.onChange("desk", async () => {
    const state = await bus.get("/desk/state");
    const desk = state.desk;
    status.textContent = desk ? bus.say(`desk.${desk.state}`, desk) : bus.say("desk.elsewhere");
    shown.textContent = JSON.stringify(state, null, 1);
  });
}
