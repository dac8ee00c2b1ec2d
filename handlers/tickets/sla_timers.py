"""A ticket's clocks as people meet them: the line on its card, a warning while there is time, an alarm when there is none."""

from collections.abc import Sequence
from datetime import datetime

from handlers.rules.calendars import Calendar
from handlers.rules.notify import TicketEvent, Who, hears_of
from handlers.rules.sla import Policy, Target
from handlers.tickets import assignment, cards, notifications
from handlers.tickets.sla_clocks import ringing_due, running_due, warning_reserve
from handlers.tickets.sla_terms import terms_of
from handlers.tickets.ticket_service import DUE
from handlers.tickets.webhooks import promise_of_breach
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.messages import Part, Phrase, phrase
from handlers.vocabulary.translations import Locale, dated_moment
from storage.lifecycle import StatusKind
from storage.tickets.tickets import Ticket

on = Routes()

UNCLAIMED = "unclaimed"  # folds the reminders of several tickets into one message


@on.timer(timers.FirstResponseDue)
@on.timer(timers.ResolutionDue)
def rings(turn: Turn) -> None:
    """A clock rings: a warning while there is still time, else the alarm. One that was moved or met since then says nothing."""
    which = Target(turn.event.name)
    ticket = turn.tx.tickets.find(turn.event.ticket or 0)
    due, meant = ringing_due(ticket, which) if ticket else None, turn.due(DUE[which]).due
    if ticket is None or due is None or (due != meant and max(due, meant) > turn.now):
        return  # of what is overdue either way it is told all the same: no other timer will
    cards.refresh_cards(turn, ticket)
    policy, _ = terms_of(turn, ticket)
    if turn.now < due:
        turn.schedule(DUE[which](due), due - turn.now, ticket=ticket.id)
    else:  # programs hear of it where nobody is alarmed, too
        ticket = turn.tx.tickets.note_breach(ticket, which, due, at=turn.now)
        promise_of_breach(turn, ticket, which, due)
    if not policy.quiet:
        announce_deadline(turn, ticket, phrase(f"target.{which}"), due)


def announce_deadline(turn: Turn, ticket: Ticket, what: Phrase, due: datetime) -> None:
    """Warn whoever has a ticket, or everybody while nobody has it; at a breach tell all and hand it on to the next group."""
    if turn.now >= due:
        notifications.notify_of_event(turn, ticket, TicketEvent.BREACHED, what=what, due=due)
        assignment.escalate_overdue(turn, ticket)
        return
    notifications.notify_of_event(turn, ticket, TicketEvent.WARNED, what=what, due=due)
    if ticket.agent_id is None:
        said = phrase("notice.warned", ticket=ticket.id, summary=ticket.summary, what=what, due=due)
        warn_all(turn, ticket, said, notifications.late_fold(turn) or f"notice.{TicketEvent.WARNED}")


def warn_all(turn: Turn, ticket: Ticket, said: Phrase, fold: str) -> None:
    """Warn the team channels in the place of an agent that a ticket does not have yet, unless the rules told them already."""
    kind = turn.tx.requests.type_name(ticket.request_type_id)
    meant = {
        who: hears_of(turn.rules.notify, TicketEvent.WARNED, who, kind=kind) for who in (Who.ASSIGNEE, Who.CHANNEL)
    }
    if meant[Who.ASSIGNEE] and not meant[Who.CHANNEL]:
        notifications.to_channels(turn, said, turn.channels_of(ticket), fold=fold, ticket=ticket.id)


@on.timer(timers.Unclaimed)
def unclaimed(turn: Turn) -> None:
    """Nobody has taken a request: the team channels are reminded, once."""
    ticket = turn.tx.tickets.find(turn.event.ticket or 0)
    if ticket is None or ticket.agent_id is not None or ticket.kind is not StatusKind.NEW:
        return
    said = phrase("notice.unclaimed", ticket=ticket.id, summary=ticket.summary, waiting=turn.now - ticket.created_at)
    notifications.to_channels(turn, said, turn.channels_of(ticket), fold=UNCLAIMED, ticket=ticket.id)


# The card

LINES = {
    (Target.FIRST_RESPONSE, False): "card.first_response_due",
    (Target.FIRST_RESPONSE, True): "card.first_response_overdue",
    (Target.RESOLUTION, False): "card.resolution_due",
    (Target.RESOLUTION, True): "card.resolution_overdue",
}


def clock_lines(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Say by when a ticket is to be answered, then by when resolved: as a time, which stays true without a change."""
    clocks = [(which, due) for which in Target if (due := running_due(ticket, which)) is not None]
    if not clocks:
        return ()
    policy, calendar = terms_of(turn, ticket)
    shown = [each for position, each in enumerate(clocks) if not position or each[1] <= turn.now]
    return [clock_line(turn, ticket, which, due, reader, policy, calendar) for which, due in shown]


def clock_line(
    turn: Turn, ticket: Ticket, which: Target, due: datetime, reader: Locale, policy: Policy, calendar: Calendar
) -> Part:
    """Return one clock's line: ⏱ while there is time, ⚠️ when little is left, 🔴 when it is overdue."""
    if due <= turn.now:
        return phrase(LINES[which, True], mark="🔴", due=dated_moment(due, reader))
    soon = calendar.between(turn.now, due) <= warning_reserve(policy, which, ticket.priority)
    return phrase(LINES[which, False], mark="⚠️" if soon else "⏱", due=due)
