// The shell: panes side by side, or one at a time behind tabs where there is no room.
import { Bus, element } from "/static/bus.js";
import * as telegram from "/static/telegram.js";
import * as slack from "/static/slack.js";
import * as drawer from "/static/drawer.js";

const PANES = { telegram, slack, drawer };

async function open() {
  const response = await fetch(`/desk/cast?language=${chosen()}`);
  const bus = new Bus(await response.json());
  document.documentElement.lang = bus.language;
  for (const one of document.querySelectorAll("[data-say]")) one.textContent = bus.say(one.dataset.say);
  const roots = {};
  for (const [name, pane] of Object.entries(PANES)) {
    roots[name] = document.getElementById(`pane-${name}`);
    pane.mount(roots[name], bus);
  }
  tabs(bus, roots);
  toggle(bus);
  languages(bus);
  bus.listen();
}

function chosen() {
  try { return localStorage.getItem("language") || ""; } catch { return ""; }
}

// The language of the page itself; what the desk and people say stays in theirs.
function languages(bus) {
  const choice = document.getElementById("language");
  choice.setAttribute("aria-label", bus.say("language"));
  for (const one of ["en", "uk", "ru"]) choice.append(element("option", { value: one }, one));
  choice.value = bus.language;
  choice.addEventListener("change", () => {
    try { localStorage.setItem("language", choice.value); } catch { /* private window */ }
    location.reload();
  });
}

// On a wide screen the drawer can make room for the messengers.
function toggle(bus) {
  const button = document.getElementById("toggle");
  const panes = document.getElementById("panes");
  button.textContent = bus.say("tab.drawer");
  const set = (open) => {
    panes.classList.toggle("narrow", !open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => set(panes.classList.contains("narrow")));
  set(true);
}

function tabs(bus, roots) {
  const list = document.getElementById("tabs");
  const show = (chosen, focus) => {
    for (const tab of list.children) {
      const on = tab.dataset.pane === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      if (on && focus) tab.focus();
      roots[tab.dataset.pane].classList.toggle("shown", on);
    }
  };
  const names = Object.keys(roots);
  names.forEach((name, at) => {
    const onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) show(names[(at + step + names.length) % names.length], true);
    };
    const attributes = { role: "tab", type: "button", "aria-controls": roots[name].id, onkeydown };
    const tab = element("button", { ...attributes, onclick: () => show(name) }, bus.say(`tab.${name}`));
    tab.dataset.pane = name;
    list.append(tab);
  });
  show("telegram");
}

open();
