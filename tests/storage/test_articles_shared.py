"""Several processes change and read the articles at once: revisions never repeat, and no index is ever behind."""

import asyncio

import pytest
from sqlalchemy import text

from handlers.turns.knowledge import Knowledge
from kb import Sure
from storage.desk.articles import ArticleRow, Articles
from storage.lifecycle import Refused
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import transact


def put(articles: Articles, question: str) -> ArticleRow:
    return articles.add(by=None, at=MONDAY, language="en", question=question, answer="So.")


async def test_changes_made_at_once_are_numbered_one_after_another(processes):
    async def write(number: int) -> int:
        return (await transact(processes[number % 3], lambda tx: put(tx.articles, f"Question {number}?"))).revision

    assert sorted(await asyncio.gather(*map(write, range(30)))) == list(range(1, 31))


async def test_whoever_follows_while_others_write_misses_nothing(processes):
    knowledge = Knowledge()

    async def write(number: int) -> None:
        await transact(processes[number % 2], lambda tx: put(tx.articles, f"thing number {number}"))

    async def look() -> None:
        await transact(processes[2], lambda tx: knowledge.find(tx.articles, "thing"))

    await asyncio.gather(*(work for number in range(24) for work in (write(number), look(), look())))

    def every(tx):
        return [knowledge.find(tx.articles, f"thing number {number}") for number in range(24)]

    verdicts = await transact(processes[2], every)
    assert [type(verdict) for verdict in verdicts] == [Sure] * 24
    assert len(knowledge._index) == 24


class Meanwhile(Articles):
    """Articles read slowly: another turn of the same process has its way before the changes arrive."""

    def __init__(self, connection, knowledge: Knowledge, *, stale: int | None = None) -> None:
        super().__init__(connection)
        self._knowledge, self._stale = knowledge, stale

    def revision(self) -> int:
        if self._stale is not None:
            stale, self._stale = self._stale, None
            self._knowledge.follow(Articles(self._connection))
            return stale
        return super().revision()

    def since(self, seen: int, *, limit: int | None = None) -> list[ArticleRow]:
        found = super().since(seen, limit=limit)
        self._knowledge.follow(Articles(self._connection))
        return found


@pytest.mark.parametrize("stale", [None, 1])
async def test_turns_of_one_process_do_not_undo_what_each_other_have_read(database, stale):
    def story(tx):
        knowledge = Knowledge()
        put(tx.articles, "first thing")
        knowledge.follow(tx.articles)
        put(tx.articles, "second thing")
        knowledge.follow(Meanwhile(tx.connection, knowledge, stale=stale))
        put(tx.articles, "third thing")
        knowledge.follow(Meanwhile(tx.connection, knowledge))
        assert len(knowledge._index) == 3
        assert knowledge._seen == 3

    await transact(database, story)


async def test_a_change_undone_is_forgotten(database):
    knowledge = Knowledge()
    await transact(database, lambda tx: put(tx.articles, "where is the canteen"))

    def undone(tx):
        put(tx.articles, "zebra crossing paint")
        knowledge.follow(tx.articles)
        raise Refused("article")

    with pytest.raises(Refused):
        await transact(database, undone)
    await transact(database, lambda tx: knowledge.follow(tx.articles))
    assert len(knowledge._index) == 1


async def test_one_of_two_deciders_wins(processes):
    number = (await transact(processes[0], lambda tx: put(tx.articles, "How?"))).id
    waiting = await transact(processes[0], lambda tx: tx.articles.propose(number, "how so", by=None, at=MONDAY))

    async def decide(process: int) -> bool:
        try:
            work = lambda tx: tx.articles.decide(waiting, live=True, by=None, at=MONDAY)  # noqa: E731
            await transact(processes[process], work)
        except Refused:
            return False
        return True

    assert sorted(await asyncio.gather(*map(decide, range(3)))) == [False, False, True]
    assert await transact(processes[0], lambda tx: tx.articles.get(number).aliases) == ("how so",)


async def test_the_same_words_proposed_at_once_are_proposed_once(processes):
    number = (await transact(processes[0], lambda tx: put(tx.articles, "How?"))).id

    async def propose(process: int) -> int | None:
        return await transact(processes[process], lambda tx: tx.articles.propose(number, "how so", by=None, at=MONDAY))

    made = await asyncio.gather(*map(propose, range(3)))
    assert [one is None for one in made].count(False) == 1
    assert len(await transact(processes[0], lambda tx: tx.articles.proposed())) == 1


async def test_of_two_who_decide_about_an_alias_at_once_the_second_is_told(processes):
    def proposed(tx: Transaction) -> int:
        where, other = put(tx.articles, "Where is the canteen?"), put(tx.articles, "Where is the sauna?")
        tx.articles.propose(other.id, "cafeteria", by=None, at=MONDAY)
        found = tx.articles.propose(where.id, "cafeteria", by=None, at=MONDAY)
        assert found is not None
        return found

    number = await transact(processes[0], proposed)
    begun = asyncio.Event()

    def first(tx: Transaction) -> None:
        tx.articles.decide(number, live=True, by=None, at=MONDAY)
        begun.set()
        while not tx.connection.scalar(WAITING):  # until the other one has read it, and waits for it
            tx.connection.execute(text("select pg_sleep(0.01)"))

    async def second() -> None:
        await begun.wait()
        with pytest.raises(Refused, match="decided"):
            await transact(processes[1], lambda tx: tx.articles.decide(number, live=False, by=None, at=MONDAY))

    await asyncio.gather(transact(processes[0], first), second())
    assert len(await transact(processes[2], lambda tx: tx.articles.proposed())) == 1


WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
