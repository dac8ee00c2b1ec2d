"""A ticket's two clocks: when its first response and its resolution are due, in working time; warned of and alarmed at, once.

A clock stands while nothing waits for the team: pending on the requester, resolved, closed, on hold where the policy says so.
Then it goes on with what was left. So a reopened ticket has the time it had when it was resolved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from handlers.rules.calendars import Calendar
from handlers.rules.notify import TicketEvent, Who, hears_of
from handlers.rules.sla import DONE, PAUSES, Policy, Target
from handlers.tickets import assignment, cards, notifications, waiting
from handlers.tickets.sla_terms import policy_and_calendar, terms_of
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.messages import Part, Phrase, phrase
from handlers.vocabulary.translations import Locale, dated_moment
from storage.lifecycle import Action, StatusKind
from storage.models import Priority
from storage.tickets.tickets import Ticket

on = Routes()

UNCLAIMED = "unclaimed"  # folds the reminders of several tickets into one message
DUE: Mapping[Target, type[timers.FirstResponseDue | timers.ResolutionDue]] = {
    Target.FIRST_RESPONSE: timers.FirstResponseDue,
    Target.RESOLUTION: timers.ResolutionDue,
}
MAY_STAND = DONE | set(PAUSES)
NONE = timedelta(0)


def target_dues(
    turn: Turn, kind: str, priority: Priority, group: str | None, requester: int | None = None
) -> dict[str, datetime | None]:
    """Return by when a request registered now is to be answered and resolved, as the columns are called."""
    company = turn.tx.companies.of(requester) if requester is not None else None
    policy, calendar = policy_and_calendar(turn, kind, group, company)
    lengths = {which: policy.target(which, priority) for which in Target}
    return {f"{which}_due": calendar.add(turn.now, left) if left else None for which, left in lengths.items()}


def start_clocks(turn: Turn, ticket: Ticket) -> None:
    """Wind up the clocks of a new ticket, and the reminder that nobody has claimed it."""
    policy, calendar = terms_of(turn, ticket)
    for which in Target:
        schedule_deadline_timer(turn, ticket, which, policy, calendar)
    if turn.rules.unclaimed_reminder > NONE:
        due = calendar.add(turn.now, turn.rules.unclaimed_reminder)
        turn.schedule(timers.Unclaimed(), due - turn.now, ticket=ticket.id)


def follow_tickets(turn: Turn) -> None:
    """See to the clocks of every ticket that this turn changes, in the same write."""
    turn.tx.tickets.clocks = partial(with_clocks, turn)


def with_clocks(turn: Turn, was: Ticket, now: Ticket, at: datetime) -> Ticket:
    """Return a changing ticket with its clocks stopped, going on, or aimed anew; their timers follow."""
    waiting.reset_waiting_timers(turn, was, now)
    aimed = (was.priority, was.request_type_id) != (now.priority, now.request_type_id)
    stirred = was.kind != now.kind and bool({was.kind, now.kind} & MAY_STAND)
    handed = was.group_name != now.group_name
    if not (aimed or stirred or handed) and was.first_response_at == now.first_response_at:
        return now
    policy, calendar = terms_of(turn, now)
    if aimed:
        now = replace(now, **aim_targets(turn, now, policy, calendar, was.request_type_id))
    elif handed:
        now = carried_over(now, terms_of(turn, was)[1], calendar, at)
    if not policy.stands(now.kind):
        now = resume_clocks(now, calendar, at)
    elif now.paused_at is None:
        now = replace(now, paused_at=at)
    for which in Target:
        before, after = ringing_due(was, which), ringing_due(now, which)
        if before == after:
            continue
        waited = before is not None and turn.tx.timers.cancel(which, ticket=now.id, at=at)
        if after is not None and (after > at or waited or not was_missed(was, which, at)):
            schedule_deadline_timer(
                turn, now, which, policy, calendar
            )  # of what was overdue before everybody has heard
    return now


def running_due(ticket: Ticket, which: Target) -> datetime | None:
    """Return when a clock is due; None where there is none, where it stands, or where it was met."""
    if ticket.paused_at is not None or not ticket.active:
        return None
    if which is Target.RESOLUTION:
        return ticket.resolution_due
    return ticket.first_response_due if ticket.first_response_at is None else None


def ringing_due(ticket: Ticket, which: Target) -> datetime | None:
    """Return when a clock is due of which somebody is to hear: one that runs, or that was overdue when it was stopped."""
    due = running_due(replace(ticket, paused_at=None), which)
    stands = due is not None and ticket.paused_at is not None and due > ticket.paused_at
    return None if stands else due


def was_missed(ticket: Ticket, which: Target, at: datetime) -> bool:
    """Return whether a target was overdue before its clock was stopped, or is so now."""
    due = ticket.first_response_due if which is Target.FIRST_RESPONSE else ticket.resolution_due
    return due is not None and due <= (ticket.paused_at or at)


def resume_clocks(ticket: Ticket, calendar: Calendar, at: datetime) -> Ticket:
    """Return a ticket whose clocks go on with what was left when they were stopped."""
    stopped = ticket.paused_at
    return ticket if stopped is None else replace(left_at(ticket, stopped, calendar, at, calendar), paused_at=None)


def carried_over(ticket: Ticket, theirs: Calendar, ours: Calendar, at: datetime) -> Ticket:
    """Return a ticket that comes to a group with other hours: what is left of its targets is counted in these."""
    since = ticket.paused_at or at
    return ticket if theirs == ours else left_at(ticket, since, theirs, since, ours)


def left_at(ticket: Ticket, since: datetime, theirs: Calendar, onward: datetime, ours: Calendar) -> Ticket:
    """Return a ticket that still has what was left ``since`` then in one calendar, from ``onward`` on in another."""

    def moved(due: datetime | None) -> datetime | None:
        return ours.add(onward, theirs.between(since, due)) if due is not None and due > since else due

    answered = ticket.first_response_at is not None
    return replace(
        ticket,
        first_response_due=ticket.first_response_due if answered else moved(ticket.first_response_due),
        resolution_due=moved(ticket.resolution_due),
    )


def aim_targets(turn: Turn, ticket: Ticket, policy: Policy, calendar: Calendar, of_type: int) -> dict[str, Any]:
    """Return new targets, counted from when the ticket was registered, without the time in which its clocks stood.

    ``of_type`` is the type it has had until now.
    """
    stood = clock_pauses(turn, ticket, policy, of_type)
    found: dict[str, Any] = {}
    for which in Target:
        if which is Target.FIRST_RESPONSE and ticket.first_response_at is not None:
            continue  # it was met, or missed, as it was aimed at then
        left, begun = policy.target(which, ticket.priority), ticket.created_at
        for stopped, went_on in stood:
            if left is None or calendar.between(begun, stopped) >= left:
                break
            left, begun = left - calendar.between(begun, stopped), went_on
        found[f"{which}_due"] = calendar.add(begun, left) if left is not None else None
    return found


def clock_pauses(turn: Turn, ticket: Ticket, policy: Policy, of_type: int) -> list[tuple[datetime, datetime]]:
    """Return from when to when a ticket's clocks stood, by its history and the type it had each time; one that still
    stands is not over.
    """
    history = turn.tx.story.entries(ticket.id)
    types = [int(entry.facts["was"]) for entry in history if entry.action is Action.RETYPE] + [of_type]
    kinds = turn.tx.tickets.workflow_of(types.pop(0)).kinds
    found: list[tuple[datetime, datetime]] = []
    stopped: datetime | None = None
    for entry in history:
        if entry.action is Action.RETYPE:
            kinds = turn.tx.tickets.workflow_of(types.pop(0)).kinds
        stands = policy.stands(kinds.get(entry.now, StatusKind.OPEN))
        if stands and stopped is None:
            stopped = entry.at
        elif not stands and stopped is not None:
            found.append((stopped, entry.at))
            stopped = None
    return found


# Timers


def schedule_deadline_timer(turn: Turn, ticket: Ticket, which: Target, policy: Policy, calendar: Calendar) -> None:
    """Set the next timer of a clock that runs: the warning, or the alarm where it is too late to warn."""
    due = ringing_due(ticket, which)
    if due is None:
        return
    spare = calendar.between(turn.now, due) - warning_reserve(policy, which, ticket.priority)
    warned_at = calendar.add(turn.now, spare) if policy.warn and spare > NONE else due
    turn.schedule(DUE[which](due), max(warned_at - turn.now, NONE), ticket=ticket.id)


def warning_reserve(policy: Policy, which: Target, priority: Priority) -> timedelta:
    """Return how much working time is left when it is warned of."""
    return (policy.target(which, priority) or NONE) * policy.warn / 100


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
        notifications.to_channels(turn, said, turn.channels_of(ticket), fold=fold)


@on.timer(timers.Unclaimed)
def unclaimed(turn: Turn) -> None:
    """Nobody has taken a request: the team channels are reminded, once."""
    ticket = turn.tx.tickets.find(turn.event.ticket or 0)
    if ticket is None or ticket.agent_id is not None or ticket.kind is not StatusKind.NEW:
        return
    said = phrase("notice.unclaimed", ticket=ticket.id, summary=ticket.summary, waiting=turn.now - ticket.created_at)
    notifications.to_channels(turn, said, turn.channels_of(ticket), fold=UNCLAIMED)


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
