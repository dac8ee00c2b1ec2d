"""Undoing: who has ended a request by mistake takes it up again at once, and its requester is left as they were."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.tickets import relay
from handlers.tickets.notifications import Sent
from handlers.tickets.ticket_service import move_ticket, restore_ticket
from handlers.turns.turn import Turn
from storage.lifecycle import Action, StatusKind
from storage.models import StateKind
from storage.tickets.tickets import Ticket

WITHIN = timedelta(seconds=30)


def remember_before_ending(
    turn: Turn, ticket: Ticket, was: Ticket, sent: Sequence[Sent], within: timedelta = WITHIN
) -> None:
    """Keep for a moment how a ticket stood before the actor ended it, and what its requesters are told of that."""
    value = {"was": was.status, "agent": was.agent_id, "kind": ticket.kind, "sent": [list(each) for each in sent]}
    turn.tx.states.put(turn.person.id, StateKind.UNDO, turn.now + within, value=value, key=str(ticket.id))


def undo_ending(turn: Turn, ticket: Ticket) -> Ticket | None:
    """Put a ticket back as it stood before the actor ended it a moment ago; None where they did not, or somebody was faster.

    What its requesters were told is taken away again.
    """
    kept = turn.tx.states.take(turn.person.id, StateKind.UNDO, turn.now, key=str(ticket.id))
    if not kept or ticket.active or ticket.kind is not StatusKind(kept["kind"]):
        return None
    ticket = move_ticket(turn, ticket, Action.REOPEN, by=turn.person.id, facts={"undo": True})
    ticket = restore_ticket(turn, ticket, kept["was"], kept["agent"], by=turn.person.id)
    for lane, outgoing, number in kept["sent"]:
        party = turn.tx.tickets.get(number)
        reader = turn.reader(turn.tx.people.of_account(party.account_id))
        relay.take_away(turn, reader, lane, outgoing, number)
    return ticket
