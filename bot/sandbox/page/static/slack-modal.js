// Modals: the one in front of a stack, what is typed into it, and how it is sent.
import { element } from "/static/bus.js";
import { keyed } from "/static/list.js";
import { draw } from "/static/slack-blocks.js";
import { tool } from "/static/slack-dom.js";
import { complain } from "/static/slack-fields.js";
import { settle } from "/static/slack-menu.js";

export class Modals {
  constructor(layer, use) {
    this._layer = layer;
    this._use = use;
    this._view = null; // the view in front, as it came last
    this._node = null;
    this._typed = new Map(); // block id → what stands there and has not been told yet
    this._told = Promise.resolve(); // what is told, is told in order
    this._busy = "";
  }

  // Bring the view in front up to date; the stack is empty where no modal is open.
  show(stack) {
    const view = stack.at(-1) ?? null;
    const other = view?.id !== this._view?.id;
    this._view = view;
    if (other) this._change();
    if (!view) return;
    this._stacked = stack.length;
    const settled = this._busy !== view.hash || Object.keys(view.errors).length > 0;
    if (settled) this._busy = "";
    this._draw(view);
    const wrong = this._sent && Object.keys(view.errors).length > 0;
    if (other || wrong) this._focus();
    if (wrong) this._sent = false;
  }

  _change() {
    this._node?.remove();
    this._node = null;
    this._busy = "";
    this._sent = false;
    this._typed.clear();
    if (this._view) this._build(this._view);
    settle(this._layer);
    if (this._view) return;
    this._back?.focus?.();
    this._back = null;
  }

  _build(view) {
    const { say } = this._use;
    this._back ??= document.activeElement;
    const title = element("h2", { id: "slack-modal-title" }, view.title);
    const away = () => this._close(true);
    this._body = element("div", { class: "modal-body" });
    this._trouble = element("p", { class: "error trouble", role: "alert" });
    this._send = view.submit ? element("button", { type: "submit", class: "btn primary" }, view.submit) : null;
    const cancel = element("button", { type: "button", class: "btn", onclick: () => this._close(false) }, view.close || say("cancel"));
    const form = element("form", {
      class: "modal", role: "dialog", "aria-modal": "true", "aria-labelledby": title.id, novalidate: true,
      onsubmit: (event) => { event.preventDefault(); this._submit(); },
    }, element("div", { class: "modal-head" }, title, tool(say("close"), "✕", away)), this._body, this._trouble,
    element("div", { class: "modal-foot" }, cancel, this._send));
    this._node = element("div", { class: "shade" }, form);
    this._node.addEventListener("keydown", (event) => { if (event.key === "Escape") this._close(false); });
    this._layer.append(this._node);
  }

  _draw(view) {
    const use = { ...this._use, state: (block) => this._state(block), ...this._acts(view) };
    keyed(this._body, view.blocks.map((block) => ({
      key: block.block_id, sign: signed(block), make: () => draw(block, use),
    })));
    for (const node of this._body.children) complain(node, view.errors[node.dataset.key] ?? "");
    this._trouble.textContent = view.errors[""] ?? "";
    this._node.querySelector("h2").textContent = view.title;
    if (this._send) {
      this._send.textContent = this._busy ? this._use.say("busy") : view.submit;
      this._send.setAttribute("aria-disabled", String(Boolean(this._busy)));
    }
  }

  _acts(view) {
    const at = "modal";
    return {
      press: (one) => this._tell(view, () => this._use.act("presses", { action_id: one.action_id, at })),
      choose: (one, block, value) => this._tell(view, () => this._use.act("chooses", { wanted: value, menu: one.action_id, at })),
      attach: (block, files) => this._tell(view, () => this._use.act("attaches", { block_id: block.block_id, files })),
      input: (block, value, now) => {
        this._typed.set(block.block_id, value);
        if (now || !TYPED.has(block.element.type)) this._tell(view, () => null);
      },
    };
  }

  _state(block) {
    const known = this._view.values[block.block_id]?.[block.element.action_id] ?? {};
    if (!this._typed.has(block.block_id)) return known;
    const value = this._typed.get(block.block_id);
    return { ...known, value, selected_date: value, selected_time: value, selected_date_time: value };
  }

  // Tell what has been typed, then do what comes next; nothing where the view has gone meanwhile.
  _tell(view, next) {
    this._told = this._told.then(async () => {
      if (this._view?.id !== view.id) return null;
      const values = Object.fromEntries(this._typed);
      this._typed.clear();
      if (Object.keys(values).length) await this._use.act("fills", values);
      return next();
    });
    return this._told;
  }

  async _submit() {
    const view = this._view;
    if (!view || this._busy) return;
    this._busy = view.hash;
    this._sent = true; // and so the first field that is wrong is gone to
    this._draw(view);
    const sent = await this._tell(view, async () => (await this._use.act("complete")) && this._use.act("submits"));
    if (sent || !this._view) return;
    this._busy = "";
    this._draw(this._view);
  }

  _close(everything) {
    if (this._view) this._use.act("closes", { everything: everything && this._stacked > 1 });
  }

  _focus() {
    if (!this._node) return;
    const wrong = this._node.querySelector("[aria-invalid=true]");
    const first = this._body.querySelector("input, textarea, select, button") ?? this._node.querySelector("button");
    (wrong ?? first)?.focus();
  }
}

// What an input begins with matters once: what stands in it afterwards is the person's.
function signed(block) {
  return JSON.stringify(block, (name, value) => (name.startsWith("initial_") ? undefined : value));
}

const TYPED = new Set(["plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "number_input"]);
