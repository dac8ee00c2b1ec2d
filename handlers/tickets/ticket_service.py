"""How a ticket is changed, whoever does it: whether the actor may, what its clocks do with it, and what reminds of it then.

The store writes what is planned and knows nothing of this; every change of a ticket in the talk goes through here.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Unpack

from handlers.rules.calendars import Calendar
from handlers.rules.sla import Policy, Target
from handlers.tickets import (
    approval_guard,
    approval_seats,
    checklists,
    guest_endings,
    plans,
    sla_clocks,
    survey_timers,
    tasks,
    type_tasks,
    waiting_timers,
)
from handlers.tickets.sla_terms import policy_and_calendar, terms_of
from handlers.turns import permissions
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from storage.lifecycle import Action
from storage.models import Priority
from storage.tickets.tickets import Change, MoveDetails, Ticket

DUE: Mapping[Target, type[timers.FirstResponseDue | timers.ResolutionDue]] = {
    Target.FIRST_RESPONSE: timers.FirstResponseDue,
    Target.RESOLUTION: timers.ResolutionDue,
}


def move_ticket(
    turn: Turn, ticket: Ticket, action: Action, *, by: int | None, **details: Unpack[MoveDetails]
) -> Ticket:
    """Move a ticket as its workflow says; ``Tickets.plan_move`` says what is refused."""
    return carry_out(turn, turn.tx.tickets.plan_move(ticket, action, by=by, at=turn.now, **details))


def resolve_for_team(turn: Turn, ticket: Ticket) -> Ticket:
    """Resolve a ticket as the desk itself does for its team: past nothing that would hold one of the team back."""
    change = turn.tx.tickets.plan_move(ticket, Action.RESOLVE, by=None, at=turn.now)
    approval_guard.must_wait(turn, change)
    checklists.must_be_ticked(turn, change)
    return carry_out(turn, change)


def change_ticket(turn: Turn, ticket: Ticket, **values: Any) -> Ticket:
    """Change what is not a ticket's status: ``values`` are what ``Tickets.plan_change`` takes."""
    return carry_out(turn, turn.tx.tickets.plan_change(ticket, at=turn.now, **values))


def retype_ticket(turn: Turn, ticket: Ticket, type_id: int, *, by: int | None, **values: Any) -> Ticket:
    """Let an active ticket be of another request type: ``values`` are what else changes with it."""
    return carry_out(turn, turn.tx.tickets.plan_retype(ticket, type_id, by=by, at=turn.now, **values))


def snooze_as_data(ticket: Ticket) -> str | None:
    """Return until when a ticket is put aside, as JSON has it for ``restore_ticket``."""
    return ticket.snoozed_until.isoformat() if ticket.snoozed_until is not None else None


def restore_ticket(
    turn: Turn, ticket: Ticket, status: str, agent: int | None, *, snoozed: str | None, by: int | None
) -> Ticket:
    """Let a ticket that was just taken up again stand where it stood, and be whose it was, before it was ended by mistake.

    The timer that wakes what was put aside is set still; what would have woken meanwhile wakes at once.
    """
    stands = approval_guard.stands_unasked(turn, ticket, status)
    until = datetime.fromisoformat(snoozed) if snoozed is not None and stands == status else None
    if (stands, agent, until) == (ticket.status, ticket.agent_id, ticket.snoozed_until):
        return ticket
    if until is not None and until <= turn.now:
        turn.schedule(timers.Wake(until), timedelta(0), ticket=ticket.id)
    restored = turn.tx.tickets.plan_restoration(ticket, stands, agent, until, by=by, at=turn.now)
    return freed_ticket(turn, write_with_clocks(turn, restored))


def carry_out(turn: Turn, change: Change) -> Ticket:
    """Write a change of a ticket that the actor may make: by what it is called, and by what it comes to."""
    for action in (change.action, change.comes_to):
        if action is not None:
            permissions.must_may_move(turn, change.was, action, change.by, change.now.merged_into)
    if change.by is not None:
        approval_guard.must_wait(turn, change)
        checklists.must_be_ticked(turn, change)
    change = approval_guard.hold_back(turn, change)
    written = write_with_clocks(turn, change)
    if written.agent_id is not None and written.agent_id != change.was.agent_id:
        turn.tx.helpers.leave(written.id, written.agent_id, change.at)  # whoever has it helps no more
    tasks.tell_parent(turn, change)
    type_tasks.follow_ticket(turn, change.was, written)
    approval_guard.end_with(turn, change.was, written)
    plans.follow_ticket(turn, change.was, written)
    guest_endings.end_with(turn, change.was, written)
    survey_timers.schedule_survey(turn, change.was, written)
    return freed_ticket(turn, written) if written.active and not change.was.active else written


def freed_ticket(turn: Turn, ticket: Ticket) -> Ticket:
    """Return a ticket that was just taken up again: where who had it is of the team no more, it waits for somebody else."""
    person = turn.tx.people.known(ticket.agent_id) if ticket.agent_id is not None else None
    if person is None or approval_seats.is_of_team(turn, person):
        return ticket
    if Action.RELEASE in turn.tx.tickets.workflow(ticket).possible(ticket.status):
        return move_ticket(turn, ticket, Action.RELEASE, by=None)
    return change_ticket(turn, ticket, agent_id=None)


def write_with_clocks(turn: Turn, change: Change) -> Ticket:
    """Write a change of a ticket with its clocks; what reminds of it follows."""
    waiting_timers.reset_waiting_timers(turn, change.was, change.now)
    if not sla_clocks.concerns_clocks(change.was, change.now):
        return turn.tx.tickets.write(change)
    policy, calendar = terms_of(turn, change.now)
    change = replace(change, now=with_clocks(turn, change, policy, calendar))
    reset_deadline_timers(turn, change, policy, calendar)
    return turn.tx.tickets.write(change)


def with_clocks(turn: Turn, change: Change, policy: Policy, calendar: Calendar) -> Ticket:
    """Return a changing ticket with its clocks stopped, going on, or aimed anew."""
    was, now = change.was, change.now
    if now.task_of is not None:
        pass  # by when it is to be done was said, and nothing else is promised
    elif sla_clocks.is_retargeted(was, now):
        history = turn.tx.story.entries(now.id)
        stood = sla_clocks.clock_pauses(
            history, policy, was.request_type_id, lambda type_id: turn.tx.tickets.workflow_of(type_id).kinds
        )
        now = sla_clocks.aimed_anew(now, policy, calendar, stood)
    elif sla_clocks.is_handed_on(was, now):
        now = sla_clocks.carried_over(now, terms_of(turn, was)[1], calendar, change.at)
    return sla_clocks.stopped_or_resumed(now, policy, calendar, change.at)


def reset_deadline_timers(turn: Turn, change: Change, policy: Policy, calendar: Calendar) -> None:
    """Let the timers of a changing ticket's clocks ring when these are due now."""
    was, now, at = change.was, change.now, change.at
    for which in Target:
        before, after = sla_clocks.ringing_due(was, which), sla_clocks.ringing_due(now, which)
        if before == after:
            continue
        waited = before is not None and turn.tx.timers.cancel(which, ticket=now.id)
        if after is not None and (after > at or waited or not sla_clocks.was_missed(was, which, at)):
            # of what was overdue before everybody has heard
            schedule_deadline_timer(turn, now, which, policy, calendar)


# A new ticket


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
    if turn.rules.unclaimed_reminder > sla_clocks.NONE:
        due = calendar.add(turn.now, turn.rules.unclaimed_reminder)
        turn.schedule(timers.Unclaimed(), due - turn.now, ticket=ticket.id)


def schedule_deadline_timer(turn: Turn, ticket: Ticket, which: Target, policy: Policy, calendar: Calendar) -> None:
    """Set the next timer of a clock that runs: the warning, or the alarm where it is too late to warn."""
    due = sla_clocks.ringing_due(ticket, which)
    if due is None:
        return
    spare = calendar.between(turn.now, due) - sla_clocks.warning_reserve(policy, which, ticket.priority)
    warned_at = calendar.add(turn.now, spare) if policy.warn and spare > sla_clocks.NONE else due
    turn.schedule(DUE[which](due), max(warned_at - turn.now, sla_clocks.NONE), ticket=ticket.id)
