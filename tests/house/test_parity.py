"""What the docs say of each messenger is what the desk hears and does there."""

import ast
import inspect
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from bot.slack.adapter import Slack
from bot.telegram.adapter import Telegram
from handlers.contents import CONTENTS
from handlers.system import membership_events
from handlers.vocabulary.capabilities import Capabilities
from handlers.vocabulary.messages import Kind

ROWS: Mapping[str, Mapping[str, str]] = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "docs/parity.yaml").read_text("utf-8")
)
GENERAL = {Kind.COMMAND: "every command", Kind.PRESS: "every button", Kind.SUBMIT: "every form"}
NOBODYS = (Kind.TIMER, Kind.MEMBER)  # time is the desk's own; of members each event has its row


def heard_of_members() -> set[str]:
    """Return the events of membership that a handler tells apart, as its source names them."""
    tree = ast.parse(inspect.getsource(membership_events))
    named = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return named & {name.removeprefix("member ") for name in ROWS if name.startswith("member ")}


def test_everything_that_is_heard_has_its_row():
    kinds = {route.kind for route in CONTENTS.router.routes.values()} - set(NOBODYS)
    assert {GENERAL.get(kind, str(kind)) for kind in kinds} <= ROWS.keys()
    assert heard_of_members() == {name.removeprefix("member ") for name in ROWS if name.startswith("member ")}
    known = {*map(str, Kind), *GENERAL.values()}
    assert {name for name in ROWS if not name.startswith(("member ", "capability "))} <= known


@pytest.mark.parametrize("name", ROWS)
def test_each_messenger_does_it_the_same_or_another_way_or_says_why_not(name: str):
    row = ROWS[name]
    assert list(row) == ["telegram", "slack"]
    for said in row.values():
        assert re.fullmatch(r"same|(another way|cannot): \S.+", said), said


def test_what_the_messengers_can_do_is_what_the_rows_say():
    assert {name.removeprefix("capability ") for name in ROWS if name.startswith("capability ")} == {
        field.name for field in fields(Capabilities)
    }
    for field in fields(Capabilities):
        if isinstance(field.default, str):  # how something is typed: the same where it is as a command is written
            typed = [getattr(messenger.able, field.name) for messenger in (Telegram, Slack)]
            said = [ROWS[f"capability {field.name}"][messenger] == "same" for messenger in ("telegram", "slack")]
            assert said == [each == field.default for each in typed], field.name
            continue
        able = [bool(getattr(messenger.able, field.name)) for messenger in (Telegram, Slack)]
        said = [ROWS[f"capability {field.name}"][messenger] == "same" for messenger in ("telegram", "slack")]
        limited = field.name in ("gives", "takes")  # a number of bytes: none is no limit
        assert said == ([not each for each in able] if limited else able), field.name
