"""*Why this number*: a request, or a whole report, opened into the stretches that were counted, and those that were not."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from bot.deferred.workshop import Produced, Workshop, reader_of, speech_of
from bot.reports.gathering import gather_material
from bot.reports.producing import put_together, value_formatter, writer_of
from bot.sheets.xlsx import build_workbook
from handlers.reports.asked import ASKED_REPORT, AskedReport
from handlers.reports.in_force import InForce
from handlers.reports.ledger import Happened, Ledger, Stretch, What
from handlers.reports.opened import MOST as MOST_EVENTS
from handlers.reports.opened import Opened, OpenedWriter, joined_stretches
from handlers.reports.report import Material, report_value_text
from handlers.rules import Rules
from handlers.tickets import status_names
from handlers.vocabulary.deferred import ReportArgs, WhyArgs
from handlers.vocabulary.messages import Phrase, RichText, bold_text, join_lines, phrase
from handlers.vocabulary.tables import CellKind
from handlers.vocabulary.translations import Locale, moment_text
from storage.reports import facts
from storage.types import moment_ticks, ticks_moment

MOST = 60  # stretches told at once; the rest is summed up


async def why_text(workshop: Workshop, name: str, args: WhyArgs) -> Produced:
    """Tell how a request's times add up."""
    number, now = int(args["ticket"]), workshop.now()
    rules, reader = await workshop.rules(), reader_of(args)
    read = workshop.database.read
    kinds = await read(facts.request_type_revisions)
    revisions = await read(partial(facts.rules_history, until=now))
    [told] = await read(partial(facts.tickets_by_number, numbers=[number], only=None))
    ledger, speech = Ledger(InForce(revisions, workshop.base), kinds), speech_of(rules)
    happened = [one for one in ledger.happened(told) if one.what in TIMED]
    stretches = ledger.stretches(told, max([moment_ticks(now), *(one.at for one in happened)]))

    def say(said: Phrase | str) -> str:
        return speech.say(said, reader)

    def length(value: int) -> str:
        return report_value_text(timedelta(microseconds=value), CellKind.LENGTH, speech, reader)

    def at(value: int) -> str:
        return moment_text(ticks_moment(value), reader)

    def line(one: Stretch) -> str:
        status = say(_status(one.status))
        counted = phrase("why.runs", time=length(one.worked), hours=one.calendar or say(phrase("why.always")))
        return f"{at(one.begin)} – {at(one.end)} · {status} · {say(counted if one.runs else phrase('why.stands'))}"

    def total(one: Happened) -> str:
        return say(phrase(f"why.{one.what}", at=at(one.at), time=length(one.worked), wall=length(one.wall)))

    more = len(stretches) - MOST
    parts = [
        bold_text(say(phrase("why.title", ticket=number))),
        *(RichText(line(one)) for one in joined_stretches(stretches)[:MOST]),
        *([RichText(f"… +{more}")] if more > 0 else []),
        *(RichText(total(one)) for one in happened),
    ]
    return Produced(None, join_lines(*parts))


TIMED = (What.ANSWERED, What.SOLVED, What.SOLVED_AGAIN)


async def opened_report(workshop: Workshop, name: str, args: ReportArgs) -> Produced:
    """Tell what each figure of a report is made of, with a workbook of all that was counted."""
    asked = ASKED_REPORT.validate_python(args["asked"])
    rules, opened = await workshop.rules(), Opened()
    material = await gather_material(workshop, asked, rules, opened=opened)
    return await asyncio.to_thread(_opened, asked, rules, material, opened)


def _opened(asked: AskedReport, rules: Rules, material: Material, opened: Opened) -> Produced:
    report, show = put_together(asked, rules, material, None), value_formatter(asked, rules)
    speech, reader = speech_of(rules), Locale(asked.language, asked.zone)
    writer = OpenedWriter(
        writer_of(asked, rules), opened, material, lambda status: speech.say(_status(status), reader), narrowed=asked.narrowed
    )  # fmt: skip
    lines = [
        f"{figure.name}: {show(figure.value, figure.kind)} = {made_of}"
        for figure in report.figures
        if (made_of := writer.line(figure))
    ]
    cut = [speech.say(phrase("why.cut", limit=MOST_EVENTS), reader)] if opened.left else []
    parts = [bold_text(f"{report.title} · {report.period}"), *map(RichText, (*lines, *cut))]
    return Produced(build_workbook(writer.tables(), asked.zone), join_lines(*parts))


def _status(name: str) -> Phrase | str:
    called = status_names.status_title(name)
    assert not isinstance(called, Mapping)
    return called
