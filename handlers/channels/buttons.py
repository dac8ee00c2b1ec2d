"""The buttons under what is said in request channels."""

from handlers.channels.opening import open_request, seed_heard
from handlers.tickets import cards
from handlers.tickets.parties import end_for
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import ANYWHERE
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Message, phrase
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.people import Person

on = Routes()


def must_be_of(turn: Turn, author: Person) -> None:
    """Refuse what only the author of some words, or the team, may do."""
    if turn.person.id != author.id and not turn.person.may(Role.AGENT):
        raise Refused("not_author", name=author.name)


@on.press(presses.NeedPerson, audiences=ANYWHERE)
def person(turn: Turn) -> None:
    """The answer was not enough: the question becomes a request, in its thread."""
    channel, kept = turn.request_channel, turn.pressed(presses.NeedPerson).verdict
    heard = turn.tx.request_channels.answered_by(kept)
    if channel is None or heard is None or heard.channel_id != channel.id:
        raise Refused("expired")
    seed = seed_heard(turn, heard)
    must_be_of(turn, seed.author)
    if turn.tx.records.conclude(kept, "handoff"):
        for tried in turn.tx.records.tried(kept):
            turn.tx.articles.count(tried, "not_helped")
    open_request(turn, channel, seed)


@on.press(presses.NotRequest, audiences=ANYWHERE)
def not_request(turn: Turn) -> None:
    """It was none: it is taken back, which ends it for its author."""
    thread = turn.tx.request_channels.thread_of(turn.pressed(presses.NotRequest).ticket)
    if thread is None:
        raise Refused("expired")
    ticket = turn.tx.tickets.get(thread.ticket_id)
    must_be_of(turn, turn.tx.people.of_account(ticket.account_id))
    if not ticket.active or ticket.first_response_at is not None:
        raise Refused("expired")
    ticket = end_for(turn, ticket.requester_id, ticket)
    turn.audit(Deed.NOT_A_REQUEST, ticket=ticket.id)
    cards.refresh_cards(turn, ticket)
    shown = turn.shown.outgoing_id if turn.shown else None
    address, reader = turn.home_of(ticket)
    message = Message((phrase("channel.taken_back", ticket=ticket.id),))
    turn.send(address, reader, message, edits=shown, ticket=ticket.id)
