"""The buttons under what is said in request channels."""

from handlers.agent import merge
from handlers.channels.opening import open_request, registered_message, seed_heard
from handlers.tickets import cards
from handlers.tickets.parties import end_for
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import ANYWHERE
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Message, button_row, phrase
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.people import Person
from storage.tickets.tickets import Ticket

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


@on.press(presses.JoinOwn, audiences=ANYWHERE)
def join_own(turn: Turn) -> None:
    """What looked like a second matter belongs to the first: its author, or whoever may merge, lets it go on there."""
    pressed = turn.pressed(presses.JoinOwn)
    gone, kept = own_requests_of_channel(turn, pressed.ticket, pressed.into)
    merge.merge_into(turn, gone, kept)
    undo = presses.PartOwn(gone.id, kept.id).button(phrase("button.undo"))
    replace_registered_line(
        turn, gone, Message((phrase("channel.joined", ticket=gone.id, into=kept.id),), buttons=button_row(undo))
    )


@on.press(presses.PartOwn, audiences=ANYWHERE)
def part_own(turn: Turn) -> None:
    """They were two after all, and are again."""
    pressed = turn.pressed(presses.PartOwn)
    own_requests_of_channel(turn, pressed.ticket, pressed.into)
    merge.part_again(turn, pressed.ticket, pressed.into)
    gone = turn.tx.tickets.get(pressed.ticket)
    author = turn.tx.people.of_account(gone.account_id)
    replace_registered_line(turn, gone, registered_message(turn, gone, author))


def own_requests_of_channel(turn: Turn, *numbers: int) -> list[Ticket]:
    """Return requests that one person has opened in one channel, for that person or the team; refuse any others."""
    channel, found = turn.request_channel, [turn.tx.tickets.get(number) for number in numbers]
    threads = [turn.tx.request_channels.thread_of(number) for number in numbers]
    here = channel is not None and all(each is not None and each.channel_id == channel.id for each in threads)
    if not here or len({each.requester_id for each in found}) > 1:
        raise Refused("expired")
    must_be_of(turn, turn.tx.people.of_account(found[0].account_id))
    if turn.person.id != found[0].requester_id:
        for each in found:
            permissions.must_work_on(turn, each)
    return found


def replace_registered_line(turn: Turn, ticket: Ticket, message: Message) -> None:
    """Let the line that a request is registered say something else now, in the request's thread."""
    turn.send(*turn.home_of(ticket), message, edits=turn.shown.outgoing_id if turn.shown else None, ticket=ticket.id)


@on.press(presses.NotRequest, audiences=ANYWHERE)
def not_request(turn: Turn) -> None:
    """It was none: it is taken back, which ends it for its author."""
    channel, thread = turn.request_channel, turn.tx.request_channels.thread_of(turn.pressed(presses.NotRequest).ticket)
    if channel is None or thread is None or thread.channel_id != channel.id:
        raise Refused("expired")  # whose requests there are elsewhere is nobody's to hear
    ticket = turn.tx.tickets.get(thread.ticket_id)
    must_be_of(turn, turn.tx.people.of_account(ticket.account_id))
    if not ticket.active or ticket.first_response_at is not None:
        raise Refused("expired")
    ticket = end_for(turn, ticket.requester_id, ticket)
    turn.audit(Deed.NOT_A_REQUEST, ticket=ticket.id)
    cards.refresh_cards(turn, ticket)
    replace_registered_line(turn, ticket, Message((phrase("channel.taken_back", ticket=ticket.id),)))
