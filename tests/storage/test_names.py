"""One function for names: what is shown can be read, stands on one line, and turns nothing around."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.people.names import readable_name, shown_name

NAMES = {
    "Ann Lee": "Ann Lee",
    "Ann\nLee": "Ann Lee",
    " Ann \t Lee ": "Ann Lee",
    "\u202eнна": "нна",
    "И\u0306ван": "Йван",
    "\u200b\u200bAnn": "Ann",
    "👩\u200d💻 Оля": "👩\u200d💻 Оля",
    "❤️": "❤️",
    "&lt;b&gt;": "&lt;b&gt;",
    "...": "...",
}
BLANK = ("", " ", "\u3164", "\u2800", "\u200b\u200b", "\u202e", "\u0301", "\ufe0f", "\u00ad", "\ufeff\u2060")


@pytest.mark.parametrize(("name", "shown"), NAMES.items())
def test_a_name_is_shown_as_it_can_be_read(name: str, shown: str):
    assert shown_name(name, native="12345678") == shown


@pytest.mark.parametrize("name", BLANK)
def test_who_has_no_name_to_be_seen_is_told_from_others(name: str):
    assert shown_name(name, username="ann", native="12345678") == "@ann"
    assert shown_name(name, native="12345678") == "no name · 5678"
    assert shown_name(name, native="12345678", language="uk") == "без імені · 5678"
    assert shown_name(name, native="12345678", language="ru-RU") == "без имени · 5678"


@given(st.text(), st.text(max_size=5))
def test_whatever_it_is_called_is_one_line_that_shows_something(name: str, username: str):
    shown = shown_name(name, username=username, native="12345678")
    assert shown.strip()
    assert len(shown.splitlines()) == 1
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def test_real_names_are_shown(shared: Path):
    inputs = json.loads((shared / "specs/real_inputs.json").read_text("utf-8"))["payloads"]
    names = next(each["payload"] for each in inputs if each["name"] == "blank_names")
    assert [readable_name(name) for name in names] == ["", "", "", "нна", "Ann Lee", "&lt;b&gt;"]
