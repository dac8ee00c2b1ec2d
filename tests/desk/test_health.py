"""Health is what happened lately; what is told of it is told once."""

import logging
from datetime import timedelta

import pytest

from bot.messengers.protocol import CallRefused
from bot.messengers.refused_calls import EVERY, REASONS, Refusals
from bot.monitoring.health import LATELY, REMINDED, SILENT, Contact, Health
from bot.monitoring.metrics import Metrics
from storage.engine.database import DatabaseDamaged, DatabaseUnavailable
from tests.clock import MONDAY


class Moments:
    """A moment that is moved by hand, back too."""

    def __init__(self):
        self.moment = MONDAY

    def __call__(self):
        return self.moment

    def passes(self, **time):
        self.moment += timedelta(**time)


@pytest.fixture
def now():
    return Moments()


def test_a_failure_lasts_until_the_same_goes_well(now):
    health = Health(now)
    health.failed("inbox", DatabaseUnavailable("full"))
    health.went("turns")  # reading goes well on a full disk
    assert str(health.trouble) == "full"
    health.went("inbox")
    assert health.trouble is None


def test_a_failure_that_nobody_tried_again_is_forgotten(now):
    health = Health(now)
    health.failed("inbox", DatabaseUnavailable("full"))
    now.passes(seconds=LATELY.total_seconds() + 1)
    assert health.trouble is None


def test_a_failure_of_a_clock_that_was_ahead_is_forgotten_too(now):
    health = Health(now)
    health.failed("inbox", DatabaseUnavailable("full"))
    now.passes(days=-1)
    assert health.trouble is None


def test_what_an_operator_has_to_mend_comes_first(now):
    health = Health(now)
    health.failed("turns", DatabaseDamaged("the file is gone"))
    health.failed("inbox", DatabaseUnavailable("full"))
    assert str(health.trouble) == "the file is gone"


def test_the_log_has_it_once_a_minute_and_when_it_changes(now, caplog):
    caplog.set_level(logging.INFO, logger="frontdesk")
    health = Health(now)
    for _ in range(5):
        for about in ("turns", "inbox", "outbox"):
            health.failed(about, DatabaseUnavailable("full"))
    health.failed("turns", DatabaseUnavailable("gone"))
    now.passes(seconds=REMINDED.total_seconds())
    health.failed("turns", DatabaseUnavailable("gone"))
    for about in ("turns", "inbox", "outbox", "turns"):
        health.went(about)
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "the database cannot serve: full",
        "the database cannot serve: gone",
        "the database cannot serve: gone",
        "the database serves again",
    ]


def test_a_messenger_without_a_word_has_no_contact(now):
    contact = Contact(now)
    assert contact.problem == "no contact"
    contact.answer()
    assert contact.problem == ""
    now.passes(seconds=SILENT.total_seconds() + 1)
    assert contact.problem == "no contact"
    contact.hear("updates")
    assert contact.problem == ""


def test_each_way_to_a_messenger_has_to_go_well(now):
    contact = Contact(now)
    contact.answer()
    contact.fail("line", "silent")
    contact.speak()  # calls go through
    assert contact.problem == "no contact"
    contact.hear("line")
    assert contact.problem == ""
    contact.fail("line", "silent")
    contact.expect_nothing("line")
    assert contact.problem == ""


def test_a_messenger_that_refuses_us_stays_so_whatever_is_heard(now):
    contact = Contact(now)
    contact.refuse("the token is wrong")
    contact.answer()
    assert contact.problem == "no contact: the token is wrong"


def test_it_is_asked_by_what_it_answered_and_not_by_what_it_said(now):
    contact = Contact(now)
    half = timedelta(seconds=30)
    assert contact.quiet(half)
    contact.answer()
    assert not contact.quiet(half)
    now.passes(seconds=30)
    contact.hear("line")  # which lives on after the token was taken away
    assert contact.quiet(half)


def test_calls_that_are_not_taken_are_counted_and_told_once_a_minute(now, caplog):
    metrics = Metrics()
    refusals = Refusals(metrics, now)
    for _ in range(12):
        refusals.count(CallRefused("slack", "old", 401))
    refusals.count(CallRefused("telegram", "secret", 401))
    assert len(caplog.records) == 2
    now.passes(seconds=EVERY.total_seconds())
    refusals.count(CallRefused("slack", "old", 401))
    assert [record.getMessage() for record in caplog.records] == [
        f"1 call of slack was not taken: {REASONS['old']}",
        f"1 call of telegram was not taken: {REASONS['secret']}",
        f"12 calls of slack were not taken: {REASONS['old']}",
    ]
    assert "clock" in REASONS["old"]
    counted = metrics.refused_calls.labels("slack", "old")._value.get()
    assert counted == 13
