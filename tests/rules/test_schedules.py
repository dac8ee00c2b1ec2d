"""Schedules as people write them in three languages, and when they come: holidays, both clock changes, every n-th."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from handlers.rules.calendars import ALL_DAY, CLOSED, Calendar, round_the_clock
from handlers.tickets.occurrences import Holidays, next_occurrence, next_occurrences
from handlers.vocabulary.schedules import LAST, Schedule, Unit, load_schedule, read_schedule

KYIV = "Europe/Kyiv"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
OFFICE = Calendar("office", KYIV, (*((ALL_DAY,) * 5), CLOSED, CLOSED), days={date(2026, 3, 9): CLOSED})


def weekly(*days: int, at: int = 9, n: int = 1) -> Schedule:
    """Return these weekdays at an hour."""
    return Schedule(Unit.WEEK, n=n, days=days, hour=at)


def monthly(on: int = 0, nth: int = 0, days: tuple[int, ...] = (), at: int = 9) -> Schedule:
    """Return a day of each month at an hour."""
    return Schedule(Unit.MONTH, on=on, nth=nth, days=days, hour=at)


@pytest.mark.parametrize(
    ("text", "schedule", "words"),
    [
        ("monday 9:00 check the backups", weekly(0), "check the backups"),
        ("щопонеділка о 9:00 перевірити копії", weekly(0), "перевірити копії"),
        ("каждый понедельник в 9 проверить копии", weekly(0), "проверить копии"),
        ("monday 9 check", weekly(0), "check"),
        ("monday", weekly(0), ""),
        ("mon,wed at 6pm x", weekly(0, 2, at=18), "x"),
        ("monday, wednesday and friday at 9: Check a", weekly(0, 2, 4), "Check a"),
        ("щосереди та щоп’ятниці 9.00 збори", weekly(2, 4), "збори"),
        ("weekdays at 8 look", weekly(0, 1, 2, 3, 4, at=8), "look"),
        ("щобудня о 8 подивитися", weekly(0, 1, 2, 3, 4, at=8), "подивитися"),
        ("по будням в 8 утра посмотреть", weekly(0, 1, 2, 3, 4, at=8), "посмотреть"),
        ("day 9am open", Schedule(Unit.DAY), "open"),
        ("3 days 9:00 water", Schedule(Unit.DAY, n=3), "water"),
        ("щодня о 8 вечора кава", Schedule(Unit.DAY, hour=20), "кава"),
        ("2 weeks on friday at 10 rotate", weekly(4, at=10, n=2), "rotate"),
        ("other friday 10:00 rotate", weekly(4, at=10, n=2), "rotate"),
        ("кожні 2 тижні в п'ятницю о 10:00 ротація", weekly(4, at=10, n=2), "ротація"),
        ("каждые 2 недели в пятницу 10:00 ротация", weekly(4, at=10, n=2), "ротация"),
        ("month on the 15th at 10:00 invoice", monthly(15, at=10), "invoice"),
        ("15 числа о 10 рахунок", monthly(15, at=10), "рахунок"),
        ("щомісяця 1 числа о 9:00 рахунки", monthly(1), "рахунки"),
        ("last day 18:00 close the books", monthly(LAST, at=18), "close the books"),
        ("останнього дня місяця о 18:00 звіт", monthly(LAST, at=18), "звіт"),
        ("first monday 9:00 patch", monthly(nth=1, days=(0,)), "patch"),
        ("перший понеділок о 9:00 оновлення", monthly(nth=1, days=(0,)), "оновлення"),
        ("последнюю пятницу месяца в 17 отчёт", monthly(nth=LAST, days=(4,), at=17), "отчёт"),
        ("monday first aid kit", weekly(0), "first aid kit"),
        ("monday weekly report", weekly(0), "weekly report"),
        ("monday at reception", weekly(0), "at reception"),
    ],
)
def test_a_schedule_is_read_and_what_follows_is_left(text: str, schedule: Schedule, words: str):
    assert read_schedule(text) == (schedule, words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "check things",
        "every",
        "tomorrow 9:00 x",
        "0 days x",
        "1 day 9:00 x",
        "3 daily 9:00 x",
        "99 weeks x",
        "9:00 x",
    ],
)
def test_what_is_none_is_none(text: str):
    assert read_schedule(text) is None


def test_it_is_kept_as_it_is():
    schedule = weekly(0, 4, n=2).counted_from(date(2026, 3, 6))
    assert load_schedule(schedule.dump()) == schedule


def comes(schedule: Schedule, holidays: Holidays = Holidays.KEEP, after: datetime = NOON, count: int = 3) -> list[str]:
    """Return the next times as a clock in Kyiv will show them."""
    found = next_occurrences(schedule, holidays, OFFICE, KYIV, after, count)
    return [f"{each.astimezone(ZoneInfo(KYIV)):%d.%m %H:%M}" for each in found]


def test_days_weeks_and_months():
    assert comes(weekly(0, 2)) == ["04.03 09:00", "09.03 09:00", "11.03 09:00"]
    assert comes(monthly(31)) == ["31.03 09:00", "30.04 09:00", "31.05 09:00"]  # a short month's last day
    assert comes(monthly(LAST)) == ["31.03 09:00", "30.04 09:00", "31.05 09:00"]
    assert comes(monthly(nth=1, days=(0,))) == ["06.04 09:00", "04.05 09:00", "01.06 09:00"]
    assert comes(monthly(nth=LAST, days=(4,))) == ["27.03 09:00", "24.04 09:00", "29.05 09:00"]
    assert comes(Schedule(Unit.DAY, n=3, since=date(2026, 3, 2))) == ["05.03 09:00", "08.03 09:00", "11.03 09:00"]
    assert comes(weekly(4, n=2).counted_from(date(2026, 3, 13))) == ["13.03 09:00", "27.03 09:00", "10.04 09:00"]
    assert comes(Schedule(Unit.WEEK).begun_on(date(2026, 3, 4)), count=1) == ["04.03 09:00"]
    assert comes(Schedule(Unit.MONTH).begun_on(date(2026, 3, 4)), count=1) == ["04.03 09:00"]


def test_what_comes_once_in_years_comes_again():
    """Every third year; and each year on a day that is a weekend's twice in a row, where those are left out."""
    lift = replace(monthly(15), n=36, since=date(2026, 3, 15))
    found = next_occurrences(lift, Holidays.KEEP, round_the_clock(KYIV), KYIV, NOON, 3)
    assert [each.year for each in found] == [2026, 2029, 2032]
    yearly = replace(monthly(1), n=12, since=date(2025, 8, 1))
    assert next_occurrence(yearly, Holidays.SKIP, OFFICE, KYIV, NOON) == datetime(2028, 8, 1, 6, tzinfo=UTC)


def test_on_a_day_when_nobody_works_it_comes_as_is_chosen():
    monday = weekly(0)  # 9 March is a holiday of the office
    assert comes(monday, Holidays.KEEP, count=2) == ["09.03 09:00", "16.03 09:00"]
    assert comes(monday, Holidays.SKIP, count=2) == ["16.03 09:00", "23.03 09:00"]
    assert comes(monday, Holidays.NEXT, count=2) == ["10.03 09:00", "16.03 09:00"]
    assert comes(monday, Holidays.BEFORE, count=2) == ["06.03 09:00", "16.03 09:00"]
    every_day = Schedule(Unit.DAY)  # what is moved onto a day that has its own comes once
    assert comes(every_day, Holidays.NEXT, datetime(2026, 3, 6, 12, tzinfo=UTC)) == [
        "10.03 09:00",
        "11.03 09:00",
        "12.03 09:00",
    ]
    assert next_occurrence(weekly(6), Holidays.SKIP, OFFICE, KYIV, NOON) is None
    assert next_occurrence(weekly(6), Holidays.SKIP, round_the_clock(KYIV), KYIV, NOON) is not None


def test_once_where_the_clock_changes():
    """On 29 March 2026 Kyiv leaves out 3:00 to 4:00; on 25 October 3:00 to 4:00 comes twice."""
    early = Schedule(Unit.DAY, hour=3, minute=30)
    spring = next_occurrences(early, Holidays.KEEP, OFFICE, KYIV, datetime(2026, 3, 28, 12, tzinfo=UTC), 2)
    assert spring == [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 3, 30, 0, 30, tzinfo=UTC)]
    autumn = next_occurrences(early, Holidays.KEEP, OFFICE, KYIV, datetime(2026, 10, 24, 12, tzinfo=UTC), 2)
    assert autumn == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)]
    assert early.at == time(3, 30)
