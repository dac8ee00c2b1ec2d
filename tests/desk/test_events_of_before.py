"""What a version before this one wrote down is read as it was meant: its events carried facts where there are records now."""

import json
from typing import Any

import pytest

from handlers.vocabulary.messages import EVENT, Event, Kind, read_event
from handlers.vocabulary.payloads import ChatMoved, FetchedFile, LostThread, Reaction, Receipt, Refusal, Submission
from tests.clock import MONDAY

WRITTEN: list[tuple[Kind, dict[str, Any], dict[str, Any]]] = [
    (Kind.MEMBER, {"from": "-5", "to": "-1005"}, {"moved": ChatMoved("-5", "-1005")}),
    (Kind.MEMBER, {"asked": True}, {"verified": True}),
    (Kind.MEMBER, {"why": "invalid_auth"}, {"why": "invalid_auth"}),
    (Kind.REACTION, {"verb": "claim", "added": False}, {"reaction": Reaction("claim", added=False)}),
    (Kind.LOST, {"ticket": 7, "channel": 2}, {"lost": LostThread(7, 2)}),
    (Kind.STANDSTILL, {"ticket": None, "reason": "archived", "word": "x"}, {"refusal": Refusal("archived", "x")}),
    (
        Kind.RECEIPT,
        {
            "outgoing": 5,
            "state": "sent",
            "uncertain": True,
            "reason": "",
            "word": "",
            "ticket": 7,
            "missing": ["a.txt"],
        },
        {"receipt": Receipt(5, "sent", 7, uncertain=True, missing=("a.txt",))},
    ),
    (
        Kind.FETCHED,
        {"then": "faq_import", "account": 3, "content": "eA==", "file": "a.csv"},
        {"facts": {"then": "faq_import", "account": 3}, "fetched": FetchedFile("a.csv", "eA==")},
    ),
    (
        Kind.SUBMIT,
        {"answers": {"text": "Hi"}, "user": "U1"},
        {"submission": Submission({"text": "Hi"}), "native_user": "U1"},
    ),
    (Kind.RAW, {"update": "{}"}, {"raw": "{}"}),
    (Kind.RAW, {"payload": "{}"}, {"raw": "{}"}),
    (Kind.PRESS, {"modal": True, "menu": True, "user": "U1"}, {"modal": True, "menu": True, "native_user": "U1"}),
    (Kind.TEXT, {"passing": True, "parts": ["1", "2"]}, {"passing": True, "parts": ("1", "2")}),
    (Kind.TEXT, {"open": True}, {"open_chat": True}),
    (Kind.COMMAND, {"modal": True, "quoted": "It broke"}, {"modal": True, "quoted": "It broke"}),
    (
        Kind.TIMER,
        {"ticket": 7, "due": "2026-03-02", "late": True},
        {"facts": {"ticket": 7, "due": "2026-03-02"}, "ticket": 7, "late": True},
    ),
]


@pytest.mark.parametrize(("kind", "facts", "meant"), WRITTEN, ids=lambda each: str(each)[:40])
def test_facts_of_the_version_before_are_read_as_records(kind: Kind, facts: dict[str, Any], meant: dict[str, Any]):
    written = json.loads(EVENT.dump_json(Event(kind, "telegram:1", "k", "c", MONDAY), exclude_defaults=True))
    found = read_event(json.dumps({**written, "facts": facts}))
    assert found == Event(kind, "telegram:1", "k", "c", MONDAY, **meant)
    assert read_event(EVENT.dump_json(found, exclude_defaults=True).decode()) == found
