"""The plain recount: minute by minute, from what the test itself wrote down, with nothing of the product's."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.reports.histories import MINUTE, Life, Question, Was

DAY = timedelta(days=1)
ACTIVE = ("new", "open", "pending", "on_hold")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Event(NamedTuple):
    """What happened to a ticket: what it was before and after, whose it is counted as, and since when it is measured."""

    what: str
    number: int
    before: Was
    was: Was
    agent: int | None
    begun: datetime


class Recount:
    """Counts a life again, for the days from one moment to another."""

    def __init__(self, life: Life) -> None:
        self.life = life

    def state(self, number: int, at: datetime) -> Was | None:
        """Return what a ticket was in a minute; None before it came."""
        found = None
        for was in self.life.tickets[number]:
            if was.at > at:
                break
            found = was
        return found

    def worked(self, number: int, begin: datetime, end: datetime) -> timedelta:
        """Return how many minutes the clock of a ticket ran."""
        total, at = 0, begin
        while at < end:
            was = self.state(number, at)
            assert was is not None
            total += self._runs(was, at)
            at += MINUTE
        return total * MINUTE

    def _runs(self, was: Was, at: datetime) -> bool:
        rules = next(data for since, data in reversed(self.life.rules) if since <= at or since == self.life.start)
        policy = rules["sla"][rules["types"]["repair"]["sla"] if was.type == "repair" else "standard"]
        if was.status in ("resolved", "closed") or was.status in policy.get("pause", ["pending"]):
            return False
        name = policy.get("hours") or (rules["groups"][was.group]["hours"] if was.group else "")
        if not name:
            return True
        calendar = rules["hours"][name]
        return _open(str(calendar["week"]), calendar["zone"], at)

    def waiting(self, at: datetime) -> int:
        """Return how many waited at the beginning of a minute."""
        states = (self.state(number, at - MINUTE) for number in self.life.tickets)
        return sum(was is not None and was.status in ACTIVE for was in states)

    def events(self, since: datetime, until: datetime) -> list[Event]:
        """Return what happened in these days."""
        found = []
        for number, states in self.life.tickets.items():
            answered, over, solver, begun, ann = False, 0, None, states[0].at, states[0].by
            for before, was in zip([states[0], *states], states, strict=False):
                told = {"came": was.agent} if was.act == "register" else {}
                told |= {"taken": was.agent} if was.act in ("claim", "assign") else {}
                if was.act in ("reply", "reply_and_wait") and not answered:
                    answered = True
                    told["answered"] = was.by
                if before.status in ACTIVE and was.status not in ACTIVE and was.act == "merge":
                    told["merged"] = was.agent
                elif before.status in ACTIVE and was.status not in ACTIVE:
                    solver = was.by if was.by != ann else was.agent
                    told["solved_again" if over else "solved"] = solver
                since_when = states[0].at if "answered" in told else begun
                if before.status not in ACTIVE and was.status in ACTIVE:
                    over, begun = over + 1, was.at
                    told["reopened"] = solver or was.agent
                told |= {"rated": solver or was.agent} if was.act == "rate" else {}
                happened = (Event(what, number, before, was, agent, since_when) for what, agent in told.items())
                found += [one for one in happened if since <= was.at < until]
        return found

    def questions(self, since: datetime, until: datetime, now: datetime) -> dict[str, int]:
        """Return what became of the questions of these days."""
        counts: Counter[str] = Counter()
        for one in self.life.questions:
            if not since <= one.at < until or one.verdict in ("greeting", "related") or one.outcome == "outage":
                continue
            counts["asked"] += 1
            counts["answered" if one.tried else "unanswered"] += 1
            if one.outcome == "helped":
                counts["helped"] += 1
            elif one.outcome in ("handoff", "joined") or one.ticket:
                counts["handed"] += 1
            elif one.tried and one.at + DAY <= now and not self._heard_of(one):
                counts["silent"] += 1
        return dict(counts)

    def _heard_of(self, one: Question) -> bool:
        """Return whether the same person asked for help, or once more, within a day."""
        for states in self.life.tickets.values():
            if states[0].by == one.person and one.at <= states[0].at < one.at + DAY:
                return True
        for other in self.life.questions:
            if other is not one and other.person == one.person and one.at <= other.at < one.at + DAY:
                said = other.verdict not in ("greeting", "related")
                if said and (other.text == one.text or set(other.tried) & set(one.tried)):
                    return True
        return False


@cache
def _open(week: str, zone: str, at: datetime) -> bool:
    """Return whether somebody works in a minute, by what the clock on the wall shows."""
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    spans = eval(week)  # noqa: S307 - the test's own words
    for days, hours in spans.items():
        first, _, last = days.partition("-")
        worked = range(DAYS.index(first), DAYS.index(last or first) + 1)
        for span in hours.split(","):
            begin, end = (int(part[:2]) * 60 + int(part[3:]) for part in span.strip().split("-"))
            if begin < end and local.weekday() in worked and begin <= minute < end:
                return True
            if begin > end and (
                (local.weekday() in worked and minute >= begin)
                or ((local.weekday() - 1) % 7 in worked and minute < end)
            ):
                return True
    return False


def within(values: Sequence[timedelta], share: float) -> timedelta | None:
    """Return the smallest value that such a share of all does not exceed, by trying each."""
    for value in sorted(values):
        if sum(other <= value for other in values) >= share * len(values):
            return value
    return None


def counted(events: Sequence[Event], key: Callable[[Event], object]) -> Counter[object]:
    """Return how often each thing happened, by what a ticket was then."""
    return Counter((one.what, key(one)) for one in events)
