"""*Why this number*: a request opened into the stretches of its life that were counted, and those that were not."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from bot.deferred.workshop import Produced, Workshop, reader_of, speech_of
from handlers.reports.in_force import InForce
from handlers.reports.ledger import Happened, Ledger, Stretch, What
from handlers.reports.report import report_value_text
from handlers.tickets import status_names
from handlers.vocabulary.deferred import WhyArgs
from handlers.vocabulary.messages import Phrase, RichText, bold_text, join_lines, phrase
from handlers.vocabulary.tables import CellKind
from handlers.vocabulary.translations import moment_text
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


def _status(name: str) -> Phrase | str:
    called = status_names.status_title(name)
    assert not isinstance(called, Mapping)
    return called
