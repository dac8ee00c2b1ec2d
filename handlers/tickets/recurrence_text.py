"""A recurrence in words: when it comes, what becomes of it on free days, and what it stands as on the cards of its requests."""

from collections.abc import Sequence

from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Part, Phrase, phrase
from handlers.vocabulary.schedules import LAST, WORKDAYS, Schedule, Unit
from handlers.vocabulary.translations import Locale
from storage.tickets.tickets import Ticket

NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def schedule_phrase(schedule: Schedule) -> Phrase:
    """Return a schedule in words: every week, Mon, Wed, 09:00."""
    often = phrase(f"schedule.{schedule.unit}")
    if schedule.n > 1:
        often = phrase(f"schedules.{schedule.unit}", n=schedule.n)
    return phrase("schedule.of", often=[often, *_days(schedule)], at=f"{schedule.at:%H:%M}")


def _days(schedule: Schedule) -> list[Phrase]:
    """Return which days of a week or a month are meant, in words."""
    days = [phrase(f"weekday.{WEEKDAYS[day]}") for day in schedule.days]
    if schedule.unit is Unit.WEEK:
        return [phrase("schedule.workdays")] if schedule.days == WORKDAYS else days
    if schedule.nth:
        return [phrase(f"schedule_nth.{NTH[schedule.nth]}", day=days[0])]
    if schedule.on:
        return [phrase("schedule.last_day") if schedule.on == LAST else phrase("schedule.day_of", day=schedule.on)]
    return []


def recurrence_line(_: Turn, ticket: Ticket, __: Locale) -> Sequence[Part]:
    """Say on a card which recurrence made its request; by its number alone, which no later change of it makes untrue."""
    return [] if ticket.recurrence_id is None else [phrase("recurring.made", recurrence=ticket.recurrence_id)]
