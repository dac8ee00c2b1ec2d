// The Telegram half: a person's private chat with the bot, and the groups they are in, with their topics.
import { element } from "/static/bus.js";
import { keyed, pinned } from "/static/list.js";
import { switcher } from "/static/people.js";
import { popup } from "/static/popup.js";
import { Acts } from "/static/telegram-acts.js";
import { Composer } from "/static/telegram-composer.js";
import { draw, grouped } from "/static/telegram-message.js";
import { GENERAL, Read } from "/static/telegram-read.js";

const SHOWN = 150; // messages of one place that are drawn
const FADES = 5100; // milliseconds after which a bot is not seen to be typing any more
const TYPING = { upload_photo: "tg.sends_photo", upload_document: "tg.sends_file" };

export function mount(root, bus) {
  new Telegram(root, bus);
}

class Telegram {
  constructor(root, bus) {
    this.bus = bus;
    this.groups = bus.cast.telegram.rooms; // name → id of the chat: the team's first
    this.places = new Map(); // person → {room: "own" | name of a group, topic: GENERAL | id}
    this.read = new Read();
    this.acts = new Acts(bus, this);
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

  get room() { return this.rooms[this.place.room]; }

  // The groups that somebody is in, by name.
  get inside() { return Object.keys(this.groups).filter((name) => this.rooms[name]); }

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
    this.composer = new Composer(bus, { send: (verb, body) => this.acts.send(verb, body), menu: () => this.person?.menu || [] });
    root.append(
      element("header", { class: "pane-head" }, element("h2", {}, "Telegram"), switcher(bus, "telegram"),
        popup(bus.say("tg.chat_menu"), "⋮", () => this.acts.menu(), { class: "icon" })),
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
    const names = Object.keys(this.groups);
    const [own, ...found] = await Promise.all(
      [me.id, ...names.map((name) => this.groups[name])].map((id) => bus.get(`/telegram/control/rooms/${id}`)));
    if (me !== this.me) return; // somebody else is played by now, and is elsewhere
    const inside = found.map((room) => (["left", "kicked"].includes(room.members[me.id] || "left") ? null : room));
    const rooms = { own, ...Object.fromEntries(names.map((name, at) => [name, inside[at]])) };
    if (!rooms[this.place.room]) this.place.room = "own";
    const chat = this.groups[this.place.room] ?? me.id;
    const person = await bus.get(`/telegram/control/people/${me.id}?room=${chat}`);
    if (!own.messages.length) this.profile = await bus.get("/telegram/control/profile");
    if (me !== this.me) return; // somebody else is played by now
    this.rooms = rooms;
    this.person = person;
    this._settle();
    this._chats();
    this._topics();
    this._messages();
    if (this.acts.toasts()) for (const key of this.list.querySelectorAll("[aria-busy]")) key.removeAttribute("aria-busy");
    this._foot();
    this.root.dataset.shown = me.handle; // whose app this is by now
  }

  // A topic that is gone is looked at no more.
  _settle() {
    const { place } = this;
    const known = this.room.topics?.some((one) => one.id === place.topic);
    if (place.topic !== GENERAL && !known) place.topic = GENERAL;
  }

  _chats() {
    const choices = [["own", "Frontdesk"], ...this.inside.map((name) => [name, this.rooms[name].title])];
    keyed(this.chats, choices.map(([room, title]) => {
      const on = this.place.room === room;
      const unread = on ? 0 : this._unread(room, null);
      return { key: room, sign: `${title} ${on} ${unread}`, make: () => this._tab(title, on, unread, () => this.go({ room })) };
    }));
    this.chats.hidden = choices.length < 2;
  }

  _topics() {
    const { room, place } = this;
    this.topics.hidden = !room.forum;
    if (this.topics.hidden) return;
    const choices = [{ id: GENERAL, name: "General", emoji: "#", closed: false }, ...[...room.topics].reverse()];
    keyed(this.topics, choices.map((one) => {
      const on = place.topic === one.id;
      const unread = on ? 0 : this._unread(place.room, one.id);
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
    const { me, place: { room, topic }, read } = this;
    const last = messages.at(-1);
    const fresh = read.fresh(me, room, topic, messages);
    const mine = last?.native.from?.id === me.id && !read.isLast(me, room, topic, last);
    if (!messages.length) this._empty();
    const items = grouped(messages).map((group) => ({
      key: String(group[0].id), sign: JSON.stringify(group), make: () => draw(group, this._on()) }));
    if (items.length) keyed(this.list, items);
    if (this.jump || mine) this.down();
    this.jump = false;
    for (const one of fresh) this.bus.announce(`${one.author}: ${one.text || one.kind}`);
    read.mark(me, room, topic, messages);
    const places = ["own", ...this.inside].flatMap((where) => this._topicIds(where).map((one) => [where, one]));
    read.meet(me, places.map(([where, one]) => [where, one, this._lines(where, one)]));
  }

  _topicIds(room) { return [GENERAL, ...(this.rooms[room].topics || []).map((one) => one.id)]; }

  // Before the first word an app shows what the bot says of itself.
  _empty() {
    const texts = Object.fromEntries((this.profile?.texts || []).map(([[which, language], text]) => [`${which}/${language}`, text]));
    const words = texts[`description/${this.person.language}`] || texts["description/"];
    const own = this.place.room === "own" && words;
    this.list.replaceChildren(...(own ? [element("li", { class: "tg-empty" }, element("strong", {}, this.bus.say("tg.about")), element("p", {}, words))] : []));
  }

  _lines(room, topic) {
    const found = this.rooms[room]?.messages || [];
    if (!this.rooms[room]?.forum) return found;
    return found.filter((one) => (topic === GENERAL ? one.thread === null : one.thread === topic || one.id === topic));
  }

  // How much of a place is unread; of the whole group where no topic is named.
  _unread(room, topic) {
    if (topic === null && this.rooms[room]?.forum) return this._topicIds(room).reduce((sum, one) => sum + this._unread(room, one), 0);
    return this.read.fresh(this.me, room, topic, this._lines(room, topic ?? GENERAL)).length;
  }

  _foot() {
    const { bus, person } = this;
    const { doing } = this.room;
    this.doing.textContent = doing ? bus.say(TYPING[doing.action] || "tg.typing") : "";
    clearTimeout(this.fades);
    if (doing) this.fades = setTimeout(() => bus.changed("telegram"), FADES);
    const own = this.place.room === "own";
    const topic = this.room.topics?.find((one) => one.id === this.place.topic);
    const admin = ["administrator", "creator"].includes(this.room.members?.[this.me.id]);
    if (own && person.blocked) this.composer.close({ label: bus.say("tg.unblock"), act: () => this.acts.act("unblocks") });
    else if (own && !this.rooms.own.messages.length) this.composer.close({ label: bus.say("tg.start"), act: () => this.acts.act("starts") });
    else if (!own && topic?.closed && !admin) this.composer.close({ label: bus.say("tg.closed") });
    else this.composer.close();
    const newest = this._lines(this.place.room, this.place.topic).filter((one) => one.from_bot && one.keyboard.length).at(-1);
    this.composer.keys(own && newest ? newest.keyboard : [], (label) => this.acts.act("taps", { label }));
  }

  // What a message may ask for.
  _on() {
    const { acts } = this;
    return {
      me: () => this.me,
      say: (key, facts) => this.bus.say(key, facts),
      language: this.bus.language,
      anchor: (id) => `tg-${this.place.room}-${id}`,
      find: (id) => this.room.messages.find((one) => one.id === id),
      show: (id) => document.getElementById(`tg-${this.place.room}-${id}`)?.scrollIntoView({ block: "center" }),
      command: (text) => acts.act("says", { text }),
      react: (message, emoji) => acts.act("reacts", { emoji, on: message.id }),
      reply: (message) => this.composer.reply(message),
      edit: (message) => this.composer.edit(message),
      remove: (group) => group.forEach((one) => acts.act("deletes", { message: one.id })),
      press: (button, message, key) => acts.press(button, message, key),
    };
  }

  go(where) {
    Object.assign(this.place, where);
    this.jump = true;
    this.list.replaceChildren();
    this.composer.clear();
    this.bus.changed("telegram");
  }
}
