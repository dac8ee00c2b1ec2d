"""Two ways to either database: ``await database.run(work)`` writes, ``await database.read(work)`` only reads.

``work`` is a plain function of a SQLAlchemy ``Connection``. All that ``run`` does is one commit, or nothing; all that ``read``
sees is of one moment, and no writer waits for it.
"""

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import Connection as Connection  # the one name of SQLAlchemy that the other rooms need
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, InterfaceError

if TYPE_CHECKING:
    from storage.engine.begun_turns import Marks

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


class DatabaseUnavailable(Exception):
    """The database cannot serve now (gone, full, locked): never the fault of what was asked. Try again later."""


def is_insert_race(error: BaseException) -> bool:
    """Return whether another transaction wrote down the same new thing first: run again, the same work finds it there."""
    return isinstance(error, IntegrityError) and getattr(error.orig, "sqlstate", None) == "23505"


class DatabaseDamaged(DatabaseUnavailable):
    """What is kept is damaged, or not what was opened: an operator has to mend it. The message says what and how."""


class WorkTimedOut(DatabaseUnavailable):
    """Work was ended from outside because it took too long; nothing of its transaction is done."""


class DatabaseUnusable(Exception):
    """The database cannot be used as it is; the message names the setting and the fix."""


# What a statement itself can be blamed for. All else that a database says is its own state, and passes: a server that only
# reads since a failover (25006), a page of it that cannot be read (XX001), a word that no version of it has said so far.
# SQLSTATE classes: no case found, cardinality, data, integrity, syntax or unknown names, a view's check, a limit of the
# program (54), an error of a function of ours (P0). A right taken away (42501) is the operator's to give back.
OURS = frozenset({"20", "21", "22", "23", "42", "44", "54", "P0"})
_NOT_OURS = "42501"
_DAMAGED = ("XX001", "XX002")  # a page of a table, of an index
# The same of SQLite: its primary result codes.
OURS_SQLITE = frozenset(
    {
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_MISUSE,
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_RANGE,
    }
)
_DAMAGED_SQLITE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def database_failure(error: BaseException | None) -> DatabaseUnavailable | None:
    """Return what an error says of the database's own state; None where it is the fault of what was asked.

    What it was raised in the wake of counts too: a full disk may end the transaction, and then every savepoint in it is
    "not there" for whoever wants to go back to it.
    """
    while error is not None:
        if (state := _state(error)) is not None:
            return state
        error = error.__context__
    return None


def _state(error: BaseException) -> DatabaseUnavailable | None:
    if isinstance(error, DatabaseUnavailable):
        return error
    original = getattr(error, "orig", None) or error
    if isinstance(original, sqlite3.Error):
        return _sqlite_state(original)
    if code := getattr(original, "sqlstate", None):
        return _postgres_state(str(code), type(original).__name__)
    if isinstance(original.__cause__, ValueError):  # the driver cannot say a value that it was given
        return None
    lost = getattr(error, "connection_invalidated", False) or isinstance(error, InterfaceError)
    return DatabaseUnavailable(type(original).__name__) if lost else None


def _postgres_state(code: str, name: str) -> DatabaseUnavailable | None:
    if code[:2] in OURS and code != _NOT_OURS:
        return None
    if code in _DAMAGED:
        return DatabaseDamaged(f"PostgreSQL finds damaged data ({code}); restore a backup (docs/running.md)")
    return DatabaseUnavailable(f"{name} {code}")


def _sqlite_state(error: sqlite3.Error) -> DatabaseUnavailable | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code & 0xFF in OURS_SQLITE:  # without a code it is Python's own word for a mistake
        return None
    return DatabaseDamaged(str(error)) if code & 0xFF in _DAMAGED_SQLITE else DatabaseUnavailable(str(error))


class Reads(Protocol):
    """What a database is to whoever only reads it."""

    async def read(self, work: Work[T]) -> T:
        """Return what ``work`` reads, beside whoever writes; raise WorkTimedOut or DatabaseUnavailable if that
        cannot be done now.
        """
        ...

    async def close(self) -> None:
        """Let go."""
        ...


class Database(Reads, Protocol):
    """What the rest of the desk knows of a database."""

    shared: bool  # several processes may serve it at once

    async def reach(self) -> None:
        """Open it, and see that it answers: raise DatabaseUnusable where that will never be,
        DatabaseUnavailable where it is not so now."""
        ...

    async def run(self, work: Work[T]) -> T:
        """Run ``work`` in one transaction and return its result; raise DatabaseUnavailable if the database cannot serve."""
        ...

    async def look(self, work: Work[T]) -> T:
        """Return what ``work`` reads, as ``read`` does; for what is short from beginning to end, and costs less this way."""
        ...

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Call ``heard(word)`` for each ``notify_on_commit`` of another process; nothing to hear where there is none."""
        ...

    def alone(self) -> None:
        """Claim the database for this ``run`` where only one may serve it; raise DatabaseUnusable if another one does."""
        ...

    async def scrub(self) -> None:
        """Let nothing that was overwritten stay in what is kept beside the data: an SQLite file's log."""
        ...

    def marks(self) -> "Marks":
        """Return where this process keeps which turns it has begun."""
        ...

    def interrupt(self) -> None:
        """End the work under way with WorkTimedOut, from another thread; where work waits for a network, its waiter ends it."""
        ...

    def calm(self) -> None:
        """Take back an ``interrupt`` that the work has not felt: it is over."""
        ...

    async def lead(self, name: str) -> bool:
        """Return whether this process is (now or still) the only one that does ``name``."""
        ...

    async def close(self) -> None:
        """Finish what waits and let go."""
        ...


def notify_on_commit(connection: Connection, word: str) -> None:
    """Say with this transaction's commit that there is work: ``word`` is "inbox", "outbox" or "timer"; or "schema"."""
    if connection.dialect.name == "postgresql":
        connection.execute(_NOTIFY, {"channel": CHANNEL, "word": word})
