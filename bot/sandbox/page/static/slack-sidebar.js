// The column with all conversations of a person.
import { element } from "/static/bus.js";
import { keyed } from "/static/list.js";
import { avatar } from "/static/slack-dom.js";

export class Sidebar {
  constructor(pane) {
    this._pane = pane;
    const { say } = pane;
    this._name = element("strong", {}, say("workspace"));
    this._who = element("span", { class: "who" });
    this._channels = element("ul", {});
    this._apps = element("ul", {});
    this.node = element("nav", { class: "sidebar", "aria-label": say("menu") },
      element("div", { class: "workspace" }, this._name, this._who),
      element("h3", {}, say("channels")), this._channels, element("h3", {}, say("apps")), this._apps);
    this._heading = this._channels.previousElementSibling;
  }

  focus() { this.node.querySelector("[aria-current]")?.focus(); }

  draw(unread) {
    const { screen, room } = this._pane;
    this._who.textContent = screen.person.name;
    const channels = screen.rooms.filter((one) => one.kind !== "im");
    this._heading.hidden = !channels.length;
    keyed(this._channels, channels.map((one) => this._item(one, room, unread(one))));
    keyed(this._apps, screen.rooms.filter((one) => one.kind === "im").map((one) => this._item(one, room, unread(one))));
  }

  _item(one, room, unread) {
    const here = one.id === room.id;
    const face = one.kind === "im" ? avatar(one.name, true) : element("span", { class: "hash", "aria-hidden": "true" }, one.kind === "group" ? "🔒" : "#");
    const mark = unread && !here ? element("span", { class: "dot", role: "img", "aria-label": this._pane.say("unread") }) : null;
    const make = () => element("li", {}, element("button", {
      type: "button", "aria-current": here ? "page" : null, class: mark ? "unread" : null, "data-focus": one.id,
      onclick: () => this._pane.open({ room: one.id, thread: null, tab: "messages" }),
    }, face, element("span", { class: "name" }, one.name), mark));
    return { key: one.id, sign: `${here} ${Boolean(mark)} ${one.name}`, make };
  }
}
