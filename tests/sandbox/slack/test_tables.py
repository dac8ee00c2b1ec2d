"""The sandbox's tables against the collected specifications, where those are at hand."""

import json
import re
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.kit.fields import Report
from bot.sandbox.slack.kit.shapes import BLOCKS, ELEMENTS
from bot.sandbox.slack.methods import SERVED
from bot.sandbox.slack.tables import COMMON_ERRORS, LIMITS, METHODS, RETRY_AFTER, SEEN_ERRORS

# The pages name no type for these.
UNTYPED = "string", "boolean", "array", "object"
# Of these no page was collected: they are held by the signature of Slack's own library.
NO_PAGE = frozenset({"usergroups.users.update"})


@pytest.fixture(scope="session")
def methods(shared: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / "specs/slack/web_api_methods.json").read_text("utf-8"))
    return loaded


def test_every_method_of_the_table_is_served() -> None:
    assert set(METHODS) == set(SERVED)
    assert set(SEEN_ERRORS) <= set(METHODS)
    assert len(RETRY_AFTER) == LIMITS["event_retries"]


def test_methods_agree_with_the_specification(methods: dict[str, Any]) -> None:
    for method in METHODS.values():
        if method.name in NO_PAGE:
            continue
        page = methods[method.name]["doc"]
        assert set(method.arguments) == set(page["args"]), method.name
        assert method.scopes == frozenset(page["bot_scopes"] or []), method.name
        tier = re.search(r"Tier (\d)", page["rate_limit"])
        assert method.tier == (int(tier[1]) if tier else 0), method.name
        for name, argument in method.arguments.items():
            told = page["args"][name]
            assert argument.required == told["required"], (method.name, name)
            assert argument.kind == told["type"] if "type" in told else argument.kind in UNTYPED, (method.name, name)


@pytest.mark.parametrize("name", sorted(NO_PAGE))
def test_methods_without_a_page_agree_with_slacks_library(name: str) -> None:
    told = signature(getattr(AsyncWebClient, name.replace(".", "_"))).parameters
    known = METHODS[name].arguments
    ours = {each for each, parameter in told.items() if parameter.kind is Parameter.KEYWORD_ONLY}
    assert ours <= set(known)
    required = {each for each in ours if told[each].default is Parameter.empty}
    assert {each for each, argument in known.items() if argument.required} == required


def test_errors_are_slacks_own_words(methods: dict[str, Any]) -> None:
    anywhere: set[str] = set()
    for page in methods.values():
        anywhere |= set((page["doc"] or {}).get("errors") or ()) | set(page.get("errors_openapi") or ())
    for method in METHODS.values():
        if method.name in NO_PAGE:
            continue
        page = methods[method.name]
        assert method.errors <= set(page["doc"]["errors"]) | set(page.get("errors_openapi") or ()), method.name
    # Of every method, or named in the guides rather than on a method's page.
    assert anywhere >= COMMON_ERRORS - {"invalid_arguments", "ratelimited", "unknown_method"}


def test_limits_agree_with_the_specification(shared: Path) -> None:
    listed = json.loads((shared / "specs/slack/limits.json").read_text("utf-8"))
    limits = {limit["name"]: limit["value"] for limit in listed}
    for name, value in LIMITS.items():
        assert limits[name] == value, name


def test_fields_of_blocks_agree_with_the_specification(shared: Path) -> None:
    for block in json.loads((shared / "specs/slack/block_kit_shapes.json").read_text("utf-8")):
        elements = block.pop("elements", [])
        assert strangers(BLOCKS[block["type"]], block) == []
        for element in elements:
            assert strangers(ELEMENTS[element["type"]], element) == [], element["type"]


def strangers(check: Any, value: dict[str, Any]) -> list[str]:
    """Return what a check says of fields that it does not know; what Slack itself adds is left out."""
    report = Report()
    check(value, "", report)
    unknown = [error for error in report.errors if "additional property" in error]
    return [error for error in unknown if not re.search(r"fallback|image_(width|height|bytes)|is_animated", error)]
