// A small menu that opens beside its button: by mouse, by keyboard, and gone with Escape or a click elsewhere.
import { element } from "/static/bus.js";

// items(): [{label, act, pressed?}] or [{group: [...] }], asked for when it opens.
export function popup(label, face, items, attributes = {}) {
  const button = element("button", {
    type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label, title: label, ...attributes,
  }, face);
  const holder = element("span", { class: "popup" }, button);
  let menu = null;
  const close = (back) => {
    if (!menu) return;
    menu.remove();
    menu = null;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (back) button.focus();
  };
  const outside = (event) => { if (!holder.contains(event.target)) close(false); };
  const open = () => {
    const given = items();
    if (!given.length) return;
    menu = element("div", { class: "menu", role: "menu", "aria-label": label });
    for (const item of given) menu.append(item.group ? row(item.group, close) : line(item, close));
    menu.addEventListener("keydown", (event) => move(event, menu, close));
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !holder.contains(event.relatedTarget)) close(false);
    });
    holder.append(menu);
    place(menu, button);
    button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", outside, true);
    menu.querySelector("button")?.focus();
  };
  button.addEventListener("click", () => (menu ? close(true) : open()));
  return holder;
}

function line(item, close) {
  return element("button", {
    type: "button", role: "menuitem", class: item.alarm ? "alarm" : null,
    onclick: () => { close(true); item.act(); },
  }, item.label, item.hint ? element("small", {}, item.hint) : null);
}

function row(items, close) {
  return element("div", { class: "menu-row", role: "group" }, ...items.map((item) => element("button", {
    type: "button", role: "menuitem", "aria-label": item.name || null, onclick: () => { close(true); item.act(); },
  }, item.label)));
}

function move(event, menu, close) {
  const all = [...menu.querySelectorAll("button")];
  const at = all.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(true); }
  else if (step) { event.preventDefault(); all[(at + step + all.length) % all.length].focus(); }
}

// Keep the menu inside the window, above its button where there is no room below.
function place(menu, button) {
  const from = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = from.bottom + size.height < window.innerHeight - 8;
  const left = Math.max(8, Math.min(from.left, window.innerWidth - size.width - 8));
  menu.style.left = `${left}px`;
  menu.style.top = below ? `${from.bottom + 2}px` : `${Math.max(8, from.top - size.height - 2)}px`;
}
