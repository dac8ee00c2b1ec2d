"""Mistakes of an operator that no command of the other tests makes: each is one line that names what to mend."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy

from bot.commands import audit, calling, demo, desk, kb_eval, privacy, report
from bot.demo import show
from bot.errors import OperatorError
from bot.operations import seed
from bot.sandbox.page.process import Desk
from handlers.rules import Rules
from storage.engine import health
from storage.engine.database import DatabaseUnusable
from storage.engine.opening import open_database
from storage.transaction import Transaction
from tests.clock import MONDAY


def test_a_database_that_cannot_be_used():
    async def work() -> None:
        raise DatabaseUnusable("DATABASE_URL: it is another program's; name one of the desk's")

    with pytest.raises(OperatorError, match="DATABASE_URL: it is another program's; name one of the desk's"):
        calling.wait(work())


def test_a_language_that_the_demo_does_not_speak():
    with pytest.raises(OperatorError, match="--language: 'de' is none of en, uk, ru"):
        demo.demo(language="de")


def test_a_file_to_export_to_that_is_a_folder(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    (tmp_path / "rules").mkdir()
    with pytest.raises(OperatorError, match=r"FILE: .*rules cannot be written"):
        desk.export(tmp_path / "rules")


@pytest.mark.parametrize("content", [b"\xff\xfe", None], ids=["no UTF-8", "not there"])
def test_questions_to_hold_out_that_cannot_be_read(tmp_path: Path, content: bytes | None):
    file = tmp_path / "held.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OperatorError, match=r"--hold-out: .*held.txt cannot be read .*name a UTF-8 file"):
        kb_eval._lines(file)


def test_a_desk_file_with_a_mistake(tmp_path: Path):
    file = tmp_path / "desk.yaml"
    file.write_text("types: 5\n", "utf-8")
    with pytest.raises(OperatorError, match=r"DESK_FILE: .*`frontdesk desk check` tells all of them"):
        seed.seed_document(file, Rules())


async def test_a_folder_for_the_demo_that_takes_nothing(tmp_path: Path):
    (tmp_path / "file").write_text("", "utf-8")

    async def past() -> None: ...

    with pytest.raises(OperatorError, match="TMPDIR: the demo's database cannot be written there"):
        await show._open(tmp_path / "file", cast("Desk", None), past)  # it does not come to a desk


async def test_a_file_that_is_no_database_at_all(tmp_path: Path):
    file = tmp_path / "desk.db"
    file.write_bytes(b"not a database" * 1000)
    with pytest.raises(DatabaseUnusable, match=r"DATABASE_URL: .* is damaged"):
        await asyncio.to_thread(health._check_pages, file)


async def test_a_user_that_postgresql_does_not_know(postgres_url: str):
    url = sqlalchemy.make_url(postgres_url).set(database="of_nobody").render_as_string(hide_password=False)
    with pytest.raises(DatabaseUnusable, match=r"PostgreSQL refuses it: .*check user, password, database and options"):
        await open_database(url)


# What is read and written beside a desk: who did what, reports, somebody's own data


@pytest.fixture
def kept(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a desk's database with two people of one name in it; return a folder with a file that stands in the way."""

    def fill(connection: sqlalchemy.Connection) -> None:
        tx = Transaction(connection)
        for native in ("1", "2"):
            tx.people.meet("telegram:1", native, name="Ann", username="", language="en", chat=native, at=MONDAY)

    async def work() -> None:
        database = await open_database(sqlite_url)
        await database.run(fill)
        await database.close()

    asyncio.run(work())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    (tmp_path / "there.zip").write_text("", "utf-8")
    return tmp_path


def test_what_nobody_can_look_for_in_the_audit(kept: Path):
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"act": ["danced"]}, "--act: 'danced' is none of "),
        ({"since": "some day"}, "--from: 'some day' is no day like 2026-10-01"),
        ({"person": "nobody"}, "PERSON: nobody is known as 'nobody'"),
        ({"person": "Ann"}, "PERSON: several are called 'Ann': name one of telegram:1, telegram:2"),
        ({"out": kept / "no" / "audit.xlsx"}, "--out: .*audit.xlsx cannot be written"),
    ]
    for options, said in wrong:
        with pytest.raises(OperatorError, match=said):
            audit.audit(**options)


def test_an_archive_that_cannot_be_written(kept: Path):
    with pytest.raises(OperatorError, match=r"--out: .*there.zip is there already; name a new file"):
        privacy.export("telegram:1", kept / "there.zip")
    with pytest.raises(OperatorError, match=r"--out: .*mine.zip cannot be written"):
        privacy.export("telegram:1", kept / "no" / "mine.zip")


def test_a_list_of_the_erased_that_is_not_there_and_a_copy_that_is(kept: Path):
    with pytest.raises(OperatorError, match=r"FILE: .*erased is not there; ERASED_FILE says where"):
        privacy.replay(kept / "erased")
    with pytest.raises(OperatorError, match=r"FILE: .*there.zip is there already; name a new file"):
        privacy.copy(kept / "there.zip")


def test_a_language_that_no_report_is_written_in(kept: Path):
    with pytest.raises(OperatorError, match="--language: 'de' is none of en, uk, ru"):
        report._check(kept / "report.xlsx", "overview", "de")
