"""Full text: the same words find the same requests on both databases, whatever is added, changed and taken back."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, func, select, text, update

from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import MessageKind, message, searchable
from storage.tickets import search
from storage.tickets.search_terms import LONGEST, distinct_words, search_words
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage import rows
from tests.storage.rows import transact


@pytest.mark.parametrize(
    "forms",
    [
        "принтер принтера принтером Принтери принтеры ПРИНТЕРАМИ",
        "оплата оплати оплатою оплату",
        "рахунок рахунку рахунки рахунків",
        "помилка помилки помилку помилок",
        "підключення підключенням підключень",
        "система системи систем системою",
        "проблема проблем проблемы",
        "пароль пароля паролем паролі паролів",
        "п'ять п’ять пʼять пять",
        "ёлка елка ёлки",
        "работает работают",
        "charge charged charges charging",
        "printers printer's printer",
        "invoice invoices INVOICE",
        "ﬁle file files",
        "Straße strasse",
    ],
)
def test_a_word_is_one_in_all_its_forms(forms: str):
    assert len(set(search_words(forms))) == 1, search_words(forms)


def test_different_words_stay_apart():
    assert len(set(search_words("принтер проблема рахунок пароль printer charge invoice 1042 r2d2 каса"))) == 10


def test_punctuation_parts_words_and_is_none():
    assert search_words("user@example.com, A-4/b_2 … «лист»: 50%!") == [
        "user",
        "exampl",
        "com",
        "a",
        "4",
        "b",
        "2",
        "лист",
        "50",
    ]
    assert search_words("… !? \0 \ud800 🙂") == []
    assert search_words("x" * 100_000) == ["x" * LONGEST]


async def test_a_request_is_found_by_all_that_was_said_on_it(database: Database):
    def story(tx: Transaction) -> None:
        ann, bob = rows.known(tx, "Ann"), rows.known(tx, "Bob")
        one = rows.at(tx, ann, summary="Принтер їсть папір")
        two = rows.at(tx, ann, minutes=1, summary="My card was charged twice")
        say(tx, one.id, ann.id, MessageKind.FOLLOW_UP, "Вже третій день, на другому поверсі")
        say(tx, one.id, bob.id, MessageKind.NOTE, "Ask Eve about the cartridge")
        say(tx, two.id, bob.id, MessageKind.REPLY, "The invoice is attached", files=[{"name": "invoice-7788.pdf"}])
        find = tx.search.find
        assert find("принтером папір") == [one.id]
        assert find("принтер поверх") == []
        assert find("принтер поверсі cartridges") == [one.id]  # said by three people
        assert find("7788") == [two.id]
        assert find("charge invoice") == [two.id]
        assert find("charge принтер") == []
        assert find("") == find("!?") == []

    await transact(database, story)


async def test_answers_are_found_and_numbers_among_them_are_not_words(database: Database):
    def story(tx: Transaction) -> None:
        ann = rows.known(tx, "Ann")
        one = rows.at(tx, ann, answers={"other.room": "кабінет 314", "other.tags": ["laptop"], "n": 5, "ok": True})
        assert tx.search.find("кабінетом 314") == [one.id]
        assert tx.search.find("laptops") == [one.id]
        assert tx.search.find("true") == []

    await transact(database, story)


async def test_the_last_word_may_be_begun_only(database: Database):
    def story(tx: Transaction) -> None:
        one = rows.at(tx, rows.known(tx, "Ann"), summary="Адміністратор просить доступ")
        assert tx.search.find("доступ адмін") == [one.id]
        assert tx.search.find("адмін доступ") == []  # only the last
        assert tx.search.find("ад") == []  # too short to mean anything
        two = rows.at(tx, rows.known(tx, "Ann"), minutes=1, summary="Адмін просить доступ")
        assert tx.search.find("доступ адмін") == [two.id]  # a word of its own

    await transact(database, story)


async def test_the_newest_come_first_and_no_more_than_asked_for(database: Database):
    def story(tx: Transaction) -> None:
        ann = rows.known(tx, "Ann")
        made = [rows.at(tx, ann, minutes=n, summary=f"printer {n}").id for n in range(7)]
        assert tx.search.find("printer", limit=3) == made[:3:-1]
        assert tx.search.find("printer", limit=50) == made[::-1]

    await transact(database, story)


async def test_what_was_changed_or_taken_back_is_not_found_by_what_it_said(database: Database):
    def story(tx: Transaction) -> None:
        ann = rows.known(tx, "Ann")
        one = rows.at(tx, ann, summary="Help")
        first = say(tx, one.id, ann.id, MessageKind.FOLLOW_UP, "the elephant and the giraffe")
        say(tx, one.id, ann.id, MessageKind.FOLLOW_UP, "the giraffe again")
        was = tx.talk.get(first)
        assert was is not None
        tx.talk.edit(was, {"text": "the zebra and the giraffe", "spans": []}, MONDAY)
        assert tx.search.find("elephant") == []
        assert tx.search.find("zebra") == [one.id]
        tx.talk.delete(first, MONDAY)
        assert tx.search.find("zebra") == []
        assert tx.search.find("giraffe") == [one.id]  # said once more elsewhere
        assert tx.search.find("help") == [one.id]

    await transact(database, story)


async def test_what_is_erased_leaves_nothing(database: Database):
    def story(tx: Transaction) -> None:
        ann = rows.known(tx, "Ann")
        one, two = rows.at(tx, ann, summary="the elephant"), rows.at(tx, ann, summary="another elephant")
        tx.search.drop(one.id)
        assert tx.search.find("elephant") == [two.id]
        tx.connection.execute(delete(message))
        tx.search.drop(two.id)
        assert tx.connection.scalar(select(func.count()).select_from(searchable)) == 0
        assert tx.search.find("elephant") == []

    await transact(database, story)


async def test_a_turn_undone_is_found_by_nothing(database: Database):
    def half(connection: Connection) -> None:
        tx = Transaction(connection)
        rows.at(tx, rows.known(tx, "Ann"), summary="the elephant")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.run(half)
    assert await transact(database, lambda tx: tx.search.find("elephant")) == []


async def test_a_very_long_talk_goes_on_in_another_row_and_all_of_it_is_found(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(search, "FULL", 20)

    def story(tx: Transaction) -> None:
        ann = rows.known(tx, "Ann")
        one, other = rows.at(tx, ann, summary="Help"), rows.at(tx, ann, summary="Other")
        for n in range(10):
            say(tx, one.id, ann.id, MessageKind.FOLLOW_UP, " ".join(f"w{n}x{m} common" for m in range(9)))
        assert tx.connection.scalar(select(func.count()).select_from(searchable)) == 4 + 1
        for n in range(10):
            assert tx.search.find(f"w{n}x0 w{n}x8") == [one.id]
        assert tx.search.find("common") == [one.id]
        tx.search.renew_all(one.id)
        assert tx.search.find("w7x3 common") == [one.id]
        tx.search.drop(one.id)
        assert tx.search.find("common") == tx.search.find("w3x3") == []
        assert tx.search.find("other") == [other.id]

    await transact(database, story)


@pytest.mark.parametrize("since_kept", [True, False], ids=["new rows", "rows of an older version"])
async def test_a_change_in_a_long_talk_is_found_and_what_it_said_is_not(
    database: Database, monkeypatch: pytest.MonkeyPatch, since_kept: bool
):
    """Whichever part its words are in; and no more than that part is read."""
    monkeypatch.setattr(search, "TURNS", 4)

    def story(tx: Transaction) -> None:
        ann = rows.known(tx, "Ann")
        one, other = rows.at(tx, ann, summary="Help wanted"), rows.at(tx, ann, summary="Help elsewhere")
        said = [say(tx, one.id, ann.id, MessageKind.FOLLOW_UP, f"common word{n}z both{n // 2}z") for n in range(15)]
        say(tx, other.id, ann.id, MessageKind.FOLLOW_UP, "common word3z")
        parts = tx.connection.scalar(
            select(func.count()).where(searchable.c.id.between(4096 * one.id, 4096 * (one.id + 1) - 1))
        )
        assert parts is not None
        assert parts >= 4
        if not since_kept:
            tx.connection.execute(update(searchable).values(since=0))
        for n, number in enumerate(said):
            was = tx.talk.get(number)
            assert was is not None
            tx.talk.edit(was, {"text": f"common changed{n}z both{n // 2}z", "spans": []}, MONDAY)
            assert tx.search.find(f"changed{n}z") == [one.id]
            assert tx.search.find(f"word{n}z") == ([other.id] if n == 3 else [])
            assert [tx.search.find(f"word{m}z") for m in range(n + 1, 15) if m != 3] == [[one.id]] * len(
                [m for m in range(n + 1, 15) if m != 3]
            )
            assert tx.search.find(f"both{n // 2}z") == [one.id]
        assert sorted(tx.search.find("help")) == sorted([one.id, other.id])
        tx.talk.delete(said[7], MONDAY)
        assert tx.search.find("changed7z") == []
        assert tx.search.find("changed8z") == [one.id]

    await transact(database, story)


@pytest.mark.parametrize("limit", [1, 2, 3, 9])
async def test_requests_far_apart_are_found_newest_first(
    database: Database, monkeypatch: pytest.MonkeyPatch, limit: int
):
    monkeypatch.setattr(search, "NEWEST", 1)

    def story(tx: Transaction) -> None:
        far = [100_000, 99_999, 70_000, 40_000, 5]
        for number in far:
            tx.search.add(number, [f"the elephant {number}"])
        assert tx.search.find("elephants", limit=limit) == far[:limit]
        assert tx.search.find("elepha", limit=limit) == far[:limit]
        assert tx.search.find("elephant 40000", limit=limit) == [40_000]
        assert tx.search.find("@2") == tx.search.find("2") == []  # what PostgreSQL's rows stand on is no word

    await transact(database, story)


TALK = "принтер папір оплата card charged twice invoice printer login пароль пошта система доступ ключ офіс 12 314"


async def test_both_databases_find_the_same_whatever_happens(sqlite_url: str, postgres_url: str):
    """The same corpus, the same changes, the same questions; and what they find is what a plain reading of the words finds."""
    opened = [await open_database(url) for url in (sqlite_url, postgres_url)]
    try:
        found = [await transact(database, lambda tx: life(tx, random.Random(7))) for database in opened]
    finally:
        for database in opened:
            await database.close()
    assert found[0] == found[1]
    asked, answers, plain = found[0]
    assert answers == plain, asked
    assert sum(map(bool, answers)) > 100


async def test_many_more_than_are_looked_at_one_by_one(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "NEWEST", 5)
    asked, answers, plain = await transact(database, lambda tx: life(tx, random.Random(11)))
    assert answers == plain, asked


def life(tx: Transaction, chance: random.Random) -> tuple[list[str], list[list[int]], list[list[int]]]:
    """Let sixty requests be talked on; return what was asked, what the search found, and what has the words."""
    ann = rows.known(tx, "Ann")
    numbers = [rows.at(tx, ann, minutes=n, summary=some(chance)).id for n in range(60)]
    said: list[int] = []
    for _ in range(400):
        match chance.choice(("say", "say", "say", "edit", "delete")):
            case "say":
                said.append(say(tx, chance.choice(numbers), ann.id, MessageKind.FOLLOW_UP, some(chance)))
            case "edit" if said:
                was = tx.talk.get(chance.choice(said))
                assert was is not None
                if was.deleted_at is None:
                    tx.talk.edit(was, {"text": some(chance), "spans": []}, MONDAY)
            case "delete" if said:
                tx.talk.delete(said.pop(chance.randrange(len(said))), MONDAY)
    asked = [some(chance) for _ in range(300)] + [some(chance)[:4] for _ in range(100)]
    if tx.connection.dialect.name == "sqlite":
        tx.connection.execute(text("INSERT INTO search_words (search_words) VALUES ('integrity-check')"))
    spoken = {number: set(distinct_words(everything(tx, number))) for number in numbers}
    return asked, [tx.search.find(each, limit=100) for each in asked], [plainly(each, spoken) for each in asked]


def everything(tx: Transaction, number: int) -> list[str]:
    return [tx.tickets.get(number).summary, *(str(said.words["text"]) for said, _ in tx.talk.of(number))]


def plainly(asked: str, spoken: dict[int, set[str]]) -> list[int]:
    *whole, last = search_words(asked)
    having = {number: known for number, known in spoken.items() if known.issuperset(whole)}
    exact = [number for number, known in having.items() if last in known]
    begun = [number for number, known in having.items() if any(word.startswith(last) for word in known)]
    return sorted(exact or (begun if len(last) >= 3 else []), reverse=True)


def some(chance: random.Random) -> str:
    return " ".join(chance.sample(TALK.split(), chance.randint(1, 4)))


def say(
    tx: Transaction,
    number: int,
    person: int,
    kind: MessageKind,
    said: str,
    *,
    files: Sequence[dict[str, Any]] = (),
) -> int:
    at = MONDAY + timedelta(hours=1)
    return tx.talk.add(number, person, kind, words={"text": said, "spans": []}, files=files, at=at)
