"""The sections ``hours`` and ``sla`` as people write them, and what is said of each mistake."""

from datetime import date, timedelta
from typing import Any

import pytest
import yaml

from handlers.rules import hours, sla
from handlers.rules.node import Node
from handlers.rules.sla import Target
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator
from storage.lifecycle import StatusKind
from storage.models import Priority


def document(text: str) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Read both sections; return the calendars, the policies, and what is wrong in English."""
    data = yaml.safe_load(text) or {}
    node = Node(data, document=data)
    calendars, policies = hours.read_calendars(node.at("hours")), sla.read_policies(node.at("sla"))
    for language in LANGUAGES:
        assert all(Translator().say(problem.said, Locale(language)) for problem in node.problems)
    return calendars, policies, [f"{p.place}: {Translator().say(p.said, Locale())}" for p in node.problems]


def test_a_calendar_as_people_write_it():
    calendars, _, wrong = document(
        """
        hours:
          office:
            zone: Europe/Kyiv
            week: {mon-thu: "09:00-13:00, 14:00–18:00", fri: 22-6, sun: off}
            holidays: de-by
            days: {2026-12-31: closed, 2027-01-02: "10:00-14:00", 2027-01-04..2027-01-08: closed}
        """
    )
    office = calendars["office"]
    assert wrong == []
    assert office.week[:4] == (((540, 780), (840, 1080)),) * 4
    assert office.week[4:] == (((1320, 1800),), (), ())
    assert (office.zone, office.holidays) == ("Europe/Kyiv", "DE-BY")
    assert office.days[date(2027, 1, 2)] == ((600, 840),)
    assert [day for day, spans in office.days.items() if not spans][-1] == date(2027, 1, 8)
    assert len(office.days) == 7


def test_weekdays_in_words():
    calendars, _, wrong = document(
        """
        hours:
          office: {zone: Europe/Kyiv, week: {пн–чт: "09:00-18:00", ПТ: 9-17, нд: closed}}
          store: {zone: Europe/Kyiv, week: {сб-вс: 10-16}}
        """
    )
    assert wrong == []
    assert calendars["office"].week == (*[((540, 1080),)] * 4, ((540, 1020),), (), ())
    assert calendars["store"].week == (*[()] * 5, *[((600, 960),)] * 2)
    assert hours.in_words("mon-thu: 09:00-18:00\nfri: closed", "uk") == "пн-чт: 09:00-18:00\nпт: closed"
    assert hours.in_words("sat, sun", "ru") == "сб, вс"


def test_policies_as_people_write_them():
    _, policies, wrong = document(
        """
        hours: {office: {zone: UTC, week: {mon-fri: "9-18"}}}
        sla:
          standard: {hours: office, first_response: {urgent: 15m, normal: 4h}, resolution: 24h, pause: [pending, on_hold]}
          calm: {first_response: 1d, warn: 0, pause: []}
        """
    )
    standard, calm = policies["standard"], policies["calm"]
    assert wrong == []
    assert standard.hours == "office"
    assert standard.warn == 20
    assert standard.target(Target.FIRST_RESPONSE, Priority.URGENT) == timedelta(minutes=15)
    assert standard.target(Target.FIRST_RESPONSE, Priority.LOW) is None
    assert standard.target(Target.RESOLUTION, Priority.LOW) == timedelta(hours=24)
    assert standard.stands(StatusKind.ON_HOLD)
    assert calm.warn == 0
    assert not calm.stands(StatusKind.PENDING)
    assert calm.stands(StatusKind.RESOLVED)
    assert calm.target(Target.FIRST_RESPONSE, Priority.LOW) == timedelta(days=1)


WEEK = 'week: {mon-fri: "9-18"}'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (f"{{zone: Europe/Kiyv, {WEEK}}}", "hours.x.zone: Europe/Kiyv is not known here; did you mean Europe/Kyiv?"),
        (f"{{{WEEK}}}", "hours.x.zone: it is missing"),
        (
            f"{{zone: UTC, {WEEK}, holidays: XX}}",
            "hours.x.holidays: XX is no country whose holidays are known: write two",
        ),
        (
            f"{{zone: UTC, {WEEK}, holidays: DE-XX}}",
            "hours.x.holidays: DE-XX is no region whose holidays are known; there",
        ),
        (f'{{zone: UTC, {WEEK}, days: {{2026-12-31: closed, "2026-12-31": closed}}}}', "2026-12-31 stands here twice"),
        (
            f"{{zone: UTC, {WEEK}, days: {{2026-12-30..2027-01-02: closed, 2027-01-01: 9-10}}}}",
            "2027-01-01 stands here tw",
        ),
        (f'{{zone: UTC, {WEEK}, days: {{"2026-02-30": closed}}}}', "2026-02-30 is no day: write 2026-12-31"),
        (f"{{zone: UTC, {WEEK}, days: {{2026-02-03..2026-02-01: closed}}}}", "names no days that can be"),
        (f"{{zone: UTC, {WEEK}, days: {{0001-01-01..9999-12-31: closed}}}}", "names no days that can be"),
        ("{zone: UTC, week: {mon: 9-18, mon-fri: 9-18}}", "hours.x.week.mon-fri: mon stands here twice: leave one"),
        ("{zone: UTC, week: {mno: 9-18}}", "hours.x.week.mno: mno is not known here; did you mean mon?"),
        ('{zone: UTC, week: {mon: "9-13, 12-18"}}', "hours.x.week.mon: spans overlap in 9-13, 12-18: make them one"),
        ('{zone: UTC, week: {mon: "22-6", tue: "5-9"}}', "hours.x.week: the shift of mon goes on after tue has begun"),
        ('{zone: UTC, week: {sun: "22-6", mon: "5-9"}}', "hours.x.week: the shift of sun goes on after mon has begun"),
        ('{zone: UTC, week: {mon: "9-9"}}', "hours.x.week.mon: 9-9 ends when it begins: a whole day is 00:00-24:00"),
        ('{zone: UTC, week: {mon: "9-25"}}', "hours.x.week.mon: 9-25 is no working time: write 09:00-18:00, or closed"),
        ('{zone: UTC, week: {mon: "9:75-10"}}', "hours.x.week.mon: 9:75-10 is no working time"),
        ("{zone: UTC, week: {mon: morning}}", "hours.x.week.mon: morning is no working time"),
        ("{zone: UTC, week: {mon: closed}}", "hours.x.week: with these hours hardly anybody ever works"),
        ("{zone: UTC}", "hours.x.week: with these hours hardly anybody ever works"),
        ("{zone: UTC, wek: {mon: 9-18}}", "hours.x.wek: wek is not known here; did you mean week?"),
    ],
)
def test_a_calendar_with_a_mistake_is_refused_with_the_fix(written: str, said: str):
    _, _, wrong = document(f"hours: {{x: {written}}}")
    assert any(said in line for line in wrong), wrong


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{first_response: 0m}", "sla.x.first_response: 0m is no target: give from 1m to 100d of working time"),
        ("{first_response: 4h, resolution: {high: 0h}}", "sla.x.resolution.high: 0h is no target"),
        ("{resolution: 101d}", "sla.x.resolution: 101d is no target"),
        ("{resolution: soon}", "sla.x.resolution: soon is no length of time: write 15m, 4h or 3d"),
        ("{first_response: {hihg: 1h}}", "sla.x.first_response.hihg: hihg is not known here; did you mean high?"),
        ("{first_response: 1h, hours: ofice}", "sla.x.hours: ofice is not known here; did you mean office?"),
        ("{warn: 20%}", "sla.x: nothing is aimed at here: give first_response or resolution"),
        ("{first_response: 1h, warn: 95%}", "sla.x.warn: 95% is no part of a target: write 20%"),
        ("{first_response: 1h, warn: -5}", "sla.x.warn: -5 is no part of a target"),
        ("{first_response: 1h, pause: [open]}", "open"),
        (
            "{first_response: 4h, resolution: 1h}",
            "with priority urgent it would have to be resolved before it is answered",
        ),
    ],
)
def test_a_policy_with_a_mistake_is_refused_with_the_fix(written: str, said: str):
    _, _, wrong = document(f'hours: {{office: {{zone: UTC, week: {{mon: "9-18"}}}}}}\nsla: {{x: {written}}}')
    assert any(said in line for line in wrong), wrong
