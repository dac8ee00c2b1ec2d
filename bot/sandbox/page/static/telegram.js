// The Telegram half: a person's private chat with the bot, and the team's group with its topics.
import { element } from "/static/bus.js";
import { keyed, pinned } from "/static/list.js";
import { switcher } from "/static/people.js";
import { popup } from "/static/popup.js";
import { Composer } from "/static/telegram-composer.js";
import { draw, grouped } from "/static/telegram-message.js";

const SHOWN = 150; // messages of one place that are drawn
const GENERAL = "general";
const TYPING = { upload_photo: "tg.sends_photo", upload_document: "tg.sends_file" };

export function mount(root, bus) {
  new Telegram(root, bus);
}

class Telegram {
  constructor(root, bus) {
    this.bus = bus;
    this.team = bus.cast.telegram.team;
    this.places = new Map(); // person → {room: "own" | "team", topic: null | GENERAL | id}
    this.read = new Map(); // person/place → the last message they have seen there
    this.toasts = new Map(); // person → how many they have had
    this.pressed = new Map(); // person → how many of their presses, made here, have no answer yet
    this.rooms = {};
    this.person = null;
    this._build(root);
    bus.onMe("telegram", () => { this.composer.clear(); this.jump = true; this._blank(); });
    bus.onChange("telegram", () => this.refresh());
  }

  get me() { return this.bus.me("telegram"); }

  get place() {
    const staff = this.me.role !== "requester";
    if (!this.places.has(this.me.id)) this.places.set(this.me.id, { room: staff ? "team" : "own", topic: GENERAL });
    return this.places.get(this.me.id);
  }

  get room() { return this.place.room === "team" ? this.rooms.team : this.rooms.own; }

  // Drawing

  _build(root) {
    const { bus } = this;
    this.root = root;
    this.chats = element("nav", { class: "tg-chats", "aria-label": bus.say("tg.chats") });
    this.topics = element("nav", { class: "tg-topics", "aria-label": bus.say("tg.topics"), hidden: true });
    this.list = element("ol", { class: "tg-list" });
    this.log = element("div", { class: "tg-log", role: "log", "aria-live": "off", tabindex: "0", "aria-label": bus.say("tg.messages") }, this.list);
    this.down = pinned(this.log, this.list);
    this.doing = element("p", { class: "tg-doing", "aria-live": "polite" });
    this.composer = new Composer(bus, { send: (verb, body) => this.send(verb, body), menu: () => this.person?.menu || [] });
    root.append(
      element("header", { class: "pane-head" }, element("h2", {}, "Telegram"), switcher(bus, "telegram"),
        popup(bus.say("tg.chat_menu"), "⋮", () => this._chatMenu(), { class: "icon" })),
      this.chats, this.topics, this.log, this.doing, this.composer.element);
    root.addEventListener("dragover", (event) => event.preventDefault());
    root.addEventListener("drop", (event) => { event.preventDefault(); this.composer.add([...event.dataTransfer.files]); });
  }

  _blank() {
    this.list.replaceChildren();
    this.rooms = {};
  }

  async refresh() {
    const me = this.me;
    const { bus } = this;
    const [own, team] = await Promise.all([
      bus.get(`/telegram/control/rooms/${me.id}`), bus.get(`/telegram/control/rooms/${this.team}`)]);
    const inside = !["left", "kicked"].includes(team.members[me.id] || "left");
    if (!inside) this.place.room = "own";
    const chat = this.place.room === "team" ? this.team : me.id;
    const person = await bus.get(`/telegram/control/people/${me.id}?room=${chat}`);
    if (!own.messages.length) this.profile = await bus.get("/telegram/control/profile");
    if (me !== this.me) return; // somebody else is played by now
    this.rooms = { own, team: inside ? team : null };
    this.person = person;
    this._settle();
    this._chats();
    this._topics();
    this._messages();
    this._toasts();
    this._foot();
    this.root.dataset.shown = me.handle; // whose app this is by now
  }

  // A topic that is gone is looked at no more.
  _settle() {
    const { place } = this;
    const known = this.rooms.team?.topics.some((one) => one.id === place.topic);
    if (place.topic !== GENERAL && !known) place.topic = GENERAL;
  }

  _chats() {
    const choices = [["own", "Frontdesk"], ...(this.rooms.team ? [["team", this.rooms.team.title]] : [])];
    keyed(this.chats, choices.map(([room, title]) => {
      const on = this.place.room === room;
      const unread = on ? 0 : this._unread(room, null);
      return { key: room, sign: `${title} ${on} ${unread}`, make: () => this._tab(title, on, unread, () => this.go({ room })) };
    }));
    this.chats.hidden = choices.length < 2;
  }

  _topics() {
    const { team } = this.rooms;
    this.topics.hidden = this.place.room !== "team" || !team.forum;
    if (this.topics.hidden) return;
    const choices = [{ id: GENERAL, name: "General", emoji: "#", closed: false }, ...[...team.topics].reverse()];
    keyed(this.topics, choices.map((one) => {
      const on = this.place.topic === one.id;
      const unread = on ? 0 : this._unread("team", one.id);
      const name = `${one.emoji || "💬"} ${one.name}${one.closed ? " 🔒" : ""}`;
      return { key: String(one.id), sign: `${name} ${on} ${unread}`, make: () => this._tab(name, on, unread, () => this.go({ topic: one.id })) };
    }));
  }

  _tab(name, on, unread, onclick) {
    const words = unread ? `${name}, ${this.bus.say("tg.unread", { count: unread })}` : name;
    return element("button", { type: "button", "aria-current": on ? "true" : null, "aria-label": words, title: name, onclick },
      element("span", {}, name), unread ? element("b", { class: "badge" }, String(unread)) : null);
  }

  _messages() {
    const messages = this._lines(this.place.room, this.place.topic).slice(-SHOWN);
    const key = this._key(this.place.room, this.place.topic);
    const fresh = messages.filter((one) => one.id > (this.read.get(key) ?? Infinity) && one.native.from?.id !== this.me.id);
    if (!messages.length) this._empty();
    const items = grouped(messages).map((group) => ({
      key: String(group[0].id), sign: JSON.stringify(group), make: () => draw(group, this._on()) }));
    const mine = messages.at(-1)?.native.from?.id === this.me.id && messages.at(-1).id !== this.read.get(key);
    if (items.length) keyed(this.list, items);
    if (this.jump || mine) this.down();
    this.jump = false;
    for (const one of fresh) this.bus.announce(`${one.author}: ${one.text || one.kind}`);
    this.read.set(key, messages.at(-1)?.id ?? 0);
    this._settled();
  }

  // Before the first word an app shows what the bot says of itself.
  _empty() {
    const texts = Object.fromEntries((this.profile?.texts || []).map(([[which, language], text]) => [`${which}/${language}`, text]));
    const words = texts[`description/${this.person.language}`] || texts["description/"];
    if (this.place.room !== "own" || !words) return;
    this.list.replaceChildren(element("li", { class: "tg-empty" }, element("strong", {}, this.bus.say("tg.about")), element("p", {}, words)));
  }

  // Where nobody has looked yet, all that is there now counts as seen.
  _settled() {
    const places = [["own", GENERAL], ["team", GENERAL], ...(this.rooms.team?.topics || []).map((one) => ["team", one.id])];
    for (const [room, topic] of places) {
      const key = this._key(room, topic);
      if (!this.read.has(key)) this.read.set(key, this.known?.has(this.me.id) ? 0 : this._lines(room, topic).at(-1)?.id ?? 0);
    }
    (this.known ??= new Set()).add(this.me.id);
  }

  _key(room, topic) { return `${this.me.id}/${room}/${room === "own" ? GENERAL : topic}`; }

  _lines(room, topic) {
    const found = this.rooms[room]?.messages || [];
    if (room === "own" || !this.rooms.team?.forum) return found;
    return found.filter((one) => (topic === GENERAL ? one.thread === null : one.thread === topic || one.id === topic));
  }

  _unread(room, topic) {
    if (room === "team" && topic === null) {
      return [GENERAL, ...this.rooms.team.topics.map((one) => one.id)].reduce((sum, one) => sum + this._unread("team", one), 0);
    }
    const last = this.read.get(this._key(room, topic ?? GENERAL));
    if (last === undefined) return 0;
    return this._lines(room, topic ?? GENERAL).filter((one) => one.id > last && one.native.from?.id !== this.me.id).length;
  }

  _foot() {
    const { bus, person } = this;
    const { doing } = this.room;
    this.doing.textContent = doing ? bus.say(TYPING[doing.action] || "tg.typing") : "";
    const own = this.place.room === "own";
    const topic = this.rooms.team?.topics.find((one) => one.id === this.place.topic);
    const admin = ["administrator", "creator"].includes(this.rooms.team?.members[this.me.id]);
    if (own && person.blocked) this.composer.close({ label: bus.say("tg.unblock"), act: () => this.act("unblocks") });
    else if (own && !this.rooms.own.messages.length) this.composer.close({ label: bus.say("tg.start"), act: () => this.act("starts") });
    else if (!own && topic?.closed && !admin) this.composer.close({ label: bus.say("tg.closed") });
    else this.composer.close();
    const newest = this._lines(this.place.room, this.place.topic).filter((one) => one.from_bot && one.keyboard.length).at(-1);
    this.composer.keys(own && newest ? newest.keyboard : [], (label) => this.act("taps", { label }));
  }

  // What the presses of buttons brought.
  _toasts() {
    const { toasts } = this.person;
    const had = this.toasts.get(this.me.id) ?? toasts.length;
    const news = toasts.slice(had).findIndex((one) => !one.answered);
    const done = news === -1 ? toasts.length : had + news;
    const own = this.pressed.get(this.me.id) ?? 0; // others may play them, too: what those bring is theirs
    const answered = toasts.slice(had, done).slice(-own || Infinity);
    this.pressed.set(this.me.id, Math.max(0, own - (done - had)));
    for (const one of answered) {
      if (one.text) this.bus.toast(one.text, { alarm: one.alert, near: this.root });
      if (one.url) this._follow(one.url);
    }
    this.toasts.set(this.me.id, done);
    if (done === toasts.length) for (const key of this.list.querySelectorAll("[aria-busy]")) key.removeAttribute("aria-busy");
  }

  // Doing

  _on() {
    return {
      me: () => this.me,
      say: (key, facts) => this.bus.say(key, facts),
      language: this.bus.language,
      anchor: (id) => `tg-${this.place.room}-${id}`,
      find: (id) => this.room.messages.find((one) => one.id === id),
      show: (id) => document.getElementById(`tg-${this.place.room}-${id}`)?.scrollIntoView({ block: "center" }),
      command: (text) => this.bus.attempt(this.send("says", { text })),
      react: (message, emoji) => this.act("reacts", { emoji, on: message.id }),
      reply: (message) => this.composer.reply(message),
      edit: (message) => this.composer.edit(message),
      remove: (group) => group.forEach((one) => this.act("deletes", { message: one.id })),
      press: (button, message, key) => this._press(button, message, key),
    };
  }

  _press(button, message, key) {
    if (button.url) { this._follow(button.url); return; }
    key.setAttribute("aria-busy", "true");
    this.pressed.set(this.me.id, (this.pressed.get(this.me.id) ?? 0) + 1);
    this.act("presses", { data: button.data, on: message.id }).then((made) => { if (made === null) key.removeAttribute("aria-busy"); });
  }

  // A link of Telegram's own leads somewhere in here; any other is a browser's.
  _follow(url) {
    const there = /^(?:https?:\/\/)?t\.me\/c\/(\d+)\/(\d+)(?:\/(\d+))?/.exec(url);
    const start = /[?&]start=([\w-]+)/.exec(url);
    if (there && `-100${there[1]}` === String(this.team) && this.rooms.team) this.go({ room: "team", topic: Number(there[2]) });
    else if (start) { this.go({ room: "own" }); this.act("starts", { payload: start[1] }); }
    else if (/^https?:/.test(url)) window.open(url, "_blank", "noopener");
  }

  go(where) {
    Object.assign(this.place, where);
    this.jump = true;
    this.list.replaceChildren();
    this.composer.clear();
    this.bus.changed("telegram");
  }

  // Do something where one is; `send` throws what is refused, `act` says it.
  send(verb, body = {}) {
    const at = this.place.room === "team" ? { at: this.team } : {};
    const says = verb === "says" || verb.startsWith("sends");
    const topic = says && at.at && this.place.topic !== GENERAL && this.rooms.team.forum ? { topic: this.place.topic } : {};
    const alone = ["starts", "blocks", "unblocks"].includes(verb);
    return this.bus.post(`/telegram/control/people/${this.me.id}/${verb}`, alone ? body : { ...at, ...topic, ...body });
  }

  act(verb, body) { return this.bus.attempt(this.send(verb, body)); }

  _chatMenu() {
    const say = (key) => this.bus.say(key);
    if (this.place.room === "own") {
      return [this.person?.blocked
        ? { label: say("tg.unblock"), act: () => this.act("unblocks") }
        : { label: say("tg.block"), act: () => this.act("blocks"), alarm: true }];
    }
    const topic = this.rooms.team.topics.find((one) => one.id === this.place.topic);
    if (!topic) return [{ label: say("tg.new_topic"), act: () => this._group("open_topic", { name: say("tg.new_topic") }) }];
    return [
      { label: say(topic.closed ? "tg.reopen_topic" : "tg.close_topic"), act: () => this._group("close_topic", { topic: topic.id, closed: !topic.closed }) },
      { label: say("tg.delete_topic"), act: () => this._group("delete_topic", { topic: topic.id }), alarm: true },
    ];
  }

  _group(verb, body) { return this.bus.attempt(this.bus.post(`/telegram/control/groups/${this.team}/${verb}`, body)); }
}
