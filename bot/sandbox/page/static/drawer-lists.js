// The lists of the drawer, each as items for `keyed`.
import { element } from "/static/bus.js";

const SIGNS = { new: "🆕", open: "💬", pending: "⏳", on_hold: "⏸", resolved: "✅", closed: "🔒" };
const FATES = { queued: "⏳", sending: "➤", sent: "✓", failed: "✗", dropped: "–" };

export function tickets({ records }, drawer) {
  const { bus } = drawer;
  return (records?.tickets || []).map((one) => {
    const open = drawer.open === one.id;
    const inside = open ? drawer.unfolded : null;
    return { key: String(one.id), sign: JSON.stringify([one, open, inside]), make: () => {
      const status = said(bus, one);
      return element("li", {},
        element("button", { type: "button", class: "dr-row", "aria-expanded": String(open), "data-focus": `t${one.id}`, onclick: () => drawer.unfold(one.id) },
          element("strong", {}, `${SIGNS[one.kind] || "•"} #${one.id} `), element("span", { class: `dr-status ${one.kind}` }, status),
          element("span", { class: "dr-words" }, one.summary),
          element("small", {}, [one.requester, messenger(one.source), one.agent ? `→ ${one.agent}` : bus.say("dr.nobody"), one.rating ? "⭐".repeat(one.rating) : ""].filter(Boolean).join(" · "))),
        inside ? ticket(inside, bus) : null);
    } };
  });
}

function ticket({ history, said: words, replies: sent }, bus) {
  return element("div", { class: "dr-ticket" },
    element("h3", {}, bus.say("dr.history")),
    element("ol", {}, ...history.map((one) => element("li", {},
      element("time", {}, clock(one.at, bus)), ` ${one.name || bus.say("dr.desk")}: ${bus.say(`action.${one.action}`)}`,
      one.was !== one.now && one.was ? ` (${label(bus, one.was)} → ${label(bus, one.now)})` : ""))),
    element("h3", {}, bus.say("dr.said")),
    element("ol", {}, ...words.map((one) => element("li", { class: one.kind },
      element("strong", {}, one.name), ` (${bus.say(`dr.${one.kind}`)}): ${one.text || "—"}`, one.files ? ` 📎${one.files}` : ""))),
    sent.length ? element("h3", {}, bus.say("dr.replies")) : null,
    sent.length ? element("ol", {}, ...sent.map((one) => element("li", {}, fate(one, bus), ` ${one.text}`))) : null);
}

export function replies({ records }, { bus }) {
  return (records?.replies || []).map((one) => ({ key: String(one.id), sign: JSON.stringify(one), make: () => element("li", {},
    element("div", { class: "dr-row" }, fate(one, bus), element("span", { class: "dr-words" }, one.text || "📎"),
      element("small", {}, `#${one.ticket_id} · ${one.agent} → ${messenger(one.lane)} · ${clock(one.at, bus)}`, problem(one)))) }));
}

export function outbox({ records }, { bus }) {
  return (records?.outbox.rows || []).map((one) => ({ key: String(one.id), sign: JSON.stringify(one), make: () => element("li", {},
    element("div", { class: "dr-row" }, fate(one, bus), element("span", { class: "dr-words" }, one.text || one.operation),
      element("small", {}, `${one.operation} · ${messenger(one.lane)} ${place(one.lane)} · ${clock(one.created_at, bus)}`, problem(one)))) }));
}

export function inbox({ records }, { bus }) {
  return (records?.inbox.rows || []).map((one) => {
    const state = one.incident ? "failed" : one.done_at ? "done" : "waits";
    return { key: String(one.id), sign: JSON.stringify(one), make: () => element("li", {},
      element("div", { class: "dr-row" }, element("span", { class: `dr-fate ${state}` }, bus.say(`dr.${state}`)),
        element("span", { class: "dr-words" }, [one.who, one.text].filter(Boolean).join(": ") || one.kind),
        element("small", {}, `${one.kind} · ${messenger(one.source)} · ${clock(one.received_at, bus)}`, one.tries ? ` · ${bus.say("dr.tries", { count: one.tries })}` : ""))) };
  });
}

export function log({ desk }, { bus }) {
  return [...(desk?.log || [])].reverse().map((one) => ({ key: `${one.at}${one.message}`, sign: "", make: () => element("li", {},
    element("div", { class: `dr-row level-${one.level}` }, element("span", { class: "dr-words" }, one.message), element("small", {}, `${clock(one.at, bus)} · ${one.level}`))) }));
}

function fate(one, bus) {
  const words = one.uncertain && one.state !== "failed" ? "uncertain" : one.state;
  return element("span", { class: `dr-fate ${words}` }, `${FATES[one.state]} ${bus.say(`dr.${words}`)}`);
}

function problem(one) {
  return one.error || one.tries > 1 ? element("span", { class: "dr-problem" }, ` · ${one.tries}× ${one.error || ""}`) : null;
}

function said(bus, one) {
  const known = bus.say(`status.${one.status}`);
  return known === `status.${one.status}` ? bus.say(`status.${one.kind}`) : known;
}

function label(bus, status) {
  const known = bus.say(`status.${status}`);
  return known === `status.${status}` ? status : known;
}

function messenger(source) { return { telegram: "Telegram", slack: "Slack", desk: "⏰" }[source.split(":")[0]] || source; }

function place(lane) { return lane.split(":").slice(2).join(":"); }

function clock(at, bus) { return new Date(at).toLocaleTimeString(bus.language, { hour: "2-digit", minute: "2-digit", second: "2-digit" }); }
