"""A program's turn: what one of the team would do in the chat, with nobody to talk to. What is refused is told over HTTP."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from bot.api.problems import Problem
from bot.clock import Clock
from bot.intake.turn_runner import TurnRunner
from bot.messengers.protocol import Messenger
from handlers import dispatch
from handlers.rules.book import RulesBeside, RulesCache
from handlers.turns import permissions
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.capabilities import Capabilities
from handlers.vocabulary.messages import Event, Kind, Part, Phrase, phrase
from handlers.vocabulary.translations import Locale
from storage.engine.database import Connection
from storage.lifecycle import Refused
from storage.people.people import Person
from storage.people.tokens import PROGRAMS

GONE = frozenset(("no_ticket", "no_article", "no_company", "whom", "who"))  # there is no such thing
FORBIDDEN = frozenset(("not_yours", "other_group", "not_its_agent", "not_your_words", "not_member"))
UNCLEAR = frozenset(
    ("usage", "tag", "which", "list_long", "whom_many")
)  # it was asked for in a way that cannot be read


class ProgramTurn(Turn):
    """A turn without a chat: what would be said to the actor alone is said to nobody."""

    def say(self, *parts: Part, **extra: Any) -> int:
        """Say nothing: whoever acts reads the answer to their call. ``extra`` is what any turn takes."""
        return 0

    def whisper(self, *parts: Part, **extra: Any) -> None:
        """Say nothing. ``extra`` is what any turn takes."""

    def toast(self, said: Phrase, *, vital: bool = False, alert: bool = False) -> None:
        """Say nothing."""

    def on(self, name: str, value: str = "", *, kind: Kind = Kind.COMMAND, **changes: Any) -> "ProgramTurn":
        """Return the turn as if the actor had given a command or pressed a button; ``changes`` are of the event."""
        return replace(self, event=replace(self.event, kind=kind, name=name, value=value, **changes))

    def act(self, name: str, value: str = "", *, kind: Kind = Kind.COMMAND, **changes: Any) -> None:
        """Do what a command or a button does, with the same permission; ``changes`` are of the event."""
        route = self.contents.router.find(kind, name)
        assert route is not None, f"nobody hears {kind} {name!r}"
        if not self.person.may(permissions.role_asked_by(self, route)):
            raise Refused("not_yours", role=permissions.role_asked_by(self, route), act=route.act or name)
        route.handler(self.on(name, value, kind=kind, **changes))


class ProgramTurns:
    """Makes turns of programs: one kind to write in, one to read in beside the writer."""

    def __init__(
        self,
        clock: Clock,
        book: RulesCache,
        knowledge: Knowledge,
        messengers: Mapping[str, Messenger],
        able: Mapping[str, Capabilities],
    ) -> None:
        """``messengers`` and ``able`` are by source and by the messenger's name."""
        self._clock, self._book, self._knowledge = clock, book, knowledge
        self._messengers, self._able = messengers, able
        self._beside = RulesBeside(book)

    def writing(self, connection: Connection) -> ProgramTurn:
        """Return a turn in the transaction of a writer."""
        return self._made(connection, self._book)

    def reading(self, connection: Connection) -> ProgramTurn:
        """Return a turn that only looks. What it sees may be older than what is written now: it has rules of its own."""
        return self._made(connection, self._beside.cache)

    def _made(self, connection: Connection, book: RulesCache) -> ProgramTurn:
        runner = TurnRunner(self._clock, book, self._knowledge, self._messengers, self._able)
        event = Event(Kind.COMMAND, PROGRAMS, "", "", self._clock.now())
        return runner.turn_as(ProgramTurn, connection, event)


def standing_person(turn: Turn, person_id: int) -> Person | None:
    """Return who acts by a token, with the strongest role that they have now; None where nobody is known by that number."""
    accounts = [permissions.with_standing(turn, each) for each in turn.tx.people.by_account(person_id)]
    return max(accounts, key=lambda each: each.role.rank, default=None)


def refusal_problem(turn: Turn, refusal: Refused) -> Problem:
    """Return a polite no of the talk as the answer to a call."""
    reader = Locale("en", turn.rules.zone)
    said = turn.text(phrase(f"refused.{refusal.reason}", **dispatch.words_of(turn, refusal)), reader)
    return Problem(_status(refusal.reason), " ".join(said.split()), reason=refusal.reason)


def _status(reason: str) -> HTTPStatus:
    if reason in GONE:
        return HTTPStatus.NOT_FOUND
    if reason in FORBIDDEN:
        return HTTPStatus.FORBIDDEN
    if reason in UNCLEAR or reason.startswith("filter"):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.CONFLICT
