// What people do on the Telegram half: say, press, follow a link, run the menu of a chat; and what their presses bring.
import { GENERAL } from "/static/telegram-read.js";

export class Acts {
  // `pane` knows who is played (me), where they are (place), what there is (rooms, person), and goes elsewhere (go).
  constructor(bus, pane) {
    this.bus = bus;
    this.pane = pane;
    this.had = new Map(); // person → how many toasts they have had
    this.pressed = new Map(); // person → how many of their presses, made here, have no answer yet
  }

  // Do something where one is; `send` throws what is refused, `act` says it.
  send(verb, body = {}) {
    const { me, place, room, groups } = this.pane;
    const at = groups[place.room] ? { at: groups[place.room] } : {};
    const says = verb === "says" || verb.startsWith("sends");
    const topic = says && at.at && place.topic !== GENERAL && room.forum ? { topic: place.topic } : {};
    const alone = ["starts", "blocks", "unblocks"].includes(verb);
    return this.bus.post(`/telegram/control/people/${me.id}/${verb}`, alone ? body : { ...at, ...topic, ...body });
  }

  act(verb, body) { return this.bus.attempt(this.send(verb, body)); }

  async press(button, message, key) {
    if (button.url) { this.follow(button.url); return; }
    const { id } = this.pane.me;
    key.setAttribute("aria-busy", "true");
    this.pressed.set(id, (this.pressed.get(id) ?? 0) + 1);
    if (await this.act("presses", { data: button.data, on: message.id }) === null) key.removeAttribute("aria-busy");
  }

  // Show what the presses brought; true when none is without an answer.
  toasts() {
    const { me, person: { toasts }, root } = this.pane;
    const had = this.had.get(me.id) ?? toasts.length;
    const waiting = toasts.slice(had).findIndex((one) => !one.answered);
    const done = waiting === -1 ? toasts.length : had + waiting;
    const own = this.pressed.get(me.id) ?? 0; // others may play them, too: what those bring is theirs
    for (const one of toasts.slice(had, done).slice(-own || Infinity)) {
      if (one.text) this.bus.toast(one.text, { alarm: one.alert, near: root });
      if (one.url) this.follow(one.url);
    }
    this.pressed.set(me.id, Math.max(0, own - (done - had)));
    this.had.set(me.id, done);
    return done === toasts.length;
  }

  // A link of Telegram's own leads somewhere in here; any other is a browser's.
  follow(url) {
    const { pane } = this;
    const there = /^(?:https?:\/\/)?t\.me\/c\/(\d+)\/(\d+)/.exec(url);
    const start = /[?&]start=([\w-]+)/.exec(url);
    const group = there && pane.inside.find((name) => String(pane.groups[name]) === `-100${there[1]}`);
    if (group) pane.go({ room: group, topic: pane.rooms[group].forum ? Number(there[2]) : GENERAL });
    else if (start) { pane.go({ room: "own" }); this.act("starts", { payload: start[1] }); }
    else if (/^https?:/.test(url)) window.open(url, "_blank", "noopener");
  }

  // What the menu of the chat offers.
  menu() {
    const { pane } = this;
    const say = (key) => this.bus.say(key);
    const here = pane.groups[pane.place.room];
    const group = (verb, body) => this.bus.attempt(this.bus.post(`/telegram/control/groups/${here}/${verb}`, body));
    if (pane.place.room === "own") {
      return [pane.person?.blocked
        ? { label: say("tg.unblock"), act: () => this.act("unblocks") }
        : { label: say("tg.block"), act: () => this.act("blocks"), alarm: true }];
    }
    if (!pane.room.forum) return [];
    const topic = pane.room.topics.find((one) => one.id === pane.place.topic);
    if (!topic) return [{ label: say("tg.new_topic"), act: () => group("open_topic", { name: say("tg.new_topic") }) }];
    return [
      { label: say(topic.closed ? "tg.reopen_topic" : "tg.close_topic"), act: () => group("close_topic", { topic: topic.id, closed: !topic.closed }) },
      { label: say("tg.delete_topic"), act: () => group("delete_topic", { topic: topic.id }), alarm: true },
    ];
  }
}
