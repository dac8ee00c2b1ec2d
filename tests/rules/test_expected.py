"""By when, in the words of whoever reads it."""

from datetime import UTC, datetime

import pytest

from handlers.tickets import expected_response
from handlers.vocabulary.translations import Locale, Translator

FRIDAY = datetime(2026, 11, 20, 10, 5, tzinfo=UTC)  # 12:05 in Kyiv


@pytest.mark.parametrize(
    ("due", "en", "uk", "ru"),
    [
        ("11-20 12:30", "today by 14:30", "сьогодні до 14:30", "сегодня до 14:30"),
        ("11-20 22:30", "tomorrow by 00:30", "завтра до 00:30", "завтра до 00:30"),
        ("11-22 08:00", "Sunday by 10:00", "у неділю до 10:00", "в воскресенье до 10:00"),
        ("11-23 08:00", "Monday by 10:00", "у понеділок до 10:00", "в понедельник до 10:00"),
        ("11-24 08:00", "Tuesday by 10:00", "у вівторок до 10:00", "во вторник до 10:00"),
        ("11-25 08:00", "Wednesday by 10:00", "у середу до 10:00", "в среду до 10:00"),
        ("11-26 08:00", "Thursday by 10:00", "у четвер до 10:00", "в четверг до 10:00"),
        ("11-27 08:00", "27 November by 10:00", "27 листопада до 10:00", "27 ноября до 10:00"),
        ("12-01 08:00", "1 December by 10:00", "1 грудня до 10:00", "1 декабря до 10:00"),
    ],
)
def test_a_time_is_said_as_people_say_it(due: str, en: str, uk: str, ru: str):
    moment = datetime.fromisoformat(f"2026-{due}").replace(tzinfo=UTC)
    for language, said in (("en", en), ("uk", uk), ("ru", ru)):
        reader = Locale(language, "Europe/Kyiv")
        assert Translator().say(expected_response.by_day_and_hour(moment, reader, FRIDAY), reader) == said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Monday at 09:00"), ("uk", "у понеділок з 09:00"), ("ru", "в понедельник с 09:00")]
)
def test_when_somebody_is_there_again(language: str, said: str):
    reader = Locale(language, "Europe/Kyiv")
    opening = datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert Translator().say(expected_response.back_at(opening, reader, FRIDAY), reader) == said


def test_the_day_is_the_readers_own():
    midnight = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    for zone, said in (("Asia/Tokyo", "tomorrow by 08:30"), ("America/New_York", "today by 18:30")):
        reader = Locale("en", zone)
        assert Translator().say(expected_response.by_day_and_hour(midnight, reader, FRIDAY), reader) == said
