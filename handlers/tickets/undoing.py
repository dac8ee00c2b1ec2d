"""Undoing: who has ended a request by mistake takes it up again at once, and everybody outside the team is left as they were."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from handlers.tickets import guest_endings, guesting, notifications, plans, relay, ticket_service
from handlers.tickets.ticket_service import move_ticket, restore_ticket
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Chat
from storage.lifecycle import Action, StatusKind
from storage.models import StateKind
from storage.queues import outbox
from storage.tickets.tickets import Ticket

WITHIN = timedelta(seconds=30)


def facts_before_ending(turn: Turn, ticket: Ticket) -> Mapping[str, Any]:
    """Return how a ticket stands, and what hangs on it, before the actor ends it, as JSON."""
    return {
        "was": ticket.status,
        "agent": ticket.agent_id,
        "snoozed": ticket_service.snooze_as_data(ticket),
        "plan": plans.number_ahead(turn, ticket),
        "guests": list(turn.tx.guests.of(ticket.id)),
        "promised": outbox.newest_promise(turn.tx.connection),
    }


def remember_before_ending(turn: Turn, ticket: Ticket, was: Mapping[str, Any], within: timedelta = WITHIN) -> None:
    """Keep for a moment how a ticket stood (``was``: ``facts_before_ending``), and what is told of its end outside the team."""
    value = {**was, "kind": ticket.kind, "sent": told_outside(turn, ticket, was)}
    turn.tx.states.put(turn.person.id, StateKind.UNDO, turn.now + within, value=value, key=str(ticket.id))


def told_outside(turn: Turn, ticket: Ticket, was: Mapping[str, Any]) -> Sequence[notifications.Sent]:
    """Return what a ticket's requesters and guests were promised since it stood as it did (``was``: ``facts_before_ending``)."""
    numbers = {turn.home_of(party)[0].lane: party.id for party in notifications.waiting_parties(turn, ticket)}
    for person in (guest_endings.guest_account(turn, each) for each in was["guests"]):
        numbers.setdefault(Chat(person.source, person.home).lane, ticket.id)
    about = {ticket.id, *numbers.values()}
    told = outbox.promised_since(turn.tx.connection, was["promised"], turn.now, addresses=numbers, tickets=about)
    return [(lane, outgoing, numbers[lane]) for lane, outgoing in told]


def undo_ending(turn: Turn, ticket: Ticket) -> Ticket | None:
    """Put a ticket back as it stood before the actor ended it a moment ago; None where they did not, or somebody was faster.

    What was told outside the team is taken away again; what was planned is planned, and guests are let in.
    """
    kept = turn.tx.states.take(turn.person.id, StateKind.UNDO, turn.now, key=str(ticket.id))
    if not kept or ticket.active or ticket.kind is not StatusKind(kept["kind"]):
        return None
    by = turn.person.id
    ticket = move_ticket(turn, ticket, Action.REOPEN, by=by, facts={"undo": True})
    ticket = restore_ticket(turn, ticket, kept["was"], kept["agent"], snoozed=kept.get("snoozed"), by=by)
    for person in kept.get("guests", ()):  # the version before kept none, and no plan
        guesting.let_in_again(turn, ticket, person)
    plans.take_up_again(turn, ticket, kept.get("plan"))
    for lane, outgoing, number in kept["sent"]:
        party = turn.tx.tickets.get(number)
        reader = turn.reader(turn.tx.people.of_account(party.account_id))
        relay.take_away(turn, reader, lane, outgoing, number)
    return ticket
