"""A requester's own part: what they confirm, withdraw and take up again, alone where it goes on for others too."""

from handlers.rules.notify import TicketEvent
from handlers.tickets import cards, notifications, relay
from handlers.tickets.readable import Readable, own_rows, own_ticket, readable_ticket
from handlers.tickets.ticket_service import move_ticket
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import Audience
from handlers.vocabulary.messages import Button, Phrase, button_row, phrase
from storage.lifecycle import Action, Refused, StatusKind
from storage.tickets.tickets import Ticket


def confirm_or_reopen_buttons(number: int, goes_on: Ticket) -> tuple[tuple[Button, ...], ...]:
    """Return the two answers to the question whether a request is solved; a *yes* carries which resolution it is about."""
    return button_row(
        presses.Solved(number, resolution_mark(goes_on)).button(phrase("button.confirm")),
        presses.StillNotSolved(number).button(phrase("button.reopen")),
    )


def resolution_mark(ticket: Ticket) -> int:
    """Return what tells a ticket's resolution from an earlier one: its milliseconds since 1970; 0 where it has none."""
    return int(ticket.resolved_at.timestamp() * 1000) if ticket.resolved_at is not None else 0


def end_part(turn: Turn, ticket: Ticket) -> Ticket:
    """End the actor's part in a request, and the whole with the last part; return what goes on, or has ended.

    The team reads in its thread that somebody needs it no more; the other requesters hear nothing of it.
    """
    goes_on = turn.tx.related.heir(ticket)
    parts = [each for each in own_rows(turn, ticket) if each.ended_at is None]
    if not parts:
        raise Refused("over", ticket=ticket.id)
    whole = turn.tx.related.whole(goes_on)
    others = [each for each in whole if each.requester_id != turn.person.id]
    turn.tx.tickets.workflow(goes_on).next(goes_on.status, Action.CLOSE)  # refused, with what is possible
    if others:
        goes_on = turn.tx.related.leave(goes_on, parts, by=turn.person.id, at=turn.now)
    if any(each.ended_at is None for each in others):
        name = turn.person.name
        relay.in_threads(turn, goes_on.id, phrase("thread.left", name=name, ticket=ticket.id))
    else:
        goes_on = move_ticket(turn, goes_on, Action.CLOSE, by=turn.person.id)
        notifications.notify_of_event(turn, goes_on, TicketEvent.CLOSED, own=True)
    refresh_parts(turn, goes_on, parts)
    return goes_on


def end_for(turn: Turn, person: int, goes_on: Ticket) -> Ticket:
    """End a requester's part in what goes on, and the whole where it goes on for nobody else; return it. Nobody is told."""
    own = [each for each in turn.tx.related.whole(goes_on) if each.requester_id == person and each.ended_at is None]
    if any(each.requester_id != person for each in turn.tx.related.parties(goes_on)):
        return turn.tx.related.leave(goes_on, own, by=person, at=turn.now)
    return move_ticket(turn, goes_on, Action.CLOSE, by=None)


def rejoin_part(turn: Turn, ticket: Ticket) -> Ticket:
    """Take the actor's request up again that was over; return what goes on for it, which is active then."""
    view = readable_ticket(turn, ticket)
    if view.active:
        raise Refused("open_already", ticket=ticket.id)
    if not within_reopen_window(turn, view):
        raise Refused("final", ticket=ticket.id)
    goes_on = turn.tx.related.heir(ticket)
    ended = [each for each in own_rows(turn, ticket) if each.ended_at is not None]
    if ended:
        goes_on = turn.tx.related.rejoin(goes_on, ended, by=turn.person.id, at=turn.now)
    if not goes_on.active:
        goes_on = move_ticket(turn, goes_on, Action.REOPEN, by=turn.person.id)
        notifications.notify_of_event(turn, goes_on, TicketEvent.REOPENED, own=True)
    refresh_parts(turn, goes_on, ended)
    return goes_on


def refresh_parts(turn: Turn, goes_on: Ticket, parts: list[Ticket]) -> None:
    """Show the cards of what goes on, and of what its requester calls theirs."""
    cards.refresh_cards(turn, goes_on)
    for part in parts:
        if part.id != goes_on.id:
            cards.refresh_cards(turn, turn.tx.tickets.get(part.id))


def within_reopen_window(turn: Turn, view: Readable) -> bool:
    """Return whether a request that is over may still be taken up again by its requester."""
    return view.over_at is not None and turn.now - view.over_at <= turn.rules.reopen_window


def must_be_author(turn: Turn, number: int) -> None:
    """Refuse somebody else among those who read it in a request's thread: whose it is to say is named there."""
    ticket = turn.tx.tickets.get(number)
    if turn.audience is Audience.PUBLIC and ticket.requester_id != turn.person.id:
        thread = turn.tx.request_channels.thread_of(number)
        if thread is None or turn.request_channel is None or thread.channel_id != turn.request_channel.id:
            raise Refused("no_ticket", ticket=number)
        raise Refused("only_author", name=turn.tx.people.of_account(ticket.account_id).name)


def asked_about(turn: Turn) -> tuple[Ticket, bool]:
    """Return the actor's ticket that a *yes* is about, and whether it answers the question as it stands now."""
    said = turn.pressed(presses.Solved)
    ticket = own_ticket(turn, said.ticket)
    goes_on = turn.tx.related.heir(ticket)
    stands = goes_on.kind is StatusKind.RESOLVED and ticket.ended_at is None
    return ticket, stands and said.resolution == resolution_mark(goes_on)


def ask_again(turn: Turn, ticket: Ticket) -> None:
    """Answer a *yes* to a question that is over: with the question as it is now, or with where the request stands."""
    view, goes_on = readable_ticket(turn, ticket), turn.tx.related.heir(ticket)
    asks = view.kind is StatusKind.RESOLVED
    said: Phrase = phrase("own.asked" if asks else "own.stands", ticket=view.number, status=view.status)
    shown = turn.shown.outgoing_id if turn.shown else None
    buttons = confirm_or_reopen_buttons(view.number, goes_on) if asks else ()
    turn.say(said, buttons=buttons, edits=shown, ticket=view.number)
