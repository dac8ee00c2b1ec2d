"""Tokens: what lets another program in. A secret of 256 random bits is shown once and kept as its hash."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage.engine.compiled import Prepared
from storage.models import Role, account, person, token
from storage.people.people import key_of
from storage.types import made_id

PROGRAMS = "api"  # the source of accounts that are programs' own: no messenger serves it
BEGINS = "fd_"  # every secret does, so that one is known for what it is wherever it turns up


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token, in the columns' order."""

    id: int
    name: str
    scopes: Sequence[str]
    person_id: int
    per_minute: int
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListedToken:
    """A token as an operator reads of it."""

    token: Token
    person: str  # who acts by it
    own: bool  # a person made for it alone


_COLUMNS = [column for column in token.c if column.name != "digest"]
_ANY = Prepared(select(token.c.id).limit(1))
_OF_SECRET = Prepared(select(*_COLUMNS).where(token.c.digest == bindparam("digest")))


def is_program(source: str) -> bool:
    """Return whether an account is a program's own: nobody reads what is sent there."""
    return source == PROGRAMS


def new_secret() -> str:
    """Return a secret that nobody guesses."""
    return f"{BEGINS}{secrets.token_urlsafe(32)}"


def secret_digest(secret: str) -> str:
    """Return what is kept of a secret. It is random enough that a plain hash of it is no use to anybody."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Tokens:
    """The tokens, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def any(self) -> bool:
        """Return whether any program may come in."""
        return _ANY.first(self._connection) is not None

    def of_secret(self, secret: str) -> Token | None:
        """Return the token of a secret."""
        row = _OF_SECRET.first(self._connection, {"digest": secret_digest(secret)})
        return Token(*row) if row else None

    def named(self, name: str) -> Token | None:
        """Return the token of a name."""
        row = self._connection.execute(select(*_COLUMNS).where(token.c.name == name)).first()
        return Token(*row) if row else None

    def all(self) -> list[ListedToken]:
        """Return all tokens, by name."""
        own = select(func.count()).where(account.c.person_id == token.c.person_id, account.c.source == PROGRAMS)
        query = select(*_COLUMNS, person.c.name, own.scalar_subquery()).join(person, person.c.id == token.c.person_id)
        rows = self._connection.execute(query.order_by(token.c.name)).all()
        return [ListedToken(Token(*row[:-2]), row[-2], bool(row[-1])) for row in rows]

    def add(
        self, name: str, secret: str, *, scopes: Sequence[str], person_id: int, per_minute: int, at: datetime
    ) -> None:
        """Let a program in by a secret."""
        values = {"name": name, "digest": secret_digest(secret), "scopes": list(scopes), "person_id": person_id}
        self._connection.execute(insert(token).values(**values, per_minute=per_minute, created_at=at))

    def program(self, name: str, role: Role, at: datetime) -> int:
        """Return who a program of this name is: the same as before, if its token was dropped; else somebody new."""
        return self._known_program(name, role) or self._new_program(name, role, at)

    def _known_program(self, name: str, role: Role) -> int | None:
        lets_in = select(token.c.id).where(token.c.person_id == account.c.person_id).exists()
        query = select(account.c.person_id).where(account.c.source == PROGRAMS, account.c.name == name, ~lets_in)
        known: int | None = self._connection.scalar(query.order_by(account.c.id.desc()).limit(1))
        if known is not None:
            self._connection.execute(update(person).where(person.c.id == known).values(role=role))
        return known

    def _new_program(self, name: str, role: Role, at: datetime) -> int:
        made = made_id(self._connection.execute(insert(person).values(name=name, role=role, created_at=at)))
        native, key = secrets.token_hex(8), key_of(name)
        values = {"person_id": made, "source": PROGRAMS, "native": native, "name": name, "name_key": key}
        self._connection.execute(insert(account).values(values))
        return made

    def drop(self, gone: Token) -> bool:
        """Let a program in no more; return whether it is of the team no more: what it did stays its own."""
        self._connection.execute(delete(token).where(token.c.id == gone.id))
        mine = select(account.c.id).where(account.c.person_id == gone.person_id, account.c.source == PROGRAMS)
        others = select(token.c.id).where(token.c.person_id == gone.person_id)
        over = self._connection.execute(mine).first() is not None and self._connection.execute(others).first() is None
        if over:
            self._connection.execute(update(person).where(person.c.id == gone.person_id).values(role=Role.REQUESTER))
        return over

    def used(self, token_id: int, at: datetime) -> None:
        """Remember when a token was used last."""
        self._connection.execute(update(token).where(token.c.id == token_id).values(used_at=at))
