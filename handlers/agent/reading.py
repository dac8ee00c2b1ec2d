"""All that was said on a request that nobody has, read before it is taken: by whoever presses, in their own chat."""

from collections.abc import Sequence

from handlers.tickets import cards
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Message, button_row, phrase
from handlers.vocabulary.stored_text import content_title, files_of, words_of
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()

MOST = 40  # messages, the newest; the others stand in the history


def read_ticket_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Return the button where more was said than the card shows, and there is no thread yet to read it in."""
    if ticket.agent_id is not None or not ticket.active:
        return ()
    more = ticket.unread > 0 or any(said.files for said, _ in turn.tx.talk.of(ticket.id, 20))
    threaded = any(turn.tx.talk.thread(ticket.id, channel.id) for channel in turn.channels)
    return (presses.ReadTicket(ticket.id).button(phrase("button.read")),) if more and not threaded else ()


@on.press(presses.ReadTicket, role=Role.AGENT, act="")
def read(turn: Turn) -> None:
    """Show all of it, words and files, in order; nobody has the request because of that."""
    ticket = turn.tx.tickets.get(turn.pressed(presses.ReadTicket).ticket)
    alone = continue_in_private(turn, "read.in_private")
    address, reader = alone.here
    said = turn.tx.talk.of(ticket.id, MOST)
    earlier = turn.tx.talk.count(ticket.id) - len(said)
    if earlier > 0:
        told = phrase("thread.earlier", n=earlier, ticket=ticket.id)
        turn.send(address, reader, Message((told,)), ticket=ticket.id)
    for place, (one, name) in enumerate(said, 1):
        files = files_of(one.files)
        lost = tuple(phrase("talk.cannot_cross", what=content_title(file)) for file in files if file.kind == "other")
        shown = tuple(file for file in files if file.kind != "other")
        last = button_row(presses.Claim(ticket.id).button(phrase("button.claim"))) if place == len(said) else ()
        title = f"{cards.MARK[one.kind]} {name} · #{ticket.id}"
        turn.send(address, reader, Message((words_of(one.words), *lost), title, last, shown), ticket=ticket.id)
