"""Reports as JSON: the figures and tables that `/report` shows."""

from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.api.calls import Call
from bot.api.operations import Operation, Sent, Told
from bot.api.problems import Problem
from bot.api.scopes import Scope
from bot.api.ticket_acts import field_problem
from bot.deferred.workshop import Workshop
from bot.reports.producing import build_report
from handlers.agent.report import visible_agent_ids
from handlers.reports.asked import AskedReport
from handlers.reports.kinds import ReportKind
from handlers.reports.report import Figure, Report
from handlers.tickets import queue_filter
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.tables import Table, Value
from handlers.vocabulary.translations import LANGUAGES, Translator
from storage.engine.database import Connection, Database
from storage.people.tokens import PROGRAMS
from storage.tickets.queue import Filter
from storage.transaction import Transaction

LONGEST = 366  # days of one report
Plain = str | int | float | None


class ReportPlace(Sent):
    """Which report."""

    kind: ReportKind


class ReportAsked(Sent):
    """Of which days, about which requests, in which language."""

    since: Annotated[date, Field(alias="from", description="The first day, in the desk's time zone.")]
    to: Annotated[date | None, Field(description="The last day; today if left out.")] = None
    q: Annotated[
        str, Field(max_length=500, description="About which requests, as in `/report`: `billing @anna -#vip`.")
    ] = ""
    compare: Annotated[bool, Field(description="With the stretch of days before.")] = False
    language: Annotated[str, Field(pattern=f"^({'|'.join(LANGUAGES)})$", description="Of its words.")] = "en"


class FigureTold(Told):
    """A number with its name; durations in seconds, shares from 0 to 1."""

    key: Annotated[str, Field(description="What it is, in every language the same.")]
    name: str
    value: Plain
    before: Annotated[Plain, Field(description="What it was in the stretch before.")]
    of: Annotated[int | None, Field(description="How many it was measured on.")]


class TableTold(Told):
    """A table; durations in seconds, shares from 0 to 1."""

    title: str
    columns: list[str]
    rows: list[list[Plain]]


class ReportTold(Told):
    """A report."""

    kind: ReportKind
    since: Annotated[date, Field(serialization_alias="from")]
    to: date
    figures: list[FigureTold]
    tables: list[TableTold]


async def get_report(database: Database, workshop: Workshop, call: Call) -> ReportTold:
    """Return a report, read in pieces beside whoever writes."""
    asked: ReportAsked = call.query
    rules, now = await workshop.rules(), workshop.now()

    def meant(connection: Connection) -> tuple[Filter, tuple[int, ...]]:
        event = Event(Kind.COMMAND, PROGRAMS, "", "", now, name="report")
        turn = Turn(event, Transaction(connection), now, rules, Translator(rules.texts), Knowledge())
        wanted = queue_filter.parse_filter(turn, asked.q, me=call.caller.person.id)
        return wanted, visible_agent_ids(turn, call.caller.person)

    last = asked.to or now.astimezone(ZoneInfo(rules.zone)).date()
    if last < asked.since:
        raise field_problem("to", "It names a day before `from`.")
    if (last - asked.since).days >= LONGEST or last.year > 9000 or asked.since.year < 2000:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"A report is of {LONGEST} days at most.")
    wanted, agents = await database.read(meant)
    end = last + timedelta(days=1)
    report = AskedReport(
        call.place.kind,
        asked.since,
        end,
        rules.zone,
        asked.language,
        wanted,
        agents,
        compare=asked.compare,
        said=asked.q,
    )
    return report_told(await build_report(workshop, report, rules), asked.since, last)


def report_told(made: Report, since: date, to: date) -> ReportTold:
    """Return a report as it is told."""
    tables, figures = [table_told(one) for one in made.tables], [figure_told(one) for one in made.figures]
    return ReportTold(kind=made.kind, since=since, to=to, figures=figures, tables=tables)


def figure_told(one: Figure) -> FigureTold:
    """Return a figure as it is told."""
    return FigureTold(key=one.key, name=one.name, value=_plain(one.value), before=_plain(one.before), of=one.of)


def table_told(one: Table) -> TableTold:
    """Return a table as it is told."""
    rows = [[_plain(value) for value in row] for row in one.rows]
    return TableTold(title=one.title, columns=[column.title for column in one.columns], rows=rows)


def _plain(value: Value) -> Plain:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, datetime) else value


OPERATIONS = (
    Operation(
        "getReport",
        "GET",
        "/reports/{kind}",
        Scope.REPORTS_READ,
        "Read a report: figures and tables of some days",
        ReportTold,
        makes=get_report,
        place=ReportPlace,
        query=ReportAsked,
        act="report",
    ),
)
