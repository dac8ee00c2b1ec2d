"""The section ``rota``: whose turn it is, through both changes of the clock, and what is wrong with a rule."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.agent.rota_swaps import reminded_at
from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.rules.rota import Every, Rota

KYIV = "Europe/Kyiv"
PEOPLE = ("telegram:1", "telegram:2", "slack:U3")
RULE = {"title": "Network", "group": "network", "people": [*PEOPLE], "begins": "2026-11-30"}


def rota(every: Every, begins: date, at: time = time(9)) -> Rota:
    return Rota("network", {"en": "Network"}, "network", PEOPLE, every, begins, at)


def test_turns_of_a_week_are_handed_over_on_their_weekday():
    weekly = rota(Every.WEEK, date(2026, 11, 30))
    handed = datetime(2026, 12, 7, 7, tzinfo=UTC)  # 9:00 there
    before, after = (weekly.shift_at(at, KYIV) for at in (handed - timedelta(seconds=1), handed))
    assert before is not None
    assert after is not None
    assert (before.account, after.account) == PEOPLE[:2]
    assert before.ends_at == after.begins_at == handed
    assert weekly.shift_at(weekly.first_at(KYIV) - timedelta(seconds=1), KYIV) is None


@pytest.mark.parametrize("at", [time(0), time(3, 30), time(9)])
@pytest.mark.parametrize("zone", [KYIV, "America/Havana", "UTC"])  # Havana changes its clock at midnight
def test_turns_of_a_day_leave_no_moment_out_and_none_twice_in_a_year(zone: str, at: time):
    daily = rota(Every.DAY, date(2026, 10, 1), at)
    turn = daily.shift_at(daily.first_at(zone), zone)
    for number in range(400):
        assert turn is not None
        assert turn.account == PEOPLE[number % 3]
        assert timedelta(hours=23) <= turn.ends_at - turn.begins_at <= timedelta(hours=25)
        for moment in (turn.begins_at, turn.begins_at + timedelta(hours=12), turn.ends_at - timedelta(seconds=1)):
            assert daily.shift_at(moment, zone) == turn
        turn = daily.shift_at(turn.ends_at, zone)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"begins": "soon"}, "rota.network.begins"),
        ({"begins": "9999-12-31"}, "rota.network.begins"),
        ({"at": 540}, "rota.network.at"),  # 9:00 without quotes
        ({"people": []}, "rota.network.people"),
        ({"people": ["Bob"]}, "rota.network.people"),
        ({"group": "nobody"}, "rota.network.group"),
        ({"every": "year"}, "rota.network.every"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(change: dict[str, object], place: str):
    groups = {"network": {"title": "Network"}}
    rules, wrong = read_document({"groups": groups, "rota": {"network": RULE}}, Rules())
    assert not wrong
    assert rules.rota["network"].people == PEOPLE
    _, wrong = read_document({"groups": groups, "rota": {"network": {**RULE, **change}}}, Rules())
    assert any(problem.place.startswith(place) for problem in wrong)


@pytest.mark.parametrize(
    ("asked", "lapses", "reminded"),
    [
        ("30 10:00", "30 11:59", None),  # too soon for a reminder
        ("30 10:00", "30 12:00", "30 11:00"),
        ("30 10:00", "02 10:00", "01 10:00"),  # half of two days: one day before
        ("30 10:00", "04 10:00", "03 10:00"),
        ("30 16:00", "01 16:00", "01 07:00"),  # half of it is at 4:00, in the night
        ("30 10:00", "04 06:59", "03 07:00"),
        ("30 10:00", "04 07:00", "03 07:00"),
        ("30 10:00", "04 21:59", "03 21:59"),
        ("30 10:00", "04 22:00", "04 07:00"),
        ("30 23:00", "01 06:00", "01 02:30"),  # no day comes before it lapses
        ("30 18:00", "01 07:00", "01 00:30"),
    ],
)
def test_whoever_has_not_answered_a_swap_is_reminded_by_their_day(asked: str, lapses: str, reminded: str | None):
    def there(text: str) -> datetime:
        day, clock = text.split()
        on = date(2026, 11 if day == "30" else 12, int(day))
        return datetime.combine(on, time.fromisoformat(clock), ZoneInfo(KYIV)).astimezone(UTC)

    assert reminded_at(Rules(), KYIV, there(asked), there(lapses)) == (there(reminded) if reminded else None)
