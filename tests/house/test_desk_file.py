"""`frontdesk desk export|check|apply`: the desk's rules as a file, exact both ways, every mistake at its line."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.__main__ import run_command_line as command
from bot.operations import seed
from bot.operations.rules_file import desk_file_text, load_desk_file, parse_desk_text
from handlers.rules import Rules
from handlers.rules.book import RulesCache
from handlers.rules.change import Wrong, document_changes, put_document
from handlers.rules.document import ordered_document, read_document
from handlers.vocabulary.translations import LANGUAGES
from storage.engine import migrate
from storage.engine.opening import open_database
from storage.engine.schema import schema_fits
from storage.transaction import Transaction
from tests.clock import MONDAY

GOOD = """\
desk: {time_zone: Europe/Kyiv, reopen_window: 14d}
types:
  order:
    title: {en: "Order", uk: "Замовлення", ru: "Заказ"}
    fields:
      - {name: what, label: What do you need, kind: choice, choices: {no: No, pen: A pen}}
      - {name: colour, label: Which colour, when: {what: [pen]}}
"""


@pytest.fixture
async def desk(database_url, monkeypatch, tmp_path):
    """Stand in an empty folder beside a running desk's database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    database = await open_database(database_url)

    def first(connection):
        seed.seed_rules(connection, document=seed.example_rules(), base=Rules(), now=MONDAY)

    if not await database.run(schema_fits):
        await migrate.prepare_schema(database)
    await database.run(first)
    yield database
    await database.close()


async def calls(arguments):
    """Return the exit code of a command, run where no loop is."""
    return await asyncio.to_thread(command, arguments)


def test_the_example_reads_without_a_mistake_and_writes_back_the_same():
    rules, problems = read_document(seed.example_rules(), Rules())
    assert problems == []
    assert list(rules.types) == ["access", "hardware", "billing", "supplies", "other"]
    assert parse_desk_text(desk_file_text(seed.example_rules())).data == ordered_document(seed.example_rules())


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("desk: {auto_close: soon}", "desk.yaml:1: desk.auto_close: soon is no length of time: write 15m, 4h or 3d"),
        (
            "desk:\n  time_zone: Europe/Kiyv",
            "desk.yaml:2: desk.time_zone: Europe/Kiyv is not known here; did you mean Europe/Kyiv?",
        ),
        ("dekk: {}", "desk.yaml:1: dekk: dekk is not known here; did you mean desk?"),
        ("desk: {talk: internal}\ndesk: {}", "desk.yaml:2: desk: desk stands here twice: leave one"),
        (
            "desk: {auto_close: 1d, reminder: 2d}",
            "desk.yaml:1: desk.reminder: the reminder comes before auto_close: make it shorter",
        ),
        ("types: {a: {title: A}}", "desk.yaml:1: types.a.fields: a form asks at least one thing: add a field"),
        ("types: {}", "desk.yaml:1: types: a desk needs at least one request type"),
        (
            "types:\n  a:\n    title: A\n    fields:\n      - {name: x, label: X, when: {y: [1]}}\n      - {name: y, label: Y}",
            "desk.yaml:5: types.a.fields[0].when.y: the condition names y, which is not asked before it; asked are: —",
        ),
        (
            'texts:\n  uk:\n    request.registered: "№{numer}"',
            "desk.yaml:3: texts.uk.request.registered: nothing fills {numer} here; there are: {ticket}",
        ),
        (
            "types: {a: {title: A, priority: hihg, fields: {name: x, label: X}}}",
            "desk.yaml:1: types.a.priority: hihg is not known here; did you mean high?",
        ),
        ("types: [", "desk.yaml:1: "),
        ("a: &b [*b]", "desk.yaml:1: "),
        ("- 1", "desk.yaml:1: the file: "),
    ],
)
async def test_a_mistake_is_told_with_its_line_and_the_fix(desk, tmp_path, capsys, broken, told):
    (tmp_path / "desk.yaml").write_text(broken, "utf-8")
    assert await calls(["desk", "check", "desk.yaml"]) == 1
    assert told in capsys.readouterr().err
    assert await calls(["desk", "apply", "desk.yaml"]) == 1
    assert (await desk.run(lambda connection: Transaction(connection).rules.newest())).act == "first"


def test_words_are_what_they_look_like():
    found = parse_desk_text("{a: 9:30, b: 2026-12-31, c: no, d: 010, e: true, f: 7, g: ~, h: 1.5}").data
    assert found == {"a": "9:30", "b": "2026-12-31", "c": "no", "d": "010", "e": True, "f": 7, "g": None, "h": "1.5"}


async def test_applying_changes_a_running_desk_and_retires_what_is_gone(desk, tmp_path, capsys):
    book = RulesCache(Rules())
    await desk.run(lambda connection: book.follow(Transaction(connection).rules))
    (tmp_path / "desk.yaml").write_text(GOOD, "utf-8")

    assert await calls(["desk", "apply", "--dry-run", "desk.yaml"]) == 0
    assert "+ types.order: " in capsys.readouterr().out
    assert await calls(["desk", "apply", "desk.yaml"]) == 0
    out = capsys.readouterr().out
    assert "- types.billing (retired: requests that have it keep it)" in out
    assert "+ desk: {time_zone: Europe/Kyiv, reopen_window: 14d}" in out

    def now(connection):
        tx = Transaction(connection)
        return book.follow(tx.rules), [kind.name for kind in tx.requests.types()]

    rules, types = await desk.run(now)
    assert (rules.zone, rules.reopen_window, types) == ("Europe/Kyiv", timedelta(days=14), ["order"])

    assert await calls(["desk", "export", "again.yaml"]) == 0
    capsys.readouterr()
    assert await calls(["desk", "apply", "again.yaml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"applied": True, "changes": []}
    assert len(await desk.run(lambda connection: Transaction(connection).rules.history())) == 2


async def test_a_mistake_of_a_caller_changes_nothing(desk):
    def wrong(connection):
        with pytest.raises(Wrong):
            put_document(Transaction(connection), {"types": {}}, Rules(), act="test", by=None, at=MONDAY)
        newest = Transaction(connection).rules.newest()
        assert newest is not None
        return newest.act

    assert await desk.run(wrong) == "first"


async def test_what_was_undone_is_not_in_force(desk):
    """A revision that a transaction took back may get its number again, with other rules in it."""
    book = RulesCache(Rules())

    class Undone(Exception):
        pass

    def change(hours, *, fail):
        def work(connection):
            tx = Transaction(connection)
            at = MONDAY + timedelta(hours=hours)
            put_document(
                tx,
                {**seed.example_rules(), "desk": {"reopen_window": f"{hours}h"}},
                Rules(),
                act="test",
                by=None,
                at=at,
            )
            book.follow(tx.rules)
            if fail:
                raise Undone

        return work

    with pytest.raises(Undone):
        await desk.run(change(1, fail=True))
    await desk.run(change(2, fail=False))
    assert book.rules.reopen_window == timedelta(hours=2)


def test_the_order_of_the_types_is_a_difference():
    one = {"types": {"a": 1, "b": 2}}
    assert [change.path for change in document_changes(one, {"types": {"b": 2, "a": 1}})] == [("types", "order")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_of_ones_own_is_said(tmp_path, language):
    file = tmp_path / "desk.yaml"
    file.write_text(f"texts: {{{language}: {{request.registered: 'No. {{ticket}}'}}}}", "utf-8")
    rules, problems = read_document(load_desk_file(file, Rules()), Rules())
    assert (problems, rules.texts[language]) == ([], {"request.registered": "No. {ticket}"})
