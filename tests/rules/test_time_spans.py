"""Times with an end, as people write them; what follows is no part of them; and both changes of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.vocabulary.dates import read_day, read_when
from handlers.vocabulary.periods import read_period
from handlers.vocabulary.time_spans import read_time_span

KYIV = "Europe/Kyiv"
MONDAY = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)  # 11:30 there


def read(text: str, now: datetime = MONDAY) -> tuple[str, str] | None:
    found = read_time_span(text, now, KYIV)
    if found is None:
        return None
    begins, ends = (at.astimezone(ZoneInfo(KYIV)) for at in (found[0].begins_at, found[0].ends_at))
    return f"{begins:%a %d.%m %H:%M}-{ends:%H:%M}", found[1]


@pytest.mark.parametrize(
    ("text", "span", "rest"),
    [
        ("tomorrow 10:00-12:00", "Tue 01.12 10:00-12:00", ""),
        ("tomorrow 10–12: bring a cable", "Tue 01.12 10:00-12:00", "bring a cable"),
        ("tomorrow 10-12. Call first", "Tue 01.12 10:00-12:00", "Call first"),
        ("tomorrow from 10 to 12 at Acme", "Tue 01.12 10:00-12:00", "at Acme"),
        ("завтра о 10, кабінет 5", "Tue 01.12 10:00-11:00", "кабінет 5"),
        ("завтра з 9 до 11", "Tue 01.12 09:00-11:00", ""),
        ("п’ятниця 14:00 на 2 години", "Fri 04.12 14:00-16:00", ""),
        ("в среду с 10 до 12:30 позвонить", "Wed 02.12 10:00-12:30", "позвонить"),
        ("пн 9-11", "Mon 07.12 09:00-11:00", ""),
        ("2-4 pm friday", "Fri 04.12 14:00-16:00", ""),
        ("25.12 at 3pm for 2h", "Fri 25.12 15:00-17:00", ""),
        ("2026-12-01 10-12", "Tue 01.12 10:00-12:00", ""),
        ("1.12 10.30", "Tue 01.12 10:30-11:30", ""),
        ("22-02", "Mon 30.11 22:00-02:00", ""),
        ("10-12", "Mon 30.11 10:00-12:00", ""),  # it has begun, and is not over
        ("9-11", "Tue 01.12 09:00-11:00", ""),
    ],
)
def test_a_time_and_what_follows(text: str, span: str, rest: str):
    assert read(text) == (span, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "10",
        "24-25",
        "42 tomorrow 10",
        "today 9-11",
        "tomorrow 10 for 3 weeks",
        "soon",
        "25.12.2029 10:00",
    ],
)
def test_what_is_no_time_to_come(text: str):
    found = read(text)
    assert found is None or found[1], text


def test_both_changes_of_the_clock():
    spring = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert read("28.03 2-5", spring) == ("Sun 28.03 02:00-05:00", "")
    skipped, _ = read_time_span("28.03 3:30", spring, KYIV) or (None, "")
    assert skipped is not None
    assert (skipped.begins_at, skipped.ends_at) == (
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),  # 4:30, as a clock shows it that was not changed
        datetime(2027, 3, 28, 2, 30, tzinfo=UTC),
    )
    autumn, _ = read_time_span("31.10 3-5", datetime(2027, 10, 30, 12, tzinfo=UTC), KYIV) or (None, "")
    assert autumn is not None
    assert (autumn.begins_at, autumn.ends_at) == (  # 3:00 comes twice: the first; until 5 it is three hours
        datetime(2027, 10, 31, 0, tzinfo=UTC),
        datetime(2027, 10, 31, 3, tzinfo=UTC),
    )
    for said, hours in (("30.10 22:00-04:00", 7), ("31.10 02:30 for 2h", 2), ("30.10 23:00 на 3 години", 3)):
        lasting, _ = read_time_span(said, datetime(2027, 10, 30, 12, tzinfo=UTC), KYIV) or (None, "")
        assert lasting is not None
        assert lasting.ends_at - lasting.begins_at == timedelta(hours=hours), said


FAR = (
    *("31.12.9999", "9999-12-31", "01.01.0001", "0001-01-01", "31.12.9999 23:30", "01.01.0001 00:30", "1.1.1"),
    "9999",
)


@pytest.mark.parametrize("zone", [KYIV, "America/New_York", "Pacific/Kiritimati"])
def test_a_day_at_the_end_of_time_is_none(zone: str):
    now = datetime(2026, 12, 3, 9, tzinfo=UTC)
    for text in (*FAR, "9999-12-31..9999-12-31", "0001-01-01–9999-12-31", "december 9999", "12.9999"):
        assert read_time_span(text, now, zone) is None
        assert read_when(text, now, zone) is None
        assert read_day(text, now, zone) is None
        found = read_period(text.split(), now, zone)
        assert found is None or found[0].since < found[0].until < now + timedelta(days=1), text


THURSDAY = datetime(2026, 12, 3, 9, tzinfo=UTC)  # 11:00 there


@pytest.mark.parametrize(
    ("text", "span", "rest"),
    [
        ("tomorrow 10:00-18:00 -@bob", "Fri 04.12 10:00-18:00", "-@bob"),
        ("tomorrow 10:00-18:00 –@bob", "Fri 04.12 10:00-18:00", "–@bob"),
        ("tomorrow 10:00-18:00 - a cable", "Fri 04.12 10:00-18:00", "a cable"),
        ("пн 7.12 10:00", "Mon 07.12 10:00-11:00", ""),
        ("понеділок 7.12 о 10", "Mon 07.12 10:00-11:00", ""),
        ("7.12 (пн) 10:00", "Mon 07.12 10:00-11:00", ""),
        ("пн 07.12 з 10 до 12", "Mon 07.12 10:00-12:00", ""),
        ("завтра 10.10", "Fri 04.12 10:10-11:10", ""),
        ("завтра 09.10", "Fri 04.12 09:10-10:10", ""),
        ("завтра о 9.10", "Fri 04.12 09:10-10:10", ""),
        ("завтра 9.10-11.30", "Fri 04.12 09:10-11:30", ""),
        ("завтра в 3 часа дня", "Fri 04.12 15:00-16:00", ""),
        ("завтра о 3 годині дня", "Fri 04.12 15:00-16:00", ""),
        ("завтра о 5 годині вечора", "Fri 04.12 17:00-18:00", ""),
        ("завтра в 5 часов вечера", "Fri 04.12 17:00-18:00", ""),
        ("завтра в 10 часов", "Fri 04.12 10:00-11:00", ""),
        ("завтра с 2 до 4 дня", "Fri 04.12 14:00-16:00", ""),
        ("tomorrow 3 p.m. a cable", "Fri 04.12 15:00-16:00", "a cable"),
        ("tomorrow at 8 in the evening", "Fri 04.12 20:00-21:00", ""),
        ("25.12 10-00", "Fri 25.12 10:00-11:00", ""),
        ("завтра с 10-00 до 12-00", "Fri 04.12 10:00-12:00", ""),
        ("завтра 10:00 на 1,5 години", "Fri 04.12 10:00-11:30", ""),
        ("завтра 10:00 на півгодини", "Fri 04.12 10:00-10:30", ""),
        ("tomorrow 10:00 for half an hour", "Fri 04.12 10:00-10:30", ""),
        ("завтра 18:00-09:00", "Fri 04.12 18:00-09:00", ""),
        ("завтра о 10 на 2 поверсі", "Fri 04.12 10:00-11:00", "на 2 поверсі"),
        ("завтра о 10, 2 кабелі", "Fri 04.12 10:00-11:00", "2 кабелі"),
        ("завтра о 10, 050-123-45-67", "Fri 04.12 10:00-11:00", "050-123-45-67"),
    ],
)
def test_a_time_as_it_is_said(text: str, span: str, rest: str):
    assert read(text, THURSDAY) == (span, rest)


@pytest.mark.parametrize(
    "text",
    [
        *("7.12 @bob", "7.12 после обеда", "7.12 утром", "7.12 після обіду", "1.12 10.12"),  # a date is no hour
        *("завтра 5.12", "завтра 2.12", "завтра 04.12", "завтра 10.12", "friday 5.12", "пт 12.12"),  # a slip
        *("friday 5.12-6.12", "завтра 5.12 на 2 години", "завтра 9.10", "завтра 9.10-11", "2026-12-04 5.12"),
        *("пн 7.12", "пн 7.12 після обіду", "пн 8.12 10:00", "03.12 10:00", "10.12-12.12"),
        *("завтра в 12 ночи", "завтра о 12 ночі", "завтра на 2 години", "завтра о 10-15", "завтра 10 30"),
        *("tomorrow 9 to 5", "завтра с 9 до 6", "завтра 10:00 - 1 hour", "tomorrow 10:00 for 3 weeks"),
        *("tomorrow 2-4", "завтра з 1 до 3", "завтра о 3"),  # in the night?
        *("10-12 декабря 10:00", "з 10 по 12 грудня", "7-12 10:00", "12-11 10:00", "завтра 10:00 в понеділок"),
        *("31.12.9999 23:30", "01.01.0001 00:30", "пн 01.01.0001 00:30"),
    ],
)
def test_what_may_be_meant_otherwise_is_not_read(text: str):
    assert read(text, THURSDAY) is None
