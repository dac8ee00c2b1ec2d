// One message of Telegram as its apps draw it: author, quote, picture, words, buttons, reactions.
import { element } from "/static/bus.js";
import { popup } from "/static/popup.js";
import { formatted } from "/static/telegram-text.js";

const REACTIONS = ["👍", "👎", "❤", "👀", "🔥", "🎉", "👌"];
const SIGNS = { video: "🎬", animation: "🎞", audio: "🎵", voice: "🎤", video_note: "⏺", document: "📄" };
const COLOURS = 7;

// Put the parts of an album together: [[message], [part, part], …]
export function grouped(messages) {
  const groups = [];
  for (const one of messages) {
    const last = groups.at(-1);
    if (one.media_group && last && last[0].media_group === one.media_group) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

// `on` is what can be done: press, reply, edit, remove, react, command, show, words, find, me.
export function draw(group, on) {
  const [first] = group;
  const told = service(first, on);
  if (told) return element("li", { class: "tg-service" }, told);
  const own = first.native.from?.id === on.me().id && !first.native.sender_chat;
  const written = group.find((one) => one.text) || first;
  const bubble = element("div", { class: "tg-bubble" },
    own ? null : element("p", { class: `tg-author colour-${colour(first)}` }, first.author),
    quote(first, on),
    media(group, on),
    written.text ? element("div", { class: "tg-text", dir: "auto" }, formatted(written.text, written.entities, on)) : null,
    meta(group, on),
  );
  return element("li", { class: own ? "tg-message own" : "tg-message", id: on.anchor(first.id) },
    element("div", { class: "tg-side" }, bubble, actions(group, own, on)),
    keyboard(group.at(-1), on),
  );
}

function colour(message) {
  const id = message.native.from?.id ?? 0;
  return message.from_bot ? "bot" : id % COLOURS;
}

function service(message, on) {
  const native = message.native;
  const who = message.author;
  const names = (people) => people.map((one) => one.first_name).join(", ");
  if (native.forum_topic_created) return on.say("tg.topic_created", { who, name: native.forum_topic_created.name });
  if (native.forum_topic_edited) return on.say("tg.topic_edited", { who, name: native.forum_topic_edited.name || "" });
  if (native.forum_topic_closed) return on.say("tg.topic_closed", { who });
  if (native.forum_topic_reopened) return on.say("tg.topic_reopened", { who });
  if (native.new_chat_members) return on.say("tg.joined", { who: names(native.new_chat_members) });
  if (native.left_chat_member) return on.say("tg.left", { who: names([native.left_chat_member]) });
  if (native.pinned_message) return on.say("tg.pinned", { who });
  if (native.migrate_to_chat_id || native.migrate_from_chat_id) return on.say("tg.moved");
  return null;
}

function quote(message, on) {
  if (!message.reply_to) return null;
  const source = on.find(message.reply_to);
  const [who, words] = source ? [source.author, source.text || source.kind] : ["", on.say("tg.gone")];
  const act = () => on.show(message.reply_to);
  return element("button", { type: "button", class: "tg-quote", onclick: act, disabled: !source },
    element("strong", {}, who), element("span", {}, words.slice(0, 90)));
}

function media(group, on) {
  const parts = group.map((one) => part(one, on)).filter(Boolean);
  if (!parts.length) return null;
  return element("div", { class: parts.length > 1 ? "tg-media album" : "tg-media" }, ...parts);
}

function part(message, on) {
  const native = message.native;
  const address = message.file_id ? `/telegram/control/files/${encodeURIComponent(message.file_id)}` : "";
  switch (message.kind) {
    case "photo": return picture(address, message.text || on.say("tg.photo"));
    case "sticker": return element("p", { class: "tg-big" }, native.sticker.emoji || "🙂");
    case "dice": return element("p", { class: "tg-big" }, `${native.dice.emoji} ${native.dice.value}`);
    case "location": return element("p", {}, `📍 ${native.location.latitude}, ${native.location.longitude}`);
    case "venue": return element("p", {}, `📍 ${native.venue.title}, ${native.venue.address}`);
    case "contact": return element("p", {}, `👤 ${native.contact.first_name} ${native.contact.phone_number}`);
    case "poll": return element("div", {}, element("p", {}, `📊 ${native.poll.question}`),
      element("ul", {}, ...native.poll.options.map((one) => element("li", {}, one.text))));
    case "text": return null;
    default: break;
  }
  const file = native[message.kind];
  if (!SIGNS[message.kind] || !file) return element("p", { class: "faint" }, on.say("tg.other", { kind: message.kind }));
  if ((file.mime_type || "").startsWith("image/")) return picture(address, file.file_name || "", file.file_name);
  const name = file.file_name || on.say(`tg.kind.${message.kind}`);
  return element("a", { class: "tg-file", href: address, download: file.file_name || message.kind },
    `${SIGNS[message.kind]} ${name}`, element("small", {}, size(file.file_size || 0)));
}

function picture(address, words, name) {
  const shown = element("img", { src: address, alt: words, class: "tg-picture" });
  shown.addEventListener("error", () => {
    shown.parentElement.replaceWith(element("a", { class: "tg-file", href: address, download: name || "photo" }, `🖼 ${name || words}`));
  });
  return element("a", { href: address, target: "_blank", rel: "noopener", class: "tg-open" }, shown);
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function meta(group, on) {
  const [first] = group;
  const time = new Date(first.at).toLocaleTimeString(on.language, { hour: "2-digit", minute: "2-digit" });
  const counts = {};
  for (const one of group) for (const emoji of one.reactions) counts[emoji] = (counts[emoji] || 0) + 1;
  return element("p", { class: "tg-meta" },
    ...Object.entries(counts).map(([emoji, count]) => element("span", { class: "tg-reaction" }, count > 1 ? `${emoji} ${count}` : emoji)),
    group.some((one) => one.pinned) ? element("span", { title: on.say("tg.is_pinned") }, "📌") : null,
    group.some((one) => one.edited) ? element("span", {}, on.say("tg.edited")) : null,
    element("time", { datetime: first.at }, time));
}

function actions(group, own, on) {
  const message = group.find((one) => one.text) || group[0];
  return popup(on.say("tg.more"), "⋯", () => [
    { group: REACTIONS.map((emoji) => ({ label: emoji, act: () => on.react(message, emoji) })) },
    { label: on.say("tg.unreact"), act: () => on.react(message, null) },
    { label: on.say("tg.reply"), act: () => on.reply(message) },
    ...(own && (message.kind === "text" || message.text) ? [{ label: on.say("tg.edit"), act: () => on.edit(message) }] : []),
    ...(own ? [{ label: on.say("tg.delete"), act: () => on.remove(group), alarm: true }] : []),
  ], { class: "tg-more" });
}

function keyboard(message, on) {
  if (!message.rows.length) return null;
  return element("div", { class: "tg-keyboard" }, ...message.rows.map((row) =>
    element("div", { class: "tg-row" }, ...row.map((button) => key(button, message, on)))));
}

function key(button, message, on) {
  const style = button.style ? `tg-key ${button.style}` : "tg-key";
  const made = element("button", { type: "button", class: style }, button.text, button.url ? " ↗" : null);
  made.addEventListener("click", () => on.press(button, message, made));
  return made;
}
