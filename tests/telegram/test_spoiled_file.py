"""What may happen to an SQLite file under a running desk, and to its disk: nothing is lost, nobody is told an incident."""

import asyncio
import logging
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import App
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from bot.settings import Settings
from storage.engine.sqlite_writer import SqliteDatabase
from tests.storage.test_file import another_moved_over, log_removed, moved_away, noise, removed
from tests.telegram.conftest import Open, free_port

ROOT = Path(__file__).parents[2]
SOON = 30.0  # seconds, on a busy machine


@pytest.fixture
def file(sqlite_url: str) -> Path:
    return Path(sqlite_url.partition(":///")[2])


def damaged(file: Path) -> None:
    """Write noise where the inbox begins."""
    noise(file, "inbox")


@pytest.mark.parametrize("happens", [damaged, removed, moved_away, another_moved_over, log_removed])
async def test_a_file_that_is_not_what_it_was_takes_nothing_and_says_what_to_do(
    opened: Open,
    sandbox: TelegramSandbox,
    http: aiohttp.ClientSession,
    ann: Person,
    file: Path,
    caplog: pytest.LogCaptureFixture,
    happens: Callable[[Path], None],
):
    async with opened() as app:
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        await sandbox.until(lambda: not sandbox.unconfirmed)
        await app.at_rest()
        await app.database.run(lambda connection: connection.exec_driver_sql("PRAGMA cache_size = 0"))
        said = list(ann.chat.texts)
        caplog.clear()
        happens(file)
        ann.says("my printer is on fire")
        await sandbox.until(lambda: sandbox.unconfirmed and sandbox.unconfirmed[0].delivered > 1, within=SOON)
        async with http.get(f"{app.web.url}/readyz") as answer:
            assert answer.status == 503
            [problem] = (await answer.json())["problems"]
        assert problem.startswith(f"database: {file}")
        assert problem.endswith("stop the desk, put a backup in its place (docs/running.md), start it again")
        async with http.get(f"{app.web.url}/healthz") as answer:
            assert answer.status == 200
        assert not app.failed.done()
        assert ann.chat.texts == said
    told = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [getattr(record, "event", "") for record in told] == ["database_trouble"]
    assert not any(record.exc_info for record in caplog.records)


async def test_the_admins_hear_of_the_damage_once_though_nothing_can_be_written_down(
    opened: Open, sandbox: TelegramSandbox, ann: Person, bob: Person, file: Path
):
    async with opened(admins=f"telegram:{bob.id}") as app:
        ann.starts()
        bob.starts()
        await sandbox.until(lambda: ann.chat.texts and bob.chat.texts)
        await app.at_rest()
        app.damage.bell.set()  # who is an admin is read now
        await app.at_rest()
        moved_away(file)
        for words in ("my printer is on fire", "and my desk"):
            ann.says(words)
        await sandbox.until(lambda: bob.chat.find("The database is damaged"), within=SOON)
        await sandbox.until(lambda: sandbox.unconfirmed and sandbox.unconfirmed[0].delivered > 2, within=SOON)
        assert sum("The database is damaged" in text for text in bob.chat.texts) == 1
        assert bob.chat.find(f"{file} was removed while it was served")
        assert not ann.chat.find("The database is damaged")


async def test_a_file_that_comes_back_is_gone_on_with(opened: Open, sandbox: TelegramSandbox, ann: Person, file: Path):
    async with opened():
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        moved_away(file)
        ann.says("my printer is on fire")
        await sandbox.until(lambda: sandbox.unconfirmed and sandbox.unconfirmed[0].delivered > 1, within=SOON)
        moved_back(file)
        await sandbox.until(lambda: ann.chat.find("I don't have an answer"), within=SOON)


def moved_back(file: Path) -> None:
    file.with_suffix(".away").rename(file)


async def test_a_backup_that_is_put_there_while_the_desk_is_down_is_served(
    opened: Open, sandbox: TelegramSandbox, ann: Person, file: Path
):
    async with opened():
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
    shutil.copy(file, file.with_suffix(".backup"))
    noise(file, "person")
    file.with_suffix(".backup").rename(file)
    async with opened():
        ann.says("my printer is on fire")
        await sandbox.until(lambda: ann.chat.find("I don't have an answer"))


async def test_a_file_that_may_not_be_written_for_a_while_loses_nothing(
    opened: Open, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person
):
    async with opened() as app:
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        await app.at_rest()
        only_read(app, "ON")
        ann.says("my printer is on fire")
        await sandbox.until(lambda: sandbox.unconfirmed and sandbox.unconfirmed[0].delivered > 1, within=SOON)
        async with http.get(f"{app.web.url}/readyz") as answer:
            assert (await answer.json())["problems"] == ["database: it cannot serve"]
        only_read(app, "OFF")
        await sandbox.until(lambda: ann.chat.find("I don't have an answer"), within=SOON)
        assert not any("incident" in text for text in ann.chat.texts)
        assert not app.failed.done()


def only_read(app: App, switch: str) -> None:
    """Let the desk's connection be told that nothing may be written, as on a file system that was mounted anew."""
    assert isinstance(app.database, SqliteDatabase)
    app.database._raw.execute(f"PRAGMA query_only = {switch}")


async def test_a_disk_that_is_full_at_the_start_is_waited_for(
    settings: Callable[..., Settings],
    sandbox: TelegramSandbox,
    http: aiohttp.ClientSession,
    ann: Person,
    team: Group,
    tmp_path: Path,
):
    port = free_port()
    chosen: dict[str, str] = {
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/var/desk.db",
        "TELEGRAM_BOT_TOKEN": sandbox.token,
        "TELEGRAM_API_URL": sandbox.url,
        "TELEGRAM_TEAM_CHAT": str(team.id),
        "HTTP_PORT": str(port),
    }
    # No file of it may grow by a byte: what a full disk is to whoever writes.
    command = ["sh", "-c", 'ulimit -S -f 0; exec "$0" "$@"', sys.executable, "-m", "bot", "run"]
    with started(command, chosen) as desk:
        try:
            status, body = await ready(http, port, desk)
            assert status == 503
            assert "database: it cannot serve" in body["problems"]
            ann.starts()
            resource.prlimit(desk.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            await sandbox.until(lambda: ann.chat.find("front desk"), within=SOON)
        finally:
            desk.terminate()
            _, told = await asyncio.to_thread(desk.communicate)
    assert desk.returncode == 0, told
    assert "desk.db cannot be opened now: disk I/O error; look at its disk" in told


def started(command: list[str], chosen: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(command, env=os.environ | chosen, cwd=ROOT, stderr=subprocess.PIPE, text=True)


async def ready(http: aiohttp.ClientSession, port: int, desk: "subprocess.Popen[str]") -> tuple[int, Any]:
    """Return what a desk that is starting says of itself, as soon as it can be asked."""
    while desk.poll() is None:
        try:
            async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                return answer.status, await answer.json()
        except aiohttp.ClientError:
            await asyncio.sleep(0.1)
    raise AssertionError(f"it ended with {desk.returncode}")
