// The box one writes in: text, files, /commands, @names.
import { base64, element } from "/static/bus.js";
import { tool } from "/static/slack-dom.js";
import { menu } from "/static/slack-menu.js";

export class Composer {
  // `use`: {say, act, layer, names(), spot(), typed(text), shortcuts(), commands()}
  constructor(use) {
    this._use = use;
    this._files = [];
    const { say } = use;
    this._text = element("textarea", { rows: 1, class: "write", "aria-label": say("writeReply"), autocomplete: "off" });
    this._names = element("div", { class: "names", role: "listbox", "aria-label": say("people"), hidden: true });
    this._chips = element("ul", { class: "chips", "aria-label": say("files") });
    this._refusal = element("p", { class: "error refusal", role: "alert" });
    this._picker = element("input", { type: "file", multiple: true, class: "visually-hidden", tabindex: "-1", "aria-label": say("attach") });
    this._picker.addEventListener("change", () => { this._add(this._picker.files); this._picker.value = ""; });
    const quick = (event) => menu(use.layer, event.currentTarget, this._quick(), say("shortcuts"));
    this.node = element("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this._send(); } },
      this._names, this._chips, this._refusal, this._text,
      element("div", { class: "composer-foot" },
        tool(say("attach"), "📎", () => this._picker.click()), this._picker,
        tool(say("shortcuts"), "⚡", quick, { "aria-haspopup": "menu", "aria-expanded": "false" }),
        element("span", { class: "grow" }),
        tool(say("send"), "➤", null, { type: "submit", class: "tool go" })));
    this._listen();
  }

  name(words) {
    this._text.placeholder = words;
    this._text.setAttribute("aria-label", words);
  }

  focus() { this._text.focus(); }

  get draft() { return this._text.value; }

  set draft(words) { this._text.value = words; this._grow(); }

  _listen() {
    const text = this._text;
    text.addEventListener("input", () => { this._grow(); this._offer(); this._refusal.textContent = ""; });
    text.addEventListener("keydown", (event) => this._key(event));
    text.addEventListener("blur", () => setTimeout(() => { this._names.hidden = true; }, 150));
    text.addEventListener("paste", (event) => { if (event.clipboardData.files.length) { event.preventDefault(); this._add(event.clipboardData.files); } });
    this.node.addEventListener("dragover", (event) => event.preventDefault());
    this.node.addEventListener("drop", (event) => { event.preventDefault(); this._add(event.dataTransfer.files); });
  }

  _key(event) {
    if (!this._names.hidden && ["Tab", "Enter"].includes(event.key)) {
      event.preventDefault();
      this._insert(this._names.firstElementChild.dataset.name);
    } else if (!this._names.hidden && event.key === "Escape") {
      event.stopPropagation();
      this._names.hidden = true;
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this._send();
    }
  }

  _grow() {
    this._text.style.height = "auto";
    this._text.style.height = `${Math.min(this._text.scrollHeight, 160)}px`;
  }

  // Offer names after an @.
  _offer() {
    const begun = this._text.value.slice(0, this._text.selectionStart).match(/(?:^|\s)@([^\s@]*)$/);
    const found = begun ? this._use.names().filter((one) => one.name.toLowerCase().startsWith(begun[1].toLowerCase())) : [];
    this._names.replaceChildren(...found.slice(0, 6).map((one) => element("div", {
      role: "option", "data-name": one.name, onpointerdown: (event) => { event.preventDefault(); this._insert(one.name); },
    }, `@${one.name}`)));
    this._names.hidden = found.length === 0;
  }

  _insert(name) {
    const at = this._text.selectionStart;
    const before = this._text.value.slice(0, at).replace(/@[^\s@]*$/, `@${name} `);
    this._text.value = before + this._text.value.slice(at);
    this._text.setSelectionRange(before.length, before.length);
    this._names.hidden = true;
    this._text.focus();
  }

  _quick() {
    const shortcuts = this._use.shortcuts().filter((one) => one.kind === "global");
    return [
      ...shortcuts.map((one) => ({ label: one.name, act: () => this._use.act("shortcut", { callback_id: one.callback_id }) })),
      ...this._use.commands().map((name) => ({ label: name, act: () => { this.draft = `${name} `; this.focus(); } })),
    ];
  }

  _add(files) {
    this._files.push(...files);
    this._drawChips();
  }

  _drawChips() {
    this._chips.replaceChildren(...this._files.map((file, at) => element("li", {}, `📎 ${file.name}`,
      tool(this._use.say("take", { name: file.name }), "✕", () => { this._files.splice(at, 1); this._drawChips(); this.focus(); }))));
  }

  async _send() {
    const text = this._text.value.trim();
    const files = this._files;
    if (!text && !files.length) return;
    if (text.startsWith("/") && !files.length && this._refused(text)) return;
    this._fill("", []);
    if (await this._do(text, files) === null && !this.draft) this._fill(text, files); // nothing is lost that was typed
  }

  _fill(text, files) {
    this._files = files;
    this._drawChips();
    this.draft = text;
    this._refusal.textContent = "";
  }

  async _do(text, files) {
    const { act, spot, typed } = this._use;
    if (files.length) {
      const read = await Promise.all(files.map(async (file) => ({ name: file.name, data: await base64(file) })));
      return act("uploads", { files: read, text, ...spot() });
    }
    if (text.startsWith("/")) return act("runs", { line: text, at: spot().at });
    return act("says", { ...typed(text), ...spot() });
  }

  // Say why a slash command cannot be run here, where it cannot; it is left in the box.
  _refused(line) {
    const { say, commands, spot } = this._use;
    const name = line.split(/\s/)[0];
    let words = "";
    if (!commands().includes(name)) words = say("unknown", { name, known: commands().join(", ") });
    else if (spot().thread) words = say("noThread", { name });
    this._refusal.textContent = words;
    return words !== "";
  }
}
