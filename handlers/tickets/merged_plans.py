"""What is planned where one request goes on in another: one time holds for all, and whoever did not know it is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.tickets import notifications, plans
from handlers.turns.turn import Turn
from storage.tickets.plans import Plan
from storage.tickets.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told what is planned for a request: for whom it goes on, and its guests."""

    parties: Sequence[Ticket]
    guests: Sequence[int]


def listeners_of(turn: Turn, ticket: Ticket) -> Listeners:
    """Return who is told what is planned for a ticket now."""
    return Listeners(notifications.waiting_parties(turn, ticket), turn.tx.guests.of(ticket.id))


def inherit_plan(turn: Turn, gone: Ticket, kept: Ticket, theirs: Listeners, own: Listeners) -> list[notifications.Sent]:
    """Let what is planned for a ticket hold for the one it goes on in; where that has a time of its own, for both that one.

    ``theirs`` and ``own`` are who was told of each before. Return what is sent to those for whom another time holds now.
    """
    plan, stands = plans.plan_ahead(turn, gone), plans.plan_ahead(turn, kept)
    if stands is None:
        if plan is None:
            return []
        return tell_new(turn, kept, turn.tx.plans.change(plan.id, ticket_id=kept.id), "planned", own, theirs)
    if plan is None:
        return tell_new(turn, kept, stands, "planned", theirs, own)
    turn.tx.plans.change(plan.id, ended_at=turn.now, sequence=plan.sequence + 1)
    return tell_new(turn, kept, stands, "plan_moved", theirs, Listeners((), ()))


def tell_new(
    turn: Turn, kept: Ticket, plan: Plan, said: str, whom: Listeners, knew: Listeners
) -> list[notifications.Sent]:
    """Tell what holds for a ticket to those who have come to it, but for who knew it; return what is sent."""
    known, guests = {party.requester_id for party in knew.parties}, turn.tx.guests.of(kept.id)
    parties = [party for party in whom.parties if party.requester_id not in known]
    told = [told_of_plan(turn, party, plan, said, kept) for party in parties]
    come = [person for person in whom.guests if person in guests and person not in knew.guests]
    return [*told, *(plans.tell_guest(turn, kept, person, plan, said) for person in come)]


def told_of_plan(turn: Turn, party: Ticket, plan: Plan, said: str, goes_on: Ticket) -> notifications.Sent:
    """Tell one requester, by their own number, what is planned for what goes on; return what they are sent."""
    where = plans.place_told(turn, goes_on, plan)
    known = {"when": plans.span_of(plan), "where": where, "agent": "", "status": ""}
    return notifications.notify_requester(
        turn, party, said, known, lambda number, _: plans.answer_buttons(number, plan), goes_on
    )


def give_back_plan(turn: Turn, gone: Ticket, number: int | None) -> None:
    """Let a ticket that is itself again have what was planned for it."""
    plan = turn.tx.plans.get(number) if number is not None else None
    if plan is not None and plan.ended_at is None:
        turn.tx.plans.change(plan.id, ticket_id=gone.id)
    elif plan is not None:
        plans.remind_before(turn, turn.tx.plans.change(plan.id, ended_at=None, sequence=plan.sequence + 1))


def plans_for_calendar(turn: Turn, own: Ticket, heir: Ticket, plan: Plan) -> list[Plan]:
    """Return what a requester's calendar is to have with a plan: what holds in its place after a merge, or held before it."""
    stands = plans.plan_ahead(turn, heir)
    before = turn.tx.plans.of(own.id) if own.id != heir.id else []
    over = [one for one in before if one.ended_at is not None and one.ends_at > turn.now]
    found = [*over, plan, *([stands] if stands is not None else [])]
    return [*{one.id: one for one in found}.values()]
