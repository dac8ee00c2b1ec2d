// What opens over the app: menus at a button, questions before what cannot be undone. Both work by keyboard.
import { element } from "/static/bus.js";

// Open a menu; items: [{label, act, danger, drawing}]
export function menu(layer, anchor, items, name) {
  const close = (back) => {
    document.removeEventListener("pointerdown", outside, true);
    box.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (back) anchor.focus();
  };
  const outside = (event) => { if (!box.contains(event.target)) close(false); };
  const box = element("div", { class: "menu", role: "menu", "aria-label": name });
  for (const item of items) {
    const words = item.drawing ? element("span", { "aria-hidden": "true" }, item.drawing) : item.label;
    const onclick = () => { close(true); item.act(); };
    box.append(element("button", {
      type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "danger" : item.drawing ? "drawing" : null,
      "aria-label": item.label, onclick,
    }, words));
  }
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "Tab") { event.preventDefault(); event.stopPropagation(); close(true); }
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...box.children];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  });
  anchor.setAttribute("aria-expanded", "true");
  layer.append(box);
  place(box, anchor, layer);
  document.addEventListener("pointerdown", outside, true);
  box.firstElementChild?.focus();
}

function place(box, anchor, layer) {
  const frame = layer.getBoundingClientRect();
  const from = anchor.getBoundingClientRect();
  const left = Math.min(from.left - frame.left, frame.width - box.offsetWidth - 8);
  const below = from.bottom - frame.top + 4;
  const fits = below + box.offsetHeight < frame.height;
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${Math.max(8, fits ? below : from.top - frame.top - box.offsetHeight - 4)}px`;
}

// Ask before something is done; resolves to whether it is to be done.
export function confirmed(layer, { title, body, yes, no, danger }) {
  const back = document.activeElement;
  return new Promise((resolve) => {
    const end = (answer) => { shade.remove(); settle(layer); back?.focus?.(); resolve(answer); };
    const agree = element("button", { type: "button", class: danger ? "btn danger" : "btn primary", onclick: () => end(true) }, yes);
    const refuse = element("button", { type: "button", class: "btn", onclick: () => end(false) }, no);
    const box = element("div", { class: "modal small", role: "alertdialog", "aria-modal": "true", "aria-label": title },
      element("h2", {}, title), element("p", {}, body), element("div", { class: "modal-foot" }, refuse, agree));
    const shade = element("div", { class: "shade question" }, box);
    shade.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); end(false); } });
    layer.append(shade);
    settle(layer);
    refuse.focus();
  });
}

// Only what lies on top can be reached; everything under it waits.
export function settle(layer) {
  const shades = [...layer.querySelectorAll(":scope > .shade")];
  shades.forEach((shade, at) => { shade.inert = at < shades.length - 1; });
  layer.parentElement.querySelector(":scope > .app").inert = shades.length > 0;
}
