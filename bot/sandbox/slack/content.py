"""What a post says: text, blocks, attachments and metadata, checked as Slack checks them."""

import json
from typing import Any

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.kit import check
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.scopes import require
from bot.sandbox.slack.tables import LIMITS
from bot.sandbox.slack.workspace import Workspace


def new_id(space: Workspace) -> str:
    """Return the id that Slack gives to what the app has not named."""
    return f"b{space.world.number('block'):05x}"


def blocks(space: Workspace, given: Any) -> list[Json]:
    """Return blocks with all their ids, or refuse them."""
    return check.blocks(given, lambda: new_id(space))


def message(space: Workspace, method: str, fields: Json, *, most: int, cut: bool = False) -> Json:
    """Return the content of a message; ``cut`` cuts a text that is too long, else it is refused."""
    text = fields.get("text") or ""
    if not (text.strip() or any(fields.get(name) for name in ("blocks", "attachments", "markdown_text"))):
        raise ApiError("no_text")
    if len(text) > most and not cut:
        raise ApiError("msg_too_long")
    _habits(space, method, fields)
    content: Json = {"text": text[:most]}
    if "markdown_text" in fields:
        content["blocks"] = _markdown(space, fields)
    if fields.get("blocks"):
        content["blocks"] = blocks(space, fields["blocks"])
    if fields.get("attachments"):
        content["attachments"] = attachments(space, fields["attachments"])
    if fields.get("metadata"):
        content["metadata"] = metadata(fields["metadata"])
    return content


def _habits(space: Workspace, method: str, fields: Json) -> None:
    """Note what Slack takes, but a careful bot never sends."""
    if fields.get("blocks") and not fields.get("text"):
        space.world.violate(method, "no fallback text", "screen readers and notifications show only `text`")
    if fields.get("link_names") or fields.get("parse") == "full":
        space.world.violate(method, "parses names", "link_names or parse=full makes mentions of plain words")


def _markdown(space: Workspace, fields: Json) -> list[Json]:
    if "text" in fields or "blocks" in fields:
        raise ApiError("markdown_text_conflict")
    if len(fields["markdown_text"]) > LIMITS["markdown_text_chars"]:
        raise ApiError("msg_too_long")
    return blocks(space, [{"type": "markdown", "text": fields["markdown_text"]}])


def attachments(space: Workspace, given: Any) -> list[Json]:
    """Return attachments with their numbers; blocks inside are checked as those of a message."""
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise ApiError("invalid_arguments", "[ERROR] invalid array: attachments")
    if len(given) > LIMITS["attachments"]:
        raise ApiError("too_many_attachments")
    return [
        {**item, "id": number} | ({"blocks": blocks(space, item["blocks"])} if "blocks" in item else {})
        for number, item in enumerate(given, 1)
    ]


def metadata(given: Any) -> Json:
    """Return a message's metadata, or refuse it."""
    if not isinstance(given, dict):
        raise ApiError("invalid_metadata_format")
    payload = given.get("event_payload")
    if not isinstance(given.get("event_type"), str) or not isinstance(payload, dict):
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(given).encode()) > LIMITS["metadata_bytes"]:
        raise ApiError("metadata_too_large")
    return given


def dress(space: Workspace, fields: Json) -> Json:
    """Return the name and picture a post borrows."""
    borrowed = {name: fields[name] for name in ("username", "icon_emoji", "icon_url") if name in fields}
    if borrowed:
        require(space, "chat:write.customize")
    icons = {name.removeprefix("icon_"): borrowed[name] for name in ("icon_emoji", "icon_url") if name in borrowed}
    content = {"username": borrowed["username"]} if "username" in borrowed else {}
    return content | ({"icons": icons} if icons else {})
