// Small things that the whole app is made of.
import { element } from "/static/bus.js";

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
