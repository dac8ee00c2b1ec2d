"""The list of who was erased, outside the database: after a restore it is applied again. It holds hashes, and names nobody.

Each line is ``{"digest", "key", "at"}`` as JSON: the hash of an account, the secret it is keyed with, and when. Ids that are
small numbers can be tried one after another by whoever has the list, so it is its owner's alone, as the database is.
"""

import asyncio
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.monitoring.health import Health
from bot.retry import retry_until_served
from storage.engine.database import Connection, Database
from storage.engine.health import database_file
from storage.engine.private_files import open_private_file
from storage.retention.erasure import Erasure

log = logging.getLogger("frontdesk.erased")

AGAIN = 60.0  # seconds before another try where the list cannot be written


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list."""

    digest: str
    key: str
    at: str


def list_of(url: str, chosen: Path | None) -> Path:
    """Return where the list is: as the setting says, else beside the SQLite file, or in ``var`` for PostgreSQL."""
    if chosen is not None:
        return chosen
    path = database_file(url)
    return Path(f"{path}.erased") if path else Path("var/frontdesk.erased")


def read_erasure_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a list; one that is none (the last, of a machine that died) is passed over."""
    if not path.exists():
        return
    for text in path.read_text("utf-8", errors="replace").splitlines():
        try:
            yield Line(**json.loads(text))
        except (ValueError, TypeError):
            continue


def append_erasure_lines(path: Path, added: list[Line]) -> None:
    """Write lines to the end of the list, on the disk before it returns; behind one that broke off, on a line of their own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8", opener=open_private_file) as file:
        file.write("\n" if broke_off(path) else "")
        for line in added:
            file.write(json.dumps({"digest": line.digest, "key": line.key, "at": line.at}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def broke_off(path: Path) -> bool:
    """Return whether the last line of a list has no end."""
    with open(path, "rb") as file:
        if not file.seek(0, os.SEEK_END):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"


class ErasedList:
    """Writes down outside the database who was erased, and lets nothing of them stay in its log."""

    def __init__(self, database: Database, clock: Clock, path: Path, health: Health | None = None) -> None:
        self.bell = asyncio.Event()
        self._database = database
        self._clock = clock
        self._path = path
        self._health = health or Health(clock.now)

    async def serve(self) -> None:
        """Look whenever somebody is erased, and once at the start: the process may have died in between."""
        while True:
            try:
                await retry_until_served(self.look, self._health, "erased")
            except OSError as error:
                log.error(
                    "ERASED_FILE: %s cannot be written (%s)", self._path, error.strerror, extra={"event": "erased"}
                )
                await asyncio.sleep(AGAIN)
                continue
            await self._clock.wait(self.bell, None)

    async def look(self) -> None:
        """Write down who is not in the list yet, then let the database forget what it has overwritten."""
        key, found = await self._database.run(_unlisted)
        if found:
            added = [Line(digest, key, at.isoformat()) for digest, at in found]
            await asyncio.to_thread(append_erasure_lines, self._path, added)
            now = self._clock.now()
            digests = [line.digest for line in added]
            await self._database.run(lambda connection: Erasure(connection).listed(digests, now))
        await self._database.scrub()


def _unlisted(connection: Connection) -> tuple[str, list[tuple[str, datetime]]]:
    erasure = Erasure(connection)
    found = erasure.unlisted()
    return (erasure.accounts.key() if found else ""), found
