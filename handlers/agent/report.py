"""``/report``: a day, a week or a month in a few lines."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.tickets.queue_filter import plain, said
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Part, phrase
from handlers.vocabulary.translations import LANGUAGES
from kb import nearest
from storage import report as figures
from storage.lifecycle import Refused
from storage.models import Role
from storage.queue import COUNTED, Filter

on = Routes()

SPANS = ("today", "yesterday", "week", "month")


@on.command("report", role=Role.AGENT)
def report(turn: Turn) -> None:
    """What came in, what went out and what waits: /report today, yesterday, week, month."""
    span = spoken(turn.event.value)
    since, until = stretch(span, turn.now, turn.here[1].zone)
    found = figures.of(turn.tx.connection, since, until)
    late = turn.tx.queue.count(Filter(overdue_at=turn.now))
    overdue = f"{COUNTED}+" if late > COUNTED else str(late)
    parts: list[Part] = [
        phrase("report.flow", came=found.came, solved=found.solved),
        phrase("report.waiting", waiting=found.waiting, free=found.free, overdue=overdue),
        phrase("report.first_response", time=found.first_response) if found.first_response is not None else "",
        phrase("report.answers", asked=found.asked, helped=found.helped) if found.asked else "",
        phrase("report.rating", rating=f"{found.rating:.1f}", rated=found.rated) if found.rating is not None else "",
    ]
    turn.say(*(part for part in parts if part), title=phrase(f"report.{span}", day=since))


def spoken(word: str) -> str:
    """Return the stretch of time that is meant, in a word of any of our languages; none is today."""
    known = {plain(said(phrase(f"report_word.{span}"), language)): span for span in SPANS for language in LANGUAGES}
    wanted = plain(word)
    if not wanted:
        return SPANS[0]
    meant = known.get(wanted) or known.get(nearest(wanted, known) or "")
    if meant is None:
        raise Refused("usage", usage=f"/report {'|'.join(SPANS)}")
    return meant


def stretch(span: str, now: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return when a stretch of time begins and ends, by the days of a zone."""
    today = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
    tomorrow = today + timedelta(days=1)
    match span:
        case "yesterday":
            return today - timedelta(days=1), today
        case "week":
            return today - timedelta(days=today.weekday()), tomorrow
        case "month":
            return today.replace(day=1), tomorrow
    return today, tomorrow
