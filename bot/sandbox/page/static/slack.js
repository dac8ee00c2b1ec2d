// The Slack-like pane: one person's app at a time.
import { element } from "/static/bus.js";
import { keyed } from "/static/list.js";
import { switcher } from "/static/people.js";
import { Acts } from "/static/slack-acts.js";
import { draw } from "/static/slack-blocks.js";
import { Composer } from "/static/slack-composer.js";
import { tool } from "/static/slack-dom.js";
import { List } from "/static/slack-list.js";
import { Modals } from "/static/slack-modal.js";
import { Sidebar } from "/static/slack-sidebar.js";
import { speaker } from "/static/slack-words.js";

export function mount(root, bus) {
  const pane = new Pane(root, bus);
  bus.onMe("slack", () => pane.become());
  bus.onChange("slack", () => pane.refresh());
}

class Pane {
  constructor(root, bus) {
    this._bus = bus;
    this._root = root;
    this.say = speaker(bus.language);
    this._places = new Map(); // whose app → where they are in it: {room, tab, thread}
    this._read = new Map(); // person and conversation → the newest message they have seen
    this._composers = new Map();
    this._failures = new Map();
    this._turn = 0;
    this.screen = null;
    this.messages = [];
    this._frame(root);
    this.acts = new Acts(bus, this);
    this.modals = new Modals(this._layer, this.acts.use);
  }

  _frame(root) {
    const { say } = this;
    this.sidebar = new Sidebar(this);
    this._menu = tool(say("menu"), "☰", () => this._nav(true), { class: "tool burger" });
    this._title = element("h2", { class: "title" });
    this._tabs = element("div", { class: "views", role: "tablist", "aria-label": "Frontdesk", hidden: true });
    this._list = new List(say("messages"));
    this._home = element("div", { class: "home", role: "tabpanel", "aria-label": say("home"), hidden: true });
    this._box = element("div", { class: "box" });
    this._threadList = new List(say("thread"));
    this._threadBox = element("div", { class: "box" });
    this._threadTitle = element("h2", { class: "title" });
    const shut = tool(say("close"), "✕", () => this.open({ thread: null }));
    this._thread = element("section", { class: "thread", "aria-label": say("thread"), hidden: true },
      element("div", { class: "bar" }, this._threadTitle, element("span", { class: "grow" }), shut), this._threadList.node, this._threadBox);
    this._thread.addEventListener("keydown", (event) => { if (event.key === "Escape") this.open({ thread: null }); });
    const main = element("section", { class: "room", "aria-label": say("messages") },
      element("div", { class: "bar" }, this._menu, this._title, this._tabs), this._list.node, this._home, this._box);
    this._app = element("div", { class: "app" }, this.sidebar.node, main, this._thread);
    const aside = (event) => { if (!this.sidebar.node.contains(event.target) && !this._menu.contains(event.target)) this._nav(false); };
    this._app.addEventListener("pointerdown", aside);
    this.sidebar.node.addEventListener("keydown", (event) => { if (event.key === "Escape") { this._nav(false); this._menu.focus(); } });
    this._layer = element("div", { class: "layer" });
    const slack = element("div", { class: "slack" }, this._app, this._layer);
    const head = element("header", { class: "pane-head" }, element("h2", {}, "Slack"), switcher(this._bus, "slack"));
    root.append(head, slack);
  }

  get me() { return this._bus.me("slack").id; }

  get place() {
    if (!this._places.has(this.me)) this._places.set(this.me, { room: null, tab: "messages", thread: null });
    return this._places.get(this.me);
  }

  get room() { return this.screen.rooms.find((one) => one.id === this.place.room) ?? this.screen.rooms[0]; }

  become() {
    this.modals.show([]);
  }

  // Go somewhere in the app.
  open(where) {
    const before = this.place.tab;
    Object.assign(this.place, where);
    this._nav(false);
    if (this.place.tab !== before || "tab" in where) this._tell();
    this._going = where; // whichever refresh draws it first: news may overtake the one that is asked for here
    return this.refresh();
  }

  _arrive() {
    const where = this._going;
    this._going = null;
    if (!where) return;
    if (where.thread) this._composer(this.room.id, where.thread).focus();
    else if (where.room || where.tab === "messages") this._composer(this.room.id, null).focus();
  }

  _tell() {
    if (this.room.kind !== "im") return;
    this.acts.act(this.place.tab === "home" ? "opens_home" : "opens_messages");
  }

  _nav(open) {
    this._app.classList.toggle("nav", open);
    if (open) this.sidebar.focus();
  }

  // Ask anew what this person's app shows, and draw it.
  async refresh() {
    const me = this.me;
    const turn = ++this._turn; // what was asked later tells more
    const screen = await this._bus.get(`/slack/control/people/${me}/screen`);
    if (turn !== this._turn) return;
    this.screen = screen;
    this.place.room ??= this._begin(screen.rooms).id;
    const room = this.room.id;
    const messages = await this._bus.get(`/slack/control/people/${me}/rooms/${room}`);
    if (turn !== this._turn || me !== this.me) return;
    this.messages = messages;
    this._draw();
    this._arrive();
    this._root.dataset.shown = this._bus.me("slack").handle; // whose app this is by now
  }

  // Where somebody is at first: the team in its channel, everybody else before the app.
  _begin(rooms) {
    const staff = this._bus.me("slack").role !== "requester";
    return (staff && rooms.find((one) => one.id === this._bus.cast.slack.team)) || rooms[0];
  }

  _draw() {
    const { screen, room, place } = this;
    const use = this.acts.use;
    const home = room.kind === "im" && place.tab === "home";
    const bot = room.kind === "im";
    if (!home) this._read.set(`${this.me} ${room.id}`, room.latest);
    this.sidebar.draw((one) => one.latest > (this._read.get(`${this.me} ${one.id}`) ?? ""));
    this._title.textContent = bot ? room.name : `# ${room.name}`;
    this._drawTabs(bot);
    this._home.hidden = !home;
    this._list.node.hidden = this._box.hidden = home;
    if (home) this._drawHome(use);
    this._settle(room.id);
    if (place.thread) this._read.set(`${this.me} ${place.thread}`, this.messages.at(-1)?.ts ?? "");
    const outside = this.messages.filter((one) => !one.thread || one.subtype === "thread_broadcast");
    this._list.name(room.name);
    this._list.show(room.id, outside, use, { empty: this.say("empty") });
    this._swap(this._box, this._composer(room.id, null), this.say("write", { name: bot ? room.name : `#${room.name}` }));
    this._drawThread(use);
    this._announce(room.id);
    this.modals.show(screen.modals);
    this._tellFailures(screen.failures.count);
  }

  // Whether somebody else has said something in the thread of a message since they looked into it.
  unread(one) {
    const last = this.messages.filter((reply) => reply.thread === one.ts && reply.author_id !== this.me).at(-1)?.ts ?? "";
    return last > (this._read.get(`${this.me} ${one.ts}`) ?? "");
  }

  // Where somebody looks for the first time, all that is there counts as seen.
  _settle(room) {
    const key = `${this.me} ${room} settled`;
    if (!this._read.has(key)) {
      for (const one of this.messages) if (one.replies) this._read.set(`${this.me} ${one.ts}`, this.messages.at(-1).ts);
    }
    this._read.set(key, true);
  }

  // Read aloud what is new where they are, but nothing of what was there when they came.
  _announce(room) {
    const last = this.messages.at(-1)?.ts ?? "";
    const key = `${this.me} ${room}`;
    const heard = this._heard?.key === key ? this._heard.last : last;
    for (const one of this.messages) {
      if (one.ts > heard && one.author_id !== this.me) this._bus.announce(`${one.author}: ${this.acts.use.source(one)}`);
    }
    this._heard = { key, last };
  }

  _drawTabs(bot) {
    this._tabs.hidden = !bot;
    const tab = (name) => ({
      key: name, sign: `${this.place.tab === name}`, make: () => element("button", {
        type: "button", role: "tab", "aria-selected": String(this.place.tab === name), "data-focus": name, onclick: () => this.open({ tab: name, thread: null }),
      }, this.say(name)),
    });
    keyed(this._tabs, bot ? [tab("home"), tab("messages")] : []);
  }

  _drawHome(use) {
    const blocks = this.screen.home?.blocks ?? [];
    const acts = { ...use, press: (one) => use.press(one, "home"), choose: (one, _, value) => use.choose(one, value, "home") };
    keyed(this._home, blocks.map((block, at) => ({ key: `${at}-${block.block_id}`, sign: JSON.stringify(block), make: () => draw(block, acts) })));
    if (!blocks.length) this._home.replaceChildren(element("p", { class: "faint" }, this.say("noHome")));
  }

  _drawThread(use) {
    const ts = this.place.thread;
    const shown = ts ? this.messages.filter((one) => one.ts === ts || one.thread === ts) : [];
    if (ts && !shown.length) this.place.thread = null;
    this._thread.hidden = !shown.length;
    this._app.classList.toggle("with-thread", shown.length > 0);
    this._threadList.show(ts, shown, use, { thread: true });
    if (!shown.length) return;
    const where = this.room.kind === "im" ? this.room.name : `# ${this.room.name}`;
    this._threadTitle.replaceChildren(this.say("thread"), element("span", { class: "faint" }, ` ${where}`));
    this._swap(this._threadBox, this._composer(this.room.id, ts), this.say("writeReply"));
  }

  // Whoever writes in two places has two boxes: what is half typed stays where it is.
  _composer(room, thread) {
    const key = `${this.me} ${room} ${thread ?? ""}`;
    if (!this._composers.has(key)) this._composers.set(key, new Composer(this.acts.writing(room, thread)));
    return this._composers.get(key);
  }

  _swap(box, composer, name) {
    const shut = this.screen.person.here ? this.room.archived && "archived" : "left";
    if (shut) return box.replaceChildren(element("p", { class: "faint empty" }, this.say(shut)));
    composer.name(name);
    if (box.firstChild !== composer.node) box.replaceChildren(composer.node);
    return undefined;
  }

  _tellFailures(count) {
    const before = this._failures.get(this.me) ?? count;
    this._failures.set(this.me, count);
    if (count > before) this._bus.toast(this.say("failed"), { alarm: true });
  }
}
