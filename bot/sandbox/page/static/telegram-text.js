// Telegram's formatted text: entities (in UTF-16 units, as JavaScript counts) become elements, never markup.
import { element } from "/static/bus.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

// on.command("/help") is called when somebody presses a command in the text.
export function formatted(text, entities, on) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return run(text, 0, text.length, sorted, on);
}

function run(text, start, end, entities, on) {
  const made = document.createDocumentFragment();
  let at = start;
  let rest = entities;
  while (rest.length) {
    const [first, ...others] = rest;
    const close = Math.min(first.offset + first.length, end);
    made.append(text.slice(at, first.offset));
    const inside = others.filter((one) => one.offset < close);
    made.append(wrap(first, text.slice(first.offset, close), run(text, first.offset, close, inside, on), on));
    rest = others.filter((one) => one.offset >= close);
    at = close;
  }
  made.append(text.slice(at, end));
  return made;
}

function wrap(entity, words, inside, on) {
  if (TAGS[entity.type]) return element(TAGS[entity.type], {}, inside);
  switch (entity.type) {
    case "spoiler":
      return element("span", { class: "spoiler", tabindex: "0", onclick: reveal, onkeydown: reveal }, inside);
    case "bot_command":
      return element("button", { type: "button", class: "linklike", onclick: () => on.command(words) }, inside);
    case "text_link":
      return link(entity.url, inside);
    case "url":
      return link(/^[a-z]+:/i.test(words) ? words : `https://${words}`, inside);
    case "email":
      return link(`mailto:${words}`, inside);
    case "mention": case "text_mention": case "hashtag": case "cashtag": case "phone_number":
      return element("span", { class: "mention" }, inside);
    default:
      return inside;
  }
}

function reveal(event) {
  if (event.type === "click" || event.key === "Enter") event.currentTarget.classList.add("revealed");
}

// A link that may be followed; every other address stays words.
export function link(url, inside) {
  if (!/^(https?:|mailto:)/i.test(url)) return element("span", {}, inside);
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, inside);
}
