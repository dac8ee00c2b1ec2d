"""The plain recount: minute by minute, from what the test itself wrote down, with nothing of the product's."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tests.reports.histories import MINUTE, Life, Was

ACTIVE = ("new", "open", "pending", "on_hold")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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

    def events(self, since: datetime, until: datetime) -> list[tuple[str, int, Was, Was]]:
        """Return what happened in these days: what, which ticket, what it was before and after."""
        found = []
        for number, states in self.life.tickets.items():
            answered, over = False, 0
            for before, was in zip([states[0], *states], states, strict=False):
                told = ["came"] if was.act == "register" else []
                told += ["taken"] if was.act in ("claim", "assign") else []
                if was.act in ("reply", "reply_and_wait") and not answered:
                    answered = True
                    told.append("answered")
                if before.status in ACTIVE and was.status not in ACTIVE:
                    told.append("merged" if was.act == "merge" else "solved_again" if over else "solved")
                if before.status not in ACTIVE and was.status in ACTIVE:
                    over += 1
                    told.append("reopened")
                told += ["rated"] if was.act == "rate" else []
                found += [(what, number, before, was) for what in told if since <= was.at < until]
        return found


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


def counted(events: Sequence[tuple[str, int, Was, Was]], key: Callable[[Was], object]) -> Counter[object]:
    """Return how often each thing happened, by what a ticket was then."""
    return Counter((what, key(was)) for what, _, _, was in events)
