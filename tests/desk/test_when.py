"""Times as people write them."""

from datetime import UTC, datetime

import pytest
from babel.dates import get_day_names

from handlers.vocabulary.dates import read_when
from handlers.vocabulary.schedules import read_schedule

WEEKS = {  # as one says when something is to be
    "en": (),
    "uk": ("понеділок", "вівторок", "середу", "четвер", "п’ятницю", "суботу", "неділю"),
    "ru": ("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье"),
}
NOW = datetime(2026, 10, 23, 10, 30, tzinfo=UTC)  # a Friday; 13:30 in Kyiv, whose clocks go back on Sunday


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("2h", "2026-10-23 12:30"),
        ("in 30m", "2026-10-23 11:00"),
        ("3d", "2026-10-26 10:30"),
        ("15:00", "2026-10-23 12:00"),
        ("9:00", "2026-10-24 06:00"),  # this morning has passed
        ("tomorrow", "2026-10-24 06:00"),
        ("tomorrow at 14:15", "2026-10-24 11:15"),
        ("завтра о 9:00", "2026-10-24 06:00"),
        ("послезавтра в 10:00", "2026-10-25 08:00"),  # winter time by then
        ("monday", "2026-10-26 07:00"),
        ("у п'ятницю", "2026-10-30 07:00"),  # the next one
        ("у п’ятницю о 10", "2026-10-30 08:00"),
        ("в пятницу в 10 утра", "2026-10-30 08:00"),
        ("Monday 10", "2026-10-26 08:00"),
        ("завтра о 8 вечора", "2026-10-24 17:00"),
        ("tomorrow at 3 pm", "2026-10-24 12:00"),
        ("12am", "2026-10-23 21:00"),
        ("о 17", "2026-10-23 14:00"),
        ("25.12 о 10", "2026-12-25 08:00"),
        ("за 2 дні", "2026-10-25 10:30"),
        ("сьогодні 18.00", "2026-10-23 15:00"),
        ("2026-12-01 8:00", "2026-12-01 06:00"),
        ("завтра о 9.10", "2026-10-24 06:10"),
        ("завтра 15.12", "2026-10-24 12:12"),  # no day of this autumn
        ("25.12", "2026-12-25 07:00"),
        ("05.01 10.30", "2027-01-05 08:30"),
        ("1.11.2026 12:00", "2026-11-01 10:00"),
    ],
)
def test_a_time_is_read_as_it_is_meant_where_the_reader_lives(words, meant):
    found = read_when(words, NOW, "Europe/Kyiv")
    assert found is not None
    assert f"{found:%Y-%m-%d %H:%M}" == meant


@pytest.mark.parametrize(
    "words",
    [
        "",
        "soon",
        "10",
        "at 25",
        "10 10",
        "0h",
        "today 9:00",
        "2026-10-01",
        "31.02",
        "25:00",
        "tomorrow tomorrow",
        "9:00 9:00 9:00",
        "900d",
        "2030-01-01",
        *("2.12", "7.11", "завтра 2.11", "monday 7.11", "friday 06.11"),  # a date is no hour of the night
    ],
)
def test_what_is_no_time_or_past_or_too_far_is_none(words):
    assert read_when(words, NOW, "Europe/Kyiv") is None


@pytest.mark.parametrize("language", WEEKS)
def test_each_day_of_the_week_is_known_by_each_of_its_names(language: str):
    kinds = [get_day_names(width, "format", language) for width in ("wide", "abbreviated")]
    for number, name in [(at, kind[at]) for kind in kinds for at in range(7)] + list(enumerate(WEEKS[language])):
        found, every = read_when(f"{name} 10:30", NOW, "Europe/Kyiv"), read_schedule(f"{name} 10:30 check")
        assert found is not None, name
        assert every is not None, name
        assert (found.weekday(), every[0].days, every[1]) == (number, (number,), "check")
