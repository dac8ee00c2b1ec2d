"""A copy for trials: nobody's word, name or id is in it, and it is whole whatever was written."""

from pathlib import Path

import pytest
from sqlalchemy import JSON, Connection, insert, select
from sqlalchemy.types import String

from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import metadata, ticket_tag, verdict, view
from storage.queues.spoken import Said
from storage.retention.copying import KEPT, LEFT_OUT, OPEN, personal_columns, write_trial_copy
from storage.retention.privacy import HELD
from storage.transaction import Transaction
from storage.types import Word
from tests.clock import MONDAY
from tests.storage.rows import at as ticket
from tests.storage.rows import known, transact

CANARY = "Wombat"
FREE = (String, JSON)


def said(tx: Transaction) -> None:
    """Let two people leave something in every table that is copied."""
    requests = tx.request_channels
    for name in ("Ann", "Zoe"):
        person = known(tx, name)
        answers = {"phone": CANARY, "list": [CANARY]}
        number = ticket(tx, person, summary=f"{name}'s {CANARY}", answers=answers).id
        chat = requests.keep("telegram:1", f"-100{person.id}", title=CANARY, settings={"opens": ["every"]}, at=MONDAY)
        requests.begin(number, chat.id, root="9", topic="", author=person.id, at=MONDAY)
        requests.take_part(number, person.id)
        words: Said = {"words": {"text": CANARY, "spans": []}, "files": []}
        requests.hear(chat.id, "9", topic="", person=person.id, account=person.account_id, said=words, at=MONDAY)
        tx.connection.execute(insert(ticket_tag), [{"ticket_id": number, "tag": tag} for tag in ("vip", "old")])
        named = [{"person_id": person.id, "name": name, "words": CANARY} for name in ("mine", "slow")]
        tx.connection.execute(insert(view), named)
        asked = {
            "question": CANARY,
            "said": words,
            "verdict": "unknown",
            "language": "en",
            "candidates": [],
            "tried": [],
        }
        tx.connection.execute(insert(verdict).values(person_id=person.id, at=MONDAY, **asked))
        tx.companies.put(f"{name} & {CANARY}", MONDAY, until="2026-12-31", notes=CANARY)
        place = {"lane": f"telegram:1:-100{person.id}", "language": "en", "zone": "UTC"}
        tx.announcements.add(
            by_id=person.id, words={"en": words["words"]}, files=[], segment={"to": "everybody"}, place=place,
            keywords=CANARY, created_at=MONDAY,
        )  # fmt: skip


async def everything(database: Database) -> str:
    """Return all that stands in any table, as one text."""

    def read(connection: Connection) -> str:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table)).all()]
        return "\n".join(str(tuple(row)) for row in rows)

    return await database.read(read)


@pytest.mark.slow
async def test_nobody_is_in_a_copy_and_nothing_that_they_wrote(database: Database, tmp_path: Path):
    await transact(database, said)
    out = tmp_path / "copy.db"
    counts = await write_trial_copy(database, out)
    assert counts["ticket_tag"] == counts["view"] == 4
    assert counts["overheard"] == counts["verdict"] == 2
    copy = await open_database(f"sqlite+aiosqlite:///{out}")
    try:
        told = await everything(copy)
        companies = await copy.read(lambda connection: Transaction(connection).companies.page(10))
    finally:
        await copy.close()
    assert [str(one.ends) for one, _ in companies] == ["2026-12-31"] * 2
    for word in (CANARY, "Ann", "Zoe", "'ann'", "vip", "mine", "-100"):
        assert word.lower() not in told.lower()
        assert word.lower().encode() not in out.read_bytes().lower() or len(word) < 5


@pytest.mark.parametrize("table", [name for name in HELD if name not in LEFT_OUT])
def test_every_column_that_may_hold_words_is_masked_or_named_as_open(table: str):
    columns = metadata.tables[table].columns
    free = {
        name
        for held in HELD[table]
        for name in held.columns.split()
        if isinstance(columns[name].type, FREE) and not isinstance(columns[name].type, Word)
    }
    assert free - personal_columns(metadata.tables[table]) == free & (KEPT | OPEN.get(table, frozenset()))
