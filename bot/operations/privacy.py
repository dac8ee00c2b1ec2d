"""A person's data from the command line: shown, given, erased, erased again after a restore, looked for, copied without names."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bot.delivery.archive import build_archive
from bot.errors import OperatorError
from bot.operations.erased_list import Line, read_erasure_lines
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.timers import Erase, EraseCompany
from handlers.vocabulary.translations import Locale
from storage.engine.database import Connection
from storage.engine.health import database_file
from storage.engine.migrate import reading_current
from storage.engine.opening import open_database
from storage.engine.private_files import open_private_file
from storage.people.companies import Company
from storage.people.erased import account_digest
from storage.people.people import Person
from storage.retention import remains
from storage.transaction import Transaction

EACH = 500  # accounts compared in one look


@dataclass(frozen=True, slots=True)
class Shown:
    """What is kept of somebody."""

    person: int
    name: str
    accounts: Sequence[str]
    requests: int
    messages: int
    questions: int
    erase_at: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


async def summarize_person(url: str, who: str) -> Shown:
    """Return what is kept of somebody: ``telegram:123``, ``@name``, a name, or the number of a person."""
    async with reading_current(url) as database:
        return await database.read(lambda connection: _shown(connection, who))


def _shown(connection: Connection, who: str) -> Shown:
    tx = Transaction(connection)
    person = person_meant(tx, who)
    kept = tx.erasure.kept(person.id)
    at = tx.timers.waiting(Erase.name, person=person.id)
    accounts = tx.people.accounts(person.id)
    counts = (kept.requests, kept.messages, kept.questions)
    return Shown(person.id, person.name, accounts, *counts, at.isoformat() if at else "")


def person_meant(tx: Transaction, who: str) -> Person:
    """Return who is meant, or say how to name them."""
    if who.isdigit():
        found = [person] if (person := tx.people.known(int(who))) else []
    elif ":" in who:
        messenger, _, native = who.partition(":")
        found = tx.people.of_native(messenger, native)
    else:
        found = list({one.id: one for one in tx.people.named(who)}.values())
    if len(found) == 1:
        return found[0]
    if not found:
        raise OperatorError("PERSON", f"nobody is known as {who!r}; name an account like telegram:123, or @name")
    several = ", ".join(f"{one.source.partition(':')[0]}:{one.native}" for one in found)
    raise OperatorError("PERSON", f"several are called {who!r}: name one of {several}")


async def export_person(url: str, who: str, out: Path, language: str, zone: str) -> int:
    """Write all that is somebody's to an archive; return how many bytes it has. Files stay with their messengers."""
    async with reading_current(url) as database:
        shown = await database.read(lambda connection: _shown(connection, who))
        content = await build_archive(database, shown.person, Locale(language, zone), datetime.now(UTC))
    await asyncio.to_thread(_write, out, content)
    return len(content)


def _write(out: Path, content: bytes) -> None:
    with open(out, "wb", opener=open_private_file) as file:
        file.write(content)


async def erase_person(url: str, who: str) -> Shown:
    """Let somebody be erased now: a running desk begins at once, another with its next start."""
    database = await open_database(url)
    try:
        return await database.run(lambda connection: _erase(connection, who))
    finally:
        await database.close()


async def summarize_company(url: str, name: str) -> tuple[str, int, int]:
    """Return a company's name as it is known, how many people it has, and how many requests they have made."""
    async with reading_current(url) as database:
        return await database.read(lambda connection: _company_counts(Transaction(connection), name))


def _company_counts(tx: Transaction, name: str) -> tuple[str, int, int]:
    known = _known_company(tx, name)
    return known.name, *tx.companies.counts(known.id)


def _known_company(tx: Transaction, name: str) -> Company:
    known = tx.companies.named(name)
    if known is None:
        raise OperatorError("PERSON", f"no company is known as {name!r}; /company in the chat lists them")
    return known


async def erase_company(url: str, name: str) -> None:
    """Let everybody of a company be erased now, but who is in the team's channel; then what is known of it."""
    database = await open_database(url)
    try:
        await database.run(lambda connection: _erase_company(Transaction(connection), name))
    finally:
        await database.close()


def _erase_company(tx: Transaction, name: str) -> None:
    known, now = _known_company(tx, name), datetime.now(UTC)
    for waiting in tx.timers.pending(EraseCompany.name):
        if waiting.facts["company"] == known.id:
            tx.timers.unset(waiting.id)
    timer = EraseCompany(known.id)
    tx.timers.schedule(timer.name, now, facts=timer.facts)
    tx.records.audit(Deed.ERASE_ASKED, now, person=None, facts={"company": f"#{known.id}"})


def _erase(connection: Connection, who: str) -> Shown:
    tx, now = Transaction(connection), datetime.now(UTC)
    found = _shown(connection, who)
    tx.timers.call_off(Erase.name, person=found.person)
    tx.timers.schedule(Erase.name, now, person=found.person, facts=Erase(force=True).facts)
    tx.records.audit(Deed.ERASE_ASKED, now, person=None, facts={"who": found.person})
    return found


async def replay_erasures(url: str, path: Path) -> tuple[int, int]:
    """Erase again whoever stands in the list, and whoever was erased before: what is kept since then goes too.

    Whoever has an account again by a person made known after their erase has come back by themselves, and stays. Return how
    many of both there are.
    """
    listed = await asyncio.to_thread(_listed, path)
    last = {line.digest: line.at for line in sorted(listed, key=lambda line: datetime.fromisoformat(line.at))}
    keys = {line.key for line in listed}
    database = await open_database(url)
    try:
        back: set[int] = set()
        after = 0
        while True:
            some = await database.run(partial(remains.accounts_after, after=after, most=EACH))
            for row in some:
                at = [last[kept] for key in keys if (kept := account_digest(key, row.source, row.native)) in last]
                if any(row.created_at <= datetime.fromisoformat(each) for each in at):
                    back.add(row.person_id)
            if len(some) < EACH:
                break
            after = some[-1].id
        again = await database.run(lambda connection: Transaction(connection).erasure.all())
        await database.run(lambda connection: _schedule(connection, sorted({*back, *again})))
        return len(back), len(set(again) - back)
    finally:
        await database.close()


def _schedule(connection: Connection, people: Sequence[int]) -> None:
    tx, now = Transaction(connection), datetime.now(UTC)
    for person in people:
        tx.timers.call_off(Erase.name, person=person)
        tx.timers.schedule(Erase.name, now, person=person, facts=Erase(force=True).facts)


def _listed(path: Path) -> list[Line]:
    if not path.exists():
        raise OperatorError("FILE", f"{path} is not there; ERASED_FILE says where the list is kept")
    return list(read_erasure_lines(path))


def _must_be_new(out: Path) -> None:
    if out.exists():
        raise OperatorError("FILE", f"{out} is there already; name a new file")


async def verify_erasures(url: str, words: Sequence[str]) -> list[str]:
    """Return where something of an erased person is left, or one of these words stands: tables, and the bytes of the files."""
    async with reading_current(url) as database:
        found = await database.read(remains.erasure_remains)
        for table in remains.TABLES:
            for word in words:
                found += await database.read(partial(remains.word_occurrences, table=table, word=word))
    path = database_file(url)
    if path is not None:
        for file in (path, Path(f"{path}-wal")):
            found += await asyncio.to_thread(remains.in_bytes, file, words)
    return found


async def copy_for_trials(url: str, out: Path) -> dict[str, int]:
    """Write a copy without anybody's words, names and ids to a new SQLite file; return how many rows of each table it has."""
    from storage.retention.copying import write_trial_copy

    await asyncio.to_thread(_must_be_new, out)
    async with reading_current(url) as database:
        return await write_trial_copy(database, out)
