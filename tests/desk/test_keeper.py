"""After many changes the index before them answers until the new one is there; a few are known to the next question."""

import asyncio
from functools import partial

import pytest

from bot.operations.index_keeper import IndexKeeper
from handlers.turns.knowledge import FEW, Knowledge, index_of
from kb import Sure
from storage.desk.articles import Articles
from storage.desk.articles_import import Brought, bring_in
from tests.clock import MONDAY, HandClock

MANY = 3000


def bring(connection, begin, count, *, word="thing"):
    """Write articles as a file brings them."""
    brought = [
        Brought(None, "", "en", f"{word} number{n} kind{n % 97} sort{n % 89}", "So.")
        for n in range(begin, begin + count)
    ]
    bring_in(connection, brought, by=None, at=MONDAY)


def question(n, word="thing"):
    return f"{word} number{n} kind{n % 97} sort{n % 89}"


def knows(knowledge, text, connection):
    """Return whether the knowledge base is asked in exactly these words."""
    verdict = knowledge.find(Articles(connection), text)
    return isinstance(verdict, Sure) and verdict.candidates[0].phrasing == text


@pytest.fixture
async def kept(database):
    knowledge = Knowledge()
    rested = asyncio.Event()
    clock = HandClock(rested=rested.set)
    await database.run(partial(bring, begin=0, count=5, word="first"))
    keeper = IndexKeeper(database, clock, knowledge)
    await keeper.start()
    serving = asyncio.create_task(keeper.serve())

    async def settles():
        async with asyncio.timeout(60):
            await asyncio.sleep(0)
            while not clock.idle(1):
                rested.clear()
                await rested.wait()

    yield database, knowledge, keeper, settles
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def test_an_import_of_thousands_is_built_beside_the_questions(kept):
    database, knowledge, keeper, settles = kept
    await settles()
    old, new = question(3, "first"), question(MANY - 1)
    await database.run(partial(bring, begin=0, count=MANY))
    before = knowledge._index
    assert await database.run(partial(knows, knowledge, old))  # from the index before it
    assert knowledge._index is before
    assert not await database.run(partial(knows, knowledge, new))
    await settles()
    assert knowledge._index is not before
    assert await database.run(partial(knows, knowledge, new))
    assert len(knowledge._index) == MANY + 5
    assert not keeper.bell.is_set()


@pytest.mark.parametrize("count", [1, FEW])
async def test_a_few_are_known_to_the_next_question(kept, count):
    database, knowledge, _, settles = kept
    await settles()
    before = knowledge._index
    await database.run(partial(bring, begin=0, count=count))
    assert await database.run(partial(knows, knowledge, question(count - 1)))
    assert knowledge._index is before


async def test_what_changes_while_an_index_is_built_is_not_missed(kept):
    database, knowledge, keeper, settles = kept
    await settles()
    await database.run(partial(bring, begin=0, count=FEW + 1))
    building = asyncio.create_task(keeper._build())
    await database.run(partial(bring, begin=FEW + 1, count=1, word="meanwhile"))
    await building
    assert await database.run(partial(knows, knowledge, question(FEW + 1, "meanwhile")))
    assert await database.run(partial(knows, knowledge, question(FEW)))


async def test_until_the_whole_index_is_there_no_question_reads_again_what_changed(database, monkeypatch):
    knowledge = Knowledge()
    asked: list[int] = []
    read: list[int] = []
    knowledge.behind = lambda: asked.append(1)
    since = Articles.since

    def counted(self, start, **limit):
        read.append(start)
        return since(self, start, **limit)

    monkeypatch.setattr(Articles, "since", counted)
    await database.run(partial(bring, begin=0, count=FEW * 2))
    for _ in range(3):
        assert not await database.run(partial(knows, knowledge, question(1)))
    assert (len(asked), read) == (3, [0])
    half = await database.run(lambda connection: Articles(connection).revision())
    await database.run(partial(bring, begin=FEW * 2, count=FEW * 2))
    knowledge.swap(index_of([]), half)  # one that was begun before the second half was brought: that is read
    assert not await database.run(partial(knows, knowledge, question(1)))
    assert (len(asked), read) == (4, [0, half])
