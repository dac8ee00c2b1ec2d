// One message as people see it, with all that can be done to it.
import { element } from "/static/bus.js";
import { draw } from "/static/slack-blocks.js";
import { avatar, tool } from "/static/slack-dom.js";
import { OFFERED, QUICK, emoji } from "/static/slack-emoji.js";
import { confirmed, menu } from "/static/slack-menu.js";

// `spot` tells where it stands: {compact, thread}
export function message(one, use, spot) {
  const node = element("article", { class: "msg", tabindex: "-1", "aria-label": `${one.author}, ${use.time(one.at)}` });
  node.classList.toggle("compact", spot.compact);
  node.classList.toggle("only-you", one.only_you);
  node.classList.toggle("note", one.subtype.startsWith("channel_"));
  const body = element("div", { class: "msg-body" });
  if (one.only_you) body.append(element("p", { class: "faint only" }, "👁 ", use.say("onlyYou")));
  if (!spot.compact) body.append(head(one, use));
  body.append(...said(one, use));
  const face = spot.compact ? element("time", { class: "when faint" }, use.time(one.at)) : avatar(one.author, one.app);
  node.append(face, body);
  if (!one.gone && !node.classList.contains("note")) node.append(tools(one, use, spot, body));
  return node;
}

function head(one, use) {
  return element("p", { class: "head" }, element("strong", {}, one.author),
    one.app ? element("span", { class: "badge" }, use.say("app")) : null, element("time", { class: "faint", datetime: one.at }, use.time(one.at)));
}

function said(one, use) {
  if (one.gone) return [element("p", { class: "faint" }, use.say("gone"))];
  const acts = { ...use, press: (it) => use.press(it, one), choose: (it, block, value) => use.choose(it, value, one) };
  const shown = one.blocks.filter((block) => block.type !== "text" || block.text.length).map((block) => draw(block, acts));
  if (one.edited) (shown.at(-1) ?? element("div")).append(element("span", { class: "faint edited" }, ` ${use.say("edited")}`));
  return [...shown, one.files.length ? files(one, use) : null, one.reactions.length ? reactions(one, use) : null].filter(Boolean);
}

function files(one, use) {
  return element("ul", { class: "files", "aria-label": use.say("files") }, ...one.files.map((file) => {
    if (file.gone) return element("li", { class: "faint" }, use.say("goneFile", { name: file.name }));
    const url = `/slack/control/files/${file.id}`;
    const picture = /^image\/(png|jpeg|gif|webp)$/.test(file.mimetype);
    const face = picture
      ? element("img", { src: url, alt: file.title || file.name, loading: "lazy" })
      : element("span", { class: "file-face", "aria-hidden": "true" }, "📄");
    const about = element("span", { class: "file-about" }, element("span", {}, file.name), element("span", { class: "faint" }, size(file.size)));
    const name = use.say("download", { name: file.name });
    return element("li", {}, element("a", { href: url, download: file.name, class: picture ? "file picture" : "file", "aria-label": name }, face, picture ? null : about));
  }));
}

function size(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let at = 0;
  for (; bytes >= 1000 && at < units.length - 1; at++) bytes /= 1000;
  return `${at ? bytes.toFixed(bytes < 10 ? 1 : 0) : bytes} ${units[at]}`;
}

function reactions(one, use) {
  return element("div", { class: "reactions" }, ...one.reactions.map((it) => element("button", {
    type: "button", class: "reaction", "aria-pressed": String(it.mine), "data-focus": `react-${it.name}`,
    title: use.say("by", { names: it.by.join(", "), name: `:${it.name}:` }), "aria-label": `${it.name} ${it.by.length}`,
    onclick: () => use.react(one, it.name, !it.mine),
  }, `${emoji(it.name)} ${it.by.length}`)));
}

function tools(one, use, spot, body) {
  const bar = element("div", { class: "tools", role: "group", "aria-label": use.say("more") });
  if (one.only_you) {
    bar.append(tool(use.say("dismiss"), "✕", () => use.act("dismisses", { message: use.ref(one) }), { "data-focus": "dismiss" }));
    return bar;
  }
  const mine = (name) => one.reactions.some((it) => it.name === name && it.mine);
  for (const name of QUICK) {
    bar.append(tool(`${name} ${emoji(name)}`, emoji(name), () => use.react(one, name, !mine(name)), { "data-focus": name }));
  }
  const open = { "aria-haspopup": "menu", "aria-expanded": "false" };
  const offered = () => OFFERED.map((name) => ({ label: name, drawing: emoji(name), act: () => use.react(one, name, !mine(name)) }));
  bar.append(tool(use.say("react"), "☺", (event) => menu(use.layer, event.currentTarget, offered(), use.say("react")), { "data-focus": "react", ...open }));
  if (!spot.thread) bar.append(tool(use.say("reply"), "💬", () => use.thread(one), { "data-focus": "reply" }));
  const more = () => actions(one, use, body);
  bar.append(tool(use.say("more"), "⋮", (event) => menu(use.layer, event.currentTarget, more(), use.say("more")), { "data-focus": "more", ...open }));
  return bar;
}

function actions(one, use, body) {
  const items = use.shortcuts.filter((each) => each.kind === "message").map((each) => ({
    label: each.name, act: () => use.act("message_shortcut", { callback_id: each.callback_id, on: use.ref(one) }),
  }));
  if (one.author_id !== use.me) return items;
  const remove = async () => {
    const asked = { title: use.say("delete"), body: use.say("sureDelete"), yes: use.say("yesDelete"), no: use.say("cancel"), danger: true };
    if (await confirmed(use.layer, asked)) use.act("deletes", { message: use.ref(one) });
  };
  return [...items, { label: use.say("edit"), act: () => rewrite(one, use, body) }, { label: use.say("delete"), act: remove, danger: true }];
}

// Change a message in its own place.
function rewrite(one, use, body) {
  const input = element("textarea", { rows: 2, "aria-label": use.say("edit") });
  input.value = use.source(one);
  const end = () => { form.remove(); body.hidden = false; body.closest("article")?.focus(); };
  const save = (event) => {
    event?.preventDefault();
    end();
    if (input.value.trim()) use.act("edits", { message: use.ref(one), ...use.typed(input.value) });
  };
  const form = element("form", { class: "rewrite", onsubmit: save }, input, element("div", { class: "actions" },
    element("button", { type: "button", class: "btn", onclick: end }, use.say("cancel")),
    element("button", { type: "submit", class: "btn primary" }, use.say("save"))));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) save(event);
    if (event.key === "Escape") { event.stopPropagation(); end(); }
  });
  body.hidden = true;
  body.after(form);
  input.focus();
}
