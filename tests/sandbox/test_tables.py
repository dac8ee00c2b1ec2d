"""The sandbox's tables against the collected specifications, where those are at hand."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.telegram.errors import Refusal
from bot.sandbox.telegram.methods import SERVED
from bot.sandbox.telegram.tables import CHAT_ACTIONS, DICE, LIMITS, METHODS, TYPES

shared = os.environ.get("FRONTDESK_SHARED")
needs_specs = pytest.mark.skipif(not shared, reason="FRONTDESK_SHARED does not name the specifications")
SERVED_BY_THE_SERVER = {"getupdates", "setwebhook", "deletewebhook", "getwebhookinfo"}


def spec(name: str) -> Any:
    assert shared is not None
    return json.loads((Path(shared) / "specs" / "telegram" / name).read_text("utf-8"))


def as_table(fields: list[dict[str, Any]]) -> dict[str, tuple[str, bool]]:
    return {field["name"]: (field["type"], field["required"]) for field in fields}


def test_every_method_of_the_table_is_served() -> None:
    assert set(METHODS) == set(SERVED) | SERVED_BY_THE_SERVER


@needs_specs
def test_methods_agree_with_the_specification() -> None:
    methods = spec("bot_api.json")["methods"]
    for method in METHODS.values():
        assert method.returns == methods[method.name]["returns"]
        ours = {name: (field.kind, field.required) for name, field in method.arguments.items()}
        assert ours == as_table(methods[method.name]["fields"]), method.name


@needs_specs
def test_nested_types_agree_with_the_specification() -> None:
    types = spec("bot_api.json")["types"]
    for name, fields in TYPES.items():
        ours = {key: (field.kind, field.required) for key, field in fields.items()}
        assert ours == as_table(types[name]["fields"]), name


@needs_specs
def test_limits_agree_with_the_specification() -> None:
    limits = {limit["name"]: limit["value"] for limit in spec("limits.json")}
    for name, value in LIMITS.items():
        assert limits[name] == (list(value) if isinstance(value, tuple) else value), name


@needs_specs
def test_every_known_error_is_among_the_refusals() -> None:
    ours = {(code, text) for code, text in (refusal.value for refusal in Refusal)}
    examples = {"{reason}": 'Unsupported start tag "x" at byte offset 0', "{seconds}": "5"}
    for place, example in examples.items():
        ours |= {(code, text.replace(place, example)) for code, text in ours}
    for error in spec("error_responses.json"):
        assert (error["error_code"], error["description"]) in ours


@needs_specs
def test_closed_lists_agree_with_the_specification() -> None:
    enums = spec("enums.json")
    assert set(enums["ChatAction"]) == CHAT_ACTIONS
    assert set(enums["DiceEmoji"]) == set(DICE)
