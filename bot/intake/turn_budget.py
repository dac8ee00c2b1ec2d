"""How many turns one person may have: a burst, then so many a minute, so that a flood costs its author and nobody else.

Kept in memory: it is about now, and a process that starts anew begins with full measures.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.vocabulary.messages import Event, Kind

TURNS = 20  # turns a minute of one person alone with the bot
TEAMS = 6  # times as many in a channel where people work together
BURST = 1.5  # minutes' worth of them at once
ACTS = (Kind.PRESS, Kind.COMMAND)  # what can be done again, unless it has words with it
COUNTED = (*ACTS, Kind.TEXT, Kind.SUBMIT, Kind.EDIT, Kind.DELETE, Kind.REACTION, Kind.HOME)
PEOPLE = 5000  # measures kept; beyond that those that are full again are forgotten
MINUTE = timedelta(minutes=1)
ROUNDED = timedelta(milliseconds=1)  # so that the measure is not still a hair short when the wait is over


class Fate(StrEnum):
    """What becomes of an event."""

    TURN = "turn"  # it has its turn
    FOLDED = "folded"  # it has its turn, together with the words that follow it
    LATER = "later"  # it waits
    REFUSED = "refused"  # it is not done


@dataclass(frozen=True, slots=True)
class Judged:
    """A fate; until when it waits; whether its author is to be told, which is once a flood."""

    fate: Fate
    until: datetime | None = None
    told: bool = False


@dataclass(slots=True)
class _Measure:
    left: float
    at: datetime
    over: bool = False  # a flood that its author has been told of


def _has_words(event: Event) -> bool:
    """Return whether an act brings along what somebody wrote, or a file: a reply, a note. That is kept until its turn."""
    return event.kind is Kind.COMMAND and bool(event.value.strip() or event.files)


class Budget:
    """The measures of everybody who has lately done something."""

    def __init__(self, turns: float = TURNS) -> None:
        self._turns, self._teams = turns, turns * TEAMS
        self._measures: dict[tuple[str, str, bool], _Measure] = {}

    def judge(self, event: Event, now: datetime) -> Judged:
        """Take one from a person's measure, if there is one to take."""
        if event.kind not in COUNTED or event.sender is None or not event.sender.native:
            return Judged(Fate.TURN)
        most = self._turns if event.private else self._teams
        measure = self._measure((event.source, event.sender.native, event.private), most, now)
        if measure.left >= 1:
            measure.left -= 1
            measure.over = measure.over and measure.left < most * BURST / 2
            folded = measure.over and event.private and event.kind is Kind.TEXT
            return Judged(Fate.FOLDED if folded else Fate.TURN)
        told, measure.over = not measure.over, True
        if event.kind in ACTS and not _has_words(event):
            return Judged(Fate.REFUSED, told=told)
        return Judged(Fate.LATER, now + (1 - measure.left) * MINUTE / most + ROUNDED, told)

    def _measure(self, key: tuple[str, str, bool], most: float, now: datetime) -> _Measure:
        measure = self._measures.get(key)
        if measure is None:
            if len(self._measures) >= PEOPLE:
                self._forget(now)
            measure = self._measures[key] = _Measure(most * BURST, now)
        passed = max(now - measure.at, timedelta(0))  # a clock that was set back gives nothing, and takes nothing
        measure.left, measure.at = min(most * BURST, measure.left + most * (passed / MINUTE)), now
        return measure

    def _forget(self, now: datetime) -> None:
        """Forget whose measure is full again by now; the oldest too where all of them write at once."""
        kept = {key: one for key, one in self._measures.items() if now - one.at < MINUTE * BURST}
        self._measures = dict(list(kept.items())[-PEOPLE // 2 :])
