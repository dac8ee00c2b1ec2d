// The inputs of a modal. What is typed is kept by `use.input` until it is sent, so that a redrawing changes nothing of it.
import { base64, element } from "/static/bus.js";
import { choices, select, taken } from "/static/slack-controls.js";
import { words } from "/static/slack-text.js";

const TYPES = {
  plain_text_input: "text", rich_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "number",
  datepicker: "date", timepicker: "time", datetimepicker: "datetime-local",
};
let count = 0;

export function field(block, use) {
  const one = block.element;
  const id = `slack-field-${++count}`;
  const label = words(block.label);
  const input = made(one, block, use, label);
  const grouped = input.tagName === "FIELDSET";
  const hint = block.hint ? element("p", { class: "hint", id: `${id}-hint` }, words(block.hint)) : null;
  const error = element("p", { class: "error", id: `${id}-error`, role: "alert" });
  input.setAttribute("aria-describedby", [hint && hint.id, error.id].filter(Boolean).join(" "));
  if (!block.optional && !grouped) input.setAttribute("aria-required", "true");
  const mark = block.optional ? element("span", { class: "faint" }, ` ${use.say("optional")}`) : null;
  const name = grouped ? element("div", { class: "label" }, label, mark) : element("label", { class: "label", for: id }, label, mark);
  if (!grouped) input.id = id;
  return element("div", { class: "field" }, name, input, hint, error);
}

// Say what is wrong with a field, or that nothing is any more.
export function complain(node, said) {
  const error = node.querySelector(".error");
  if (!error || error.textContent === said) return;
  error.textContent = said;
  const input = node.querySelector("input, textarea, select, fieldset");
  if (said) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function made(one, block, use, label) {
  const changed = (value, now) => use.input(block, value, now && block.dispatch_action);
  const state = use.state(block) ?? {};
  if (one.type === "file_input") return files(one, block, use, state.files ?? []);
  if (["checkboxes", "radio_buttons"].includes(one.type) || one.type.startsWith("multi_")) {
    const kept = state.selected_options ?? [state.selected_option].filter(Boolean);
    const users = state.selected_users ?? state.selected_channels ?? state.selected_conversations;
    return choices(one, use, label, users ?? kept, (value) => changed(value, true));
  }
  if (one.type.endsWith("_select")) {
    const kept = state.selected_option?.value ?? state.selected_user ?? state.selected_channel ?? state.selected_conversation;
    const menu = select(one, use, words(one.placeholder) || use.say("choose"), kept ?? "");
    menu.addEventListener("change", () => changed(menu.value || null, true));
    return menu;
  }
  return typed(one, use, state, changed);
}

function typed(one, use, state, changed) {
  const about = { placeholder: words(one.placeholder) || null, maxlength: one.max_length, "data-focus": one.action_id };
  const input = one.multiline
    ? element("textarea", { rows: 4, ...about })
    : element("input", { type: TYPES[one.type] ?? "text", step: one.is_decimal_allowed ? "any" : null, ...about });
  input.value = state.value ?? state.selected_date ?? state.selected_time ?? local(state.selected_date_time) ?? "";
  input.addEventListener("input", () => changed(taken(one.type, input.value)));
  input.addEventListener("change", () => changed(taken(one.type, input.value), true));
  return input;
}

function local(seconds) {
  if (!seconds) return null;
  const moment = new Date(seconds * 1000);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

function files(one, block, use, kept) {
  const input = element("input", { type: "file", multiple: (one.max_files ?? 10) > 1, "data-focus": one.action_id });
  if (one.filetypes?.length) input.accept = one.filetypes.map((kind) => `.${kind}`).join(",");
  if (kept.length) input.title = kept.map((file) => file.name).join(", ");
  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    use.attach(block, await Promise.all(chosen.map(async (file) => ({ name: file.name, data: await base64(file) }))));
  });
  return input;
}
