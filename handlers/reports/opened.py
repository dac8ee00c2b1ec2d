"""*Why this number*: a report opened into what its figures count, and each length into the stretches that add up to it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from handlers.reports.ledger import Happened, Ledger, Stretch, What
from handlers.reports.report import Figure, Material, Writer
from handlers.reports.tally import MEASURED
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.tables import CellKind, Column, Table, Value
from storage.reports.facts import Told
from storage.types import ticks_moment

MOST = 100_000  # of what happened, in one file
SHOWN = 12  # requests named in a line of text

COUNTS: Mapping[str, Sequence[What]] = {  # by a figure's key: what it counts
    "came": (What.CAME,),
    "taken": (What.TAKEN,),
    "gone": (What.SOLVED, What.SOLVED_AGAIN, What.MERGED),
    "reopened": (What.REOPENED,),
    "rated": (What.RATED,),
    "missed_answer": (What.ANSWERED,),
    "missed_solve": (What.SOLVED,),
}
LENGTHS = {
    "first_response": What.ANSWERED,
    "first_response_90": What.ANSWERED,
    "resolution": What.SOLVED,
    "resolution_90": What.SOLVED,
}
SHARES: Mapping[str, tuple[What, Callable[[Happened], bool]]] = {  # what lowers a share
    "sla_answer": (What.ANSWERED, lambda one: one.met is False),
    "sla_solve": (What.SOLVED, lambda one: one.met is False),
    "liked": (What.RATED, lambda one: one.value < 4),
}


@dataclass(slots=True)
class Opened:
    """What happened in a stretch of days, and the stretches of a request's life that each length was measured over."""

    events: list[Happened] = field(default_factory=list)
    stretches: list[tuple[Happened, Stretch]] = field(default_factory=list)
    left: int = 0  # what there is no room for

    def add(self, told: Told, happened: Sequence[Happened], ledger: Ledger) -> None:
        """Add what happened to a ticket in these days."""
        room = max(0, MOST - len(self.events))
        self.left += max(0, len(happened) - room)
        kept = happened[:room]
        self.events += kept
        measured = [one for one in kept if one.what in MEASURED]
        life = ledger.stretches(told, max(one.at for one in measured)) if measured else []
        for one in measured:
            own = [part for part in life if part.begin >= one.at - one.wall and part.end <= one.at]
            self.stretches += ((one, part) for part in joined_stretches(own))


def joined_stretches(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return stretches with those together that follow each other and differ in nothing."""
    found: list[Stretch] = []
    for one in stretches:
        last = found[-1] if found else None
        if last is not None and (last.status, last.runs, last.calendar) == (one.status, one.runs, one.calendar):
            found[-1] = last._replace(end=one.end, worked=last.worked + one.worked)
        elif one.begin < one.end:
            found.append(one)
    return found


class OpenedWriter:
    """Tells what a report's figures are made of, in its reader's words."""

    def __init__(
        self, writer: Writer, opened: Opened, material: Material, status: Callable[[str], str], *, narrowed: bool
    ) -> None:
        self._writer, self._opened, self._material = writer, opened, material
        self._status, self._narrowed = status, narrowed

    def line(self, figure: Figure) -> str:
        """Return what a figure is made of; nothing where no request is."""
        key, events = figure.key, self._opened.events
        if key in COUNTS:
            missed = key.startswith("missed_")
            return _named([one for one in events if one.what in COUNTS[key] and (not missed or one.met is False)])
        if key in LENGTHS:
            mine = (one for one in events if one.what is LENGTHS[key])
            return _named([one for one in mine if timedelta(microseconds=one.worked) == figure.value])
        if key in SHARES:
            what, lowers = SHARES[key]
            lower = _named([one for one in events if one.what is what and lowers(one)])
            return self._writer.say(phrase("why.but_for", requests=lower)) if lower else ""
        before, counts = self._material.waiting_before, self._material.counted.whole
        if key == "waiting" and before is not None and not self._narrowed:
            came, back = counts.counts[What.CAME], counts.counts[What.REOPENED]
            return f"{before} + {came} + {back} − {counts.gone}"
        if key == "age":
            return _numbered([number for age, number in self._material.ages if age == figure.value])
        if key == "mean_rating":
            stars = Counter(one.value for one in events if one.what is What.RATED)
            return " + ".join(f"{times} × {value}★" for value, times in sorted(stars.items(), reverse=True))
        return self._of_questions(key)

    def _of_questions(self, key: str) -> str:
        """Return what a figure of questions adds up from: whose words they were is no figure's to tell."""
        asked = self._material.questions
        solved = f"{asked.helped} + {asked.silent}"
        sums = {
            "asked": f"{asked.answered} + {asked.unanswered}",
            "answered": f"{asked.asked} − {asked.unanswered}",
            "deflected": solved,
            "deflection": f"({solved}) : {asked.asked}",
        }
        return sums.get(key, "") if asked.asked else ""

    def tables(self) -> list[Table]:
        """Return all that was counted, and the stretches that lengths are made of."""
        say, texts, name = self._writer.say, self._writer.called, self._writer.name
        n, at, length = CellKind.NUMBER, CellKind.TIME, CellKind.LENGTH
        events: list[Sequence[Value]] = [
            [
                self._what(one.what), one.ticket, ticks_moment(one.at), texts(self._material, "type", one.kind),
                texts(self._material, "group", one.group), say(phrase(f"priority.{one.priority}")),
                texts(self._material, "agent", one.agent), *self._measured(one), one.value or None,
            ]
            for one in self._opened.events
        ]  # fmt: skip
        stretches: list[Sequence[Value]] = [
            [
                self._what(one.what), one.ticket, ticks_moment(part.begin), ticks_moment(part.end), self._status(part.status),
                say(phrase("why.counts" if part.runs else "why.stands")), part.calendar or say(phrase("why.always")),
                timedelta(microseconds=part.worked),
            ]
            for one, part in self._opened.stretches
        ]  # fmt: skip
        counted = [
            Column(name("figure")), Column(name("request"), n), Column(name("at"), at),
            *(Column(name(each)) for each in ("type", "group", "priority", "agent")),
            Column(name("worked"), length), Column(name("wall"), length), Column(name("in_time")), Column(name("rating"), n),
        ]  # fmt: skip
        measured = [
            Column(name("figure")), Column(name("request"), n), Column(name("since"), at), Column(name("until"), at),
            Column(say(phrase("column.status"))), Column(name("clock")), Column(name("calendar")), Column(name("worked"), length),
        ]  # fmt: skip
        return [
            Table(say(phrase("report_table.counted")), counted, events),
            Table(say(phrase("report_table.stretches")), measured, stretches),
        ]

    def _measured(self, one: Happened) -> list[Value]:
        if one.what not in MEASURED:
            return [None, None, None]
        met = "" if one.met is None else self._writer.say(phrase("why.met" if one.met else "why.missed"))
        return [timedelta(microseconds=one.worked), timedelta(microseconds=one.wall), met]

    def _what(self, what: What) -> str:
        return self._writer.say(phrase(f"why_what.{what}"))


def _named(events: Sequence[Happened]) -> str:
    """Return the requests that something happened to; of many, the first."""
    return _numbered([one.ticket for one in events])


def _numbered(tickets: Sequence[int]) -> str:
    numbers = sorted(set(tickets))
    rest = len(numbers) - SHOWN
    return ", ".join(f"#{number}" for number in numbers[:SHOWN]) + (f" … +{rest}" if rest > 0 else "")
