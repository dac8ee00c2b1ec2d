// Texts arrive in pieces, read by the simulated Slack; here each piece becomes a node. Nobody's words are ever read as markup.
import { element } from "/static/bus.js";
import { emoji } from "/static/slack-emoji.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };
const SAFE = new Set(["http:", "https:", "mailto:"]);

// Return pieces as plain words, for labels.
export function words(pieces) {
  return (pieces ?? []).map((one) => (one.kind === "emoji" ? emoji(one.value) : one.shown)).join("");
}

// Return pieces as nodes: those quoted or preformatted together stand in one box.
export function text(pieces, me = "") {
  const whole = document.createDocumentFragment();
  let box = null;
  for (const one of pieces ?? []) {
    const kind = ["pre", "quote"].find((style) => one.styles?.includes(style)) ?? "";
    if (!kind) box = null;
    else if (box?.dataset.kind !== kind) {
      box = element(kind === "pre" ? "pre" : "blockquote", { "data-kind": kind });
      whole.append(box);
    }
    (box ?? whole).append(piece(one, me));
  }
  return whole;
}

function piece(one, me) {
  let node = leaf(one, me);
  for (const style of one.styles ?? []) {
    if (STYLES[style]) node = element(STYLES[style], {}, node);
  }
  return node;
}

function leaf(one, me) {
  switch (one.kind) {
    case "emoji":
      return emoji(one.value);
    case "user": case "channel": case "usergroup": case "broadcast":
      return element("span", { class: one.value === me ? "mention mention-me" : "mention" }, one.shown);
    case "link": case "bare_url": case "unknown":
      return link(one.value, one.shown);
    default:
      return one.shown;
  }
}

// Return a link, if it leads where a link may lead; else only its words.
export function link(url, shown) {
  if (!reachable(url)) return shown;
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, shown);
}

export function reachable(url) {
  try { return SAFE.has(new URL(url).protocol); } catch { return false; }
}
