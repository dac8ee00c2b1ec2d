"""A report from a shell, beside a running desk: the words of a filter are read as in the chat."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.deferred.workshop import Workshop
from bot.errors import OperatorError
from bot.interpreter import spare_startup_objects
from bot.reports.producing import report_file_content
from handlers.reports.asked import AskedReport
from handlers.reports.kinds import ReportKind
from handlers.rules import Rules
from handlers.tickets import queue_filter
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Event, Kind, phrase
from handlers.vocabulary.periods import Period, read_period
from handlers.vocabulary.translations import Locale, Translator
from storage.engine import private_files
from storage.engine.database import Connection
from storage.engine.migrate import reading_current
from storage.lifecycle import Refused
from storage.transaction import Transaction

ENDINGS = ("xlsx", "png", "csv", "json")


async def write_report(
    url: str,
    base: Rules,
    path: Path,
    *,
    kind: ReportKind,
    since: str | None,
    until: str | None,
    words: str,
    language: str,
    compare: bool,
    tell: Callable[[int, int], None],
) -> AskedReport:
    """Write a report to a file by its ending; return what it is about."""
    now = datetime.now(UTC)
    spare_startup_objects()
    async with reading_current(url) as database:
        workshop = Workshop(database, base, lambda: now, tell=tell)
        rules = await workshop.rules()
        asked = await database.read(lambda connection: _asked(connection, rules, now, kind, words, language))
        asked = replace(_dated(asked, rules.zone, now, since, until), compare=compare)
        made = await report_file_content(workshop, asked, rules, path.suffix[1:].lower())
    private_files.write_bytes(path, made)
    return asked


def _asked(
    connection: Connection, rules: Rules, now: datetime, kind: ReportKind, words: str, language: str
) -> AskedReport:
    """Return what is asked for; its days are today's unless the words name some."""
    nobody = Event(Kind.COMMAND, "desk", "", "", now, name="report")
    turn = Turn(nobody, Transaction(connection), now, rules, Translator(rules.texts), Knowledge())
    try:
        meant, period = queue_filter.read_dated(turn, words, me=0)
    except Refused as refusal:
        said = Translator().say(phrase(f"refused.{refusal.reason}", **refusal.facts), Locale("en", rules.zone))
        raise OperatorError("FILTER", said) from None
    period = period or _period("today", now, rules.zone)
    assert period is not None
    return AskedReport(kind, period.first, period.end, rules.zone, language, meant, said=words)


def _dated(asked: AskedReport, zone: str, now: datetime, since: str | None, until: str | None) -> AskedReport:
    """Return it with the days that --from and --to name."""
    first = _day("--from", since, now, zone) if since else None
    last = _day("--to", until, now, zone) if until else None
    begin = first.first if first else asked.first
    end = last.end if last else (_today(now, zone).end if first else asked.end)
    if begin >= end:
        raise OperatorError("--to", "it names a day before --from")
    return replace(asked, first=begin, end=end)


def _day(option: str, words: str, now: datetime, zone: str) -> Period:
    found = _period(words, now, zone)
    if found is None:
        raise OperatorError(option, f"{words!r} names no day; for example 2026-10-01, 01.10, yesterday")
    return found


def _today(now: datetime, zone: str) -> Period:
    found = _period("today", now, zone)
    assert found is not None
    return found


def _period(words: str, now: datetime, zone: str) -> Period | None:
    found = read_period(words.split(), now, zone)
    return found[0] if found is not None and found[1] == len(words.split()) else None
