"""Who may do what to a request in which status: the full product, tried through the door of the talk, against a table."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

from handlers import dispatch
from handlers.contents import CONTENTS
from handlers.rules import Rules
from handlers.rules.groups import Group
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Event, Kind, RichText, Sender
from handlers.vocabulary.translations import Translator
from storage.engine.compiled import savepoint
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.lifecycle import Action, Refused, StatusKind
from storage.models import Role, StateKind
from storage.people.people import Person
from storage.tickets.tickets import Ticket
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import at, kind, known
from tests.storage.test_lifecycle import EXPECTED, PARTS

SOURCE, TEAM, THREAD = "telegram:1", "-100", "77"
RULES = Rules(groups={"network": Group("network", {"en": "Network"})})

# Who may, whatever the status: + may, - is refused by role, · has no way to try. A stranger is a requester of another ticket.
WHO = """
               requester  stranger  agent  senior  admin
claim          -          -         +      +       +
assign         -          -         +      +       +
release        -          -         own    +       +
reply          -          -         +      +       +
reply_and_wait -          -         +      +       +
hold           -          -         +      +       +
resume         -          -         +      +       +
resolve        -          -         +      +       +
reopen         +          none      +      +       +
close          +          none      +      +       +
snooze         -          -         +      +       +
merge          -          -         -      +       +
move           -          -         +      +       +
set_priority   -          -         +      +       +
note           -          -         +      +       +
link           -          -         +      +       +
escalate       -          -         +      +       +
retype         -          -         +      +       +
rate           +          none      none   none    none
follow_up      +          new       ·      ·       ·
"""
ROWS = [line.split() for line in WHO.strip().splitlines()]
MAY = {(Action(name), who): mark for name, *marks in ROWS[1:] for who, mark in zip(ROWS[0], marks, strict=True)}
WAYS = {
    "new": [],
    "open": [Action.REPLY],
    "pending": [Action.REPLY_AND_WAIT],
    "on_hold": [Action.REPLY, Action.HOLD],
    "resolved": [Action.RESOLVE],
    "closed": [Action.CLOSE],
}


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; who may do what asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


@dataclass(frozen=True)
class Scene:
    """A desk with a ticket in a status, and everyone who may try something."""

    tx: Transaction
    ticket: Ticket
    other: Ticket
    people: dict[str, Person]


def setting(tx: Transaction, status: str) -> Scene:
    """Return a ticket in a status that nobody has, and the cast."""
    channel = tx.channels.ensure(SOURCE, TEAM, language="en", threads=True)
    cast = {name: known(tx, name) for name in ("requester", "stranger", "agent", "senior", "admin", "eve")}
    for name in ("agent", "senior", "admin", "eve"):
        tx.channels.join(channel.id, cast[name].id, MONDAY)
    for name in ("senior", "admin"):
        tx.people.grant(cast[name].id, Role(name))
    cast = {name: tx.people.of_account(person.account_id) for name, person in cast.items()}
    kind(tx, "repair")
    ticket, other = at(tx, cast["requester"]), at(tx, cast["eve"])
    for step in WAYS[status]:
        ticket = tx.tickets.act(ticket, step, by=None, at=MONDAY)
    tx.talk.set_native(ticket.id, channel.id, THREAD)
    return Scene(tx, ticket, other, cast)


def event(who: Person, kind: Kind, name: str = "", value: str = "", *, text: str = "", private: bool) -> Event:
    return Event(
        kind,
        SOURCE,
        "1",
        "c",
        MONDAY,
        chat=who.native if private else TEAM,
        private=private,
        thread="" if private else THREAD,
        sender=Sender(who.native, who.name, language="en", chat=who.native if private else ""),
        message="9",
        words=RichText(text),
        name=name,
        value=value,
        interaction="1" if kind is Kind.PRESS else "",
    )


def attempt(action: Action, scene: Scene, who: Person, *, team: bool) -> Event:
    """Return how somebody would do it: the team in its channel, others in private; requesters by their own buttons."""
    number = str(scene.ticket.id)
    own = {Action.CLOSE: "withdraw", Action.REOPEN: "again"}
    pressed = {Action.HOLD: "hold", Action.RESUME: "unhold", Action.RESOLVE: "resolve_now"}  # which nobody has answered
    argument = {
        Action.ASSIGN: f"{number} @eve",
        Action.SET_PRIORITY: f"{number} high",
        Action.SNOOZE: f"{number} 2h",
        Action.MERGE: f"{number} {scene.other.id}",
        Action.LINK: f"{number} {scene.other.id}",
        Action.MOVE: f"{number} open",
        Action.ESCALATE: f"{number} network",
        Action.RETYPE: f"{number} repair",
    }
    said = {Action.REPLY: "r", Action.REPLY_AND_WAIT: "r?", Action.NOTE: "note"}
    names = {Action.SET_PRIORITY: "priority", Action.LINK: "problem"}
    private = not team
    if action is Action.FOLLOW_UP:
        return event(who, Kind.TEXT, text="It still leaks", private=True)
    if action is Action.RATE:
        return event(who, Kind.PRESS, "rate", f"{number}.5", private=private)
    if private and action in own:
        return event(who, Kind.PRESS, own[action], number, private=True)
    if action in pressed:
        return event(who, Kind.PRESS, pressed[action], number, private=private)
    if action in said:
        return event(who, Kind.COMMAND, said[action], "Hello", text="Hello", private=private)
    return event(who, Kind.COMMAND, names.get(action, action), argument.get(action, number), private=private)


def tried(scene: Scene, action: Action, name: str) -> str:
    """Try it in a turn; return the refusal's reason, or nothing where it was done."""
    who = scene.people[name]
    refusal = heard(scene, attempt(action, scene, who, team=name not in ("requester", "stranger")))
    asked = scene.tx.states.get(who.id, StateKind.PROPOSAL, MONDAY)
    if refusal or not asked:
        return refusal
    return heard(scene, event(who, Kind.PRESS, "apply", str(asked["token"]), private=False))  # a merge asks first


def heard(scene: Scene, what: Event) -> str:
    """Let an event have its turn; return the refusal's reason, or nothing."""
    turn = Turn(what, scene.tx, MONDAY, RULES, Translator(), Knowledge(), contents=CONTENTS)
    try:
        dispatch.dispatch(turn)
    except Refused as refusal:
        return refusal.reason
    return ""


class Undone(Exception):
    """Nothing of a trial is kept."""


def alone(tx: Transaction, work: Callable[[], None]) -> None:
    """Do something and undo it."""
    try:
        with savepoint(tx.connection):
            work()
            raise Undone
    except Undone:
        pass


def expected(status: str, action: Action, name: str) -> tuple[str, str | None]:
    """Return the refusal that the tables promise ("" for none), and the status afterwards."""
    mark, following = MAY[action, name], EXPECTED[status, action]
    active = status in ("new", "open", "pending", "on_hold")
    if mark in ("-", "none"):
        return ("not_yours" if mark == "-" else "no_ticket"), None
    if action is Action.FOLLOW_UP:
        return "", following if name == "requester" else None
    if action is Action.RATE:
        return ("not_over" if active else ""), None
    if action in (Action.SET_PRIORITY, Action.NOTE):
        return "", None
    if action in (Action.ESCALATE, Action.RETYPE):
        return ("" if active else "not_now"), None
    if action is Action.LINK:
        return ("" if active else "link_over"), None
    if action is Action.REOPEN and name == "requester" and active:
        return "open_already", None
    return ("" if following else "not_now"), following


@pytest.mark.parametrize("name", ROWS[0])
async def test_the_full_product_of_status_action_and_role(database, name):
    def each(connection: Any) -> None:
        tx = Transaction(connection)
        for status in StatusKind:
            for action in (action for action, who in MAY if who == name and MAY[action, who] != "·"):
                alone(tx, partial(one, tx, status, action))

    def one(tx: Transaction, status: str, action: Action) -> None:
        scene = setting(tx, status)
        if action is Action.RELEASE:
            owner = scene.people["agent" if name == "agent" else "eve"].id
            scene = replace(scene, ticket=tx.tickets.change(scene.ticket, at=MONDAY, agent_id=owner))
        refusal, following = expected(status, action, name)
        said = f"{name}: {action} while {status}"
        assert tried(scene, action, name) == refusal, said
        now = tx.tickets.get(scene.ticket.id)
        assert now.status == (following if following and not refusal else status), said
        if refusal:
            assert now == scene.ticket, said

    await database.run(each)


async def test_another_agents_request_is_released_only_by_a_senior_one(database):
    def each(connection: Any) -> None:
        tx = Transaction(connection)
        scene = setting(tx, "open")
        owned = tx.tickets.change(scene.ticket, at=MONDAY, agent_id=scene.people["eve"].id)
        assert tried(replace(scene, ticket=owned), Action.RELEASE, "agent") == "not_its_agent"
        assert tried(replace(scene, ticket=owned), Action.RELEASE, "senior") == ""

    await database.run(each)


async def test_a_move_by_name_is_the_teams_where_the_workflow_names_it(database):
    def each(connection: Any) -> None:
        tx = Transaction(connection)
        for name in ROWS[0]:
            alone(tx, partial(one, tx, name))

    def one(tx: Transaction, name: str) -> None:
        scene = setting(tx, "new")
        ticket = at(tx, scene.people["requester"], workflow=PARTS)
        who = scene.people[name]
        team = name not in ("requester", "stranger")
        moved = event(who, Kind.COMMAND, "move", f"{ticket.id} looked at", private=not team)
        turn = Turn(moved, tx, MONDAY, Rules(), Translator(), Knowledge(), contents=CONTENTS)
        if team:
            dispatch.dispatch(turn)
            assert tx.tickets.get(ticket.id).status == "looked_at"
        else:
            with pytest.raises(Refused, match="not_yours"):
                dispatch.dispatch(turn)
            assert tx.tickets.get(ticket.id) == ticket

    await database.run(each)


def test_the_table_names_every_action_that_people_have():
    desks_own, of_several = {Action.REGISTER, Action.WAKE, Action.BREACH}, {Action.LEAVE, Action.REJOIN}
    whoever_is_asked = {Action.APPROVAL}
    assert {action for action, _ in MAY} == set(Action) - desks_own - of_several - whoever_is_asked
