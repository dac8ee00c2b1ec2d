"""What an operator has wrong is told in one line at the start; what is not the operator's fault is waited for."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.app import build_app
from bot.errors import OperatorError
from bot.process import serve_desk
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from bot.settings import Settings
from bot.telegram import groups_seen
from storage.engine.database import Connection
from tests.clock import HandClock
from tests.starting import refused
from tests.telegram.conftest import Open
from tests.telegram.disk import emptied, full

Chosen = Callable[..., Settings]


async def test_a_wrong_token(settings: Chosen):
    line = await refused(settings(telegram_bot_token="42:WRONG"))
    assert line == "TELEGRAM_BOT_TOKEN: Telegram does not know this token; copy it anew from @BotFather"


async def test_a_missing_team_chat(settings: Chosen):
    line = await refused(settings(telegram_team_chat=-1009999))
    assert line.startswith("TELEGRAM_TEAM_CHAT: the bot is not in the group -1009999; add it")


async def test_a_team_chat_the_bot_was_thrown_out_of(settings: Chosen, team: Group):
    team.remove_bot()
    assert "add it there as an admin" in await refused(settings())


@pytest.fixture
def read_only(sqlite_url: str) -> Path:
    """Return a database file that says in its own format: do not write here. Rights would not keep root from it."""
    file = Path(sqlite_url.partition(":///")[2])
    content = bytearray(file.read_bytes())
    content[18] = 3
    file.write_bytes(content)
    return file


async def test_a_read_only_database(settings: Chosen, read_only: Path):
    line = await refused(settings())
    assert line.startswith(f"DATABASE_URL: cannot open {read_only}: attempt to write a readonly database; ")


async def test_a_newer_schema(settings: Chosen, opened: Open):
    async with opened() as app:
        await app.database.run(lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    line = await refused(settings())
    assert line.startswith("DATABASE_URL: this database was made by a newer version")


async def test_an_older_schema_on_a_shared_database(settings: Chosen, empty_postgres_url: str):
    assert "run 'frontdesk migrate' first" in await refused(settings(database_url=empty_postgres_url))


async def test_a_second_run_on_one_file(settings: Chosen, opened: Open, sandbox: TelegramSandbox, ann: Person):
    async with opened():
        line = await refused(settings())
        assert "another 'frontdesk run' serves" in line
        assert "PostgreSQL" in line
        ann.starts()  # and the first goes on
        await sandbox.until(lambda: ann.chat.find("front desk"))


async def test_a_port_in_use(settings: Chosen, opened: Open):
    async with opened() as app:
        port = int(app.web.url.rpartition(":")[2])
        other = f"{settings().database_url}.other"
        line = await refused(settings(http_port=port, database_url=other))
    assert line.startswith(f"HTTP_PORT: port {port} is taken")


async def test_an_address_of_another_machine(settings: Chosen):
    assert (await refused(settings(http_host="192.0.2.1"))).startswith("HTTP_HOST: 192.0.2.1 is no address")


def test_the_program_exits_2_with_that_one_line(settings: Chosen, tmp_path: Path, monkeypatch):
    """Refused whether or not Telegram can be asked which groups the bot is in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "42:TEST")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")  # where nobody answers
    done = subprocess.run([sys.executable, "-m", "bot", "run"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == ("TELEGRAM_TEAM_CHAT: set it: agents need one team channel, on a messenger that is served\n")


async def test_before_there_is_a_team_each_group_is_told_its_id(
    settings: Chosen, sandbox: TelegramSandbox, ann: Person
):
    """The operator too; what people have written meanwhile is still there for the desk."""
    support = sandbox.group("Support", members=[ann])
    support.remove_bot()
    support.add_bot()
    ann.says("Is anybody there?")
    with pytest.raises(
        OperatorError, match=f"TELEGRAM_TEAM_CHAT: set it: .*the bot is in 'Support': write {support.id}"
    ):
        await serve_desk(settings(telegram_team_chat=None))
    assert f"TELEGRAM_TEAM_CHAT={support.id}" in support.last.text
    async with aiohttp.ClientSession() as session:
        kept = await (await session.post(f"{sandbox.url}/bot{sandbox.token}/getUpdates", json={"offset": 1})).json()
    assert any("Is anybody there?" in str(update) for update in kept["result"])


async def test_a_desk_that_is_started_again_and_again_tells_a_group_once_something_happens_there(
    settings: Chosen, sandbox: TelegramSandbox, ann: Person, monkeypatch: pytest.MonkeyPatch
):
    """A container is started again each minute; the operator's line names the group each time."""
    support = sandbox.group("Support", members=[ann])
    support.remove_bot()
    support.add_bot()
    monkeypatch.setattr(groups_seen, "LATELY", 0)
    with pytest.raises(OperatorError, match="the bot is in 'Support'"):
        await serve_desk(settings(telegram_team_chat=None))
    assert not any("TELEGRAM_TEAM_CHAT" in text for text in support.texts)


async def test_a_group_that_the_bot_has_left_is_told_nothing(settings: Chosen, sandbox: TelegramSandbox, ann: Person):
    sandbox.group("Support", members=[ann]).remove_bot()
    with pytest.raises(OperatorError) as told:
        await serve_desk(settings(telegram_team_chat=None))
    assert "Support" not in str(told.value)


@pytest.mark.parametrize("trouble", ["nobody there", "a proxy's page", "an error of its own"])
async def test_a_messenger_out_of_reach_is_waited_for(
    settings: Chosen, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person, trouble: str
):
    if trouble == "a proxy's page":
        sandbox.faults.html(method="getMe", times=2)
    elif trouble == "an error of its own":
        sandbox.faults.error(500, "Internal Server Error", method="getMe", times=2)
    else:
        sandbox.faults.drop(after=False, method="getMe", times=2)
    app = await build_app(settings())
    starting = asyncio.create_task(app.start())
    try:
        await sandbox.until(lambda: sandbox.calls_of("getMe"))
        async with http.get(f"{app.web.url}/readyz") as answer:
            assert answer.status == 503
            assert await answer.json() == {"ready": False, "problems": ["telegram: no contact"]}
        async with http.get(f"{app.web.url}/healthz") as answer:
            assert answer.status == 200
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        await starting
        async with http.get(f"{app.web.url}/readyz") as answer:
            assert answer.status == 200
    finally:
        starting.cancel()
        await app.stop()


async def test_a_full_disk_takes_nothing_and_loses_nothing(
    opened: Open, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person
):
    async with opened() as app:
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        await sandbox.until(lambda: not sandbox.unconfirmed)
        await full(app)
        ann.says("my printer is on fire" + "!" * 4000)
        await sandbox.until(lambda: sandbox.unconfirmed and sandbox.unconfirmed[0].delivered > 1)
        async with http.get(f"{app.web.url}/readyz") as answer:
            assert (await answer.json())["problems"] == ["database: it cannot serve"]
        await emptied(app)
        before = len(ann.chat.texts)
        await sandbox.until(lambda: len(ann.chat.texts) > before)
        await sandbox.until(lambda: not sandbox.unconfirmed)
        async with http.get(f"{app.web.url}/readyz") as answer:
            assert answer.status == 200


async def test_a_token_revoked_while_running_stops_that_messenger_and_loses_nothing(
    opened: Open, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person
):
    async with opened() as app:
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        revoked = sandbox.faults.error(401, "Unauthorized", method="*", times=None)
        ann.says("is anybody there?")
        await app.reception.ended()
        async with http.get(f"{app.web.url}/readyz") as answer:
            gone = "telegram: no contact: the token is not valid any more; set a new one and start again"
            assert (await answer.json())["problems"] == [gone]
        assert not app.failed.done()
        polls = sandbox.polls
    sandbox.faults.remove(revoked)
    assert sandbox.polls == polls
    async with opened():
        before = len(ann.chat.texts)
        await sandbox.until(lambda: len(ann.chat.texts) > before)


async def test_the_numbers_tell_what_happened(
    opened: Open, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person
):
    async with opened() as app:
        sandbox.faults.retry_after(1)
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        await asyncio.gather(*app.outbox._sending)
        async with http.get(f"{app.web.url}/metrics") as answer:
            numbers = await answer.text()
    for line in (
        'frontdesk_turns_total{kind="command"} 1.0',
        'frontdesk_sends_total{messenger="telegram",result="sent"} 1.0',
        'frontdesk_waits_total{messenger="telegram"} 1.0',
        'frontdesk_backlog{box="inbox"} 0.0',
        'frontdesk_backlog{box="outbox"} 0.0',
        'frontdesk_dead_letters{box="inbox"} 0.0',
        "frontdesk_database_up 1.0",
        'frontdesk_turn_seconds_count{kind="command"} 1.0',
        'frontdesk_oldest_seconds{box="inbox"} 0.0',
        'frontdesk_oldest_seconds{box="outbox"} 0.0',
        'frontdesk_oldest_seconds{box="held"} 0.0',
        'frontdesk_heard_seconds{messenger="telegram"} ',
        'frontdesk_spoke_seconds{messenger="telegram"} ',
    ):
        assert line in numbers, numbers


async def test_the_numbers_tell_how_long_something_has_waited(
    settings: Chosen, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person, bob: Person
):
    clock = HandClock()
    app = await build_app(settings(), clock=clock)
    try:
        await app.start()
        await app.introduced()
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        await app.at_rest()
        sandbox.faults.html(chat=ann, times=None)
        ann.says("/help")
        await sandbox.until(lambda: not sandbox.unconfirmed)
        await app.at_rest()
        clock.set(clock.now() + timedelta(minutes=5))
        async with http.get(f"{app.web.url}/metrics") as answer:
            numbers = await answer.text()
        assert 'frontdesk_oldest_seconds{box="outbox"} 300.0' in numbers
        assert 'frontdesk_oldest_seconds{box="held"} 300.0' in numbers
        assert 'frontdesk_spoke_seconds{messenger="telegram"} 300.0' in numbers
        sandbox.faults.clear()
    finally:
        await app.stop()


async def test_what_is_under_way_is_no_trouble(
    opened: Open, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person
):
    """An event is being stored, behind something that takes a while: the desk is ready all the same."""
    async with opened() as app:
        await app.at_rest()
        begun, go = threading.Event(), threading.Event()

        def slow(_connection: Connection) -> None:
            begun.set()
            go.wait(timeout=5)

        working = asyncio.create_task(app.database.run(slow))
        await asyncio.to_thread(begun.wait)
        ann.starts()
        await sandbox.until(lambda: sandbox.unconfirmed and sandbox.unconfirmed[0].delivered)
        asking = asyncio.create_task(asked(http, f"{app.web.url}/readyz"))
        await asyncio.wait({asking}, timeout=0.2)
        go.set()
        assert await asking == 200
        await working


async def asked(http: aiohttp.ClientSession, url: str) -> int:
    async with http.get(url) as answer:
        return answer.status
