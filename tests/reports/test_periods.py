"""Stretches of days as people name them, in three languages, by the days of the desk's own zone."""

from datetime import UTC, date, datetime

import pytest

from handlers.vocabulary.periods import Period, read_period

NOW = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)  # a Sunday night; in Kyiv it is Monday the 30th already


def days(words: str, zone: str = "UTC") -> tuple[str, str, int] | None:
    found = read_period(words.split(), NOW, zone)
    if found is None:
        return None
    period, used = found
    return period.first.isoformat(), period.last.isoformat(), used


@pytest.mark.parametrize(
    ("words", "first", "last", "used"),
    [
        ("today", "2026-11-29", "2026-11-29", 1),
        ("yesterday", "2026-11-28", "2026-11-28", 1),
        ("вчора", "2026-11-28", "2026-11-28", 1),
        ("week", "2026-11-23", "2026-11-29", 1),
        ("last week", "2026-11-16", "2026-11-22", 2),
        ("за тиждень", "2026-11-23", "2026-11-29", 2),
        ("за месяц", "2026-10-30", "2026-11-29", 2),
        ("for the week", "2026-11-23", "2026-11-29", 3),
        ("минулого тижня", "2026-11-16", "2026-11-22", 2),
        ("за минулий місяць", "2026-10-01", "2026-10-31", 3),
        ("прошлый месяц", "2026-10-01", "2026-10-31", 2),
        ("last month billing", "2026-10-01", "2026-10-31", 2),
        ("this year", "2026-01-01", "2026-11-29", 2),
        ("last quarter", "2026-07-01", "2026-09-30", 2),
        ("7d", "2026-11-23", "2026-11-29", 1),
        ("last 30 days", "2026-10-31", "2026-11-29", 3),
        ("останні 7 днів", "2026-11-23", "2026-11-29", 3),
        ("october", "2026-10-01", "2026-10-31", 1),
        ("у жовтні", "2026-10-01", "2026-10-31", 2),
        ("december", "2025-12-01", "2025-12-31", 1),
        ("november 2026", "2026-11-01", "2026-11-29", 2),
        ("2026-10", "2026-10-01", "2026-10-31", 1),
        ("10.2026", "2026-10-01", "2026-10-31", 1),
        ("2025", "2025-01-01", "2025-12-31", 1),
        ("01.10–31.10", "2026-10-01", "2026-10-31", 1),
        ("01.10 – 31.10 @anna", "2026-10-01", "2026-10-31", 3),
        ("from 01.10 to 31.10", "2026-10-01", "2026-10-31", 4),
        ("з 01.10 по 31.10", "2026-10-01", "2026-10-31", 4),
        ("28.12..03.01", "2025-12-28", "2026-01-03", 1),
        ("2026-10-01..2026-10-31", "2026-10-01", "2026-10-31", 1),
        ("15.10", "2026-10-15", "2026-10-15", 1),
        ("29.02", "2024-02-29", "2024-02-29", 1),
    ],
)
def test_a_stretch_is_what_was_named(words: str, first: str, last: str, used: int):
    assert days(words) == (first, last, used)


@pytest.mark.parametrize(
    "words", ["", "billing", "31.02", "2026-13", "99.99", "02.10.2020-01.10.2020", "0d", "d", "last", "last billing"]
)
def test_what_names_no_days_names_none(words: str):
    assert days(words) is None


def test_a_day_is_the_desks_own():
    assert days("today", "Europe/Kyiv") == ("2026-11-30", "2026-11-30", 1)
    kyiv = Period(date(2026, 3, 29), date(2026, 3, 30), "Europe/Kyiv")
    assert (kyiv.since, kyiv.until) == (
        datetime(2026, 3, 28, 22, tzinfo=UTC),
        datetime(2026, 3, 29, 21, tzinfo=UTC),
    )  # of 23 hours


def test_what_a_month_is_compared_with_is_the_month_before():
    assert Period(date(2026, 3, 1), date(2026, 4, 1)).before() == Period(date(2026, 2, 1), date(2026, 3, 1))
    assert Period(date(2026, 1, 1), date(2027, 1, 1)).before() == Period(date(2025, 1, 1), date(2026, 1, 1))
    assert Period(date(2026, 3, 2), date(2026, 3, 9)).before() == Period(date(2026, 2, 23), date(2026, 3, 2))
