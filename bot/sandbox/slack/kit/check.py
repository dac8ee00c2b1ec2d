"""What Slack refuses of a whole message or view: its blocks, their ids, its size."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.kit.fields import Report, items, typed
from bot.sandbox.slack.kit.shapes import BLOCKS, HOME, MODAL
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.tables import LIMITS

MESSAGE_BLOCKS = items(typed(BLOCKS, BLOCKS), LIMITS["blocks_per_message"], 0)
NewId = Callable[[], str]


def elements(block: Json) -> Iterator[Json]:
    """Return what can be acted on in a block."""
    if block.get("type") in ("actions", "context_actions"):
        yield from block["elements"]
    for name in ("accessory", "element"):
        if name in block:
            yield block[name]


def blocks(value: Any, new_id: NewId) -> list[Json]:
    """Return the blocks of a message with all ids filled in, or refuse them."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ApiError("invalid_blocks_format")
    report = Report()
    MESSAGE_BLOCKS(value, "/blocks", report)
    _rules(value, "/blocks", report)
    if report.errors:
        raise ApiError("invalid_blocks", *report.errors)
    if sum(map(len, _words(value))) > LIMITS["message_blocks_total_chars"]:
        raise ApiError("msg_blocks_too_long")
    return [_with_ids(block, new_id) for block in value]


def view(value: Any, kind: str, new_id: NewId) -> Json:
    """Return a view with all ids filled in, or refuse it."""
    if not isinstance(value, dict) or value.get("type") != kind:
        raise ApiError("invalid_arguments", f"[ERROR] must be a valid enum value [{kind}] [json-pointer:/view/type]")
    report = Report()
    (MODAL if kind == "modal" else HOME)(value, "/view", report)
    found = [block for block in value.get("blocks") or () if isinstance(block, dict)]
    _rules(found, "/view/blocks", report)
    if kind == "modal" and "submit" not in value and any(block.get("type") == "input" for block in found):
        report.fail("missing required field: submit", "/view")
    if report.errors:
        raise ApiError("invalid_arguments", *report.errors)
    if len(json.dumps(value, ensure_ascii=False).encode()) > LIMITS["view_bytes"]:
        raise ApiError("view_too_large")
    return {**value, "blocks": [_with_ids(block, new_id) for block in found]}


def _rules(found: list[Json], path: str, report: Report) -> None:
    """Note what a single field cannot know: twin ids, and what must be there in one form or another."""
    seen: set[str] = set()
    for number, block in enumerate(found):
        here, block_id = f"{path}/{number}", block.get("block_id")
        if block_id in seen:
            report.fail(f"`block_id` `{block_id}` already exists for another block", f"{here}/block_id")
        seen |= {block_id} if block_id else set()
        if block.get("type") == "section" and not block.get("text") and not block.get("fields"):
            report.fail("must define either `text` or `fields`", here)
        if block.get("type") == "image" and not block.get("image_url") and not block.get("slack_file"):
            report.fail("must define either `image_url` or `slack_file`", here)
        if not report.errors:
            _element_rules(block, here, report)


def _element_rules(block: Json, path: str, report: Report) -> None:
    seen: set[str] = set()
    for element in elements(block):
        action_id = element.get("action_id")
        if action_id in seen:
            report.fail(f"`action_id` `{action_id}` already exists for another element", path)
        seen |= {action_id} if action_id else set()
        one_list = ("options" in element) != ("option_groups" in element)
        if element["type"] in ("static_select", "multi_static_select") and not one_list:
            report.fail("must define either `options` or `option_groups`", path)
        values = [option["value"] for option in element.get("options") or ()]
        if len(set(values)) != len(values):
            report.fail("option values must be unique", path)


def _with_ids(block: Json, new_id: NewId) -> Json:
    done = {**block, "block_id": block.get("block_id") or new_id()}
    if block["type"] == "actions":
        done["elements"] = [_with_action(element, new_id) for element in block["elements"]]
    for name in ("accessory", "element"):
        if name in block and block[name]["type"] != "image":
            done[name] = _with_action(block[name], new_id)
    return done


def _with_action(element: Json, new_id: NewId) -> Json:
    return element if element.get("action_id") else {**element, "action_id": new_id()}


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
