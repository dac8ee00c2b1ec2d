"""Whatever people write can be stored, and what comes back is what was written, but for what no database takes."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot.inbox import inbox_arrival
from handlers.vocabulary.messages import EVENT, Event, File, Kind, RichText, Sender, Span
from storage.engine import storable
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.lifecycle import Refused
from storage.models import MessageKind
from storage.models import inbox as kept_events
from storage.people.names import shown_name
from storage.queues import inbox
from storage.queues.outbox import enqueue
from storage.queues.spoken import StoredWords
from storage.transaction import Transaction
from tests.storage import rows

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOSTILE = st.text(st.sampled_from("a Б😀\ud83d\ude00\ud800\udfff\x00\x01\u202e\ufeff\uffff\n\r'\"\\%_{}"), max_size=30)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | HOSTILE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(HOSTILE, inner, max_size=4),
    max_leaves=12,
)


def events() -> st.SearchStrategy[Event]:
    """Return events with anything in every text of them."""
    words = st.builds(
        RichText, HOSTILE, st.lists(st.builds(Span, st.just("link"), st.just(0), st.just(1), HOSTILE)).map(tuple)
    )
    file = st.builds(
        File, HOSTILE, HOSTILE, HOSTILE, st.integers(0, 10**30), HOSTILE, st.dictionaries(HOSTILE, DATA, max_size=2)
    )
    sender = st.builds(Sender, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    return st.builds(
        Event, st.sampled_from(Kind), HOSTILE, HOSTILE, HOSTILE, st.just(NOW), chat=HOSTILE, sender=sender, message=HOSTILE,
        words=words, files=st.lists(file, max_size=2).map(tuple), album=HOSTILE, name=HOSTILE, value=HOSTILE,
        facts=st.dictionaries(HOSTILE, DATA, max_size=3),
    )  # fmt: skip


@given(HOSTILE)
def test_a_text_keeps_every_letter_that_is_one(text: str):
    kept = storable.storable_text(text)
    assert len(kept) == len(text), "what is counted in letters still counts"
    assert all(
        k == t or (k == "\ufffd" and (t == "\x00" or "\ud800" <= t <= "\udfff"))
        for k, t in zip(kept, text, strict=True)
    )
    assert kept.encode().decode() == storable.storable_text(kept) == kept


@given(DATA)
def test_any_data_can_be_written_down_and_read_again(data: Any):
    written = storable.storable_json_text(data)
    written.encode()
    assert storable.storable_json_text(json.loads(written)) == written


def test_what_is_nested_too_deeply_is_cut():
    deep: Any = "the bottom"
    for _ in range(5000):
        deep = {"in": [deep]}
    assert len(storable.storable_json_text(deep)) < 1000
    assert storable.storable_data({"a": math.nan, "b": 10**5000})["a"] == "nan"


@pytest.fixture
async def database(database_url: str) -> Any:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


async def test_the_inbox_takes_any_event(database: Database):
    for number, told in enumerate(examples(events(), 60)):
        kept = inbox_arrival(replace(told, key=f"{number}{told.key}"))

        def through(connection: Connection, kept: inbox.Arrival = kept) -> list[str]:
            inbox.accept_arrivals(connection, [kept], NOW)
            query = select(kept_events.c.payload).where(
                kept_events.c.source == kept.source, kept_events.c.key == kept.key
            )
            return list(connection.scalars(query))

        (payload,) = await database.run(through)
        heard = EVENT.validate_json(payload)
        assert (heard.kind, heard.at) == (told.kind, told.at)
        assert heard.words.text == storable.storable_text(told.words.text)


async def test_all_that_is_kept_of_words_takes_any(database: Database):
    for number, said in enumerate(examples(HOSTILE, 40)):

        def keep(connection: Connection, number: int = number, said: str = said) -> tuple[Any, ...]:
            tx = Transaction(connection)
            ann = rows.known(tx, f"ann{number}", name=f"{said}!", username=said, chat=said, language=said)
            about = rows.at(tx, ann, summary=said, answers={f"{said}": [said]})
            words: StoredWords = {"text": said, "spans": []}
            kept = tx.talk.add(about.id, ann.id, MessageKind.FOLLOW_UP, words=words, files=[{"name": said}], at=NOW)
            tx.talk.written(said, said, kept, NOW)
            tx.records.put(f"{said}{number}", {said: said})
            tx.records.audit("act", NOW, person=ann.id, facts={said: said})
            payload = {"operation": "send", "payload": said, "lane": f"a:b:{said}", "ready_at": NOW}
            enqueue(connection, "a:b", payload, NOW)
            tx.people.named(said)
            tx.search.find(said)
            tx.talk.at(said, said)
            again = tx.talk.get(kept)
            assert again is not None
            return (
                tx.tickets.get(about.id).summary,
                tx.people.get(ann.id).name,
                again.words,
                tx.records.get(f"{said}{number}"),
            )

        clean = storable.storable_text(said)
        summary, name, words, put = await database.run(keep)
        assert (summary, name, words["text"]) == (clean, shown_name(f"{said}!"), clean)
        assert put == {clean: clean}


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30, 10**5000], ids=["over", "under", "far", "beyond"])
async def test_a_number_that_is_too_large_finds_nobody(database: Database, number: int):
    with pytest.raises(Refused):
        await database.run(lambda connection: Transaction(connection).tickets.get(number))


def examples(strategy: st.SearchStrategy[Any], most: int) -> list[Any]:
    """Return examples of a strategy, the same each time."""
    found: list[Any] = []

    @settings(max_examples=most, database=None)
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found
