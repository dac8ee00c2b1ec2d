"""`frontdesk kb import|export|match`: articles come from files, all or nothing, beside a running desk."""

import asyncio
import contextlib
import json
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import run_command_line
from bot.operations import article_files
from kb.files.notes import Options
from storage.desk.articles import Articles
from storage.desk.articles_import import remembered_imports
from storage.engine.opening import open_database

PATIENCE = 30.0  # seconds a writer waits to be read beside

TWO = """\
- id: wifi
  section: Network
  question: I can't connect to the Wi-Fi
  aliases: [wifi does not work, no wireless network]
  answer: Forget the network and **join it again**.
- question: How do I reset my password?
  answer: At reset.example.com.
"""


@pytest.fixture
async def desk(database_url, monkeypatch, tmp_path):
    """Stand in an empty folder beside a running desk's database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    database = await open_database(database_url)
    yield database
    await database.close()


@pytest.fixture
def two(desk) -> Path:
    Path("two.yaml").write_text(TWO, encoding="utf-8")
    return Path("two.yaml")


async def frontdesk(*arguments: str) -> int:
    return await asyncio.to_thread(run_command_line, list(arguments))


def keep(name: str, content: bytes) -> None:
    """Let a file lie there."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(content)


async def taken(desk) -> list[str]:
    """Return the names of the imports that can be taken back, the newest first."""
    return [name for name, *_ in await desk.run(remembered_imports)]


async def there(desk):
    return await desk.run(lambda connection: Articles(connection).everything())


async def test_what_was_added_and_changed_is_told(desk, two, capsys):
    assert await frontdesk("kb", "import", "two.yaml") == 0
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "+ I can't connect to the Wi-Fi",
        "+ How do I reset my password?",
        f"2 added, 0 changed, 0 were the same. Take it back with `frontdesk kb undo {(await taken(desk))[0]}`.",
    ]
    two.write_text(TWO.replace("join it again", "start it anew"), encoding="utf-8")
    assert await frontdesk("kb", "import", "two.yaml") == 0
    assert (
        capsys.readouterr().out.splitlines()[-1].startswith("0 added, 1 changed, 1 were the same. Take it back with `")
    )
    wifi, password = await there(desk)
    assert wifi.answer == "Forget the network and **start it anew**."
    assert wifi.aliases == ("wifi does not work", "no wireless network")
    assert password.language == "en"


async def test_each_change_is_a_version_and_one_revision_for_all(desk, two):
    assert await frontdesk("kb", "import", "two.yaml", "--language", "uk") == 0
    rows = await there(desk)
    assert {row.revision for row in rows} == {1}
    assert {row.language for row in rows} == {"uk"}
    assert [v.act for v in await desk.run(lambda c: Articles(c).versions(rows[0].id))] == ["import"]


async def test_a_second_time_changes_nothing(desk, two, capsys):
    for _ in range(2):
        assert await frontdesk("kb", "import", "two.yaml") == 0
    assert capsys.readouterr().out.endswith("0 added, 0 changed, 2 were the same.\n")
    assert await desk.run(lambda connection: Articles(connection).revision()) == 1


async def test_one_wrong_article_and_none_is_taken(desk, two, capsys):
    two.write_text(f"{TWO}- question: And this?\n- question: wifi does not work\n  answer: So.\n", encoding="utf-8")
    assert await frontdesk("kb", "import", "two.yaml") == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "line 8: the answer to “And this?” is empty" in told.err
    assert "line 9: “wifi does not work” is already asked by “I can't connect to the Wi-Fi” (line 1)" in told.err
    assert told.err.endswith("Nothing was changed; to be mended: 2.\n")
    assert await there(desk) == []


async def test_programs_read_one_json_document(desk, two, capsys):
    assert await frontdesk("kb", "import", "two.yaml", "--json") == 0
    (token,) = await taken(desk)
    assert json.loads(capsys.readouterr().out) == {"added": 2, "changed": 0, "same": 0, "import": token}
    two.write_text("- question: And this?\n", encoding="utf-8")
    assert await frontdesk("kb", "import", "two.yaml", "--json") == 1
    (refused,) = json.loads(capsys.readouterr().out)["refused"]
    assert (refused["line"], refused["reason"]) == (1, "empty_answer")


@pytest.mark.parametrize("ending", ["yaml", "csv", "md"])
async def test_what_is_exported_can_be_imported(desk, two, capsys, ending):
    assert await frontdesk("kb", "import", "two.yaml") == 0
    assert await frontdesk("kb", "export", f"all.{ending}") == 0
    assert await frontdesk("kb", "import", f"all.{ending}", "--json") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"added": 0, "changed": 0, "same": 2}


async def test_a_dry_run_tells_and_changes_nothing(desk, two, capsys):
    assert await frontdesk("kb", "import", "two.yaml", "--dry-run") == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == "2 added, 0 changed, 0 were the same. Nothing was done: this was a dry run."
    assert await there(desk) == []
    assert await frontdesk("kb", "import", "two.yaml", "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"added": 2, "changed": 0, "same": 0, "dry_run": True}


async def test_a_table_whose_columns_are_guessed_is_asked_about(desk, capsys):
    table = "Код;Коротко;Докладно\n1;Що робити з ключем?;Здати вахтеру.\n2;Хто вахтер?;Пан Остап.\n"
    keep("вахта.csv", table.encode("koi8-u"))
    assert await frontdesk("kb", "import", "вахта.csv") == 1
    told = capsys.readouterr().err
    assert "it cannot be told which columns are meant: " in told
    assert "question from B (Коротко)" in told
    assert "say it with `--columns question=B,answer=C`" in told
    assert await frontdesk("kb", "import", "вахта.csv", "--dry-run") == 0
    assert "without a dry run, say which are meant, such as `--columns question=B,answer=C`." in capsys.readouterr().out
    assert await there(desk) == []
    assert await frontdesk("kb", "import", "вахта.csv", "--columns", "question=B,answer=3") == 0
    assert [(row.question, row.language) for row in await there(desk)] == [
        ("Що робити з ключем?", "uk"),
        ("Хто вахтер?", "uk"),
    ]
    assert "Saved in koi8-u." in capsys.readouterr().out


async def test_an_import_is_undone_whole(desk, two, capsys):
    assert await frontdesk("kb", "import", "two.yaml") == 0
    rows = "".join(f"Matter of thing{n}?,Answer {n}\n" for n in range(90))
    keep("more.csv", f"question,answer\n{rows}How do I reset my password?,Ask.\n".encode())
    capsys.readouterr()
    assert await frontdesk("kb", "import", "more.csv") == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("90 added, 1 changed, 0 were the same. Take it back with `frontdesk kb undo ")
    token = last.rpartition("undo ")[2].rstrip("`.")
    assert len(await there(desk)) == 92
    assert await frontdesk("kb", "undo", token) == 0
    assert capsys.readouterr().out == "90 removed, 1 as they were before.\n"
    assert [(row.question, row.answer) for row in await there(desk)][1:] == [
        ("How do I reset my password?", "At reset.example.com.")
    ]
    assert await frontdesk("kb", "undo", token) == 2


@pytest.mark.parametrize("as_json", [False, True])
async def test_an_import_that_is_stopped_says_what_it_left_and_how_to_take_it_back(
    desk, two, capsys, monkeypatch, as_json
):
    @contextlib.contextmanager
    def stopping():
        def tell(doing, done, of):
            if doing == "Writing" and 0 < done < of:
                task = asyncio.current_task()
                assert task is not None
                task.cancel()

        yield tell

    assert await frontdesk("kb", "import", "two.yaml") == 0
    keep("more.csv", b"question,answer\n" + b"".join(b"Matter of thing%d?,Answer\n" % n for n in range(90)))
    capsys.readouterr()
    with monkeypatch.context() as patched:
        patched.setattr("bot.commands.kb.bar", stopping)
        assert await frontdesk("kb", "import", "more.csv", *["--json"] * as_json) == 1
    told = capsys.readouterr()
    last, first = await taken(desk)
    left = len(await there(desk)) - 2
    assert 0 < left < 90
    if as_json:
        assert json.loads(told.out) == {"stopped": True, "added": left, "changed": 0, "import": last}
    else:
        assert told.err.startswith(f"Stopped half-way: {left} added, 0 changed so far.")
        assert f"`frontdesk kb undo {last}`" in told.err
    assert await frontdesk("kb", "undo") == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == [last, first]
    assert listed[0].endswith(f"UTC  {left} added, 0 changed")
    assert await frontdesk("kb", "undo", last) == 0
    assert len(await there(desk)) == 2


async def test_a_folder_of_pages_is_taken(desk, capsys):
    keep("help/delivery/when.md", b"# When will it come?\n\nIn two days.\n")
    keep("help/shops/where.md", b"# Where is the locker?\n\nBy the shop.\n")
    assert await frontdesk("kb", "import", "help") == 0
    assert [(row.section, row.question) for row in await there(desk)] == [
        ("delivery", "When will it come?"),
        ("shops", "Where is the locker?"),
    ]


async def test_a_text_is_matched_and_the_reason_told(desk, two, capsys):
    assert await frontdesk("kb", "import", "two.yaml") == 0
    capsys.readouterr()
    assert await frontdesk("kb", "match", "wifi doesnt work", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "sure"
    assert found["candidates"][0]["question"] == "I can't connect to the Wi-Fi"
    assert found["candidates"][0]["phrasing"] == "wifi does not work"
    assert await frontdesk("kb", "match", "7") == 0
    assert capsys.readouterr().out.startswith("It would offer a person.")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["import", "nowhere.yaml"], "FILE: "),
        (["import", "two.txt"], "FILE: "),
        (["import", "two.yaml", "--columns", "question"], "--columns: "),
        (["undo", "0badcafe"], "IMPORT: "),
        (["export", "nowhere/all.yaml"], "FILE: "),
        (["export", "all.txt"], "FILE: "),
        (["match", "wifi", "--language", "english"], "--language: "),
    ],
)
async def test_wrong_usage_is_one_line(desk, two, capsys, arguments, named):
    assert await frontdesk("kb", *arguments) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert told.err.startswith(named)


async def test_a_change_made_while_the_file_is_read_is_kept(desk, two, database_url):
    def add(connection):
        facts = {"language": "en", "question": "Where is the lift?", "answer": "Left."}
        return Articles(connection).add(by=None, at=datetime.now(UTC), **facts)

    async def somebody():
        other = await open_database(database_url)
        await other.run(add)
        await other.close()

    def meanwhile(*_):
        if not came:
            came.append(threading.Thread(target=asyncio.run, args=(somebody(),)))
            came[0].start()
            came[0].join()

    came = []
    changes, _ = await article_files.import_file(database_url, two, options=Options(), tell=meanwhile)
    assert len(changes.added) == 2
    assert [row.question for row in await there(desk)] == [
        "Where is the lift?",
        "I can't connect to the Wi-Fi",
        "How do I reset my password?",
    ]


def test_the_knowledge_base_needs_no_messenger():
    code = (
        "import sys; from bot.__main__ import run_command_line; import bot.operations.article_files, bot.operations.doctor; "
        "run_command_line(['kb', '--help']); "
        "sys.exit(bool({'aiogram', 'slack_bolt'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


async def test_a_database_in_which_nothing_is_yet_is_called_new_not_old(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/new.db")
    (tmp_path / "two.yaml").write_text(TWO, encoding="utf-8")
    assert await frontdesk("kb", "import", str(tmp_path / "two.yaml")) == 2
    assert "this database is new: nothing is in it yet; run 'frontdesk migrate' first" in capsys.readouterr().err


READS = (("kb", "export", "all.yaml"), ("kb", "match", "wifi"), ("desk", "export", "desk.yaml"), ("dead", "list"))


@pytest.mark.parametrize("command", READS, ids=lambda command: " ".join(command[:2]))
async def test_what_only_reads_waits_for_no_writer(desk, two, command, capsys):
    """The desk is in the middle of a long transaction."""
    assert await frontdesk("kb", "import", "two.yaml") == 0
    loop, begun, read = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def long(connection):
        connection.exec_driver_sql("UPDATE article SET answer = answer")
        loop.call_soon_threadsafe(begun.set)
        return read.wait(PATIENCE) if not desk.shared else None

    writing = asyncio.create_task(desk.run(long))
    await begun.wait()
    assert await frontdesk(*command) == 0
    read.set()
    assert await writing is not False, "it was only read once the writer had given up"


@pytest.mark.parametrize("command", READS, ids=lambda command: " ".join(command[:2]))
def test_what_only_reads_makes_no_file(command, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/desk.db")
    monkeypatch.chdir(tmp_path)
    assert run_command_line(list(command)) == 2
    assert "DATABASE_URL: " in (said := capsys.readouterr().err)
    assert "is not there" in said
    assert list(tmp_path.iterdir()) == []
