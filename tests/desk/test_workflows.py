"""Workflows and notices as the rules write them: read whole, or refused with the place and the fix."""

from importlib.resources import files
from typing import Any

import pytest
import yaml

from handlers.rules import Rules, notify, workflows
from handlers.rules.document import read_document
from handlers.rules.node import Node
from handlers.rules.notify import DEFAULT, UNTOLD, NotifyRule, TicketEvent, Who, hears_of
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator
from storage.lifecycle import ACTIVE, Action, StatusKind, Workflow

EXAMPLES: dict[str, Any] = yaml.safe_load(files("handlers").joinpath("examples", "desk.yaml").read_text("utf-8"))
IT: dict[str, Any] = {
    "start": "new",
    "statuses": {
        "new": "new",
        "diagnosing": {"kind": "open", "title": {"en": "Diagnosing"}},
        "parts": "on_hold",
        "waiting": "pending",
        "resolved": "resolved",
        "closed": "closed",
    },
    "moves": {
        "new": {"claim": "diagnosing"},
        "diagnosing": {"move": ["parts"], "reply_and_wait": "waiting", "resolve": "resolved"},
        "parts": {"resume": "diagnosing"},
    },
}


def wrong(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is wrong with a document, by place, in English."""
    _, problems = read_document(document, Rules())
    return [(problem.place, Translator().say(problem.said, Locale())) for problem in problems]


def changed(**parts: Any) -> dict[str, Any]:
    return {"workflows": {"it": {**IT, **parts}}}


def moves(**parts: Any) -> dict[str, Any]:
    return changed(moves={**IT["moves"], **parts})


def test_a_workflow_is_read_with_what_goes_without_saying():
    rules, problems = read_document(changed(), Rules())
    assert problems == []
    it = Workflow.of(rules.workflows["it"])
    assert it.called("diagnosing") == {"en": "Diagnosing"}
    assert it.next("new", Action.REPLY) == "diagnosing"  # who answers a new one takes it
    assert it.next("new", Action.ASSIGN) == "diagnosing"
    assert it.next("parts", Action.FOLLOW_UP) == "parts"
    assert it.next("waiting", Action.FOLLOW_UP) == "diagnosing"
    assert it.next("diagnosing", Action.RELEASE) == "diagnosing"
    assert it.next("resolved", Action.CLOSE) == "closed"
    assert it.next("resolved", Action.REOPEN) == "diagnosing"
    assert (it.name, it.start) == ("it", "new")


def test_no_request_under_way_refuses_its_requesters_word():
    for data in read_document(EXAMPLES, Rules())[0].workflows.values():
        workflow = Workflow.of(data)
        for status, kind in workflow.kinds.items():
            if kind in ACTIVE:
                assert workflow.kind(workflow.next(status, Action.FOLLOW_UP)) in ACTIVE
            else:
                assert workflow.kind(workflow.next(status, Action.REOPEN)) in ACTIVE
            if kind is StatusKind.RESOLVED:
                assert workflow.kind(workflow.next(status, Action.CLOSE)) is StatusKind.CLOSED


def test_a_written_move_stays_as_it_is():
    written = moves(parts={"resume": "diagnosing", "follow_up": "diagnosing"})
    it = Workflow.of(read_document(written, Rules())[0].workflows["it"])
    assert it.next("parts", Action.FOLLOW_UP) == "diagnosing"


@pytest.mark.parametrize(
    ("document", "place", "words"),
    [
        (changed(start="nwe"), "workflows.it.start", ["nwe", "did you mean new?"]),
        (changed(statuses={**IT["statuses"], "parts": "onhold"}), "workflows.it.statuses.parts", ["onhold", "on_hold"]),
        (changed(statuses={**IT["statuses"], "parts": None}), "workflows.it.statuses.parts", ["missing"]),
        (
            changed(statuses={**IT["statuses"], "parts": {"title": {"en": "Parts"}}}),
            "workflows.it.statuses.parts.kind",
            ["missing"],
        ),
        (moves(diagnosng={"resolve": "resolved"}), "workflows.it.moves.diagnosng", ["diagnosng", "diagnosing"]),
        (moves(new={"clam": "diagnosing"}), "workflows.it.moves.new.clam", ["clam", "claim"]),
        (moves(new={"claim": "diagnosin"}), "workflows.it.moves.new.claim", ["diagnosin", "diagnosing"]),
        (moves(new={"claim": "diagnosing", "move": ["prts"]}), "workflows.it.moves.new.move[0]", ["prts", "parts"]),
        (moves(new={"note": "new"}), "workflows.it.moves.new.note", ["note"]),
        (moves(new={"claim": "resolved"}), "workflows.it.moves.new.claim", ["claim", "resolved", "kind new, open"]),
        (
            changed(statuses={**IT["statuses"], "lost": "open"}),
            "workflows.it.statuses.lost",
            ["no move leads to lost"],
        ),
        (
            moves(diagnosing={"reply_and_wait": "waiting", "resolve": "resolved", "move": "parts"}, parts={}),
            "workflows.it.moves.parts",
            ["from parts no way leads to closed"],
        ),
        (
            changed(statuses={k: v for k, v in IT["statuses"].items() if k != "closed"}),
            "workflows.it.statuses",
            ["no status is of kind closed"],
        ),
        (changed(statuses={}), "workflows.it.statuses", ["missing"]),
        (changed(colour="red"), "workflows.it.colour", ["colour"]),
        (
            {
                "workflows": {"it": IT},
                "types": {"x": {"title": "X", "workflow": "ti", "fields": [{"name": "a", "label": "A"}]}},
            },
            "types.x.workflow",
            ["ti"],
        ),
    ],
    ids=lambda part: part if isinstance(part, str) else None,
)
def test_a_mistake_is_named_with_its_place_and_the_fix(document, place, words):
    said = dict(wrong(document))
    assert place in said, said
    for word in words:
        assert word in said[place]


def test_the_examples_have_workflows_of_their_own_in_every_language():
    rules, problems = read_document(EXAMPLES, Rules())
    assert problems == []
    assert {kind.name: kind.workflow for kind in rules.types.values() if kind.workflow} == {
        "hardware": "repair",
        "supplies": "order",
    }
    for data in rules.workflows.values():
        for titles in Workflow.of(data).titles.values():
            assert titles.keys() == set(LANGUAGES)
            assert len(set(titles.values())) == len(LANGUAGES)


# Who hears of what


RULES = notify.read_notify(
    Node(
        [
            {"event": "claimed", "tell": ["watchers"]},
            {"event": "claimed", "type": "hardware", "tell": ["requester"]},
            {"event": "claimed", "role": "senior", "tell": []},
            {"event": "claimed", "role": "senior", "type": "hardware", "tell": ["requester", "watchers"]},
            {"event": "resolved", "tell": "channel"},
        ],
        document={"types": {"hardware": {}}},
    )
)


@pytest.mark.parametrize(
    ("who", "kind", "role", "chosen", "heard"),
    [
        ("requester", "billing", "requester", {}, False),  # the desk's rule
        ("watchers", "billing", "agent", {}, True),
        ("requester", "hardware", "requester", {}, True),  # the type's
        ("watchers", "hardware", "agent", {}, False),
        ("watchers", "billing", "senior", {}, False),  # the role's
        ("watchers", "hardware", "senior", {}, True),  # the role's for this type
        ("requester", "billing", "requester", {"claimed": True}, True),  # the person's own
        ("requester", "hardware", "requester", {"claimed": False}, False),
        ("requester", "hardware", "requester", {"resolved": False}, True),
    ],
)
def test_the_narrowest_rule_decides_and_last_the_person(who, kind, role, chosen, heard):
    assert hears_of(RULES, TicketEvent.CLAIMED, Who(who), kind=kind, role=role, chosen=chosen) is heard


def test_without_a_rule_the_default_holds():
    for occasion, whom in DEFAULT.items():
        for who in Who:
            assert hears_of((), occasion, who, kind="any", role="agent") is (who in whom)
    assert DEFAULT.keys() == set(TicketEvent)
    assert not any(Who.REQUESTER in DEFAULT[occasion] for occasion in UNTOLD)
    assert NotifyRule(TicketEvent.RESOLVED, frozenset((Who.CHANNEL,))) in RULES


@pytest.mark.parametrize(
    ("rule", "place", "word"),
    [
        ({"event": "claimd", "tell": []}, "notify[0].event", "claimed"),
        ({"event": "claimed", "tell": ["requestr"]}, "notify[0].tell[0]", "requester"),
        ({"event": "claimed"}, "notify[0].tell", "missing"),
        ({"tell": []}, "notify[0].event", "missing"),
        ({"event": "claimed", "tell": [], "role": "boss"}, "notify[0].role", "boss"),
        ({"event": "claimed", "tell": [], "type": "hardware"}, "notify[0].type", "hardware"),
        ({"event": "rated", "tell": ["requester"]}, "notify[0].tell", "rated"),
    ],
)
def test_a_mistake_in_a_notice_is_named(rule, place, word):
    said = dict(wrong({"notify": [rule]}))
    assert word in said[place]


def test_one_event_has_one_rule_for_whom_it_names():
    twice = [{"event": "claimed", "tell": []}, {"event": "claimed", "tell": ["watchers"]}]
    assert dict(wrong({"notify": twice})) == {"notify[1]": "claimed stands here twice: leave one"}


def test_whatever_is_written_is_no_crash():
    junks: list[Any] = [1, "x", [], {"a": 1}, {"a": {"statuses": 3}}, {"a": {"statuses": {"x": []}, "moves": []}}, None]
    for junk in junks:
        workflows.read_workflows(Node(junk))
        notify.read_notify(Node(junk))
