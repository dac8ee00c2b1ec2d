// Block Kit as nodes. `use` is what can be done with it: {say, me, team, rooms, layer, press, choose, input}.
import { element } from "/static/bus.js";
import { control } from "/static/slack-controls.js";
import { field } from "/static/slack-fields.js";
import { link, text, words } from "/static/slack-text.js";

const DRAW = {
  text: (block, use) => element("div", { class: "words" }, text(block.text, use.me)),
  markdown: (block, use) => element("div", { class: "words" }, text(block.text, use.me)),
  section,
  header: (block) => element("p", { class: "block-header" }, words(block.text)),
  divider: () => element("hr"),
  context: (block, use) => element("div", { class: "context" }, ...block.elements.map((one) => piece(one, use))),
  image: (block, use) => figure(block, use),
  actions: (block, use) => element("div", { class: "actions" }, ...block.elements.map((one) => control(one, block, use))),
  rich_text: (block, use) => element("div", { class: "words" }, ...parts(block.elements, use)),
  input: (block, use) => field(block, use),
};

export function draw(block, use) {
  const make = DRAW[block.type];
  return make ? make(block, use) : element("div", { class: "faint" }, `[${block.type}]`);
}

function section(block, use) {
  const said = element("div", { class: "said" });
  if (block.text) said.append(element("div", { class: "words" }, text(block.text, use.me)));
  if (block.fields) {
    const cells = block.fields.map((one) => element("div", { class: "words" }, text(one, use.me)));
    said.append(element("div", { class: "cells" }, ...cells));
  }
  const beside = block.accessory && (block.accessory.type === "image"
    ? picture(block.accessory, use) : control(block.accessory, block, use));
  return element("div", { class: "section" }, said, beside || null);
}

function piece(one, use) {
  return Array.isArray(one) ? element("span", {}, text(one, use.me)) : picture(one, use);
}

function figure(block, use) {
  const shown = element("figure", {}, picture(block, use));
  if (block.title) shown.prepend(element("figcaption", {}, words(block.title)));
  return shown;
}

// Only files of the workspace itself are shown as pictures: nothing is fetched from elsewhere.
function picture(one, use) {
  if (one.slack_file?.id) {
    return element("img", { src: `/slack/control/files/${one.slack_file.id}`, alt: one.alt_text ?? "", loading: "lazy" });
  }
  const name = use.say("picture", { name: one.alt_text ?? "" });
  return element("span", { class: "faint" }, one.image_url ? link(one.image_url, name) : name);
}

// Lists that follow each other are one list, each item as deep as it says.
function parts(elements, use) {
  return elements.map((part) => {
    if (part.type === "pre") return element("pre", {}, text(bare(part.text), use.me));
    if (part.type === "quote") return element("blockquote", {}, text(bare(part.text), use.me));
    if (part.type !== "list") return element("div", {}, text(part.text, use.me));
    const items = part.items.map((item) => element("li", {}, text(item, use.me)));
    const about = { class: `deep-${Math.min(part.indent || 0, 6)}`, start: part.offset ? part.offset + 1 : null };
    return part.style === "ordered" ? element("ol", about, ...items) : element("ul", { class: about.class }, ...items);
  });
}

// The box around it says already that it is a quotation.
function bare(pieces) {
  return pieces.map((one) => ({ ...one, styles: (one.styles ?? []).filter((style) => !["pre", "quote"].includes(style)) }));
}
