"""After the work: the requester confirms, rates once, and may add a word."""

from datetime import timedelta

from handlers.rules.notify import TicketEvent
from handlers.tickets import notifications, relay
from handlers.tickets.parties import ask_again, asked_about, end_part, must_be_author, refresh_parts
from handlers.tickets.readable import own_ticket, readable_ticket
from handlers.tickets.ticket_service import change_ticket
from handlers.turns import form_dialog
from handlers.turns.private_chat import in_own_chat
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import ANYWHERE, Audience
from handlers.vocabulary.draft_facts import DraftFacts, of_draft
from handlers.vocabulary.forms import Field, Form
from handlers.vocabulary.messages import Button, Message, button_row, phrase
from storage.lifecycle import Action, Refused
from storage.models import MessageKind
from storage.tickets.tickets import Ticket

on = Routes()

COMMENT = Form(
    "rate_comment",
    {"": "rate.title"},
    (Field("text", {"": "rate.comment"}, "long_text", required=False, limit=1000),),
    review=False,
)
A_WORD = timedelta(minutes=30)  # what is said later is no comment but something new
STARS = range(1, 6)
RESOLUTION = r"\d{1,18}(\.\d{1,18})?"  # a ticket, and which of its resolutions; buttons once had the ticket alone


@on.press(presses.Solved, audiences=ANYWHERE)
def confirm(turn: Turn) -> None:
    """The requester says it is done: their part is closed, and one question follows. An old *yes* is asked again."""
    must_be_author(turn, turn.pressed(presses.Solved).ticket)
    ticket, answers_it = asked_about(turn)
    if not answers_it:
        ask_again(turn, ticket)
        return
    end_part(turn, ticket)
    confirm_closed(turn, ticket, edits=turn.shown.outgoing_id if turn.shown else None)


def confirm_closed(turn: Turn, ticket: Ticket, *, edits: int | None) -> None:
    """Say that a request is closed, and ask how it was."""
    number = ticket.id
    turn.say(phrase("own.confirmed", ticket=number), edits=edits, ticket=number)
    if ticket.rating is None and turn.rules.surveys is None:  # else it is asked when the rules say
        ask_rating(turn, number)


def ask_rating(turn: Turn, number: int) -> None:
    """Ask how it was; among others that is asked in the requester's own chat, if there is one."""
    if turn.audience is Audience.PUBLIC:
        if not (turn.person.chat or turn.can(turn.person.source).rooted):
            return
        turn = in_own_chat(turn)
    turn.say(phrase("rate.ask"), buttons=star_buttons(number), ticket=number)


def star_buttons(number: int) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons by which a request is rated."""
    return button_row(*(presses.Rate(number, star).button(str(star)) for star in STARS))


@on.press(presses.Rate)
def rate(turn: Turn) -> None:
    """The requester rates their own request, once; a word may follow."""
    given = turn.pressed(presses.Rate)
    number, stars = given.ticket, given.stars
    ticket = own_ticket(turn, number)
    if ticket.rating is not None:
        raise Refused("rated", ticket=number)
    if readable_ticket(turn, ticket).active:
        raise Refused("not_over", ticket=number)
    ticket = change_ticket(turn, ticket, action=Action.RATE, by=turn.person.id, rating=stars)
    turn.say(
        phrase("rate.thanks", stars="⭐" * stars),
        edits=turn.shown.outgoing_id if turn.shown else None,
        ticket=ticket.id,
    )
    goes_on = turn.tx.related.heir(ticket)
    notifications.notify_of_event(turn, goes_on, TicketEvent.RATED, stars="⭐" * stars)
    refresh_parts(turn, goes_on, [ticket])
    form_dialog.open_form(turn, COMMENT, about=DraftFacts(ticket=ticket.id, until=(turn.now + A_WORD).isoformat()))


@on.submit("rate_comment")
def comment(turn: Turn) -> None:
    """The word goes to the team as well."""
    ticket = own_ticket(turn, of_draft(turn.event.about.ticket))
    text = str(turn.event.answers.get("text") or "")
    address, reader = turn.here
    turn.send(
        address,
        reader,
        Message((phrase("rate.done"),)),
        edits=turn.event.submission.card if turn.event.submission else None,
        ticket=ticket.id,
    )
    if text:
        change_ticket(turn, ticket, rating_comment=text)
        goes_on = turn.tx.related.heir(ticket)
        said = turn.tx.talk.add(
            goes_on.id, turn.person.id, MessageKind.FOLLOW_UP, words={"text": text, "spans": []}, files=[], at=turn.now
        )
        for place, native in turn.event.about.typed.get("text", ()):
            turn.tx.talk.written(place, native, said, turn.now)
        relay.to_threads(turn, goes_on, "thread.commented", text, carries=said)
