// The messages of a conversation or a thread, in order, kept at their newest end.
import { element } from "/static/bus.js";
import { keyed } from "/static/list.js";
import { message } from "/static/slack-message.js";

const TOGETHER = 5 * 60 * 1000; // what somebody says within this time stands under one name
const NEAR = 80; // pixels from the end that count as being there

export class List {
  constructor(name) {
    this.node = element("div", { class: "list", role: "log", "aria-live": "off", "aria-label": name, tabindex: "0" });
    this._inside = element("div", { class: "list-inside" });
    this.node.append(this._inside);
    this._shown = "";
    this._end = true; // whether the newest is in sight, and is to stay so
    this.node.addEventListener("scroll", () => { this._end = this._left() < NEAR; }, { passive: true });
    const sizes = new ResizeObserver(() => this._stay());
    sizes.observe(this.node);
    sizes.observe(this._inside); // pictures come later than their messages
  }

  _left() { return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight; }

  _stay() { if (this._end) this.node.scrollTop = this.node.scrollHeight; }

  name(words) { this.node.setAttribute("aria-label", words); }

  // `place` names the conversation: where it is another, its end is shown.
  show(place, messages, use, { thread = false, empty = "" } = {}) {
    if (place !== this._shown) this._end = true;
    this._shown = place;
    const items = [];
    let before = null;
    for (const one of messages) {
      const day = use.day(one.at);
      if (!before || use.day(before.at) !== day) items.push(rule(`day-${day}`, day));
      items.push(this._item(one, before, use, thread));
      before = one;
    }
    if (!items.length && empty) items.push({ key: "empty", sign: empty, make: () => element("p", { class: "faint empty" }, empty) });
    keyed(this._inside, items);
    this._stay();
  }

  _item(one, before, use, thread) {
    const near = before && before.author_id === one.author_id && new Date(one.at) - new Date(before.at) < TOGETHER;
    const compact = Boolean(near && !apart(one) && !apart(before) && !before.replies && !before.subtype.startsWith("channel_"));
    const replies = thread ? 0 : one.replies;
    const unread = replies > 0 && use.unread(one);
    const make = () => {
      const node = message(one, use, { compact, thread });
      if (replies) node.querySelector(".msg-body").append(opener(one, use, unread));
      return node;
    };
    return { key: one.ts, sign: JSON.stringify([use.me, compact, thread, unread, one]), make };
  }
}

// What one can act on, or only one person sees, stands by itself.
function apart(one) {
  return one.only_you || one.blocks.some((block) => block.type === "actions");
}

function rule(key, words) {
  return { key, sign: words, make: () => element("p", { class: "rule" }, element("span", {}, words)) };
}

function opener(one, use, unread) {
  const words = use.say("replies", { count: one.replies });
  const last = element("span", { class: "faint" }, use.time(one.latest_reply));
  const mark = unread ? element("span", { class: "dot", role: "img", "aria-label": use.say("unread") }) : null;
  const about = { type: "button", class: "opener", "data-focus": "opener", onclick: () => use.thread(one) };
  return element("button", about, `💬 ${words} `, last, mark);
}
