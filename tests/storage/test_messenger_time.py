"""What a messenger's clock says is read from the newest event from there that says when it happened."""

import json
from datetime import datetime, timedelta

import pytest

from storage.queues import inbox
from storage.queues.inbox import Arrival
from storage.queues.messenger_time import NEWEST, messenger_time
from storage.transaction import Transaction
from tests.clock import MONDAY

SOURCE, OTHER = "telegram:1", "slack:T1"
DAY = timedelta(days=1)


def event(key: str, kind: str, at: datetime, source: str = SOURCE, **more: str) -> Arrival:
    payload = json.dumps({"kind": kind, "source": source, "at": at.isoformat().replace("+00:00", "Z"), **more})
    return Arrival(source, key, f"{source}/{key}", payload, "", timedelta(0))


@pytest.mark.parametrize("ahead", [DAY, timedelta(minutes=2)])
async def test_a_clock_that_is_ahead_is_told_by_the_newest_event(database, ahead):
    def story(connection):
        ours = MONDAY + ahead
        inbox.accept_arrivals(connection, [event("old", "text", ours), event("new", "text", MONDAY)], ours)
        others = [
            event("press", "press", ours),
            event("slash", "command", ours, interaction="7"),
            event("there", "text", ours, OTHER),
        ]
        inbox.accept_arrivals(connection, others, ours)
        return messenger_time(connection, SOURCE, ours + DAY), messenger_time(connection, OTHER, ours)

    assert await database.run(story) == (MONDAY + DAY, MONDAY + ahead)


async def test_slack_says_when_a_button_was_pressed(database):
    def story(connection):
        said = [event("1", "text", MONDAY + DAY, OTHER), event("2", "press", MONDAY, OTHER, interaction="7")]
        inbox.accept_arrivals(connection, said, MONDAY + DAY)
        return messenger_time(connection, OTHER, MONDAY + DAY)

    assert await database.run(story) == MONDAY


@pytest.mark.parametrize("delay", [timedelta(0), timedelta(seconds=59), -DAY])
async def test_a_message_that_came_at_once_or_before_our_time_shows_nothing(database, delay):
    def story(connection):
        inbox.accept_arrivals(connection, [event("1", "command", MONDAY)], MONDAY + delay)
        return messenger_time(connection, SOURCE, MONDAY + DAY)

    assert await database.run(story) == MONDAY + DAY


async def test_nothing_is_known_where_nothing_was_said_lately(database):
    def story(connection):
        assert messenger_time(connection, SOURCE, MONDAY) == MONDAY
        inbox.accept_arrivals(connection, [event("0", "text", MONDAY - DAY), event("gone", "text", MONDAY)], MONDAY)
        inbox.empty_event_payload(connection, SOURCE, "gone")
        presses = [event(f"{n}", "press", MONDAY) for n in range(1, NEWEST)]
        inbox.accept_arrivals(connection, presses, MONDAY)
        return messenger_time(connection, SOURCE, MONDAY)

    assert await database.run(story) == MONDAY


async def test_who_was_erased_has_the_messengers_time_and_the_list_beside_the_database_ours(database):
    """Words are told by the one, and after a restore when somebody was made known by the other."""

    def story(connection):
        tx = Transaction(connection)
        ann = tx.people.meet(SOURCE, "ann", name="Ann", username="", language="en", chat="ann", at=MONDAY + DAY)
        inbox.accept_arrivals(connection, [event("1", "text", MONDAY)], MONDAY + DAY)
        tx.erasure.begin(ann.id, MONDAY + DAY)
        known = tx.erasure.accounts.known(SOURCE, "ann")
        assert known is not None
        return known.at, [at for _, at in tx.erasure.unlisted()]

    assert await database.run(story) == (MONDAY, [MONDAY + DAY])
