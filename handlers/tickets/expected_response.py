"""When somebody is there, in words a person would use: "today by 14:30", "Monday by 10:00"; and one word when nobody is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from handlers.tickets import sla_terms
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Message, Part, Phrase, phrase
from handlers.vocabulary.translations import Locale
from storage.models import MessageKind
from storage.tickets.tickets import Ticket

WEEKDAYS = (*("weekday.mon", "weekday.tue", "weekday.wed", "weekday.thu", "weekday.fri", "weekday.sat", "weekday.sun"),)
BY = ("by.today", "by.tomorrow", "by.day")
FROM = ("from.today", "from.tomorrow", "from.day")
THERE = timedelta(minutes=30)  # after an agent's word it is a talk, whatever the hour


def by_day_and_hour(due: datetime, reader: Locale, now: datetime) -> Phrase:
    """Return "today by 14:30": the reader's own day and hour."""
    return _day(BY, due, reader, now)


def back_at(opening: datetime, reader: Locale, now: datetime) -> Phrase:
    """Return "tomorrow at 09:00": when somebody is there again."""
    return _day(FROM, opening, reader, now)


def _day(words: tuple[str, str, str], moment: datetime, reader: Locale, now: datetime) -> Phrase:
    zone = ZoneInfo(reader.zone)
    local = moment.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    time = f"{local:%H:%M}"
    if days in (0, 1):
        return phrase(words[days], time=time)
    if 1 < days < 7:
        return phrase(words[2], day=phrase(WEEKDAYS[local.weekday()]), time=time)
    return phrase(words[2], day=format_date(local, "d MMMM", locale=reader.language), time=time)


def promised_response(turn: Turn, ticket: Ticket) -> list[Part]:
    """Return what a requester is told of when they will be answered, and of nobody being there now."""
    reader, parts = turn.reader(turn.person), list[Part]()
    if ticket.first_response_due is not None:
        parts.append(phrase("request.expect", when=by_day_and_hour(ticket.first_response_due, reader, turn.now)))
    own = ticket.requester_id == turn.person.id
    if own and (opening := closed_until(turn, ticket)) is not None and first_told(turn, opening):
        parts.append(phrase("closed.now", when=back_at(opening, reader, turn.now)))
    return parts


def honest_answer(turn: Turn, ticket: Ticket, number: int) -> list[Part]:
    """Return what somebody is told who asks whether anybody is there: who has their request, and by when a word is due."""
    reader = turn.reader(turn.person)
    agent = turn.tx.tickets.name(ticket.agent_id) if ticket.agent_id is not None else ""
    parts: list[Part] = [phrase("nudge.owned" if agent else "nudge.free", ticket=number, agent=agent)]
    due = ticket.first_response_due if ticket.first_response_at is None else ticket.resolution_due
    if due is not None:
        parts.append(
            phrase("nudge.late" if due <= turn.now else "nudge.due", when=by_day_and_hour(due, reader, turn.now))
        )
    if (opening := closed_until(turn, ticket)) is not None:
        parts.append(phrase("closed.now", when=back_at(opening, reader, turn.now)))
        first_told(turn, opening)
    return parts


def tell_away(turn: Turn, ticket: Ticket, number: int) -> None:
    """Tell a requester who writes while nobody is there when somebody will be: once until then, and never into a talk.

    ``ticket`` is what goes on for them, ``number`` their own.
    """
    opening = closed_until(turn, ticket)
    if opening is None or agent_is_talking(turn, ticket) or not first_told(turn, opening):
        return
    address, reader = turn.home_of(turn.tx.tickets.get(number))
    said = Message((phrase("closed.later", when=back_at(opening, reader, turn.now)),))
    turn.send(address, reader, said, ticket=number)


def closed_until(turn: Turn, ticket: Ticket) -> datetime | None:
    """Return when those whose ticket this is are there again; None where they are now."""
    _, calendar = sla_terms.terms_of(turn, ticket)
    opening = calendar.next_opening(turn.now)
    return opening if opening > turn.now else None


def agent_is_talking(turn: Turn, ticket: Ticket) -> bool:
    """Return whether an agent has just written."""
    last = turn.tx.talk.last(ticket.id, MessageKind.REPLY)
    return last is not None and turn.now - last.at < THERE


def first_told(turn: Turn, opening: datetime) -> bool:
    """Remember that the actor was told of a closed time; return whether they were not yet."""
    return turn.tx.people.tell_until(turn.person.account_id, opening, turn.now)
