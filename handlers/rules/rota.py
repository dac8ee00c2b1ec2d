"""The section ``rota``: who is on duty for a group, by shifts of a day or a week that are handed over at a time.

network:
  title: Network
  group: network
  people: ["telegram:1001", "slack:U02"]
  every: week
  begins: 2026-11-30
  at: "09:00"
  hours: office
  slack_group: S0604QSJC
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.rules.calendars import first_shown
from handlers.rules.hours import YEARS
from handlers.rules.node import Node

TITLE = 60  # characters
_AT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_SLACK_GROUP = re.compile(r"S[A-Z0-9]{2,31}")
MORNING = time(9)


class Every(StrEnum):
    """How long a shift is."""

    DAY = "day"
    WEEK = "week"

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return 7 if self is Every.WEEK else 1


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift: whose, as the rules name an account, and from when to when."""

    account: str
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Rota:
    """Who takes shifts for which group; on duty only while ``hours``, a calendar, are open: "" is round the clock."""

    name: str
    title: Mapping[str, str]
    group: str
    people: tuple[str, ...]
    every: Every
    begins: date
    at: time
    hours: str = ""
    slack_group: str = ""  # the id of a user group of Slack, whose members are whoever is on duty

    def shift_at(self, moment: datetime, zone: str) -> Shift | None:
        """Return whose shift it is at a moment by the clock of a zone; None before the first.

        A hand-over that the clock leaves out in spring is when it has jumped over it; of one that comes twice in autumn the first
        counts.
        """
        number = (moment.astimezone(ZoneInfo(zone)).date() - self.begins).days // self.every.days
        number -= self._handed_over(number, zone) > moment
        number += (
            self._handed_over(number + 1, zone) <= moment
        )  # a clock that is put back at midnight shows a day twice
        if number < 0:
            return None
        account = self.people[number % len(self.people)]
        return Shift(account, self._handed_over(number, zone), self._handed_over(number + 1, zone))

    def first_at(self, zone: str) -> datetime:
        """Return when the first shift begins."""
        return self._handed_over(0, zone)

    def _handed_over(self, number: int, zone: str) -> datetime:
        day = self.begins + timedelta(days=number * self.every.days)
        return first_shown(ZoneInfo(zone), datetime.combine(day, self.at))


def read_rotas(node: Node) -> dict[str, Rota]:
    """Return the rotas in their order."""
    found = {name: _rota(name, inner) for name, inner in node.entries().items()}
    return {name: rota for name, rota in found.items() if rota is not None}


def _rota(name: str, node: Node) -> Rota | None:
    given = node.fields("title", "group", "people", "every", "begins", "at", "hours", "slack_group")
    title, group = given["title"].words(limit=TITLE), given["group"].reference("groups")
    people, hours = given["people"].accounts(), given["hours"].reference("hours")
    every, begins, at = Every(given["every"].choice(Every, Every.WEEK)), _day(given["begins"]), _time(given["at"])
    slack_group = given["slack_group"].text(limit=32)
    if slack_group and not _SLACK_GROUP.fullmatch(slack_group):
        given["slack_group"].refuse("slack_group", word=slack_group)
    for key in ("group", "people", "begins"):
        if not given[key].given:
            given[key].refuse("missing")
    if given["people"].given and not people:
        given["people"].refuse("missing")
    if begins is None or not people or not group:
        return None
    return Rota(name, title, group, people, every, begins, at, hours, slack_group)


def _day(node: Node) -> date | None:
    said = node.text(limit=10)
    if not said:
        return None
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = date.min
    if YEARS[0] <= day.year <= YEARS[1]:
        return day
    node.refuse("rota_day", word=said)
    return None


def _time(node: Node) -> time:
    said = node.text(limit=5)
    found = _AT.fullmatch(said) if said else None
    if said and found is None:
        node.refuse("rota_time", word=said)
    return time(int(found[1]), int(found[2])) if found else MORNING
