"""Entries of the rules, found and put back: whatever the document looks like, nothing is lost and nothing moves by itself."""

from importlib.resources import files
from typing import Any

import pytest
import yaml

from handlers.admin.rules_editor.parts import part_as_written
from handlers.admin.rules_editor.sections import NOTICE, QUESTION, SECTIONS, STATUS, TEXT, Section
from handlers.rules import Rules
from handlers.rules.document import read_document

EXAMPLE: dict[str, Any] = {
    **yaml.safe_load(files("handlers").joinpath("examples", "desk.yaml").read_text("utf-8")),
    "hours": {"office": {"zone": "Europe/Kyiv", "week": {"mon-fri": "9-18", "sat": False}}},
    "sla": {"standard": {"first_response": {"urgent": "15m"}, "pause": []}},
    "groups": {"first": {"title": {"en": "First"}, "keywords": ["printer"]}},
    "roles": {"seniors": ["telegram:7001"], "permissions": {"close": "senior"}},
    "notify": [{"event": "claimed", "tell": ["watchers"]}, {"event": "moved", "type": "hardware", "tell": "watchers"}],
    "canned": {"hello": "Hello", "bye": {"text": {"en": "Bye"}}},
    "assets": {"laptop": {"title": {"en": "Laptop"}, "fields": {"serial": {"en": "Serial"}}}},
    "webhooks": {"crm": {"url": "https://crm.example.com/desk", "events": ["ticket.opened"]}},
    "rota": {
        "calls": {"title": {"en": "Calls"}, "group": "first", "people": ["telegram:7001"], "begins": "2026-11-30"}
    },
    "texts": {"en": {"request.registered": "#{ticket} is here."}},
}
ENDS = {"new": "new", "closed": "closed"}


def entries(of: Section, document: dict[str, Any]) -> dict[str, Any]:
    """Return all entries of a section, whatever they belong to."""
    whose = list(SECTIONS[of.within].shelf.entries(document)) if of.within else [""]
    return {key: entry for each in whose for key, entry in of.shelf.entries(document, each).items()}


def rules(document: dict[str, Any]) -> Rules:
    """Return what a document means; it has no mistake."""
    found, problems = read_document(document, Rules())
    assert problems == []
    return found


@pytest.mark.parametrize("word", SECTIONS)
def test_what_is_put_back_as_it_was_changes_nothing(word: str):
    of = SECTIONS[word]
    assert entries(of, EXAMPLE)
    for key, entry in entries(of, EXAMPLE).items():
        again = of.shelf.put(EXAMPLE, key, entry)
        assert rules(again) == rules(EXAMPLE), key
        assert entries(of, again) == entries(of, EXAMPLE), key


@pytest.mark.parametrize("word", [word for word, of in SECTIONS.items() if not of.one])
def test_what_goes_is_gone_and_the_rest_stays(word: str):
    of = SECTIONS[word]
    for key in entries(of, EXAMPLE):
        without = of.shelf.put(EXAMPLE, key, None)
        assert key not in entries(of, without)
        if of is not STATUS:  # with a status go the moves to it
            kept = {each: entry for each, entry in entries(of, EXAMPLE).items() if each != key}
            assert entries(of, without) == kept


@pytest.mark.parametrize(
    ("of", "document"),
    [
        (NOTICE, {"notify": {"event": "claimed", "tell": []}}),
        (NOTICE, {"notify": [{"event": "claimed", "tell": "watchers"}]}),
        (QUESTION, {"types": {"one": {"title": "One", "fields": {"name": "what", "label": "What?"}}}}),
        (SECTIONS["role"], {"roles": {"admins": "telegram:7001"}}),
        (SECTIONS["group"], {"groups": {"first": {"title": {"en": 1}}}}),
        (SECTIONS["hours"], {"hours": {"x": {"zone": "UTC", "week": {"mon": "9-18", "sat": False}}}}),
        (STATUS, {"workflows": {"x": {"statuses": ENDS, "moves": {"new": {"close": "closed", "move": "closed"}}}}}),
    ],
)  # fmt: skip
def test_one_value_may_stand_for_a_list_of_it(of: Section, document: dict[str, Any]):
    for key, entry in entries(of, document).items():
        for part in of.parts:
            assert isinstance(part_as_written(part, entry), str)
        assert rules(of.shelf.put(document, key, entry)) == rules(document)


def test_a_day_off_is_written_as_people_write_it():
    week = next(part for part in SECTIONS["hours"].parts if part.name == "week")
    assert part_as_written(week, EXAMPLE["hours"]["office"]) == "mon-fri: 9-18\nsat: closed"


def test_where_requests_begin_moves_only_by_a_word():
    flow = {"statuses": {"new": "new", "open": "open", "closed": "closed"}, "moves": {"new": {"close": "closed"}}}
    document = {"workflows": {"x": flow}}
    entry = entries(STATUS, document)["x.new"]
    assert entry["starts"] is True
    without = {name: value for name, value in entry.items() if name != "starts"}
    assert STATUS.shelf.put(document, "x.new", without)["workflows"]["x"]["start"] == "new"
    assert STATUS.shelf.put(document, "x.new", None)["workflows"]["x"]["start"] == "new"  # a mistake, and told so
    begun = STATUS.shelf.put(document, "x.open", {"kind": "open", "starts": True})
    assert begun["workflows"]["x"]["start"] == "open"


def test_with_a_status_goes_the_yes_that_leads_to_it_and_what_waits_or_ends_there():
    asked = {"approved": {"rounds": [{"ask": "role:admin"}], "waiting": "held", "declined": "no"}}
    statuses = {"new": "new", "held": "on_hold", "approved": "open", "no": "closed", "closed": "closed"}
    document = {"workflows": {"x": {"statuses": statuses, "moves": {}, "approvals": asked}}}

    def left(status: str, entry: dict[str, Any] | None) -> Any:
        return STATUS.shelf.put(document, f"x.{status}", entry)["workflows"]["x"]["approvals"]

    for status in statuses:
        assert left(status, entries(STATUS, document)[f"x.{status}"]) == asked
    assert left("approved", None) == {}
    assert left("held", None) == {"approved": {"rounds": [{"ask": "role:admin"}], "declined": "no"}}
    assert left("no", None) == {"approved": {"rounds": [{"ask": "role:admin"}], "waiting": "held"}}
    assert left("closed", None) == asked


def test_a_text_that_says_what_everybody_says_is_not_written_down():
    was = TEXT.shelf.entries(EXAMPLE)["request.registered"]
    ours = {"text": {**was["text"], "en": "Request #{ticket} is registered. We will answer here."}}
    assert TEXT.shelf.put(EXAMPLE, "request.registered", ours)["texts"] == {}
