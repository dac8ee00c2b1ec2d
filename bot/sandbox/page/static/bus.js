// What every pane shares: requests, news of changes, who is played where, and words.
import { WORDS } from "/static/words.js";

const LOCALES = { en: "en-US", uk: "uk-UA", ru: "ru-RU" };

const AGAIN = 1000; // milliseconds after which what could not be read is read again

export class Bus {
  constructor(cast) {
    this.cast = cast; // {language, desk, words, telegram: {people, team}, slack: {people, team}}
    this.language = cast.language;
    this._onChange = { telegram: [], slack: [], desk: [] };
    this._onMe = { telegram: [], slack: [] };
    this._me = { telegram: this._first("telegram"), slack: this._first("slack") };
  }

  // Requests. A refusal is thrown as an Error with the server's own words.

  async get(path) {
    return read(await fetch(path, { headers: { Accept: "application/json" } }));
  }

  async post(path, body = {}) {
    const headers = { "Content-Type": "application/json" };
    return read(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
  }

  // Changes: fn() is called, never twice at once, whenever the half ("telegram", "slack", "desk") has changed.

  onChange(half, fn) {
    let running = false;
    let again = false;
    const call = async () => {
      if (running) { again = true; return; }
      running = true;
      do {
        again = false;
        try { await fn(); } catch (error) { console.error(error); setTimeout(call, AGAIN); }
      } while (again);
      running = false;
    };
    this._onChange[half].push(call);
    call();
  }

  changed(half) {
    for (const call of this._onChange[half]) call();
  }

  listen() {
    const source = new EventSource("/changes");
    source.onopen = () => { for (const half of ["telegram", "slack"]) this.changed(half); }; // what changed before the line was open
    source.onmessage = (event) => {
      document.body.classList.remove("offline");
      for (const half of JSON.parse(event.data).halves) this.changed(half);
    };
    source.onerror = () => document.body.classList.add("offline");
  }

  // Who is played: {id, handle, name, role, language}

  me(messenger) { return this._me[messenger]; }

  become(messenger, handle) {
    const person = this.cast[messenger].people.find((one) => one.handle === handle);
    if (!person) return;
    this._me[messenger] = person;
    try { localStorage.setItem(`me.${messenger}`, handle); } catch { /* private window */ }
    for (const fn of this._onMe[messenger]) fn(person);
    this.changed(messenger);
  }

  // Switch the language of the app that they look at.
  async speak(messenger, language) {
    const me = this._me[messenger];
    const [verb, body] = messenger === "slack" ? ["changes", { locale: LOCALES[language] }] : ["speaks", { language }];
    await this.post(`/${messenger}/control/people/${me.id}/${verb}`, body);
    me.language = language;
    for (const fn of this._onMe[messenger]) fn(me);
    this.changed(messenger);
  }

  onMe(messenger, fn) { this._onMe[messenger].push(fn); }

  _first(messenger) {
    let kept = null;
    try { kept = localStorage.getItem(`me.${messenger}`); } catch { /* private window */ }
    const people = this.cast[messenger].people;
    // Somebody who needs help on one side, somebody who gives it on the other: a talk can be seen whole.
    const role = messenger === "telegram" ? "requester" : "agent";
    const own = (one) => one.role === role && one.language === this.cast.language;
    return people.find((one) => one.handle === kept) || people.find(own) || people[0];
  }

  // Words of the page itself, in its language; `facts` fill {places}.

  say(key, facts = {}) {
    const said = (WORDS[this.language] || WORDS.en)[key] ?? this.cast.words[key] ?? WORDS.en[key] ?? key;
    return said.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  }

  // A short line, seen and read aloud: in the pane it belongs to, else at the bottom of the page. News is read aloud only.

  toast(text, { alarm = false, near = null } = {}) {
    const line = element("p", { class: alarm ? "toast alarm" : "toast" }, text);
    if (near) {
      const holder = near.querySelector(":scope > .says") || near.appendChild(element("div", { class: "says", role: "status" }));
      holder.append(line);
    } else {
      document.getElementById("says").append(line);
    }
    setTimeout(() => line.remove(), 4000 + 40 * text.length);
  }

  announce(text) {
    const news = document.getElementById("news");
    news.append(element("p", {}, text));
    while (news.children.length > 20) news.firstChild.remove();
  }

  // Do something that may be refused, and say so.

  async attempt(promise) {
    try { return await promise; } catch (error) { this.toast(error.message, { alarm: true }); return null; }
  }
}

async function read(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error((body && body.error) || `${response.status}`);
  return body;
}

// Make an element: element("button", {class: "x", onclick: fn, "aria-label": "…"}, "text", child, …)
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

// Read a File of an <input type=file> or a drop as Base64, as the control paths take it.
export function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
