"""A ticket's two clocks: when its first response and its resolution are due, in working time. Pure: tickets in, tickets out.

A clock stands while nothing waits for the team: pending on the requester, resolved, closed, on hold where the policy says so.
Then it goes on with what was left. So a reopened ticket has the time it had when it was resolved.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.rules.calendars import Calendar
from handlers.rules.sla import DONE, PAUSES, Policy, Target
from storage.lifecycle import Action, StatusKind
from storage.models import Priority
from storage.tickets.history import Entry
from storage.tickets.tickets import Ticket

MAY_STAND = DONE | set(PAUSES)
NONE = timedelta(0)
Pause = tuple[datetime, datetime]  # since when a ticket's clocks stood, and when they went on


def is_retargeted(was: Ticket, now: Ticket) -> bool:
    """Return whether a change aims a ticket's targets anew."""
    return (was.priority, was.request_type_id) != (now.priority, now.request_type_id)


def is_handed_on(was: Ticket, now: Ticket) -> bool:
    """Return whether a change gives a ticket to another group, which may have other hours."""
    return was.group_name != now.group_name


def concerns_clocks(was: Ticket, now: Ticket) -> bool:
    """Return whether a change of a ticket may stop, move or end its clocks."""
    stirred = was.kind != now.kind and bool({was.kind, now.kind} & MAY_STAND)
    met = was.first_response_at != now.first_response_at
    return is_retargeted(was, now) or stirred or is_handed_on(was, now) or met


def stopped_or_resumed(ticket: Ticket, policy: Policy, calendar: Calendar, at: datetime) -> Ticket:
    """Return a ticket whose clocks stand where it waits for nobody of the team, and else go on."""
    if not policy.stands(ticket.kind):
        return resume_clocks(ticket, calendar, at)
    return ticket if ticket.paused_at is not None else replace(ticket, paused_at=at)


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


def aimed_anew(ticket: Ticket, policy: Policy, calendar: Calendar, stood: Sequence[Pause]) -> Ticket:
    """Return a ticket with new targets, counted from when it was registered, without the time in which its clocks stood."""
    found: dict[Target, datetime | None] = {}
    for which in Target:
        left, begun = policy.target(which, ticket.priority), ticket.created_at
        for stopped, went_on in stood:
            if left is None or calendar.between(begun, stopped) >= left:
                break
            left, begun = left - calendar.between(begun, stopped), went_on
        found[which] = calendar.add(begun, left) if left is not None else None
    # It was met, or missed, as it was aimed at then; of what the team asks itself nobody waits for an answer.
    answered = ticket.first_response_at is not None or ticket.recurring
    return replace(
        ticket,
        first_response_due=ticket.first_response_due if answered else found[Target.FIRST_RESPONSE],
        resolution_due=found[Target.RESOLUTION],
    )


def clock_pauses(
    history: Sequence[Entry], policy: Policy, of_type: int, kinds_of: Callable[[int], Mapping[str, StatusKind]]
) -> list[Pause]:
    """Return from when to when a ticket's clocks stood, by its history and the type it had each time; one that still
    stands is not over.

    ``of_type`` is the type it has had until now; ``kinds_of`` returns what the statuses of a type mean.
    """
    types = [int(entry.facts["was"]) for entry in history if entry.action is Action.RETYPE] + [of_type]
    kinds = kinds_of(types.pop(0))
    found: list[Pause] = []
    stopped: datetime | None = None
    for entry in history:
        if entry.action is Action.RETYPE:
            kinds = kinds_of(types.pop(0))
        stands = policy.stands(kinds.get(entry.now, StatusKind.OPEN))
        if stands and stopped is None:
            stopped = entry.at
        elif not stands and stopped is not None:
            found.append((stopped, entry.at))
            stopped = None
    return found


def warning_reserve(policy: Policy, which: Target, priority: Priority) -> timedelta:
    """Return how much working time is left when it is warned of."""
    return (policy.target(which, priority) or NONE) * policy.warn / 100
