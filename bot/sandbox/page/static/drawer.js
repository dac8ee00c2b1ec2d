// The drawer: the desk's process, trouble on purpose, and what the desk has written down.
import { element } from "/static/bus.js";
import { inbox, log, outbox, replies, tickets } from "/static/drawer-lists.js";
import { keyed } from "/static/list.js";

const LISTS = { tickets, replies, outbox, inbox, log };
const SOON = 300; // milliseconds
const SWITCHES = ["telegram_429", "telegram_down", "telegram_cut", "telegram_proxy", "slack_429", "slack_down", "slack_proxy", "slack_silent"];

export function mount(root, bus) {
  new Drawer(root, bus);
}

class Drawer {
  constructor(root, bus) {
    this.bus = bus;
    this.shown = "tickets";
    this.open = null; // the ticket that is unfolded
    this._build(root);
    bus.onChange("desk", () => this.refresh());
    for (const half of ["telegram", "slack"]) bus.onChange(half, () => this._soon());
    bus.onMe("telegram", () => this._switches());
  }

  _build(root) {
    const { bus } = this;
    this.state = null;
    this.process = element("div", { class: "dr-process" });
    this.away = element("p", { class: "dr-away faint" });
    this.switches = element("div", { class: "dr-switches" });
    this.tabs = element("div", { class: "dr-tabs", role: "tablist", "aria-label": bus.say("dr.records") });
    this.list = element("ol", {});
    this.panel = element("div", { class: "dr-list", id: "dr-list", role: "tabpanel", tabindex: "0", "aria-label": bus.say("dr.records") }, this.list);
    this.headline = document.getElementById("desk-state");
    const trouble = element("details", { class: "dr-trouble" }, element("summary", {}, bus.say("dr.trouble")), this.switches);
    const steps = element("details", { class: "dr-steps", open: true }, element("summary", {}, bus.say("dr.begin")),
      element("ol", {}, ...[1, 2, 3, 4].map((step) => element("li", {}, bus.say(`dr.step${step}`, this._facts())))));
    root.append(
      element("header", { class: "pane-head" }, element("h2", {}, bus.say("tab.drawer"))),
      bus.cast.desk ? steps : "", this.process, this.away, trouble, this.tabs, this.panel);
  }

  // Who plays what in the first steps: those who are played when the page opens.
  _facts() {
    const { telegram, slack, language } = this.bus.cast;
    const first = (people, role) => (people.find((one) => one.role === role && one.language === language) || people.find((one) => one.role === role)).name;
    return { ann: first(telegram.people, "requester"), dana: first(slack.people, "agent"), max: first(telegram.people, "admin") };
  }

  async refresh() {
    this.state = await this.bus.get("/desk/state");
    if (this.open !== null && this.shown === "tickets") {
      this.unfolded = await this.bus.get(`/desk/tickets/${this.open}`).catch(() => null);
    }
    this._process();
    this._draw_away();
    this._switches();
    const records = Boolean(this.state.records || this.state.desk);
    this.tabs.hidden = this.panel.hidden = !records;
    if (!records) return;
    this._tabs();
    this._list();
  }

  // What waits at the messengers changes with them, not with the desk; but nobody reads that fast.
  _soon() {
    this._timer ??= setTimeout(() => { this._timer = null; this.bus.changed("desk"); }, SOON);
  }

  _process() {
    const { bus } = this;
    const { desk } = this.state;
    const words = desk ? bus.say(`desk.${desk.state}`, desk) : bus.say("desk.elsewhere");
    if (this.headline.textContent !== words) this.headline.textContent = words;
    this.headline.dataset.state = desk?.state || "elsewhere";
    const sign = JSON.stringify([desk?.state, desk?.pid, desk?.starts]);
    if (this.process.sign === sign) return;
    this.process.sign = sign;
    if (!desk) {
      this.process.replaceChildren(element("p", {}, bus.say("dr.elsewhere")));
      return;
    }
    const since = new Date(desk.since).toLocaleTimeString(bus.language);
    const dead = desk.state === "stopped";
    this.process.replaceChildren(
      element("p", { class: `dr-state ${desk.state}` }, element("span", { class: "dot", "aria-hidden": "true" }), bus.say(`dr.is.${desk.state}`)),
      element("p", { class: "faint" }, bus.say(desk.pid === null ? "dr.since" : "dr.process", { since, starts: desk.starts, pid: desk.pid })),
      element("button", {
        type: "button", class: "dr-kill", disabled: !dead && desk.pid === null,
        onclick: () => bus.attempt(bus.post(dead ? "/desk/start" : "/desk/kill")),
      }, bus.say(dead ? "dr.start" : "dr.kill")));
  }

  _draw_away() {
    const { away, records } = this.state;
    const kept = away.telegram + away.slack;
    const facts = { ...away, inbox: records?.inbox.waiting ?? 0, outbox: records ? records.outbox.fates.queued + records.outbox.fates.sending : 0 };
    this.away.textContent = this.bus.say(records ? "dr.waiting" : "dr.waiting_there", facts);
    this.away.classList.toggle("some", kept + facts.inbox + facts.outbox > 0);
  }

  _switches() {
    if (!this.state) return;
    const { bus } = this;
    const items = SWITCHES.map((name) => {
      const { on, hits } = this.state.switches[name];
      return { key: name, sign: `${on} ${hits}`, make: () => this._switch(bus.say(`dr.${name}`), on, hits, () => bus.post(`/desk/faults/${name}`, { on: !on })) };
    });
    const me = bus.me("telegram");
    const blocked = this.state.blocked.includes(me.id);
    items.push({ key: "block", sign: `${me.id} ${blocked}`, make: () => this._switch(bus.say("dr.block", { name: me.name }), blocked, 0, async () => {
      await bus.post(`/telegram/control/people/${me.id}/${blocked ? "unblocks" : "blocks"}`);
    }) });
    keyed(this.switches, items);
  }

  _switch(label, on, hits, act) {
    return element("button", { type: "button", role: "switch", "aria-checked": String(on), class: "dr-switch", onclick: () => this.bus.attempt(act()) },
      element("span", { class: "slider", "aria-hidden": "true" }), element("span", {}, label),
      hits ? element("small", {}, this.bus.say("dr.hits", { count: hits })) : null);
  }

  _tabs() {
    const names = Object.keys(LISTS);
    keyed(this.tabs, names.map((name, at) => {
      const on = this.shown === name;
      const count = this._count(name);
      return { key: name, sign: `${on} ${count}`, make: () => element("button", {
        type: "button", role: "tab", "aria-selected": String(on), "aria-controls": "dr-list", tabindex: on ? "0" : "-1",
        "data-focus": name, onclick: () => this.show(name),
        onkeydown: (event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (step) this.show(names[(at + step + names.length) % names.length], true);
        },
      }, this.bus.say(`dr.${name}`), count ? element("b", { class: "badge" }, String(count)) : null) };
    }));
  }

  // What of a list waits for somebody.
  _count(name) {
    const { records } = this.state;
    if (!records) return 0;
    if (name === "inbox") return records.inbox.waiting + records.inbox.dead;
    if (name === "outbox") return records.outbox.fates.queued + records.outbox.fates.sending + records.outbox.fates.failed;
    return 0;
  }

  show(name, focus) {
    this.shown = name;
    this.list.replaceChildren();
    this.refresh().then(() => { if (focus) this.tabs.querySelector(`[data-focus="${name}"]`).focus(); });
  }

  unfold(number) {
    this.open = this.open === number ? null : number;
    this.unfolded = null;
    this.refresh();
  }

  _list() {
    const items = LISTS[this.shown](this.state, this);
    if (items.length) keyed(this.list, items);
    else this.list.replaceChildren(element("li", { class: "faint" }, this.bus.say("dr.nothing")));
  }
}
