"""Files that end whoever reads them: nested without end, or referring to themselves; a sentence says so, and the desk lives."""

import asyncio
import os

import pytest

from bot.__main__ import run_command_line
from bot.operations.rules_file import BadDeskFile, load_desk_file, parse_desk_text
from handlers.rules import Rules
from kb.files.apart import Ended, call_in_subprocess, read_apart
from kb.files.validation import BadFile

DEEP = "[" * 200_000
LAUGHS = "a: &a [x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefghijkl", "bcdefghijklm", strict=True)
)
RULES = {"deep": DEEP, "deep value": f"desk: {DEEP}", "deep mapping": "{a: " * 200_000, "laughs": LAUGHS}
ARTICLES = {
    "deep.yaml": DEEP,
    "question.yaml": f"- question: {DEEP}",
    "deep.csv": "question,answer\n" + '"' * 2_000_001,
    "deep.md": "# " + " " * 1_000_000 + "x\n" + "#" * 1_000_000,
    "quotes.md": ">" * 1_000_000,
}


@pytest.mark.parametrize("name", RULES)
def test_rules_that_cannot_be_read_are_refused_in_a_sentence(tmp_path, name):
    file = tmp_path / "desk.yaml"
    file.write_text(RULES[name])
    with pytest.raises(BadDeskFile) as bad:
        load_desk_file(file, Rules())
    assert str(file) in bad.value.lines[0]
    assert len(bad.value.lines[0]) < 500


def test_rules_may_refer_to_themselves_where_they_stay_small():
    parsed = parse_desk_text("one: &one {en: Hi, uk: Привіт}\ntwo: *one\nthree: {<<: *one, 4: true}\n")
    hi = {"en": "Hi", "uk": "Привіт"}
    assert parsed.data == {"one": hi, "two": hi, "three": {**hi, "4": True}}
    assert parsed.lines["three", "4"] == 3


@pytest.mark.parametrize("name", ARTICLES)
def test_articles_that_cannot_be_read_are_refused_in_a_sentence(name):
    with pytest.raises(BadFile) as bad:
        read_apart(name, ARTICLES[name].encode())
    assert 0 < len(str(bad.value)) < 1000


@pytest.mark.parametrize("command", [("kb", "import"), ("desk", "check"), ("desk", "apply")], ids=" ".join)
async def test_a_command_says_so_and_lives(command, database_url, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("DATABASE_URL", database_url)
    file = tmp_path / "deep.yaml"
    await asyncio.to_thread(file.write_text, DEEP)
    assert await asyncio.to_thread(run_command_line, [*command, str(file)]) in (1, 2)
    assert "nested too deeply" in " ".join(capsys.readouterr().err.split())


def test_what_takes_too_long_or_too_much_ends_alone(tmp_path, monkeypatch):
    for body in ("while True: pass", "held = bytearray(2 * 1024**3)", "import os; os.kill(os.getpid(), 9)"):
        module = tmp_path / "endless.py"
        module.write_text(
            "from kb.files.apart import serve_one_request\n"
            f"def work(raw, tell):\n    {body}\n    return raw\nserve_one_request(work)\n"
        )
        monkeypatch.setattr("kb.files.apart.START", ("-c", module.read_text()))
        with pytest.raises(Ended):
            call_in_subprocess("endless", b"", seconds=1)


def test_a_reader_knows_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "secret")
    monkeypatch.setattr("kb.files.apart.START", ("-c", "import os; print(os.environ.get('SLACK_BOT_TOKEN', 'none'))"))
    assert call_in_subprocess("anything", b"").strip() == b"none"
    assert os.environ["SLACK_BOT_TOKEN"] == "secret"
