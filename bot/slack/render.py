"""What we say becomes Block Kit. Pure: this file only draws; the adapter sends. The limits are Slack's own (docs, slack_sdk)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.slack.words import Block, fallback_text, rich_text, split_for_slack
from handlers.turns.modal_dialog import HELD
from handlers.vocabulary.messages import (
    RENDERED_MESSAGE,
    File,
    MenuChoice,
    RenderedButton,
    RenderedMessage,
    RichText,
    Toast,
)
from handlers.vocabulary.modals import Box, Modal

TEXT = 3800  # characters of one message: chat.update refuses over 4,000, and the fallback text is escaped besides
BUTTON, VALUE = 75, 2000
BLOCKS = 50  # in a message
ACTIONS = 25  # elements in a row
TITLE, LABEL, HINT, OPTION, OPTIONS, PLACEHOLDER = 24, 2000, 2000, 75, 100, 150
TYPED = HELD  # characters of one input
HOME = 100  # blocks


def limited_text(text: str, limit: int) -> str:
    """Return text of at most ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def message_arguments(drawn: RenderedMessage) -> list[dict[str, Any]]:
    """Return the messages that say it, as arguments of ``chat.postMessage``; buttons stand under the last."""
    said = with_places(drawn)
    pieces = split_for_slack(said, TEXT) if said else []
    if not pieces and drawn.keys:
        pieces = [RichText("…")]
    found = [{"text": fallback_text(piece), "blocks": [rich_text(piece)]} for piece in pieces]
    buttons = button_blocks(drawn.keys)
    if found:
        found[-1]["blocks"] = [*found[-1]["blocks"], *buttons[: BLOCKS - 1]]
    more = range(BLOCKS - 1, len(buttons), BLOCKS)
    return [*found, *({"text": "…", "blocks": buttons[start : start + BLOCKS]} for start in more)]


def ephemeral_message(toast: Toast) -> dict[str, Any]:
    """Return a line that one person sees, as plain as any message: it may hold names and words of others."""
    said = RichText(limited_text(toast.text, TEXT))
    return {"text": fallback_text(said), "blocks": [rich_text(said), *button_blocks(toast.keys)]}


def with_places(drawn: RenderedMessage) -> RichText:
    """Return the words with what Slack has no kind of file for: a place, a contact, a die, a poll."""
    said = drawn.words
    for file in drawn.files:
        line = as_words(file)
        if line:
            said = said + RichText("\n") + line if said else line
    return said


def as_words(file: File) -> RichText:
    """Return a file that is none as words; nothing for one that is uploaded."""
    facts = file.facts
    match file.kind:
        case "location" | "venue":
            link = f"https://www.openstreetmap.org/?mlat={facts['latitude']}&mlon={facts['longitude']}"
            name = f"{facts['title']}, {facts['address']}: " if file.kind == "venue" else ""
            return RichText(f"📍 {name}{link}")
        case "contact":
            return RichText(f"👤 {facts['first']} {facts['last']}".rstrip() + f": {facts['phone']}")
        case "dice":
            return RichText(f"{facts['emoji']} {facts['value']}")
        case "poll":
            return RichText("\n".join([f"📊 {facts['question']}", *(f"– {option}" for option in facts["options"])]))
    return RichText()


def files_to_upload(files: Iterable[File]) -> list[File]:
    """Return the files that are uploaded as such."""
    return [file for file in files if file.kind != "other" and not as_words(file)]


def button_blocks(keys: Sequence[Sequence[RenderedButton]]) -> list[Block]:
    """Return rows of buttons."""
    found: list[Block] = []
    for number, row in enumerate(keys):
        for start in range(0, len(row), ACTIONS):
            part = row[start : start + ACTIONS]
            elements = [each for n, key in enumerate(part) for each in _elements(key, f"{number}.{start + n}")]
            found += [
                {"type": "actions", "elements": elements[at : at + ACTIONS]} for at in range(0, len(elements), ACTIONS)
            ]
    return found


def _elements(key: RenderedButton, place: str) -> list[Block]:
    """Return a button, or the menus that stand in its place: what cannot be undone has one of its own, which asks first."""
    if not key.menu:
        return [_button(key, place)]
    usual, final = ([one for one in key.menu if one.danger is danger] for danger in (False, True))
    return [
        *([_menu(key, usual, place)] if usual else []),
        *(
            {"type": "overflow", "action_id": f"{one.name}.{place}", "options": [_option(one)],
             "confirm": _confirm(one.label, key.sure)}
            for one in final
        ),
    ]  # fmt: skip


def _menu(key: RenderedButton, choices: Sequence[MenuChoice], place: str) -> Block:
    """Return a menu under its name. Its block has no id of ours: what was chosen stands in it until the card is drawn anew."""
    named = {"type": "plain_text", "text": limited_text(key.label, PLACEHOLDER), "emoji": True}
    options = [_option(one) for one in choices[:OPTIONS]]
    action = f"{key.name}:{key.value}.{place}"
    return {"type": "static_select", "action_id": action, "placeholder": named, "options": options}


def _option(one: MenuChoice) -> Block:
    return {
        "text": {"type": "plain_text", "text": limited_text(one.label, OPTION), "emoji": True},
        "value": button_value(one),
    }


def _button(key: RenderedButton, place: str) -> Block:
    label = {"type": "plain_text", "text": limited_text(key.label, BUTTON), "emoji": True}
    button: Block = {"type": "button", "text": label, "action_id": f"{key.name or 'link'}.{place}"}
    if key.url:
        return {**button, "url": key.url}
    button["value"] = button_value(key)
    if key.danger:
        button["style"] = "danger"
        button["confirm"] = _confirm(key.label, key.sure)
    return button


def _confirm(label: str, sure: str) -> Block:
    """Return the question before what cannot be undone by a press."""
    title, text, confirm, deny = (
        {"type": "plain_text", "text": limited_text(said, limit)}
        for said, limit in ((label, 100), (sure or "⚠️", 300), (label, 30), ("✕", 30))
    )
    return {"title": title, "text": text, "confirm": confirm, "deny": deny, "style": "danger"}


def button_value(key: RenderedButton | MenuChoice) -> str:
    """Return a button's value: a name and a key, never content."""
    data = f"{key.name}:{key.value}" if key.value else key.name
    if len(data) > VALUE:
        raise ValueError(f"button {key.name!r} carries too much")
    return data


# Modals and the front page


def modal_view(drawn: Modal, chat: str, *, private: bool) -> dict[str, Any]:
    """Return a form as a modal; only the draft's id and where it was opened travel with it."""
    return {
        "type": "modal",
        "callback_id": drawn.form,
        "title": {"type": "plain_text", "text": limited_text(drawn.title, TITLE)},
        "submit": {"type": "plain_text", "text": limited_text(drawn.submit, TITLE)},
        "close": {"type": "plain_text", "text": limited_text(drawn.cancel, TITLE)},
        "private_metadata": json.dumps({"draft": drawn.draft, "chat": chat, "private": private}),
        "blocks": [field_block(box) for box in drawn.boxes],
    }


def field_block(box: Box) -> Block:
    """Return one field; its block keeps the field's name, so that what was typed survives a redrawing."""
    found: Block = {
        "type": "input",
        "block_id": box.name,
        "label": {"type": "plain_text", "text": limited_text(box.label, LABEL)},
        "element": _element(box),
        "optional": not box.required,
        "dispatch_action": box.steers,
    }
    if box.hint:
        found["hint"] = {"type": "plain_text", "text": limited_text(box.hint, HINT)}
    return found


def _element(box: Box) -> Block:
    if len(box.options) == 1 and not box.required:  # one thing that is so, or is not
        return _checkbox(box)
    if box.options:
        return _select(box)
    if box.kind == "file":
        return {"type": "file_input", "action_id": box.name, "max_files": 10}
    value = str(box.value or "")
    if box.kind == "date":
        return {"type": "datepicker", "action_id": box.name, **({"initial_date": value} if value else {})}
    kind = "email_text_input" if box.kind == "email" else "plain_text_input"
    typed: Block = {"type": kind, "action_id": box.name, **({"initial_value": value[:HELD]} if value else {})}
    if kind == "plain_text_input":
        typed["multiline"] = box.kind == "long_text"
        typed["max_length"] = min(box.limit or TYPED, TYPED)
    return typed


def _checkbox(box: Box) -> Block:
    ((key, label),) = box.options
    option = {"text": {"type": "plain_text", "text": limited_text(label, OPTION)}, "value": key}
    found: Block = {"type": "checkboxes", "action_id": box.name, "options": [option]}
    return {**found, "initial_options": [option]} if box.value == key else found


def _select(box: Box) -> Block:
    options = [
        {"text": {"type": "plain_text", "text": limited_text(label, OPTION)}, "value": key}
        for key, label in box.options[:OPTIONS]
    ]
    chosen = next((option for option in options if option["value"] == box.value), None)
    found: Block = {"type": "static_select", "action_id": box.name, "options": options}
    return {**found, "initial_option": chosen} if chosen else found


def home_view(drawn: RenderedMessage) -> dict[str, Any]:
    """Return a person's front page."""
    found: list[Block] = []
    for number, data in enumerate(drawn.facts.get("sections") or ()):
        section = RENDERED_MESSAGE.validate_python(data)
        blocks = [*([rich_text(section.words)] if section.words else []), *button_blocks(section.keys)]
        for block in blocks:  # the same act may stand in several parts of a page
            for element in block["elements"] if block["type"] == "actions" else ():
                element["action_id"] = f"{number}.{element['action_id']}"
        found += [*([{"type": "divider"}] if number else []), *blocks]
    return {"type": "home", "blocks": found[:HOME]}


def modal_errors(problems: Mapping[str, str]) -> dict[str, Any]:
    """Return the answer that keeps a modal open and says what is wrong, field by field."""
    return {"response_action": "errors", "errors": {name: limited_text(said, 2000) for name, said in problems.items()}}
