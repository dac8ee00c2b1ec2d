"""After the work: the requester confirms, rates once, and may add a word."""

from datetime import timedelta

from handlers import cards, interview, lifecycle, notices, relay
from handlers.forms import Field, Form
from handlers.messages import Button, Message, phrase, row
from handlers.router import on
from handlers.rules.notify import Occasion
from handlers.turn import Turn
from storage.lifecycle import Action, Refused
from storage.models import MessageKind

COMMENT = Form(
    "rate_comment",
    {"": "rate.title"},
    (Field("text", {"": "rate.comment"}, "long_text", required=False, limit=1000),),
    review=False,
)
A_WORD = timedelta(minutes=30)  # what is said later is no comment but something new
STARS = ("1", "2", "3", "4", "5")


@on.press("confirm")
def confirm(turn: Turn) -> None:
    """The requester says it is done: the ticket is closed, and one question follows."""
    ticket = lifecycle.over(turn, Action.CLOSE, "own.confirmed")
    if ticket.rating is None:
        number = int(turn.event.value)
        buttons = row(
            *(Button("⭐" * int(star) if star == "1" else star, "rate", f"{number}.{star}") for star in STARS)
        )
        turn.say(phrase("rate.ask"), buttons=buttons, ticket=number)


@on.press("rate", key=r"\d{1,18}\.[1-5]")
def rate(turn: Turn) -> None:
    """The requester rates, once; a word may follow."""
    number, _, stars = turn.event.value.partition(".")
    ticket = relay.own(turn, int(number))
    if ticket.rating is not None:
        raise Refused("rated", ticket=number)
    if ticket.active:
        raise Refused("not_over", ticket=number)
    ticket = turn.tx.tickets.change(ticket, at=turn.now, action=Action.RATE, by=turn.person.id, rating=int(stars))
    turn.say(
        phrase("rate.thanks", stars="⭐" * int(stars)),
        edits=turn.shown.outgoing_id if turn.shown else None,
        ticket=int(number),
    )
    notices.announce(turn, ticket, Occasion.RATED, stars="⭐" * int(stars))
    cards.refresh(turn, ticket)
    interview.ask(turn, COMMENT, facts={"ticket": int(number), "until": (turn.now + A_WORD).isoformat()})


@on.submit("rate_comment")
def comment(turn: Turn) -> None:
    """The word goes to the team as well."""
    ticket = relay_own(turn)
    text = str(turn.event.facts["answers"].get("text") or "")
    address, reader = turn.here
    turn.send(address, reader, Message((phrase("rate.done"),)), edits=turn.event.facts["card"], ticket=ticket)
    if text:
        kept = turn.tx.tickets.change(turn.tx.tickets.get(ticket), at=turn.now, rating_comment=text)
        turn.tx.talk.add(
            kept.id, turn.person.id, MessageKind.FOLLOW_UP, words={"text": text, "spans": []}, files=[], at=turn.now
        )
        lifecycle.to_threads(turn, kept, "thread.commented", text)


def relay_own(turn: Turn) -> int:
    """Return the number of the actor's own ticket that a form was opened for."""
    return relay.own(turn, int(turn.event.facts["ticket"])).id
