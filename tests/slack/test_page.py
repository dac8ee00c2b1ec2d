"""The pages about Slack and about crossing promise nothing that no test shows, and the manifest asks for what is used."""

import re

import pytest

from bot.sandbox.slack import SCOPES as GRANTED
from bot.slack.start import OPTIONAL, SCOPES
from tests.house.reference import ROOT

PAGE = (ROOT / "docs/slack.md").read_text(encoding="utf-8")
MANIFEST = (ROOT / "docs/slack-manifest.yaml").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| .+ \| (.+) \|$", PAGE, re.MULTILINE)
CROSSING = (ROOT / "docs/crossing.md").read_text(encoding="utf-8")
CROSSED = re.findall(r"^\| (?!what \||trap \||---)(.+?) \|.*?([^|]+) \|$", CROSSING, re.MULTILINE)


def test_every_convention_is_there():
    assert [int(number) for number, _ in ROWS] == list(range(1, 16))


def shown_by(row: str, cell: str) -> list[str]:
    """Return the tests that a row names, each of which is where it says."""
    tests: list[str] = []
    source = ""
    for link, name in re.findall(r"\]\((?:\.\./)([^)]+)\)|`(test_\w+)`", cell):
        if link:
            source = (ROOT / link).read_text(encoding="utf-8")
        else:
            assert f"def {name}(" in source, f"{row}: no {name} there"
            tests.append(name)
    return tests


@pytest.mark.parametrize(("number", "shown"), ROWS)
def test_a_convention_is_shown_by_tests_that_exist(number: str, shown: str):
    assert shown_by(number, shown)


@pytest.mark.parametrize(("what", "shown"), CROSSED)
def test_what_crosses_is_shown_by_tests_that_exist(what: str, shown: str):
    assert shown_by(what, shown)


def test_every_row_about_crossing_is_looked_at():
    lines = [line for line in CROSSING.splitlines() if line.startswith("| ") and "../tests/" in line]
    assert len(CROSSED) == len(lines) > 35


def test_the_manifest_asks_for_just_the_scopes_that_are_checked():
    asked = set(re.findall(r"^      - ([a-z_]+:[a-z]+|commands)\b", MANIFEST, re.MULTILINE))
    assert asked == SCOPES | set(OPTIONAL)
    assert asked <= GRANTED


def test_commands_carry_ids_and_not_names():
    assert "should_escape: true" in MANIFEST
