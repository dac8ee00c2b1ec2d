"""One way to a transaction on either database: ``await database.run(work)``.

``work`` is a plain function of a SQLAlchemy ``Connection``. All it does is one commit, or nothing.
"""

import sqlite3
from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection as Connection  # the one name of SQLAlchemy that the other rooms need
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, InterfaceError

T = TypeVar("T")

CHANNEL = "frontdesk"  # of LISTEN/NOTIFY
WORDS = (
    "inbox",
    "outbox",
    "timer",
    "schema",
)  # what is said on it: where there is work, and that the schema has changed
_NOTIFY = text("SELECT pg_notify(:channel, :word)")
Work = Callable[[Connection], T]


class Trouble(Exception):
    """The database cannot serve now (gone, full, locked): never the fault of what was asked. Try again later."""


def raced(error: BaseException) -> bool:
    """Return whether another transaction wrote down the same new thing first: run again, the same work finds it there."""
    return isinstance(error, IntegrityError) and getattr(error.orig, "sqlstate", None) == "23505"


class Unusable(Exception):
    """The database cannot be used as it is; the message names the setting and the fix."""


# SQLSTATE classes that speak of the server, not of the statement:
# connection, transaction rollback, resources, object state, operator intervention, system
_STATES = ("08", "40", "53", "55", "57", "58")


def trouble(error: BaseException | None) -> Trouble | None:
    """Return what an error says of the database's own state; None where it is the fault of what was asked.

    What it was raised in the wake of counts too: a full disk may end the transaction, and then every savepoint in it is
    "not there" for whoever wants to go back to it.
    """
    while error is not None:
        if (state := _state(error)) is not None:
            return state
        error = error.__context__
    return None


def _state(error: BaseException) -> Trouble | None:
    if isinstance(error, Trouble):
        return error
    original = getattr(error, "orig", None) or error
    if isinstance(original, sqlite3.OperationalError):
        return None if original.sqlite_errorcode == sqlite3.SQLITE_ERROR else Trouble(str(original))
    state = getattr(original, "sqlstate", None) or ""
    if state[:2] in _STATES or getattr(error, "connection_invalidated", False) or isinstance(error, InterfaceError):
        return Trouble(f"{type(original).__name__} {state}".strip())
    return None


class Database(Protocol):
    """What the rest of the desk knows of a database."""

    shared: bool  # several processes may serve it at once

    async def run(self, work: Work[T]) -> T:
        """Run ``work`` in one transaction and return its result; raise Trouble if the database cannot serve."""
        ...

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Call ``heard(word)`` for each ``wake`` of another process; nothing to hear where there is none."""
        ...

    def alone(self) -> None:
        """Claim the database for this ``run`` where only one may serve it; raise Unusable if another one does."""
        ...

    async def lead(self, name: str) -> bool:
        """Return whether this process is (now or still) the only one that does ``name``."""
        ...

    async def close(self) -> None:
        """Finish what waits and let go."""
        ...


def wake(connection: Connection, word: str) -> None:
    """Say with this transaction's commit that there is work: ``word`` is "inbox", "outbox" or "timer"; or "schema"."""
    if connection.dialect.name == "postgresql":
        connection.execute(_NOTIFY, {"channel": CHANNEL, "word": word})
