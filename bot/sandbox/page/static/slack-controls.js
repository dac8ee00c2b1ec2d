// What can be pressed or chosen in a message, a modal or at home.
import { element } from "/static/bus.js";
import { confirmed, menu } from "/static/slack-menu.js";
import { reachable, words } from "/static/slack-text.js";

const INPUT = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

export function control(one, block, use) {
  if (one.type === "button") return button(one, block, use);
  if (one.type === "overflow") return overflow(one, block, use);
  const label = words(one.placeholder) || use.say("choose");
  const changed = (value) => sure(one, use).then((yes) => yes && use.choose(one, block, value));
  if (one.type in INPUT) {
    const value = one.initial_date ?? one.initial_time ?? "";
    const onchange = (event) => changed(taken(one.type, event.target.value));
    return element("input", { type: INPUT[one.type], value, "aria-label": label, "data-focus": one.action_id, onchange });
  }
  if (["checkboxes", "radio_buttons"].includes(one.type) || one.type.startsWith("multi_")) {
    return choices(one, use, label, one.initial_options ?? [one.initial_option].filter(Boolean), changed);
  }
  const shown = select(one, use, label, one.initial_option?.value ?? one.initial_user ?? "");
  shown.addEventListener("change", () => shown.value && changed(shown.value));
  shown.setAttribute("aria-label", label);
  return shown;
}

function button(one, block, use) {
  const label = words(one.text);
  const about = { class: one.style ? `btn ${one.style}` : "btn", "data-focus": one.action_id, "aria-label": one.accessibility_label };
  const press = async () => { if (await sure(one, use)) use.press(one, block); };
  if (one.url && reachable(one.url)) {
    return element("a", { ...about, href: one.url, target: "_blank", rel: "noopener noreferrer", onclick: press }, label);
  }
  return element("button", { ...about, type: "button", onclick: press }, label);
}

function overflow(one, block, use) {
  const name = use.say("options");
  const open = (event) => {
    const choose = async (option) => { if (await sure(one, use)) use.choose(one, block, option.value); };
    menu(use.layer, event.currentTarget, one.options.map((option) => ({ label: words(option.text), act: () => choose(option) })), name);
  };
  return element("button", {
    type: "button", class: "btn", "aria-label": name, "aria-haspopup": "menu", "aria-expanded": "false", "data-focus": one.action_id, onclick: open,
  }, "⋯");
}

function sure(one, use) {
  if (!one.confirm) return Promise.resolve(true);
  const said = Object.fromEntries(["title", "text", "confirm", "deny"].map((name) => [name, words(one.confirm[name])]));
  const danger = one.confirm.style === "danger";
  return confirmed(use.layer, { title: said.title, body: said.text, yes: said.confirm, no: said.deny, danger });
}

// Return a menu of one choice; people and conversations are those of the workspace.
export function select(one, use, placeholder, chosen) {
  const shown = element("select", { "data-focus": one.action_id });
  shown.append(element("option", { value: "" }, placeholder));
  for (const group of groups(one, use)) {
    const options = group.options.map(([value, label]) => element("option", { value }, label));
    if (group.label) shown.append(element("optgroup", { label: group.label }, ...options));
    else shown.append(...options);
  }
  shown.value = chosen;
  return shown;
}

function groups(one, use) {
  if (one.type.includes("users_select")) return [{ options: use.team.map((user) => [user.id, user.name]) }];
  if (/channels_select|conversations_select/.test(one.type)) return [{ options: use.rooms.map((room) => [room.id, room.name]) }];
  const given = one.option_groups ?? [{ options: one.options ?? [] }];
  const pair = (option) => [option.value, words(option.text)];
  return given.map((group) => ({ label: group.label && words(group.label), options: group.options.map(pair) }));
}

// Return boxes to tick, several or one of them.
export function choices(one, use, label, chosen, changed) {
  const single = one.type === "radio_buttons";
  const picked = new Set(chosen.map((option) => option.value ?? option));
  const name = `${one.action_id}-${Math.random()}`;
  const set = element("fieldset", { class: "choices", "aria-label": label });
  for (const [value, shown] of groups(one, use).flatMap((group) => group.options)) {
    const box = element("input", { type: single ? "radio" : "checkbox", name, value, "data-focus": `${one.action_id}-${value}` });
    box.checked = picked.has(value);
    box.addEventListener("change", () => {
      const ticked = [...set.querySelectorAll("input:checked")].map((each) => each.value);
      changed(single ? value : ticked);
    });
    set.append(element("label", {}, box, shown));
  }
  return set;
}

// Return what an input of the browser says as Slack wants it.
export function taken(type, value) {
  if (!value) return null;
  return type === "datetimepicker" ? Math.floor(new Date(value).getTime() / 1000) : value;
}
