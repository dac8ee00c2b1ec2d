"""``/similar``: requests like one that are over, with what was said to their requesters last; for the team alone."""

from collections.abc import Sequence

from handlers.turns.router import Routes
from handlers.turns.ticket_argument import ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Message, RichText, button_row, phrase
from handlers.vocabulary.text import beginning_of
from kb import measure_likeness, telling_words
from storage.models import Role
from storage.tickets.similar import answered_requests, last_replies
from storage.tickets.tickets import Ticket

on = Routes()

SHOWN = 3
WORDS = 10  # of a request, that others are looked for by
ASKED, QUOTED = 120, 600  # characters of a request, and of a reply
ALIKE = 0.25  # likeness from which an agent is shown a request: they judge for themselves


@on.press(presses.Similar, role=Role.AGENT)
@on.command("similar", role=Role.AGENT)
def show_similar_requests(turn: Turn) -> None:
    """Requests like this one that were answered, the likest first, each with the last reply: /similar 42."""
    ticket = ticket_argument(turn, looking=True)
    found = similar_requests(turn, ticket)
    if not found:
        turn.say(phrase("similar.none", ticket=ticket.id), ticket=ticket.id)
        return
    replies, (address, reader) = last_replies(turn.tx.connection, [one.id for one in found]), turn.here
    for one in found:  # each a message of its own request's, and goes with its words
        said = replies[one.id]
        words = beginning_of(" ".join(said.words["text"].split()), QUOTED)
        told = (phrase("similar.reply", agent=said.agent, at=said.at), RichText(words))
        title = phrase("similar.title", ticket=one.id, summary=beginning_of(one.summary, ASKED))
        opens = button_row(presses.OpenCard(one.id).button(phrase("similar.open", ticket=one.id)))
        turn.send(address, reader, Message(told, title, opens, silent=True), ticket=one.id)


def similar_requests(turn: Turn, ticket: Ticket) -> list[Ticket]:
    """Return the answered requests that are most like one."""
    words = telling_words(ticket.summary)[:WORDS]
    past = answered_requests(turn.tx.connection, words, but=ticket.id) if words else []
    alike = measure_likeness(ticket.summary, [one.summary for one in past])
    ranked = sorted(zip(alike, past, strict=True), key=lambda pair: -pair[0])
    return [one for like, one in ranked[:SHOWN] if like >= ALIKE]


def similar_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer it among the rarer buttons."""
    return [presses.Similar(ticket.id).button(phrase("button.similar"))]
