"""Tokens from the command line, beside a running desk: made, listed, dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.api.scopes import Scope
from bot.errors import OperatorError
from bot.operations.privacy import person_meant
from handlers.agent.queue import MOST
from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.turns.knowledge import Knowledge
from handlers.turns.permissions import strongest_account
from handlers.turns.turn import Turn
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.timers import ReleaseRest
from handlers.vocabulary.translations import Translator
from storage.engine.database import Connection
from storage.engine.migrate import check_current, reading_current
from storage.engine.opening import open_database
from storage.models import Role
from storage.people.tokens import ListedToken, Tokens, new_secret
from storage.tickets.queue import Filter
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Wish:
    """A token that an operator wants."""

    name: str
    scopes: Sequence[Scope]
    role: Role  # of the program, where it acts as nobody else
    acts_as: str  # a person of the team; empty: the program is somebody by itself
    per_minute: int


async def add_token(url: str, wish: Wish, base: Rules) -> str:
    """Let a program in; return the secret, which is kept nowhere."""
    secret, now = new_secret(), datetime.now(UTC)
    database = await open_database(url)
    try:
        await database.run(check_current)
        await database.run(lambda connection: _add(connection, wish, secret, base, now))
    finally:
        await database.close()
    return secret


def _add(connection: Connection, wish: Wish, secret: str, base: Rules, now: datetime) -> None:
    tx, tokens = Transaction(connection), Tokens(connection)
    if tokens.named(wish.name) is not None:
        raise OperatorError("NAME", f"there is a token {wish.name!r} already; drop it first, or choose another name")
    theirs = _teammate(tx, wish.acts_as, base, now) if wish.acts_as else None
    person = tokens.program(wish.name, wish.role, now) if theirs is None else theirs
    tokens.add(wish.name, secret, scopes=wish.scopes, person_id=person, per_minute=wish.per_minute, at=now)
    tx.records.audit(Deed.TOKEN_ADDED, now, person=None, facts={"who": person, "scopes": list(wish.scopes)})


def _teammate(tx: Transaction, who: str, base: Rules, now: datetime) -> int:
    """Return whom a program is to act as: somebody of the team."""
    person, newest = person_meant(tx, who), tx.rules.newest()
    rules = read_document(newest.data if newest else {}, base)[0]
    turn = Turn(Event(Kind.COMMAND, "desk", "", "", now), tx, now, rules, Translator(rules.texts), Knowledge())
    if not strongest_account(turn, person).may(Role.AGENT):
        raise OperatorError("--as", f"{person.name} is not of the team; a program acts as somebody who is")
    return person.id


async def list_tokens(url: str) -> list[ListedToken]:
    """Return all tokens, by name."""
    async with reading_current(url) as database:
        return await database.read(lambda connection: Tokens(connection).all())


def token_as_dict(listed: ListedToken) -> dict[str, Any]:
    """Return a token as plain values for JSON."""
    token = listed.token
    return {
        "name": token.name,
        "scopes": list(token.scopes),
        "acts_as": None if listed.own else listed.person,
        "per_minute": token.per_minute,
        "created_at": token.created_at.isoformat(),
        "used_at": token.used_at.isoformat() if token.used_at else None,
    }


async def drop_token(url: str, name: str, now: datetime) -> None:
    """Let a program in no more; what it has waits for somebody else."""
    database = await open_database(url)
    try:
        await database.run(check_current)
        await database.run(lambda connection: _drop(connection, name, now))
    finally:
        await database.close()


def _drop(connection: Connection, name: str, now: datetime) -> None:
    tx, tokens = Transaction(connection), Tokens(connection)
    found = tokens.named(name)
    if found is None:
        known = ", ".join(each.token.name for each in tokens.all()) or "none"
        raise OperatorError("NAME", f"there is no token {name!r}; there are: {known}")
    if tokens.drop(found):
        has = tx.queue.page(Filter(agent=found.person_id), limit=MOST)
        if has:
            timer = ReleaseRest(found.person_id, tuple(ticket.id for ticket in has))
            tx.timers.schedule(timer.name, now, facts=timer.facts)
    tx.records.audit(Deed.TOKEN_DROPPED, now, person=None, facts={"who": found.person_id})
