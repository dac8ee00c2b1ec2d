"""Requests that go on as one: nobody reads the other party's words, and nobody's act is the other's.

Every command, button and kind of event that a requester may cause (the list is the router's) is tried on their own request,
on the one theirs goes on in or that goes on in theirs, and on a stranger's. Each person's words carry a token of their own.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from handlers.contents import CONTENTS
from handlers.tickets.readable import readable_ticket
from handlers.turns.recent_queries import TOKEN
from handlers.turns.router import Route
from handlers.vocabulary.messages import RENDERED_MESSAGE, Event, Kind
from handlers.vocabulary.payloads import Reaction, Submission
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import Role, draft, outgoing, post, ticket, verdict
from storage.people.people import Person
from storage.transaction import Transaction
from tests.desk.scenes import SOURCE, Scene, alone

OVER = ("resolved", "closed")
STATES = ("open", "pending", "resolved", "closed", "resolved twice")
PARTIES = ("Ann", "Zoe")  # the ticket of the first goes on for the second's
KINDS = {kind for kind, name in CONTENTS.router.routes} - {
    Kind.TIMER,
    Kind.LOST,
    Kind.RECEIPT,
    Kind.STANDSTILL,
    Kind.FETCHED,
}


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; who may read what asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


def named(who: str, what: str) -> str:
    """Return something of somebody's that only they and the team may read."""
    return f"{what}of{who}"


class Merged(Scene):
    """Zoe's #2 goes on in Ann's #1, and both have talked before and since; Max, whom neither knows, has #3."""

    people: dict[str, Person]

    def begin(self, state: str) -> None:
        """Play the story up to a state of the ticket that goes on."""
        self.people = {
            name: self.person(name, name=named(name, "name"), username=named(name, "handle"))
            for name in (*PARTIES, "Max")
        }
        bob = self.people["Bob"] = self.person("Bob", Role.SENIOR)
        for number, name in enumerate((*PARTIES, "Max"), 1):
            words = f"{named(name, 'words')} and more"
            made = self.registers(
                self.people[name], words, contract=named(name, "answer"), file=f"{named(name, 'file')}.pdf"
            )
            assert made == number
            self.delivered()
            self.does(bob, "claim", str(number))
            self.delivered()
            self.thread(number)
            self.gives(self.in_team(bob, Kind.COMMAND, "r", named(name, "reply"), thread=str(number)))
            self.delivered()
        self.does(bob, "merge", "2 1")
        self.delivered()
        for name in PARTIES:
            self.at += timedelta(minutes=1)
            self.gives(self.event(self.people[name], Kind.TEXT, text=named(name, "later")))
            self.delivered()
        self.gives(self.in_team(bob, Kind.COMMAND, "r?" if state == "pending" else "r", "bothread", thread="1"))
        self.gives(self.in_team(bob, Kind.COMMAND, "note", "noteoftheteam", thread="1"))
        steps = {"resolved": ["resolve"], "closed": ["close"], "resolved twice": ["resolve", "reopen", "resolve"]}
        for step in steps.get(state, []):
            self.does(bob, step, "1")
            self.delivered()
        self.delivered()
        assert not self.refusals, self.refusals

    def does(self, who: Person, command: str, value: str) -> None:
        """Let somebody of the team do something in their channel."""
        self.gives(self.in_team(who, Kind.COMMAND, command, value))

    def thread(self, number: int) -> None:
        """Let a ticket's thread be there, under its own number."""
        self.tx.talk.set_native(number, self.channel.id, str(number))


def values(scene: Merged, route: Route, who: Person) -> list[str]:
    """Return what a button may carry, or may follow a command: every ticket, verdict and draft there is."""
    rows = [(ticket, ticket.c.id), (verdict, verdict.c.id), (draft, draft.c.id)]
    ids = sorted({str(each) for _, column in rows for each in scene.tx.connection.scalars(select(column)).all()})
    numbers = sorted({*ids, "4"})
    marked = [f"{number}.{mark}" for number, mark in product(("1", "2", "3"), marks(scene))]
    if route.kind is Kind.COMMAND:
        return ["", "words", *numbers, *(f"#{number}" for number in ("1", "2", "3")), named("Zoe", "handle")]
    shapes = {
        r"\d{1,18}": numbers,
        r"\d{1,18}\.\d{1,18}": [*(f"{a}.{b}" for a, b in product(numbers, ("1", "2", "3"))), *marked],
        r"\d{1,18}\.[01]\.[a-z][a-z0-9_]{0,31}": [f"{number}.1.tested" for number in numbers],
        "": [""],
        r"\d{0,4}": ["", "0", "8"],
        r"(?:\d{1,18}|anew)": [*numbers, "anew"],
        r"\d{1,18}\.\d{1,4}": [f"{number}.0" for number in numbers],
        r"\d{1,18}\.[1-5]": [f"{number}.5" for number in ("1", "2", "3")],
        r"\d{1,18}(?:\.\d{1,18})?": [*numbers, *marked],
        r"\d{1,18}(?:\.[0-9a-f]{8})?": [*numbers, *(f"{number}.0123abcd" for number in numbers)],
        r"\d{1,18}\.\d{1,18}(?:\.\d{1,18})?": [*(f"{a}.{b}" for a, b in product(numbers, ("1", "2"))), "1.1.2"],
        r"\d{1,18}\.\d{1,4}\.\d{1,18}": [f"{number}.0.1" for number in numbers],
        r"\d{1,18}\.\d{1,18}\.\d{1,4}": [f"{number}.{plan}.0" for number in numbers for plan in ("1", "2")],
        r"\d{1,18}\.\d{1,18}\.\d{1,18}": [f"{number}.1.2" for number in numbers],
        r"\d{1,15}\.\d{1,15}\.\d{1,18}": [f"{number}.1.{person}" for number in numbers for person in ("1", "2")],
        r"\d{1,18}\.\d{1,3}\.\d{1,3}": [f"{number}.0.0" for number in numbers],
        r"-?\d{1,9}\.\d{1,9}": ["-1.0", "0.0"],
        r"[a-z]+": ["uk", "en"],
        "[a-z_]+": ["resolved", "as_before"],
        TOKEN: [f"{who.id}.00000000"],
        "[0-9a-f]{8}": ["00000000"],
    }
    assert route.key in shapes, f"{route.name}: say here what a button with the key {route.key!r} may carry"
    return shapes[route.key]


def marks(scene: Merged) -> list[str]:
    """Return what stood behind a number on any button that was ever shown."""
    found = set()
    for payload in scene.tx.connection.scalars(select(outgoing.c.payload)).all():
        for key in (key for row in RENDERED_MESSAGE.validate_json(payload or "{}").keys for key in row):
            if key.name in ("confirm", "again"):
                found.add(key.value.partition(".")[2] or "0")
    return sorted(found) or ["0"]


def tries(scene: Merged, who: Person) -> Iterator[Event]:
    """Yield everything that a requester can do: by each route that asks for no role, with all it may be about."""
    own = scene.tx.connection.scalars(select(post.c.native).where(post.c.place == f"{SOURCE}:{who.chat}")).all()
    for route in (
        route for route in CONTENTS.router.routes.values() if route.role is Role.REQUESTER and route.kind in KINDS
    ):
        match route.kind:
            case Kind.COMMAND | Kind.PRESS:
                pressed = {"message": own[-1]} if route.kind is Kind.PRESS else {}
                yield from (
                    scene.event(who, route.kind, route.name, value, **pressed) for value in values(scene, route, who)
                )
            case Kind.TEXT:
                yield scene.event(who, route.kind, text="Thank you, and one thing more")
                yield from (scene.event(who, route.kind, text="It still leaks", reply_to=native) for native in own)
            case _:
                yield from otherwise(scene, who, route)


def otherwise(scene: Merged, who: Person, route: Route) -> Iterator[Event]:
    """Yield what somebody does in no words and by no button of a message."""
    match route.kind:
        case Kind.SUBMIT:
            for number in scene.tx.connection.scalars(select(draft.c.id)).all():
                yield scene.event(who, route.kind, route.name, str(number), submission=Submission())
        case Kind.MEMBER:
            for name in ("joined", "left", "blocked", "unblocked"):
                yield scene.event(who, route.kind, name)
        case _:  # about a message, perhaps somebody else's
            for native in scene.tx.connection.scalars(select(post.c.native).distinct()).all():
                yield scene.event(who, route.kind, message=native, text="Something else", reaction=Reaction("claim"))


def forbidden(who: str) -> list[str]:
    """Return what this person may never read: all that is anybody else's, and the team's notes."""
    others = [name for name in (*PARTIES, "Max") if name != who]
    whats = ("name", "handle", "words", "answer", "file", "reply", "later", "comment")
    return [*(named(name, what) for name in others for what in whats), "noteoftheteam"]


def shown(scene: Merged, who: Person, after: int) -> str:
    """Return all that was promised somebody's own places since then, as it is written down."""
    lanes = (f"{SOURCE}:{who.chat}", f"{SOURCE}:home@{who.native}", f"{SOURCE}:@{who.native}")
    rows = scene.tx.connection.execute(
        select(outgoing.c.payload).where(outgoing.c.lane.in_(lanes), outgoing.c.id > after)
    ).all()
    return "\n".join(row.payload for row in rows)


def tickets(scene: Merged) -> dict[int, Any]:
    """Return every ticket as it stands."""
    return {row.id: row for row in scene.tx.connection.execute(select(ticket)).all()}


def stands(scene: Merged, event: Event) -> dict[int, str]:
    """Return where every request stands for whoever registered it."""
    turn = scene.turn(event)
    return {number: readable_ticket(turn, scene.tx.tickets.get(number)).kind for number in (1, 2, 3)}


def about(event: Event) -> str:
    return f"{event.kind} {event.name} {event.value or event.reply_to or event.message}"


@pytest.mark.parametrize(
    ("name", "state"), [*((name, state) for name in PARTIES for state in STATES), ("Max", "open"), ("Max", "closed")]
)
async def test_nobody_reads_what_is_the_others_or_ends_it(database, name, state):
    def story(connection: Any) -> None:
        scene = Merged(Transaction(connection))
        scene.begin(state)
        who = scene.people[name]
        wrong: list[str] = []
        for event in list(tries(scene, who)):
            alone(scene.tx, partial(tried, scene, event, name, wrong))
        assert not wrong, "\n".join(sorted(set(wrong)))

    await database.run(story)


def tried(scene: Merged, event: Event, name: str, wrong: list[str]) -> None:
    """Add to what is wrong what one act of somebody's does that it must not."""
    wrong += faults(scene, event, name)


def faults(scene: Merged, event: Event, name: str) -> list[str]:
    """Return what one act of somebody does that it must not."""
    who, before, last = scene.people[name], tickets(scene), scene.last()
    stood = stands(scene, event)
    turn = scene.gives(event)
    said = shown(scene, who, last) + "".join(toast.text for toast in turn.toasts)
    found = [f"{about(event)}: shows {token}" for token in forbidden(name) if token in said]
    for number, kind in stands(scene, event).items():
        if before[number].requester_id != who.id and kind in OVER and kind != stood[number]:
            found.append(f"{about(event)}: ends #{number} for its requester")
    for number, was in before.items():
        now = tickets(scene)[number]
        if was.requester_id == who.id or now == was:
            continue
        if was.requester_id == scene.people["Max"].id or who.id == scene.people["Max"].id:
            found.append(f"{about(event)}: changes the stranger's #{number}")
        elif (now.kind in OVER and now.kind != was.kind) or now.ended_at != was.ended_at:
            found.append(f"{about(event)}: ends the other's #{number}")
        elif (was.rating, was.rating_comment, was.summary) != (now.rating, now.rating_comment, now.summary):
            found.append(f"{about(event)}: writes into the other's #{number}")
    return found
