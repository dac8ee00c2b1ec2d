"""What people wrote lies in files that only their owner may read, however careless the umask; the doctor tells of others."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from bot.__main__ import run_command_line
from storage.engine.database import Database
from storage.engine.migrate import migrate_database
from storage.engine.opening import open_database
from storage.engine.private_files import open_private_file, open_to_others


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request):
    """Let this process make files as its shell was told to."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def frontdesk(*arguments: str) -> int:
    return await asyncio.to_thread(run_command_line, list(arguments))


async def test_the_database_and_its_companions_are_their_owners_alone(tmp_path, umask):
    url = f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}"
    await migrate_database(url)
    database: Database = await open_database(url)
    database.alone()
    await database.run(lambda connection: connection.exec_driver_sql("INSERT INTO setting VALUES ('a', '1')"))
    found = {path.name: mode(path) for path in tmp_path.iterdir()}
    await database.close()
    assert found == dict.fromkeys(("desk.db", "desk.db-wal", "desk.db-shm", "desk.db.lock"), 0o600)


async def test_what_is_exported_is_its_owners_alone(tmp_path, sqlite_url, monkeypatch, umask):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    for command, file in (("kb", "answers.yaml"), ("desk", "desk.yaml")):
        assert await frontdesk(command, "export", str(tmp_path / file)) == 0
        assert mode(tmp_path / file) == 0o600


def test_a_file_that_was_there_keeps_who_may_read_it(tmp_path):
    shared = tmp_path / "answers.yaml"
    shared.write_text("old")
    shared.chmod(0o644)
    with open(shared, "w", opener=open_private_file) as file:
        file.write("new")
    assert (mode(shared), shared.read_text()) == (0o644, "new")


def test_a_file_that_is_not_there_is_open_to_nobody(tmp_path):
    assert not open_to_others(tmp_path / "none")


@pytest.mark.parametrize("loose", [0o644, 0o640, 0o604, 0o602])
async def test_the_doctor_warns_of_what_others_may_read_and_says_the_fix(
    tmp_path, sqlite_url, monkeypatch, capsys, loose
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setattr("bot.operations.doctor.settings_problems", lambda settings: [])
    database = tmp_path / "frontdesk.db"
    (tmp_path / ".env").write_text("LOG_FORMAT=json\n")
    (tmp_path / ".env").chmod(0o600)
    assert await frontdesk("doctor") == 0
    assert "others on this machine" not in capsys.readouterr().out
    (tmp_path / ".env").chmod(loose)
    database.chmod(loose)
    assert await frontdesk("doctor") == 0, "it serves all the same"
    told = capsys.readouterr().out
    assert "! .env: others on this machine may read it; run: chmod 600 .env\n" in told
    assert f"! {database}: others on this machine may read it; run: chmod 600 {database}\n" in told
    assert await frontdesk("doctor", "--json") == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [one["ok"] for one in findings if "chmod" in one["fix"]] == [True, True]
