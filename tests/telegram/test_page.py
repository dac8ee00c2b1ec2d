"""The page about Telegram promises nothing that no test shows."""

import re

import pytest

from tests.house.reference import ROOT

PAGE = (ROOT / "docs/telegram.md").read_text(encoding="utf-8")
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
