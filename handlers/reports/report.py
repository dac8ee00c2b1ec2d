"""A report as its reader sees it: figures with what they were before, and tables; the same for picture, workbook and text."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from babel.dates import format_date, format_interval, get_day_names

from handlers.reports.kinds import ReportKind
from handlers.reports.ledger import What
from handlers.reports.questions import Questions
from handlers.reports.tally import Counted, Tally
from handlers.rules.goals import Goals
from handlers.vocabulary.messages import Phrase, phrase
from handlers.vocabulary.periods import Period
from handlers.vocabulary.tables import CellKind, Column, Table, Value
from handlers.vocabulary.translations import Locale, Translator

RECOMMEND: Mapping[str, tuple[int, int]] = {"promoters": (9, 10), "passives": (7, 8), "detractors": (0, 6)}
Rows = Sequence[Sequence[Value]]
N, L, S, D, T = CellKind.NUMBER, CellKind.LENGTH, CellKind.SHARE, CellKind.DECIMAL, CellKind.TEXT


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name, what it was before, and whether more of it is better (1), worse (-1), or neither (0)."""

    name: str
    value: Value
    kind: CellKind = N
    before: Value = None
    better: int = 0
    of: int | None = None  # how many it was measured on
    key: str = ""  # of its name: figure.<key>
    goal: Value = None  # what the team wants it to be at the least, or where less of it is better at the most

    @property
    def reached(self) -> bool | None:
        """Return whether the goal is reached; None where there is none, or nothing to measure by it."""
        if self.goal is None or self.value is None or isinstance(self.goal, str) or isinstance(self.value, str):
            return None
        more: bool = self.value >= self.goal  # type: ignore[operator]
        return more if self.better > 0 else more is False or self.value == self.goal


@dataclass(frozen=True, slots=True)
class Comment:
    """A rating with its words."""

    ticket: int
    rating: int
    words: str


@dataclass(frozen=True, slots=True)
class Material:
    """All that a report is put together of."""

    counted: Counted
    waiting: int | None  # at the end; None where it was not asked for
    waiting_before: int | None
    ages: Sequence[tuple[timedelta, int]] = ()  # of what waits now, and its number, where the stretch goes on until now
    questions: Questions = field(default_factory=Questions)
    names: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)  # what lines are called, by what they are of
    articles: Mapping[int, str] = field(default_factory=dict)
    comments: Sequence[Comment] = ()
    scores: Sequence[int] = ()  # from 0 to 10: whether requesters would recommend the desk


@dataclass(frozen=True, slots=True)
class Report:
    """A report in its reader's words."""

    kind: ReportKind
    title: str
    period: str
    note: str
    figures: Sequence[Figure]
    tables: Sequence[Table]
    empty: bool


class Writer:
    """Puts a report together in its reader's words."""

    def __init__(
        self, speech: Translator, reader: Locale, kind: ReportKind, period: Period, goals: Goals = MappingProxyType({})
    ) -> None:
        self._speech, self._reader, self._kind, self._period, self._goals = speech, reader, kind, period, goals

    def report(self, now: Material, before: Material | None, note: str = "") -> Report:
        """Return the report of a stretch of time, compared with the one before it where that is known."""
        figures = [*self._figures(now, before)]
        tables = SHAPES[self._kind].tables(self, now)
        empty = not (now.counted.whole.counts or now.questions.asked or now.counted.whole.minutes or now.scores)
        title = self.say(phrase(f"report_kind.{self._kind}"))
        return Report(self._kind, title, period_text(self._period, self._reader), note, figures, tables, empty)

    def say(self, said: Phrase) -> str:
        """Return what is said to the reader."""
        return self._speech.say(said, self._reader)

    def name(self, figure: str) -> str:
        """Return what a figure or a column is called."""
        return self.say(phrase(f"figure.{figure}"))

    def _figure(self, key: str, value: Value, kind: CellKind = N, *, better: int = 0, of: int | None = None) -> Figure:
        return Figure(self.name(key), value, kind, better=better, of=of, key=key)

    # Figures

    def _figures(self, now: Material, before: Material | None) -> list[Figure]:
        made = SHAPES[self._kind].figures
        past = made(self, before) if before is not None else []
        known = {figure.name: figure.value for figure in past}
        return [replace(one, before=known.get(one.name), goal=self._goals.get(one.key)) for one in made(self, now)]

    def figures_of_work(self, of: Material) -> list[Figure]:
        """Return what came, went and waits, and how soon."""
        whole = of.counted.whole
        came = [] if of.waiting is None else [self._figure("came", whole.counts[What.CAME])]
        waits = [] if of.waiting is None else [self._figure("waiting", of.waiting, better=-1)]
        answered, solved = whole.counts[What.ANSWERED], whole.counts[What.SOLVED]
        asked = of.questions.asked if self._kind is ReportKind.OVERVIEW and of.waiting is not None else 0
        return [
            *(came or [self._figure("taken", whole.counts[What.TAKEN])]),
            self._figure("gone", whole.gone, better=1),
            *waits,
            self._figure("reopened", whole.counts[What.REOPENED], better=-1),
            self._figure("first_response", whole.worked(What.ANSWERED, 0.5), L, better=-1, of=answered),
            self._figure("first_response_90", whole.worked(What.ANSWERED, 0.9), L, better=-1, of=answered),
            self._figure("resolution", whole.worked(What.SOLVED, 0.5), L, better=-1, of=solved),
            self._figure("resolution_90", whole.worked(What.SOLVED, 0.9), L, better=-1, of=solved),
            self._figure("sla_answer", whole.kept(What.ANSWERED), S, better=1, of=_aimed(whole, What.ANSWERED)),
            self._figure("sla_solve", whole.kept(What.SOLVED), S, better=1, of=_aimed(whole, What.SOLVED)),
            self._figure("liked", whole.liked(), S, better=1, of=len(whole.ratings)),
            *([self._figure("deflected", of.questions.deflected, better=1, of=asked)] if asked else []),
            *self._age(of.ages),
        ]

    def _age(self, ages: Sequence[tuple[timedelta, int]]) -> list[Figure]:
        if not ages:
            return []
        age, _ = sorted(ages)[(len(ages) + 1) // 2 - 1]  # always one of them, so that it can be opened
        return [self._figure("age", age, L, better=-1, of=len(ages))]

    def figures_of_answers(self, of: Material) -> list[Figure]:
        """Return what became of questions."""
        asked = of.questions
        counts = {
            "asked": (asked.asked, 0),
            "answered": (asked.answered, 1),
            "helped": (asked.helped, 1),
            "silent": (asked.silent, 1),
            "handed": (asked.handed, -1),
            "gaps": (asked.unanswered, -1),
        }
        share = asked.deflected / asked.asked if asked.asked else None
        return [
            *(self._figure(name, value, better=better) for name, (value, better) in counts.items()),
            self._figure("deflection", share, S, better=1, of=asked.asked),
        ]

    def figures_of_time(self, of: Material) -> list[Figure]:
        """Return how long people worked, as they wrote it down."""
        return [self._figure("spent", timedelta(minutes=of.counted.whole.minutes), L)]

    def figures_of_ratings(self, of: Material) -> list[Figure]:
        """Return how requesters liked it."""
        ratings = [value for value, _ in of.counted.whole.ratings]
        mean = sum(ratings) / len(ratings) if ratings else None
        return [
            self._figure("rated", len(ratings)),
            self._figure("liked", of.counted.whole.liked(), S, better=1, of=len(ratings)),
            self._figure("mean_rating", mean, D, better=1, of=len(ratings)),
            *([self._figure("nps", nps_of(of.scores), better=1, of=len(of.scores))] if of.scores else []),
        ]

    def figures_of_targets(self, of: Material) -> list[Figure]:
        """Return how many targets were kept, and how many missed."""
        whole, found = of.counted.whole, list[Figure]()
        for name, what in (("answer", What.ANSWERED), ("solve", What.SOLVED)):
            aimed = _aimed(whole, what)
            found += [
                self._figure(f"sla_{name}", whole.kept(what), S, better=1, of=aimed),
                self._figure(f"missed_{name}", whole.missed[what], better=-1, of=aimed),
            ]
        return found

    # Tables

    def table_of_days(self, of: Material) -> list[Table]:
        """Return what came and went, day by day."""
        columns = [self._column("day"), *(self._column(one, N) for one in ("came", "gone", "reopened"))]
        rows: list[Sequence[Value]] = []
        for day in _each_day(self._period):
            tally = of.counted.days.get(day, Tally())
            shown = format_date(day, "d MMM" if self._period.days < 320 else "d MMM y", locale=self._reader.language)
            rows.append([shown, tally.counts[What.CAME], tally.gone, tally.counts[What.REOPENED]])
        return [Table(self.say(phrase("report_table.days")), columns, rows, "line")]

    def table_of_lines(self, of: Material, by: str) -> list[Table]:
        """Return the figures of work, a line for each agent, group, type, company, tag or asset."""
        first = ("taken" if by == "agent" else "came", What.TAKEN if by == "agent" else What.CAME)
        columns = [
            self._column(by),
            *(self._column(name, N) for name in (first[0], "answered_first", "gone", "reopened")),
            *(self._column(name, L) for name in ("first_response", "first_response_90", "resolution", "resolution_90")),
            *(self._column(name, S) for name in ("sla_answer", "sla_solve", "liked")),
            self._column("rated", N),
            self._column("spent", L),
        ]
        lines = sorted(
            of.counted.by[by].items(), key=lambda line: (-line[1].gone, -line[1].counts[first[1]], str(line[0]))
        )
        rows: Rows = [[self.called(of, by, key), tally.counts[first[1]], *_measures(tally)] for key, tally in lines]
        return [Table(self.say(phrase(f"report_table.{by}")), columns, rows, "bar")]

    def tables_of_types(self, of: Material) -> list[Table]:
        """Return the figures of work of each type, and of each asset, where requests are about any."""
        about = self.table_of_lines(of, "asset") if of.counted.by["asset"] else []
        return [*self.table_of_lines(of, "type"), *about]

    def tables_of_agents(self, of: Material) -> list[Table]:
        """Return the figures of each agent's work, and who helped beside others."""
        lines = [(key, tally.helped) for key, tally in of.counted.by["agent"].items() if tally.helped]
        if not lines:
            return self.table_of_lines(of, "agent")
        columns = [self._column("agent"), self._column("helped_others", N)]
        ordered = sorted(lines, key=lambda line: (-line[1], str(line[0])))
        rows: Rows = [[self.called(of, "agent", key), helped] for key, helped in ordered]
        helped = Table(self.say(phrase("report_table.helpers")), columns, rows, "bar")
        return [*self.table_of_lines(of, "agent"), helped]

    def table_of_hours(self, of: Material) -> list[Table]:
        """Return when requests come, by hour and weekday."""
        days = get_day_names("abbreviated", locale=self._reader.language)
        columns = [self._column("hour"), *(Column(str(days[day]), N) for day in range(7))]
        rows: Rows = [[f"{hour:02}:00", *(of.counted.hours[day, hour] for day in range(7))] for hour in range(24)]
        return [Table(self.say(phrase("report_table.hours")), columns, rows, "heat")]

    def table_of_targets(self, of: Material) -> list[Table]:
        """Return targets kept and missed, by priority."""
        names = ("met_answer", "missed_answer", "met_solve", "missed_solve")
        columns = [self._column("priority"), *(self._column(name, N) for name in names)]
        lines = [(name, of.counted.by["priority"].get(name, Tally())) for name in ("urgent", "high", "normal", "low")]
        rows: Rows = [
            [
                self.say(phrase(f"priority.{name}")),
                *(counted[what] for what in (What.ANSWERED, What.SOLVED) for counted in (tally.met, tally.missed)),
            ]
            for name, tally in lines
        ]
        return [Table(self.say(phrase("report_table.sla")), columns, rows, "stack")]

    def table_of_articles(self, of: Material) -> list[Table]:
        """Return which articles helped, and which did not."""
        columns = [self._column("article"), self._column("useful", N), self._column("failed", N)]
        numbers = sorted(
            {*of.questions.helped_by, *of.questions.failed_by},
            key=lambda number: (-of.questions.helped_by[number], of.questions.failed_by[number], number),
        )
        rows: Rows = [
            [of.articles.get(number, f"#{number}"), of.questions.helped_by[number], of.questions.failed_by[number]]
            for number in numbers
        ]
        return [Table(self.say(phrase("report_table.articles")), columns, rows, "bar")]

    def table_of_time(self, of: Material) -> list[Table]:
        """Return how long each agent worked, as they wrote it down."""
        columns = [self._column("agent"), self._column("spent", L)]
        lines = [(key, tally.minutes) for key, tally in of.counted.by["agent"].items() if tally.minutes]
        rows: Rows = [
            [self.called(of, "agent", key), timedelta(minutes=minutes)]
            for key, minutes in sorted(lines, key=lambda line: (-line[1], str(line[0])))
        ]
        return [Table(self.say(phrase("report_table.time")), columns, rows, "bar")]

    def tables_of_ratings(self, of: Material) -> list[Table]:
        """Return how often each rating was given, and the words with them."""
        values = [value for value, _ in of.counted.whole.ratings]
        stars: Rows = [["★" * value, values.count(value)] for value in range(5, 0, -1)]
        columns = [self._column("rating"), self._column("number", N)]
        told = [self._column("request", N), self._column("rating", N), self._column("comment")]
        comments: Rows = [[one.ticket, one.rating, one.words] for one in of.comments]
        return [
            *(self._recommend_table(of.scores) if of.scores else []),
            Table(self.say(phrase("report_table.ratings")), columns, stars, "bar"),
            Table(self.say(phrase("report_table.comments")), told, comments),
        ]

    def _recommend_table(self, scores: Sequence[int]) -> list[Table]:
        columns = [self._column("recommend"), self._column("number", N)]
        rows: Rows = [
            [self.say(phrase(f"recommend.{name}")), sum(low <= score <= high for score in scores)]
            for name, (low, high) in RECOMMEND.items()
        ]
        return [Table(self.say(phrase("report_table.nps")), columns, rows, "bar")]

    def contributions(self, of: Material) -> list[Table]:
        """Return what the times of a report are made of: each request with its working time, and that on the wall."""
        columns = [self._column("request", N), self._column("worked", L), self._column("wall", L)]
        found = []
        for what in (What.ANSWERED, What.SOLVED, What.SOLVED_AGAIN):
            measures = of.counted.whole.measures.get(what)
            rows: Rows = list(measures.ordered()) if measures else []
            found.append(Table(self.say(phrase(f"report_table.{what}")), columns, rows))
        return found

    def _column(self, name: str, kind: CellKind = T) -> Column:
        return Column(self.name(name), kind)

    def called(self, of: Material, by: str, key: object) -> str:
        """Return what a line of a table is called."""
        if key is None:
            return self.say(phrase("list.nobody"))
        return of.names.get(by, {}).get(key) or (f"#{key}" if by == "tag" else str(key))


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of report shows, and what it is counted by."""

    tables: Callable[[Writer, Material], list[Table]]
    figures: Callable[[Writer, Material], list[Figure]] = Writer.figures_of_work
    by: tuple[str, ...] = ()  # keys of handlers/reports/tally.py, tag and asset
    tickets: bool = True  # whether anything of it is about requests


def _lines(by: str) -> Shape:
    return Shape(lambda writer, of: writer.table_of_lines(of, by), by=(by,))


SHAPES: Mapping[ReportKind, Shape] = {
    ReportKind.OVERVIEW: Shape(Writer.table_of_days),
    ReportKind.AGENTS: Shape(Writer.tables_of_agents, by=("agent",)),
    ReportKind.GROUPS: _lines("group"),
    ReportKind.TYPES: Shape(Writer.tables_of_types, by=("type", "asset")),
    ReportKind.KINDS: _lines("kind"),
    ReportKind.COMPANIES: _lines("company"),
    ReportKind.TAGS: _lines("tag"),
    ReportKind.HOURS: Shape(Writer.table_of_hours),
    ReportKind.SLA: Shape(Writer.table_of_targets, Writer.figures_of_targets, ("priority",)),
    ReportKind.ANSWERS: Shape(Writer.table_of_articles, Writer.figures_of_answers, tickets=False),
    ReportKind.TIME: Shape(Writer.table_of_time, Writer.figures_of_time, ("agent",), tickets=False),
    ReportKind.RATINGS: Shape(Writer.tables_of_ratings, Writer.figures_of_ratings, ("agent",)),
}
COUNTED_BY = tuple(dict.fromkeys(name for shape in SHAPES.values() for name in shape.by))  # all that any kind asks for


def _aimed(tally: Tally, what: What) -> int:
    return tally.met[what] + tally.missed[what]


def _measures(tally: Tally) -> list[Value]:
    return [
        tally.counts[What.ANSWERED],
        tally.gone,
        tally.counts[What.REOPENED],
        tally.worked(What.ANSWERED, 0.5),
        tally.worked(What.ANSWERED, 0.9),
        tally.worked(What.SOLVED, 0.5),
        tally.worked(What.SOLVED, 0.9),
        tally.kept(What.ANSWERED),
        tally.kept(What.SOLVED),
        tally.liked(),
        len(tally.ratings),
        timedelta(minutes=tally.minutes) if tally.minutes else None,
    ]


def nps_of(scores: Sequence[int]) -> int | None:
    """Return promoters less detractors, in per cent of all who answered; None where nobody did."""
    (least, _), (_, most) = RECOMMEND["promoters"], RECOMMEND["detractors"]
    balance = sum((score >= least) - (score <= most) for score in scores)
    return round(100 * balance / len(scores)) if scores else None


def _each_day(period: Period) -> list[date]:
    return [period.first + timedelta(days=number) for number in range(period.days)]


DAYS_FIRST = {"en": "en_GB"}  # 23–29 Nov 2026, as everywhere here


def period_text(period: Period, reader: Locale) -> str:
    """Return a stretch of days as its reader writes it: one day, or the first and the last."""
    told: str = format_interval(
        period.first, period.last, "yMMMd", locale=DAYS_FIRST.get(reader.language, reader.language)
    )
    return re.sub(r"\s", " ", told)  # narrow spaces too, which not every font has


def report_value_text(value: Value, kind: CellKind, speech: Translator, reader: Locale) -> str:
    """Return a value as a person reads it; a dash where there is none."""
    match value:
        case None:
            return "—"
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            hours, rest = divmod(minutes, 60)
            said = phrase("length.hours", h=hours, m=rest) if hours else phrase("length.minutes", m=rest)
            return speech.say(said, reader)
        case float() if kind is CellKind.SHARE:
            return f"{value * 100:.0f} %"
        case float():
            return f"{value:.2f}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
    return str(value)
