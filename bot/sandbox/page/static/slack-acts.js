// What a person does in their app, as the control side takes it.
export class Acts {
  constructor(bus, pane) {
    this._bus = bus;
    this._pane = pane;
    this.use = this._use();
  }

  // Do something as the person played now; a refusal is shown in its own words.
  act(verb, body = {}) {
    return this._bus.attempt(this._bus.post(`/slack/control/people/${this._pane.me}/${verb}`, body));
  }

  _use() {
    const pane = this._pane;
    const act = (verb, body) => this.act(verb, body);
    const ref = (one) => ({ channel: pane.room.id, ts: one.ts });
    const at = (where) => (typeof where === "string" ? where : ref(where));
    return {
      act, ref, say: pane.say,
      get me() { return pane.me; },
      get layer() { return pane._layer; },
      get team() { return pane.screen.team; },
      get rooms() { return pane.screen.rooms; },
      get shortcuts() { return pane.screen.shortcuts; },
      typed: (text) => this._typed(text),
      source: (one) => this._source(one.said),
      press: (one, where) => act("presses", { action_id: one.action_id, at: at(where) }),
      choose: (one, wanted, where) => act("chooses", { wanted, menu: one.action_id, at: at(where) }),
      react: (one, name, on) => act(on ? "reacts" : "unreacts", { name, on: ref(one) }),
      unread: (one) => pane.unread(one),
      thread: (one) => pane.open({ thread: one.thread ?? one.ts }),
      time: (moment) => this._format(moment, { hour: "numeric", minute: "2-digit" }),
      day: (moment) => this._day(moment),
    };
  }

  // What a box to write in needs; `thread` is null outside threads.
  writing(room, thread) {
    const pane = this._pane;
    const { act, say } = this.use;
    const at = thread ? { thread: { channel: room, ts: thread } } : { at: room };
    return {
      act, say, layer: pane._layer,
      spot: () => at,
      typed: (text) => this._typed(text),
      names: () => this._names(),
      shortcuts: () => pane.screen.shortcuts,
      commands: () => pane.screen.commands,
    };
  }

  // Everybody who can be mentioned, the longest names first, so that none hides in another.
  _names() {
    const { bot, team } = this._pane.screen;
    return [bot, ...team].sort((one, other) => other.name.length - one.name.length);
  }

  // Return a text as typed; a name after an @ becomes a mention, as Slack's own box makes it.
  _typed(text) {
    const found = this._names().filter((one) => text.includes(`@${one.name}`));
    if (!found.length) return { text };
    let raw = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
    for (const one of found) raw = raw.replaceAll(`@${one.name}`, `<@${one.id}>`);
    return { text: raw, raw: true };
  }

  // Return a message's text as it was typed.
  _source(said) {
    const names = new Map(this._names().map((one) => [one.id, one.name]));
    return said.replace(/<@(\w+)>/g, (_, id) => `@${names.get(id) ?? id}`).replace(/<(https?:[^|>]+)(?:\|[^>]*)?>/g, "$1")
      .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  }

  _format(moment, how) {
    return new Intl.DateTimeFormat(this._bus.language, how).format(new Date(moment));
  }

  _day(moment) {
    const long = { weekday: "long", month: "long", day: "numeric" };
    const day = this._format(moment, long);
    const now = Date.now();
    if (day === this._format(now, long)) return this._pane.say("today");
    return day === this._format(now - 86400000, long) ? this._pane.say("yesterday") : day;
  }
}
