"""Looking at a desk's SQLite file from beside the desk: read-only, and noticing when something was written."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from storage.database import Trouble
from storage.file import reason

T = TypeVar("T")
PATIENCE = 1.0  # seconds that a lock is waited for; readers of a WAL wait for next to nothing


class Onlooker:
    """Reads a file that another process serves; every method may be called from any one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: Connection | None = None
        self._one = threading.Lock()

    def version(self) -> int:
        """Return a number that is another one after every commit of anybody else; 0 while there is no file."""
        try:
            return self.read(lambda connection: int(connection.exec_driver_sql("PRAGMA data_version").scalar() or 0))
        except Trouble:
            return 0

    def read(self, work: Callable[[Connection], T]) -> T:
        """Return what ``work`` reads, all of it of one moment; raise Trouble where it cannot be read now."""
        with self._one:
            try:
                if self._connection is None:
                    self._connection = _open(self._path)
                with self._connection.begin():
                    return work(self._connection)
            except (DBAPIError, sqlite3.Error) as error:
                self._let_go()
                raise Trouble(reason(error)) from None

    def close(self) -> None:
        """Let go of the file."""
        with self._one:
            self._let_go()

    def _let_go(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()
            connection.engine.dispose()


def _open(path: Path) -> Connection:
    def connect() -> sqlite3.Connection:
        address = f"{path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, timeout=PATIENCE, check_same_thread=False, isolation_level=None)

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")  # so that all that is read is of one moment

    return engine.connect()
