"""The ticket's lifecycle, held to a table written here a second time, by hand."""

import ast
from pathlib import Path

import pytest

from storage.lifecycle import ACTIVE, DEFAULT, DEFAULT_DATA, Action, Refused, StatusKind, Workflow

# One row a status, one column an action, in the order of the enum; "-" is refused.
COLUMNS = "register claim assign release reply reply_and_wait follow_up hold resume resolve reopen close set_priority note rate"
TABLE = """
new      -  open     open     -    open     pending  new   -        -     resolved  -     closed  -  -  -
open     -  open     open     new  open     pending  open  on_hold  -     resolved  -     closed  -  -  -
pending  -  open     open     new  open     pending  open  on_hold  open  resolved  -     closed  -  -  -
on_hold  -  on_hold  on_hold  new  open     pending  open  on_hold  open  resolved  -     closed  -  -  -
resolved -  -        -        -    resolved -        -     -        -     -         open  closed  -  -  resolved
closed   -  -        -        -    -        -        -     -        -     -         open  -       -  -  closed
"""
EXPECTED = {
    (status, Action(action)): None if following == "-" else following
    for status, *row in (line.split() for line in TABLE.strip().splitlines())
    for action, following in zip(COLUMNS.split(), row, strict=True)
}


def test_the_table_names_every_status_and_action():
    assert COLUMNS.split() == [str(action) for action in Action]
    assert EXPECTED.keys() == {(str(kind), action) for kind in StatusKind for action in Action}


@pytest.mark.parametrize(("status", "action"), EXPECTED)
def test_every_action_leads_from_every_status_where_the_table_says(status, action):
    following = EXPECTED[status, action]
    if following is not None:
        assert DEFAULT.next(status, action) == following
        return
    with pytest.raises(Refused) as refused:
        DEFAULT.next(status, action)
    assert refused.value.reason == "not_now"
    possible = [a for (s, a), following in EXPECTED.items() if s == status and following]
    assert refused.value.facts["action"] is action
    assert refused.value.facts["status"] == status
    assert sorted(refused.value.facts["possible"]) == sorted(possible)


def test_the_default_names_exactly_the_six_kinds():
    assert {status: DEFAULT.kind(status) for status in DEFAULT.kinds} == {str(kind): kind for kind in StatusKind}
    assert DEFAULT.start == "new"
    assert set(StatusKind) - set(ACTIVE) == {StatusKind.RESOLVED, StatusKind.CLOSED}


def test_a_workflow_may_name_more_statuses_each_of_one_kind():
    more = {
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


def test_a_workflow_never_changes():
    with pytest.raises(TypeError):
        DEFAULT.moves["closed", Action.CLAIM] = "open"  # type: ignore[index]
    with pytest.raises(AttributeError):
        DEFAULT.start = "closed"  # type: ignore[misc]


ROOT = Path(__file__).parents[2]
SOURCES = [file for room in ("bot", "handlers", "kb", "storage") for file in sorted((ROOT / room).rglob("*.py"))]
RULED = {"status", "kind"}


def test_no_other_module_writes_a_tickets_status():
    """Only `storage/tickets.py` inserts into, updates or makes a ticket: a status has one door."""
    for file in SOURCES:
        name = file.relative_to(ROOT).as_posix()
        if name.startswith(("storage/tickets.py", "storage/migrations/", "bot/sandbox/")):
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
