"""``frontdesk report``: the same figures as a file, beside a running desk; what cannot be done is one line that names the fix."""

import asyncio
import csv
import json
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image

from bot.__main__ import run_command_line
from storage.engine.opening import open_database
from tests.reports.histories import lived
from tests.storage.rows import transact


@pytest.fixture
async def filled(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Yield where files go, beside a desk that has lived for a while."""
    database = await open_database(sqlite_url)
    await transact(database, lambda tx: lived(tx, 5))
    await database.close()
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "42:TEST")
    monkeypatch.setenv("TELEGRAM_TEAM_CHAT", "-1001")
    monkeypatch.setenv("TIME_ZONE", "Europe/Kyiv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made(folder: Path) -> dict[str, bytes]:
    """Return what was written, by its ending; it is its owner's alone."""
    paths = [path for path in folder.iterdir() if path.stem == "october"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths)
    return {path.suffix: path.read_bytes() for path in paths}


async def told(*arguments: str) -> int:
    """Run the command as a shell does, in a thread of its own."""
    return await asyncio.to_thread(run_command_line, ["report", *arguments])


@pytest.mark.slow
async def test_each_ending_is_a_file_of_its_kind(filled: Path, capsys: pytest.CaptureFixture[str]):
    days = ("--from", "2026-01-01", "--to", "2027-02-01")
    for ending in ("xlsx", "png", "csv", "json"):
        assert await told(*days, "--out", f"october.{ending}") == 0, capsys.readouterr().err
    assert capsys.readouterr().out.splitlines()[0] == "october.xlsx has 2026-01-01 to 2027-02-01."
    content = made(filled)
    book = load_workbook(BytesIO(content[".xlsx"]))
    found = json.loads(content[".json"])
    assert found["reports"][0]["kind"] == "overview"
    figures = {one["name"]: one["value"] for one in found["reports"][0]["figures"]}
    sheet = {row[0].value: row[1].value for row in book["Overview"].iter_rows(min_row=2)}
    assert figures["Came in"] == sheet["Came in"] == 12
    assert Image.open(BytesIO(content[".png"])).size == (1080, 1350)
    rows = list(csv.reader(StringIO(content[".csv"].decode("utf-8-sig"))))
    assert sum(int(row[1]) for row in rows[1:]) == 12


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--out", "x.doc"), "--out: 'x.doc' ends in none of xlsx, png, csv, json"),
        (("--out", "x.csv", "--kind", "money"), "--kind: 'money' is none of overview"),
        (("--out", "x.csv", "--from", "someday"), "--from: 'someday' names no day"),
        (("--out", "x.csv", "--from", "2026-10-02", "--to", "2026-10-01"), "--to: it names a day before --from"),
        (("--out", "x.csv", "urgnet"), "Did you mean “urgent”?"),
        (("--out", "nowhere/x.csv"), "cannot be written"),
    ],
)
async def test_what_cannot_be_done_is_one_line(
    filled: Path, arguments: tuple[str, ...], line: str, capsys: pytest.CaptureFixture[str]
):
    assert await told(*arguments) == 2
    [said] = capsys.readouterr().err.splitlines()
    assert line in said
