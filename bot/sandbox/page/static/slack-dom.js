// Drawing without tearing: a list of things is brought up to date node by node, so that focus, scroll and half-typed words stay.
import { element } from "/static/bus.js";

export { element };

// items: [{key, sign, make}]; a node is kept as long as its sign stays the same.
export function keyed(parent, items) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let at = parent.firstElementChild;
  for (const item of items) {
    let node = old.get(item.key);
    old.delete(item.key);
    if (node && node.sign !== item.sign) {
      const fresh = made(item);
      const focused = focusWithin(node);
      if (at === node) at = fresh;
      node.replaceWith(fresh);
      if (focused) refocus(fresh, focused);
      node = fresh;
    }
    node ??= made(item);
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
  for (const node of old.values()) node.remove();
}

function made(item) {
  const node = item.make();
  node.dataset.key = item.key;
  node.sign = item.sign;
  return node;
}

function focusWithin(node) {
  const active = document.activeElement;
  return node.contains(active) ? active.dataset.focus ?? "" : null;
}

function refocus(node, name) {
  const again = name && [...node.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === name);
  (again || node).focus({ preventScroll: true });
}

// A button of the app itself: its drawing is hidden from screen readers, its name is not.
export function tool(name, drawing, onclick, more = {}) {
  const face = element("span", { "aria-hidden": "true" }, drawing);
  return element("button", { type: "button", class: "tool", "aria-label": name, title: name, onclick, ...more }, face);
}

export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0]).join("").toUpperCase() || "?";
}

export function avatar(author, app) {
  const tint = [...author].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 8, 0);
  const face = element("span", { class: `avatar ${app ? "avatar-app" : `tint-${tint}`}`, "aria-hidden": "true" });
  face.append(app ? "🛎️" : initials(author));
  return face;
}
