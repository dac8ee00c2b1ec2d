"""The doctor looks at everything an operator may have wrong, and every failure names its fix."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable

import pytest

from bot.__main__ import run_command_line
from bot.sandbox.telegram import Group, Person, TelegramSandbox

Examined = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def examined(sandbox: TelegramSandbox, team: Group, sqlite_url: str, tmp_path, monkeypatch, capsys) -> Examined:
    """Run the doctor with some settings changed; return its exit code and what it printed."""
    usual = {
        "TELEGRAM_BOT_TOKEN": sandbox.token,
        "TELEGRAM_API_URL": sandbox.url,
        "TELEGRAM_TEAM_CHAT": str(team.id),
        "DATABASE_URL": sqlite_url,
    }

    async def examine(*options: str, **changed: str) -> tuple[int, str]:
        monkeypatch.chdir(tmp_path)
        for name, value in (usual | changed).items():
            monkeypatch.setenv(name, value)
        code = await asyncio.to_thread(run_command_line, ["doctor", *options])
        return code, capsys.readouterr().out

    return examine


async def test_all_is_well(examined: Examined):
    code, told = await examined()
    assert code == 0, told
    assert "✗" not in told
    assert told.splitlines() == [
        "✓ settings: complete",
        "✓ database: it answers, can be written, and has the current schema",
        "✓ Telegram token: it is @frontdesk_bot's",
        "✓ clock: as Telegram's",
        "✓ polling: no webhook, 0 updates wait",
        "✓ team group: “Team”, a forum: each ticket has a topic",
        "✓ rights: all that is needed",
        "✓ privacy mode: the bot hears what is said in the group",
    ]


async def test_a_group_that_anybody_can_enter_or_write_in_is_no_place_for_a_team(examined: Examined, team: Group):
    team.opens(username="acme_desk", channel=-1009)
    code, told = await examined()
    assert code == 1
    lines = [line for line in told.splitlines() if line.startswith("✗")]
    assert len(lines) == 2
    assert "everybody can find, read and enter this group as @acme_desk" in lines[0]
    assert "a channel's posts are discussed in this group" in lines[1]


async def test_admins_who_hide_are_warned_of(examined: Examined, team: Group, bob: Person):
    bob.becomes("administrator", team, anonymous=True)
    code, told = await examined()
    assert code == 0, told
    assert (
        "! anonymous admins: these admins write as the group itself, and the desk cannot tell who they are: Bob;"
        in told
    )


async def test_one_json_document(examined: Examined):
    code, told = await examined("--json", TELEGRAM_BOT_TOKEN="42:WRONG")
    document = json.loads(told)
    assert code == 1
    assert document["ok"] is False
    assert {"ok": False, "about": "TELEGRAM_BOT_TOKEN"}.items() <= document["findings"][-1].items()
    assert "42:WRONG" not in told


@pytest.mark.parametrize(
    ("changed", "about", "fix"),
    [
        ({"TELEGRAM_BOT_TOKEN": "nonsense"}, "TELEGRAM_BOT_TOKEN", "@BotFather"),
        ({"TELEGRAM_BOT_TOKEN": "42:WRONG"}, "TELEGRAM_BOT_TOKEN", "@BotFather"),
        ({"TELEGRAM_TEAM_CHAT": ""}, "TELEGRAM_TEAM_CHAT", "set it"),
        ({"TELEGRAM_TEAM_CHAT": "-1009999"}, "TELEGRAM_TEAM_CHAT", "add it there as an admin"),
        ({"TELEGRAM_API_URL": "http://127.0.0.1:9"}, "TELEGRAM_API_URL", "the network"),
        ({"DATABASE_URL": "sqlite+aiosqlite:////dev/null/desk.db"}, "DATABASE_URL", "name a file"),
        ({"DATABASE_URL": "postgresql+asyncpg://nobody@127.0.0.1:9/desk"}, "DATABASE_URL", "check host, port"),
        ({"TELEGRAM_WEBHOOK_URL": "https://desk.example.org/telegram"}, "TELEGRAM_WEBHOOK_SECRET", "set it"),
    ],
)
async def test_a_wrong_setting_is_named_with_its_fix(examined: Examined, changed: dict[str, str], about: str, fix: str):
    code, told = await examined(**changed)
    (line,) = [line for line in told.splitlines() if line.startswith("✗")]
    assert code == 1
    assert line.startswith(f"✗ {about}: ")
    assert fix in line


async def test_rights_that_are_missing_are_said_aloud(examined: Examined, team: Group):
    team.rights(take=["can_manage_topics", "can_delete_messages"])
    code, told = await examined()
    assert code == 1
    assert "✗ rights: the bot may not delete messages nor manage topics; make it an admin" in told


async def test_a_deaf_bot_is_told_of_privacy_mode(examined: Examined, sandbox: TelegramSandbox, bob):
    plain = sandbox.group("Plain", members=[bob], bot_admin=False)
    sandbox.set_privacy(on=True)
    code, told = await examined(TELEGRAM_TEAM_CHAT=str(plain.id))
    assert code == 1
    assert "a plain group: each ticket is a reply chain" in told
    assert "✗ rights: the bot is no admin" in told
    assert "✗ privacy mode: on" in told
    assert "/setprivacy" in told


async def test_a_bot_that_was_thrown_out_is_told(examined: Examined, team: Group):
    team.remove_bot()
    code, told = await examined()
    assert code == 1
    assert "✗ TELEGRAM_TEAM_CHAT: the bot is not in the group" in told


async def test_a_file_that_is_not_there_yet_is_no_problem_and_is_not_made(examined: Examined, tmp_path):
    code, told = await examined(DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path}/new/desk.db")
    assert code == 0
    assert "the first 'frontdesk run' makes it" in told
    assert not (tmp_path / "new").exists()


async def test_a_shared_database_wants_its_schema(examined: Examined, empty_postgres_url: str):
    code, told = await examined(DATABASE_URL=empty_postgres_url)
    assert code == 1
    assert "run 'frontdesk migrate'" in told


async def test_a_webhook_that_fails_is_told_in_telegrams_words(examined: Examined, sandbox: TelegramSandbox, http, ann):
    url = "http://127.0.0.1:9/telegram"
    await http.post(f"{sandbox.url}/bot{sandbox.token}/setWebhook", json={"url": url, "secret_token": "s3cret"})
    ann.starts()
    await sandbox.until(lambda: sandbox.failed_pushes)
    code, told = await examined(TELEGRAM_WEBHOOK_URL=url, TELEGRAM_WEBHOOK_SECRET="s3cret")
    assert code == 1
    assert "✗ TELEGRAM_WEBHOOK_URL: 1 updates wait, Telegram says: Connection failed" in told


def test_a_doctor_answers_at_once():
    code = (
        "import sys, bot.operations.doctor, bot.telegram.checks; "
        "sys.exit('aiogram' in sys.modules or 'slack_bolt' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
