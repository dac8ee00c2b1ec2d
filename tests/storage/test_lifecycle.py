"""The ticket's lifecycle, held to a table written here a second time, by hand."""

import ast
from pathlib import Path

import pytest

from storage.lifecycle import (
    ACTIVE,
    DEFAULT,
    DEFAULT_DATA,
    LEADS,
    MOVES,
    Action,
    Refused,
    StatusKind,
    Workflow,
    WorkflowData,
    built_workflow,
    move_meaning,
)

# One row a status, one column an action, in the order of the enum; "-" is refused.
COLUMNS = (
    "register claim assign release reply reply_and_wait follow_up hold resume resolve reopen close "
    "set_priority note rate move snooze wake merge link escalate retype"
)
TABLE = """
new      - open    open    -   open     pending new  -       -    resolved -    closed - - -        - new     new     closed - - -
open     - open    open    new open     pending open on_hold -    resolved -    closed - - -        - on_hold open    closed - - -
pending  - open    open    new open     pending open on_hold open resolved -    closed - - -        - on_hold pending closed - - -
on_hold  - on_hold on_hold new open     pending open on_hold open resolved -    closed - - -        - on_hold open    closed - - -
resolved - -       -       -   resolved -       -    -       -    -        open closed - - resolved - -       -       -      - - -
closed   - -       -       -   -        -       -    -       -    -        open -      - - closed   - -       -       -      - - -
"""
EXPECTED = {
    (status, Action(action)): None if following == "-" else following
    for status, *row in (line.split() for line in TABLE.strip().splitlines())
    for action, following in zip(COLUMNS.split(), row, strict=True)
}


def test_the_table_names_every_status_and_action():
    asked_or_told = (Action.APPROVAL, Action.BREACH)  # about a ticket
    no_moves = (Action.LEAVE, Action.REJOIN, *asked_or_told)  # the first two are a part's
    moves = [action for action in Action if action not in no_moves]
    assert COLUMNS.split() == [str(action) for action in moves]
    assert EXPECTED.keys() == {(str(kind), action) for kind in StatusKind for action in moves}


@pytest.mark.parametrize(("status", "action"), EXPECTED)
def test_every_action_leads_from_every_status_where_the_table_says(status, action):
    following = EXPECTED[status, action]
    if following is not None:
        assert DEFAULT.next(status, action) == following
        return
    with pytest.raises(Refused) as refused:
        DEFAULT.next(status, action)
    assert refused.value.reason == "not_now"
    possible = [a for (s, a), following in EXPECTED.items() if s == status and following and a in MOVES]
    assert refused.value.facts["action"] is action
    assert refused.value.facts["status"] == status
    assert sorted(refused.value.facts["possible"]) == sorted(possible)


def test_the_default_names_exactly_the_six_kinds():
    assert {status: DEFAULT.kind(status) for status in DEFAULT.kinds} == {str(kind): kind for kind in StatusKind}
    assert DEFAULT.start == "new"
    assert set(StatusKind) - set(ACTIVE) == {StatusKind.RESOLVED, StatusKind.CLOSED}


def test_a_workflow_may_name_more_statuses_each_of_one_kind():
    more: WorkflowData = {
        **DEFAULT_DATA,
        "name": "parts",
        "statuses": {**DEFAULT_DATA["statuses"], "waiting_for_parts": "on_hold"},
        "moves": {**DEFAULT_DATA["moves"], "waiting_for_parts": {"resume": "open"}},
    }
    workflow = Workflow.of(more)
    assert workflow.kind("waiting_for_parts") is StatusKind.ON_HOLD
    assert workflow.next("waiting_for_parts", Action.RESUME) == "open"
    assert workflow.possible("waiting_for_parts") == [Action.RESUME]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start": "nowhere"}, ["'bad'", "'nowhere'", "new, open"]),
        ({"statuses": {"new": "fresh"}}, ["'bad'", "'new'", "'fresh'", "new, open, pending"]),
        ({"moves": {"nwe": {"claim": "open"}}}, ["'bad'", "'nwe'", "new, open"]),
        ({"moves": {"new": {"claim": "opne"}}}, ["'bad'", "'opne'", "new, open"]),
        ({"moves": {"new": {"clam": "open"}}}, ["'bad'", "'clam'", "claim"]),
    ],
    ids=["start", "kind", "from", "to", "action"],
)
def test_bad_data_is_refused_by_its_place(change, words):
    with pytest.raises(ValueError, match="workflow") as refused:
        Workflow.of({**DEFAULT_DATA, "name": "bad", **change})
    for word in words:
        assert word in str(refused.value)


PARTS: WorkflowData = {
    "name": "parts",
    "start": "asked",
    "statuses": {
        "asked": "new",
        "looked_at": {"kind": "open", "title": {"en": "Looked at", "uk": "Дивимося"}},
        "ordered": "on_hold",
        "repaired": "resolved",
        "over": "closed",
    },
    "moves": {
        "asked": {"claim": "looked_at", "move": "looked_at"},
        "looked_at": {"hold": "ordered", "move": ["ordered", "repaired"], "resolve": "repaired"},
        "ordered": {"resume": "looked_at", "follow_up": "ordered"},
        "repaired": {"close": "over", "move": ["looked_at", "over"]},
    },
}


def test_a_status_is_moved_to_by_its_name_where_the_workflow_names_it():
    parts = Workflow.of(PARTS)
    assert parts.next("looked_at", Action.MOVE, "ordered") == "ordered"
    with pytest.raises(Refused) as refused:
        parts.next("asked", Action.MOVE, "repaired")
    assert refused.value.facts == {
        "action": Action.MOVE,
        "status": "asked",
        "possible": [Action.CLAIM],
        "onward": [{"en": "Looked at", "uk": "Дивимося"}],
    }


def test_what_is_the_same_in_every_workflow_follows_its_statuses():
    parts = Workflow.of(PARTS)
    assert parts.next("asked", Action.MERGE) == "over"
    assert parts.next("looked_at", Action.SNOOZE) == "ordered"
    assert parts.next("asked", Action.SNOOZE) == "asked"
    assert parts.next("ordered", Action.WAKE) == "looked_at"
    assert parts.next("looked_at", Action.WAKE) == "looked_at"
    for over in ("repaired", "over"):
        for action in (Action.MERGE, Action.SNOOZE, Action.WAKE):
            with pytest.raises(Refused, match="not_now"):
                parts.next(over, action)


def test_a_move_by_name_means_what_it_comes_to():
    kinds = list(StatusKind)
    assert {(was, now): move_meaning(Action.MOVE, was, now) for was in kinds for now in kinds} == {
        (was, now): {
            "resolved": Action.RESOLVE,
            "closed": Action.CLOSE,
        }.get(now, Action.MOVE if was in ACTIVE else Action.REOPEN)
        for was in kinds
        for now in kinds
    }
    assert move_meaning(Action.CLAIM, StatusKind.NEW, StatusKind.RESOLVED) is Action.CLAIM


def test_what_cannot_be_reached_and_what_cannot_end_is_found():
    parts = Workflow.of(PARTS)
    assert parts.reached() == parts.ending() == PARTS["statuses"].keys()
    lost = Workflow.of({**PARTS, "statuses": {**PARTS["statuses"], "lost": "open"}})
    assert set(PARTS["statuses"]) == lost.reached() == lost.ending()
    trap = Workflow.of({**PARTS, "moves": {**PARTS["moves"], "ordered": {"follow_up": "ordered"}}})
    assert trap.reached() - trap.ending() == {"ordered"}


def test_the_default_keeps_the_meaning_of_every_action():
    assert DEFAULT.reached() == DEFAULT.ending() == DEFAULT.kinds.keys()
    for (_, action), following in DEFAULT.moves.items():
        assert DEFAULT.kind(following) in LEADS.get(action, list(StatusKind))
    assert set(MOVES) <= set(Action)


def test_a_pinned_workflow_is_made_once():
    assert built_workflow(None) is DEFAULT
    assert built_workflow(PARTS) is built_workflow({**PARTS})
    assert built_workflow(PARTS).called("looked_at") == {"en": "Looked at", "uk": "Дивимося"}
    assert built_workflow(PARTS).called("ordered") == "ordered"


def test_a_workflow_in_which_nothing_ends_is_none():
    with pytest.raises(ValueError, match="'closed'"):
        Workflow.of({"name": "x", "start": "new", "statuses": {"new": "new"}, "moves": {}})


def test_a_workflow_never_changes():
    with pytest.raises(TypeError):
        DEFAULT.moves["closed", Action.CLAIM] = "open"  # type: ignore[index]
    with pytest.raises(AttributeError):
        DEFAULT.start = "closed"  # type: ignore[misc]


ROOT = Path(__file__).parents[2]
SOURCES = [file for room in ("bot", "handlers", "kb", "storage") for file in sorted((ROOT / room).rglob("*.py"))]
RULED = {"status", "kind"}


@pytest.mark.slow
def test_no_other_module_writes_a_tickets_status():
    """Only `storage/tickets/tickets.py` inserts into, updates or makes a ticket: a status has one door.

    A guest who has come takes their tickets' account along, in `storage/people/guests.py`; who was one and is two again has
    their own requests back, in `storage/people/account_merge.py`; ties between tickets are written in
    `storage/tickets/parts.py`; the words of one that is over end in `storage/retention/endings.py`: no status is touched.
    """
    doors = (
        "storage/tickets/tickets.py",
        "storage/people/guests.py",
        "storage/people/account_merge.py",
        "storage/tickets/parts.py",
        "storage/retention/endings.py",
        "storage/migrations/",
        "bot/sandbox/",
    )
    for file in SOURCES:
        name = file.relative_to(ROOT).as_posix()
        if name.startswith(doors):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Assign(targets=targets):
                    written = {t.attr for t in targets if isinstance(t, ast.Attribute)}
                    assert not (written & {"status"}), f"{name}:{node.lineno} sets a status"
                case ast.Call(func=ast.Name(id="insert" | "update" | "delete"), args=[ast.Name(id="ticket"), *_]):
                    pytest.fail(f"{name}:{node.lineno} writes tickets")
                case ast.Call(func=ast.Name(id="replace"), args=[ast.Name(id="ticket"), *_], keywords=keywords):
                    assert not {k.arg for k in keywords} & RULED, f"{name}:{node.lineno} makes up a status"


@pytest.mark.parametrize(
    ("status", "kind", "following"),
    [
        ("ordered", StatusKind.ON_HOLD, "ordered"),  # its own name
        ("asked", StatusKind.OPEN, "looked_at"),  # a name that means something else here
        ("on_hold", StatusKind.ON_HOLD, "ordered"),
        ("new", StatusKind.NEW, "asked"),
        ("pending", StatusKind.PENDING, "looked_at"),  # nothing waits for the requester here
    ],
)
def test_a_ticket_of_another_workflow_goes_on_where_it_stood(status, kind, following):
    assert Workflow.of(PARTS).taken_over(status, kind) == following
