"""The page about Slack promises nothing that no test shows, and the manifest asks for what is used."""

import re

import pytest

from bot.sandbox.slack import SCOPES as GRANTED
from bot.slack.start import SCOPES
from tests.house.reference import ROOT

PAGE = (ROOT / "docs/slack.md").read_text(encoding="utf-8")
MANIFEST = (ROOT / "docs/slack-manifest.yaml").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| .+ \| (.+) \|$", PAGE, re.MULTILINE)


def test_every_convention_is_there():
    assert [int(number) for number, _ in ROWS] == list(range(1, 16))


@pytest.mark.parametrize(("number", "shown"), ROWS)
def test_a_convention_is_shown_by_tests_that_exist(number: str, shown: str):
    tests: list[str] = []
    source = ""
    for link, name in re.findall(r"\]\((?:\.\./)([^)]+)\)|`(test_\w+)`", shown):
        if link:
            source = (ROOT / link).read_text(encoding="utf-8")
        else:
            assert f"def {name}(" in source, f"convention {number}: no {name} there"
            tests.append(name)
    assert tests


def test_the_manifest_asks_for_just_the_scopes_that_are_checked():
    asked = set(re.findall(r"^      - ([a-z_]+:[a-z]+|commands)\b", MANIFEST, re.MULTILINE))
    assert asked == SCOPES
    assert asked <= GRANTED


def test_commands_carry_ids_and_not_names():
    assert "should_escape: true" in MANIFEST
