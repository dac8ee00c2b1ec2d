"""What time does late, because the desk was down when it was due: it waits until somebody works, or until its reader is up.

How it is said then, in one message and not in many, is the matter of who says it: see ``notifications.late_fold``.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.tickets import cards, sla_terms
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.timers import Waits
from storage.tickets.tickets import Ticket


def put_off(turn: Turn) -> bool:
    """Let a timer that rings late, when nobody should hear it, ring when somebody does; return whether it was put off."""
    timer = timers.BY_NAME.get(turn.event.name)
    if not turn.event.late or timer is None or timer.late is Waits.NOTHING:
        return False
    ticket = turn.tx.tickets.find(turn.event.ticket) if turn.event.ticket is not None else None
    due = next_opening(turn, ticket) if timer.late is Waits.HOURS else next_morning(turn, ticket)
    if due <= turn.now:
        return False
    turn.put_off(due)
    if ticket is not None and ticket.active:
        cards.refresh_cards(turn, ticket)  # what can be seen without a sound is true at once
    return True


def next_opening(turn: Turn, ticket: Ticket | None) -> datetime:
    """Return when those work next whose a ticket is, or the desk where it is about none: now where they do now."""
    calendar = sla_terms.terms_of(turn, ticket)[1] if ticket is not None else turn.rules.calendar("")
    return calendar.next_opening(turn.now)


def next_morning(turn: Turn, ticket: Ticket | None) -> datetime:
    """Return when the night is over for a ticket's requester, or for the desk where it is about none: now by day."""
    zone = turn.reader(turn.tx.people.of_account(ticket.account_id)).zone if ticket is not None else turn.rules.zone
    here = turn.now.astimezone(ZoneInfo(zone))
    if not turn.rules.is_night(here):
        return turn.now
    begins, ends = turn.rules.night
    day = here.date() + timedelta(days=1) if here.hour >= begins else here.date()
    morning = datetime(day.year, day.month, day.day, ends, tzinfo=ZoneInfo(zone))
    return morning.astimezone(turn.now.tzinfo)
