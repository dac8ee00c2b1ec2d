// Where one writes: words, files from the disk, a reply or an edit under way, the menu of commands.
import { base64, element } from "/static/bus.js";
import { popup } from "/static/popup.js";
import { size } from "/static/telegram-message.js";

const PHOTOS = ["image/jpeg", "image/png", "image/webp", "image/gif"];

export class Composer {
  // `send(verb, body)` does it; `menu()` returns the commands offered here; `changed()` is called when a task ends.
  constructor(bus, { send, menu }) {
    this._bus = bus;
    this._send = send;
    this._menu = menu;
    this._files = [];
    this._task = null; // {kind: "reply" | "edit", message}
    this.element = this._build();
  }

  reply(message) { this._begin({ kind: "reply", message }); }

  edit(message) {
    this._begin({ kind: "edit", message });
    this._words.value = message.text;
    this._grow();
  }

  clear() {
    this._task = null;
    this._files = [];
    this._words.value = "";
    this._draw();
  }

  // What stands in the place of the line: "start", "unblock", a reason why nobody can write here, or nothing.
  close({ label = "", act = null } = {}) {
    const closed = Boolean(label);
    this._line.hidden = closed;
    this._closed.hidden = !closed;
    this._closed.replaceChildren(...(closed ? [act
      ? element("button", { type: "button", class: "tg-start", onclick: act }, label)
      : element("p", { class: "faint" }, label)] : []));
  }

  // The keyboard in the place of letters.
  keys(rows, tap) {
    this._keys.hidden = !rows.length;
    this._keys.replaceChildren(...rows.map((row) => element("div", { class: "tg-row" }, ...row.map((label) =>
      element("button", { type: "button", class: "tg-key", onclick: () => tap(label) }, label)))));
  }

  add(files) {
    this._files.push(...files);
    this._draw();
    this._words.focus();
  }

  _build() {
    const say = (key) => this._bus.say(key);
    this._words = element("textarea", {
      rows: "1", class: "tg-words", placeholder: say("tg.write"), "aria-label": say("tg.write"), dir: "auto",
      onkeydown: (event) => this._key(event), oninput: () => this._grow(),
      onpaste: (event) => { if (event.clipboardData.files.length) { event.preventDefault(); this.add([...event.clipboardData.files]); } },
    });
    const input = element("input", {
      type: "file", multiple: true, class: "visually-hidden", tabindex: "-1", "aria-hidden": "true",
      onchange: () => { this.add([...input.files]); input.value = ""; },
    });
    const attach = element("button", { type: "button", class: "icon", "aria-label": say("tg.attach"), title: say("tg.attach"), onclick: () => input.click() }, "📎");
    const menu = popup(say("tg.menu"), "/", () => this._menu().map((one) => ({
      label: `/${one.command}`, hint: one.description, act: () => this._command(one),
    })), { class: "icon" });
    const send = element("button", { type: "submit", class: "icon tg-send", "aria-label": say("tg.send"), title: say("tg.send") }, "➤");
    this._task_bar = element("div", { class: "tg-task", hidden: true });
    this._chips = element("div", { class: "tg-chips", hidden: true });
    this._keys = element("div", { class: "tg-keys", hidden: true });
    this._line = element("div", { class: "tg-line" }, menu, attach, input, this._words, send);
    this._closed = element("div", { class: "tg-closed", hidden: true });
    return element("form", { class: "tg-composer", onsubmit: (event) => { event.preventDefault(); this._submit(); } },
      this._task_bar, this._chips, this._line, this._keys, this._closed);
  }

  _begin(task) {
    this._task = task;
    this._draw();
    this._words.focus();
  }

  _key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this._submit();
    } else if (event.key === "Escape" && (this._task || this._files.length)) {
      event.stopPropagation();
      this.clear();
    }
  }

  _grow() {
    this._words.style.height = "auto";
    if (this._words.scrollHeight) this._words.style.height = `${Math.min(this._words.scrollHeight + 2, 140)}px`;
  }

  _draw() {
    const say = (key, facts) => this._bus.say(key, facts);
    this._task_bar.hidden = !this._task;
    if (this._task) {
      const { kind, message } = this._task;
      this._task_bar.replaceChildren(
        element("span", {}, element("strong", {}, say(kind === "edit" ? "tg.editing" : "tg.replying", { who: message.author })),
          ` ${(message.text || message.kind).slice(0, 80)}`),
        element("button", { type: "button", class: "icon", "aria-label": say("cancel"), onclick: () => this.clear() }, "✕"));
    }
    this._chips.hidden = !this._files.length;
    this._chips.replaceChildren(...this._files.map((file, at) => element("button", {
      type: "button", class: "chip", "aria-label": say("tg.take_out", { name: file.name }),
      onclick: () => { this._files.splice(at, 1); this._draw(); },
    }, `${file.name} · ${size(file.size)} ✕`)));
    this._grow();
  }

  async _submit() {
    const text = this._words.value.trim();
    if (!text && !this._files.length) return;
    const [task, files] = [this._task, this._files];
    this.clear();
    const done = await this._bus.attempt(this._do(text, task, files));
    if (done === null && !this._words.value) { // nothing is lost that was typed
      this._words.value = text;
      this._task = task;
      this._files = files;
      this._draw();
    }
  }

  async _do(text, task, files) {
    if (task?.kind === "edit") return this._send("edits", { message: task.message.id, text });
    const more = task ? { reply_to: task.message.id } : {};
    if (!files.length) return this._send("says", { text, ...more });
    const parts = await Promise.all(files.map(async (file) => ({
      kind: PHOTOS.includes(file.type) ? "photo" : "document", name: file.name, data: await base64(file),
    })));
    const alike = parts.every((one) => one.kind === parts[0].kind);
    if (parts.length > 1 && alike) return this._send("sends_album", { files: parts, caption: text, ...more });
    let made = null;
    for (const [at, { kind, name, data }] of parts.entries()) {
      made = await this._send(`sends_${kind}`, { name, data, caption: at ? "" : text, ...more });
    }
    return made;
  }

  // A command that wants words behind it waits for them.
  _command({ command, description }) {
    if (!new RegExp(`/${command} \\S`).test(description)) { this._say(`/${command}`); return; }
    this._words.value = `/${command} `;
    this._words.focus();
  }

  async _say(text) { await this._bus.attempt(this._send("says", { text })); }
}
