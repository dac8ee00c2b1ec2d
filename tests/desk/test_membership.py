"""Who is of the team: what each kind of event proves about it, before and after somebody has left, in whatever order it comes."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import dispatch
from handlers.contents import CONTENTS
from handlers.rules import Rules
from handlers.system import membership
from handlers.system.membership import Proof
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Event, Kind, RichText, Sender
from handlers.vocabulary.payloads import Reaction, Submission
from handlers.vocabulary.translations import Translator
from storage.engine.compiled import savepoint
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.lifecycle import Refused
from storage.models import Role
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.undone import undone

SOURCES = ("telegram:1", "slack:T1")
NATIVE = {"telegram:1": "7001", "slack:T1": "U0000001"}
TEAM = "-100"
NUMBERS = count()

# What somebody does in the team's channel, and what it says about them.
ACTS: dict[str, dict[str, Any]] = {
    "words": {"kind": Kind.TEXT, "message": "11", "words": RichText("hello")},
    "a command said": {"kind": Kind.COMMAND, "name": "help", "message": "11"},
    "words where anybody can write": {"kind": Kind.TEXT, "message": "11", "open_chat": True},
    "a slash command": {"kind": Kind.COMMAND, "name": "help", "interaction": "i"},
    "a press": {"kind": Kind.PRESS, "name": "claim", "value": "1", "message": "11", "interaction": "i"},
    "a window": {"kind": Kind.SUBMIT, "name": "reply", "value": "1", "submission": Submission({"text": "Hi"})},
    "an edit": {"kind": Kind.EDIT, "message": "11", "words": RichText("hello!")},
    "a deletion": {"kind": Kind.DELETE, "message": "11"},
    "a reaction": {"kind": Kind.REACTION, "name": "claim", "message": "11", "reaction": Reaction("claim")},
    "joining": {"kind": Kind.MEMBER, "name": "joined"},
    "being there when asked": {"kind": Kind.MEMBER, "name": "joined", "verified": True},
    "leaving": {"kind": Kind.MEMBER, "name": "left"},
    "being gone when asked": {"kind": Kind.MEMBER, "name": "left", "verified": True},
}
MAKES = ("words", "a command said", "joining", "being there when asked")
ENDS = ("leaving", "being gone when asked")


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


def act(what: str, source: str, at: datetime, **sender: Any) -> Event:
    """Return something that Eve does in the team's channel at a time."""
    who = Sender(NATIVE[source], "Eve", "eve", "en", **sender)
    values = {"conversation": "c", "at": at, "chat": TEAM, "private": False, "sender": who, **ACTS[what]}
    kind = values.pop("kind")
    return Event(kind, source, f"{next(NUMBERS)}", **values)


def happens(tx: Transaction, event: Event) -> str:
    """Give an event its turn; return why it was refused, or nothing."""
    turn = Turn(event, tx, event.at, Rules(), Translator(), Knowledge(), contents=CONTENTS)
    try:
        with savepoint(tx.connection):
            dispatch.dispatch(turn)
            return ""
    except Refused as refusal:
        with savepoint(tx.connection):
            dispatch.answer_refusal(
                Turn(event, tx, event.at, Rules(), Translator(), Knowledge(), contents=CONTENTS), refusal
            )
        return refusal.reason


def is_agent(tx: Transaction, source: str) -> bool:
    found = tx.people.find(source, NATIVE[source])
    return found is not None and found.role is Role.AGENT


async def tried(database: Database, story: Callable[[Transaction], None]) -> None:
    """Tell a story in a transaction that is undone."""

    def work(connection: Any) -> None:
        with undone(connection):
            tx = Transaction(connection)
            for source in SOURCES:
                tx.channels.ensure(source, TEAM, language="en", threads=False)
            story(tx)

    await database.run(work)


def minutes(n: float) -> datetime:
    return MONDAY + timedelta(minutes=n)


def test_every_kind_of_event_says_what_it_proves():
    assert set(membership.PROVES) == set(Kind)
    assert {Kind(values["kind"]) for values in ACTS.values()} >= {
        kind for kind, proves in membership.PROVES.items() if proves is not Proof.NOTHING
    }


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("what", ACTS)
async def test_what_somebody_unknown_does(database, what, source):
    def story(tx):
        happens(tx, act(what, source, minutes(0)))
        assert is_agent(tx, source) is (what in MAKES)

    await tried(database, story)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("what", ACTS)
async def test_what_one_of_the_team_does(database, what, source):
    def story(tx):
        happens(tx, act("joining", source, minutes(0)))
        happens(tx, act(what, source, minutes(1)))
        assert is_agent(tx, source) is (what not in ENDS)

    await tried(database, story)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("what", ACTS)
async def test_what_was_done_before_leaving_and_comes_after_it(database, what, source):
    def story(tx):
        happens(tx, act("joining", source, minutes(0)))
        happens(tx, act("leaving", source, minutes(10)))
        refused = happens(tx, act(what, source, minutes(9)))
        assert not is_agent(tx, source)
        assert refused == ("not_member" if what in ("a slash command", "a press", "a window") else "")

    await tried(database, story)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("what", ACTS)
async def test_what_is_done_after_leaving(database, what, source):
    def story(tx):
        happens(tx, act("words", source, minutes(0)))
        happens(tx, act("leaving", source, minutes(10)))
        happens(tx, act(what, source, minutes(12)))
        assert is_agent(tx, source) is (what in MAKES)

    await tried(database, story)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("what", ACTS)
async def test_an_outsider_is_never_of_the_team_by_what_they_do(database, what, source):
    def story(tx):
        happens(tx, act(what, source, minutes(0), outsider=True))
        happens(tx, act(what, source, minutes(1), outsider=True))
        assert not is_agent(tx, source)
        assert tx.people.team() == []

    await tried(database, story)


async def test_an_outsiders_words_are_nobodys(database):
    def story(tx):
        happens(tx, act("words", "slack:T1", minutes(0), outsider=True))
        happens(tx, act("an edit", "slack:T1", minutes(0), outsider=True))
        assert tx.connection.exec_driver_sql("select count(*) from outgoing").scalar() == 0

    await tried(database, story)


async def test_the_same_second_as_the_leaving(database):
    def story(tx):
        for source in SOURCES:
            happens(tx, act("joining", source, minutes(0)))
            happens(tx, act("leaving", source, minutes(1)))
            happens(tx, act("words", source, minutes(1)))
            assert not is_agent(tx, source)
            happens(tx, act("joining", source, minutes(1)))  # the messenger's own order
            assert is_agent(tx, source)

    await tried(database, story)


async def test_an_answer_of_our_own_clock_never_outlives_a_leaving(database):
    """Our clock may be ahead of the messenger's: in doubt somebody has left."""

    def story(tx):
        ahead = act("being there when asked", "slack:T1", minutes(60))
        happens(tx, ahead)
        assert is_agent(tx, "slack:T1")
        happens(tx, act("leaving", "slack:T1", minutes(5)))
        assert not is_agent(tx, "slack:T1")
        happens(tx, replace(ahead, key="again", at=minutes(5.5)))  # asked before they left, heard after it
        assert not is_agent(tx, "slack:T1")

    await tried(database, story)


TOLD = st.tuples(st.sampled_from(["joining", "leaving", "words", "an edit", "a press"]), st.integers(0, 50))


async def test_whatever_comes_first_the_newest_word_counts(database):
    """Each order in which events arrive leads to what they say when they are put in order."""

    def examples(connection: Any) -> None:
        @given(st.lists(TOLD, min_size=1, max_size=8, unique_by=lambda told: told[1]), st.data())
        def example(told: list[tuple[str, int]], data: st.DataObject) -> None:
            said = [what for what, _ in sorted(told, key=lambda one: one[1]) if what in ("joining", "leaving", "words")]
            arriving = data.draw(st.permutations(told))
            with undone(connection):
                tx = Transaction(connection)
                tx.channels.ensure("slack:T1", TEAM, language="en", threads=False)
                for what, at in arriving:
                    happens(tx, act(what, "slack:T1", minutes(at)))
                assert is_agent(tx, "slack:T1") is (bool(said) and said[-1] != "leaving")

        example()

    await database.run(examples)
