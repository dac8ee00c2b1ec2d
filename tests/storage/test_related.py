"""Tickets that belong together: looked up by their ties, at any size."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from storage.lifecycle import Action
from storage.tickets.tickets import TicketConflict
from tests.clock import MONDAY
from tests.storage.rows import at, known, transact


async def test_a_ticket_goes_on_for_whoever_still_needs_it(database):
    def story(tx):
        ann, zoe, bob = (known(tx, name) for name in ("Ann", "Zoe", "Bob"))
        kept, gone, own = at(tx, ann), at(tx, zoe, summary="Theirs"), at(tx, ann, minutes=1)
        for each in (gone, own):
            tx.tickets.act(each, Action.MERGE, by=bob.id, at=MONDAY, to=kept.id)
        kept = tx.tickets.act(kept, Action.REPLY, by=bob.id, at=MONDAY + timedelta(hours=1))
        assert [t.id for t in tx.related.merged(kept.id)] == [gone.id, own.id]
        assert [t.id for t in tx.related.whole(tx.tickets.get(gone.id))] == [kept.id, gone.id, own.id]
        assert [t.id for t in tx.related.parties(kept)] == [kept.id, gone.id]  # nobody is told twice
        gone = tx.tickets.get(gone.id)
        assert tx.related.heir(kept) is kept
        assert tx.related.heir(gone) == kept
        kept = tx.related.leave(kept, [gone], by=zoe.id, at=MONDAY)
        assert [t.id for t in tx.related.parties(kept)] == [kept.id]
        kept = tx.related.rejoin(kept, [tx.tickets.get(gone.id)], by=zoe.id, at=MONDAY)
        assert [t.id for t in tx.related.parties(kept)] == [kept.id, gone.id]

    await transact(database, story)


async def test_of_two_who_leave_at_once_the_second_looks_again(database):
    def story(tx):
        ann, zoe, bob = (known(tx, name) for name in ("Ann", "Zoe", "Bob"))
        kept, gone = at(tx, ann), at(tx, zoe)
        tx.tickets.act(gone, Action.MERGE, by=bob.id, at=MONDAY, to=kept.id)
        gone = tx.tickets.get(gone.id)
        tx.related.leave(kept, [kept], by=ann.id, at=MONDAY)
        with pytest.raises(TicketConflict):
            tx.related.leave(kept, [gone], by=zoe.id, at=MONDAY)

    await transact(database, story)


async def test_what_comes_of_a_problem_is_counted_and_walked_while_it_is_worked_on(database):
    def story(tx):
        ann = known(tx, "Ann")
        cause, other, *made = (at(tx, ann) for _ in range(7))
        for each in made:
            tx.tickets.change(each, at=MONDAY, problem_id=cause.id)
        tx.tickets.act(tx.tickets.get(made[0].id), Action.CLOSE, by=None, at=MONDAY)
        rest = [t.id for t in made[1:]]
        assert tx.related.linked(cause.id) == len(rest)
        assert [t.id for t in tx.related.next_linked(cause.id, after=0, most=2)] == rest[:2]
        assert [t.id for t in tx.related.next_linked(cause.id, after=rest[1], most=9)] == rest[2:]
        tx.related.relink(cause.id, other.id)
        assert (tx.related.linked(cause.id), tx.related.linked(other.id)) == (0, len(rest))

    await transact(database, story)


async def test_who_watches_is_kept_and_moves_along(database):
    def story(tx):
        ann, bob, eve = (known(tx, name) for name in ("Ann", "Bob", "Eve"))
        gone, kept = at(tx, ann), at(tx, ann)
        assert tx.hearing.watch(gone.id, bob.id)
        assert tx.hearing.watch(gone.id, eve.id)
        assert tx.hearing.watch(kept.id, eve.id)
        tx.hearing.move(gone.id, kept.id)
        assert (tx.hearing.watchers(gone.id), tx.hearing.watchers(kept.id)) == ([], [bob.id, eve.id])
        assert not tx.hearing.watch(kept.id, bob.id)
        assert tx.hearing.watchers(kept.id) == [eve.id]
        assert tx.hearing.chosen(bob.id) == {}
        tx.hearing.choose(bob.id, {"claimed": False})
        assert tx.hearing.chosen(bob.id) == {"claimed": False}
        tx.hearing.choose(bob.id, {})
        assert tx.hearing.chosen(bob.id) == {}

    await transact(database, story)


async def test_ties_are_found_by_their_indexes(database):
    queries = {
        "ix_ticket_merged": "SELECT id FROM ticket WHERE merged_into = 5 ORDER BY id",
        "ix_ticket_problem": "SELECT count(*) FROM ticket WHERE problem_id = 5 AND urgency IS NOT NULL",
    }

    def explained(connection, query):
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            return "\n".join(row[0] for row in connection.execute(text(f"EXPLAIN {query}")))
        return "\n".join(row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}")))

    for index, query in queries.items():
        plan = await database.run(lambda connection, query=query: explained(connection, query))
        assert index in plan, plan
