"""The producer of reports: from what was asked for to what is shown, as each ending wants it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.deferred.workshop import Produced, Workshop
from bot.reports import written
from bot.reports.gathering import gather_before, gather_material
from handlers.reports.asked import ASKED_REPORT, AskedReport
from handlers.reports.kinds import ReportKind
from handlers.reports.report import Material, Report, Writer, report_value_text
from handlers.rules import Rules
from handlers.vocabulary.deferred import ReportArgs
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import Locale, Translator

WORDS = ("empty", "more", "before", "nothing", "figure", "value", "goal")


async def report_file(workshop: Workshop, name: str, args: ReportArgs) -> Produced:
    """Make what was asked for, by the ending of its name; text is words alone."""
    asked = ASKED_REPORT.validate_python(args["asked"])
    ending = name.rpartition(".")[2]
    rules = await workshop.rules()
    if ending == "txt":
        report = await build_report(workshop, asked, rules)
        return Produced(None, written.as_text(report, value_formatter(asked, rules), words_of(asked, rules)))
    return Produced(await report_file_content(workshop, asked, rules, ending))


async def report_file_content(workshop: Workshop, asked: AskedReport, rules: Rules, ending: str) -> bytes:
    """Return a report as the content of a file: png, xlsx, csv or json."""
    words = words_of(asked, rules)
    if ending == "png":
        from bot.reports import picture  # heavy, and few processes draw

        report = await build_report(workshop, asked, rules)
        return await asyncio.to_thread(picture.draw_report, report, value_formatter(asked, rules), words)
    if ending == "csv":
        return await asyncio.to_thread(written.as_csv, await build_report(workshop, asked, rules), asked.zone, words)
    now, reports = await build_all_reports(workshop, asked, rules)
    if ending == "json":
        return (await asyncio.to_thread(written.as_json, reports)).encode()
    made_of = await asyncio.to_thread(writer_of(asked, rules).contributions, now)
    return await asyncio.to_thread(written.as_workbook, reports, made_of, asked.zone, words)


async def build_report(workshop: Workshop, asked: AskedReport, rules: Rules) -> Report:
    """Return the report of one kind."""
    now = await gather_material(workshop, asked, rules)
    before = await gather_before(workshop, asked, rules)
    return await asyncio.to_thread(put_together, asked, rules, now, before)


async def build_all_reports(workshop: Workshop, asked: AskedReport, rules: Rules) -> tuple[Material, Sequence[Report]]:
    """Return the reports of all kinds, that which was asked for first: they are counted in one reading."""
    kinds = [asked.kind, *(kind for kind in ReportKind if kind is not asked.kind)]
    whole = replace(asked, kind=ReportKind.OVERVIEW)
    now = await gather_material(workshop, whole, rules, every=True)
    before = await gather_before(workshop, whole, rules)
    wanted = [replace(asked, kind=kind) for kind in kinds]
    return now, await asyncio.to_thread(lambda: [put_together(one, rules, now, before) for one in wanted])


def put_together(asked: AskedReport, rules: Rules, now: Material, before: Material | None) -> Report:
    """Return a report in its reader's words."""
    return writer_of(asked, rules).report(now, before, asked.said)


def writer_of(asked: AskedReport, rules: Rules) -> Writer:
    """Return who puts a report into its reader's words."""
    reader = Locale(asked.language, asked.zone)
    return Writer(Translator(rules.texts), reader, asked.kind, asked.period, {} if asked.narrowed else rules.goals)


def value_formatter(asked: AskedReport, rules: Rules) -> "partial[str]":
    """Return what shows a value to the reader."""
    return partial(report_value_text, speech=Translator(rules.texts), reader=Locale(asked.language, asked.zone))


def words_of(asked: AskedReport, rules: Rules) -> dict[str, str]:
    """Return the words that stand around figures."""
    speech, reader = Translator(rules.texts), Locale(asked.language, asked.zone)
    return {name: speech.say(phrase(f"report_word.{name}", n="{n}"), reader) for name in WORDS}
