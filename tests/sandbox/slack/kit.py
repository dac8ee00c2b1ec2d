"""Blocks and views, as short as tests want them."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, value: str = "1", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": value, **more}


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


def field(block_id: str, element: Json | None = None, **more: Any) -> Json:
    element = element or {"type": "plain_text_input", "action_id": "it"}
    return {"type": "input", "block_id": block_id, "label": plain(block_id.capitalize()), "element": element, **more}


TYPE: Json = {
    "type": "static_select",
    "action_id": "it",
    "placeholder": plain("Choose"),
    "options": [option("Billing", "billing"), option("Access", "access")],
}


def modal(*blocks: Json, **more: Any) -> Json:
    found = list(blocks) or [field("summary")]
    return {"type": "modal", "title": plain("New request"), "submit": plain("Send"), "blocks": found, **more}
