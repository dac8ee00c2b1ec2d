"""Sending rates: no stretch of a rate's period ever sees more than it allows, whoever sends."""

import asyncio
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.queues.outbox import Rate
from storage.queues.send_rates import Allowance
from tests.clock import MONDAY
from tests.storage.undone import undone

SECOND = timedelta(seconds=1)
PER_SECOND = {"all": Rate(3, SECOND)}
GROUP = {**PER_SECOND, "group": Rate(2, 60 * SECOND)}


def take(connection, rates, now, *, names=None):
    allowance = Allowance(connection, rates, now)
    due = allowance.take(names or rates)
    allowance.save()
    return due


async def test_a_rate_is_spent_and_comes_back_as_its_period_slides(database):
    def story(connection):
        for millis in (0, 200, 400):
            assert take(connection, PER_SECOND, MONDAY + timedelta(milliseconds=millis)) is None
        late = MONDAY + timedelta(milliseconds=999)
        assert take(connection, PER_SECOND, late) == MONDAY + SECOND
        assert take(connection, PER_SECOND, MONDAY + SECOND) is None
        assert take(connection, PER_SECOND, MONDAY + SECOND) == MONDAY + timedelta(milliseconds=1200)

    await database.run(story)


async def test_what_one_rate_forbids_spends_nothing_of_the_others(database):
    def story(connection):
        assert take(connection, GROUP, MONDAY) is None
        assert take(connection, GROUP, MONDAY) is None
        assert take(connection, GROUP, MONDAY + SECOND) == MONDAY + 60 * SECOND
        for _ in range(3):
            assert take(connection, GROUP, MONDAY + SECOND, names=["all"]) is None

    await database.run(story)


async def test_one_lease_spends_what_it_has_taken_itself(database):
    def story(connection):
        allowance = Allowance(connection, PER_SECOND, MONDAY)
        assert [allowance.take(["all"]) for _ in range(4)] == [None, None, None, MONDAY + SECOND]
        allowance.save()
        assert take(connection, PER_SECOND, MONDAY) == MONDAY + SECOND

    await database.run(story)


async def test_what_the_messenger_told_is_waited_for_and_never_cut_short(database):
    def story(connection):
        for seconds in (30, 5):
            allowance = Allowance(connection, GROUP, MONDAY)
            allowance.hold("group", MONDAY + seconds * SECOND)
            allowance.save()
        assert take(connection, GROUP, MONDAY + SECOND) == MONDAY + 30 * SECOND
        assert take(connection, GROUP, MONDAY + SECOND, names=["all"]) is None
        assert take(connection, GROUP, MONDAY + 30 * SECOND) is None

    await database.run(story)


async def test_what_a_clock_that_was_ahead_wrote_holds_up_a_rate_for_its_period_and_no_longer(database):
    def story(connection):
        tomorrow = MONDAY + timedelta(days=1)
        for _ in range(2):
            assert take(connection, GROUP, tomorrow) is None
        allowance = Allowance(connection, GROUP, tomorrow)
        allowance.hold("group", tomorrow + 30 * SECOND)
        allowance.save()
        assert take(connection, GROUP, MONDAY) == MONDAY + 60 * SECOND  # they were sent by now, whatever time it was
        assert take(connection, GROUP, MONDAY + 30 * SECOND) == MONDAY + 60 * SECOND
        for _ in range(2):
            assert take(connection, GROUP, MONDAY + 60 * SECOND) is None

    await database.run(story)


async def test_clocks_of_two_processes_may_differ_a_little(database):
    def story(connection):
        for _ in range(2):
            assert take(connection, GROUP, MONDAY + SECOND) is None
        assert take(connection, GROUP, MONDAY) == MONDAY + 61 * SECOND

    await database.run(story)


async def test_no_rate_is_no_limit(database):
    assert await database.run(lambda c: [take(c, {}, MONDAY) for _ in range(100)]) == [None] * 100


rates = st.builds(Rate, st.integers(1, 5), st.sampled_from([SECOND, 7 * SECOND]))
gaps = st.lists(st.sampled_from([0, 0, 1, 50_000, 333_333, 999_999, 1_000_000, 4_000_000]), max_size=40)


@pytest.mark.slow
async def test_no_window_ever_holds_more_than_the_rate(database):
    def story(connection):
        @given(rates, gaps, st.booleans())
        def holds(rate, pauses, patient):
            with undone(connection):
                now = MONDAY
                sent: list[datetime] = []
                for pause in pauses:
                    now += timedelta(microseconds=pause)
                    due = take(connection, {"all": rate}, now)
                    recent = [at for at in sent if at > now - rate.period]
                    assert (due is None) == (len(recent) < rate.count)  # neither too many nor too few
                    if due is not None:
                        assert due == recent[-rate.count] + rate.period
                        if not patient:
                            continue
                        now = due
                        assert take(connection, {"all": rate}, now) is None
                    sent.append(now)
                for first, last in zip(sent, sent[rate.count :], strict=False):
                    assert last - first >= rate.period

        holds()

    await database.run(story)


async def test_processes_share_one_allowance_from_the_first_message_on(processes):
    rate = {"all": Rate(20, 3600 * SECOND)}

    async def spend(database):
        dues = [await database.run(lambda c: take(c, rate, MONDAY)) for _ in range(15)]
        return dues.count(None)

    assert sum(await asyncio.gather(*(spend(database) for database in processes))) == 20


async def test_rates_named_in_any_order_cross_nobody(processes):
    names = [f"chat {n}" for n in range(6)]

    async def spend(database, wanted):
        for _ in range(20):
            await database.run(lambda c: take(c, {name: Rate(1000, SECOND) for name in wanted}, MONDAY))

    orders = [names, names[::-1], names[3:] + names[:3]]
    await asyncio.gather(*(spend(database, wanted) for database, wanted in zip(processes, orders, strict=True)))
