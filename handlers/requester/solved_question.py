"""The question whether a request is solved, answered in words: yes confirms, no reopens, the unclear asks which is meant."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.requester import rating
from handlers.tickets import relay, which_request
from handlers.tickets.parties import end_part, rejoin_part, within_reopen_window
from handlers.tickets.readable import Readable, own_ticket, readable_ticket
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import button_column, phrase
from handlers.vocabulary.stored_text import message_pieces, whole_message
from kb import another, consent, is_trying
from storage.desk.records import RELATED
from storage.lifecycle import Refused, StatusKind
from storage.models import MessageKind
from storage.queues.spoken import Said
from storage.tickets.tickets import Ticket

on = Routes()

FRESH = timedelta(hours=1)  # after the question a yes or a no answers it, whatever else is open
TICK = timedelta(seconds=1)  # a messenger may tell the time of words by whole seconds


def take_yes_or_no(turn: Turn, recent: Sequence[Readable]) -> bool:
    """Let a yes or a no in words answer the desk's question; return whether it was one.

    It answers what was asked before it was written: of one that is heard late it is asked what it was about.
    """
    resolved = [view for view in recent if view.kind is StatusKind.RESOLVED and view.over_at is not None]
    if resolved and is_trying(turn.event.asked):
        return waits_for_trial(turn, recent, resolved[0])
    said = consent(turn.event.asked)
    if said is None or not resolved or (turn.event.files and said == "yes"):
        return False
    if said != "no" and another(turn.event.asked):
        return False
    others = [view for view in recent if view.active]
    asked = [view for view in resolved if is_asked_by(view, said_at(turn))]
    if not asked:
        return said != "unclear" and not others and ask_which(turn, resolved)
    fresh = [view for view in asked if said_at(turn) - asked_at(turn, view) <= FRESH]
    rivals = [view for view in others if asks_too(turn, view, fresh)]
    if said == "unclear":
        return bool(fresh and others) and ask_which(turn, [*fresh, *others])
    if len(fresh) == 1 and not rivals:
        confirm_or_reopen(turn, fresh[0].number, whole_message(turn.event), agrees=said == "yes")
        return True
    if fresh:
        return ask_which(turn, [*fresh, *rivals])
    if others:
        return False
    if len(asked) > 1:
        return ask_which(turn, asked)
    confirm_or_reopen(turn, asked[0].number, whole_message(turn.event), agrees=said == "yes")
    return True


def waits_for_trial(turn: Turn, recent: Sequence[Readable], view: Readable) -> bool:
    """Say that the answer can wait until they have tried; return whether it was about that: open requests make it unsure."""
    if turn.event.files or any(other.active for other in recent) or not is_asked_by(view, said_at(turn)):
        return False
    show_words_in_threads(turn, own_ticket(turn, view.number), whole_message(turn.event))
    turn.say(phrase("own.trying", ticket=view.number), ticket=view.number)
    return True


def said_at(turn: Turn) -> datetime:
    """Return when the event's words were written, as far as that can have been before now."""
    return min(turn.event.at, turn.now)


def is_asked_by(view: Readable, at: datetime) -> bool:
    """Return whether a request's requester had been asked by then whether it is solved."""
    return view.over_at is not None and view.over_at < at + TICK


def asked_at(turn: Turn, view: Readable) -> datetime:
    """Return when its requester had been asked last whether a request is solved: at once, and by the reminder."""
    assert view.over_at is not None
    reminded = view.over_at + turn.rules.reminder
    return reminded if reminded < said_at(turn) + TICK else view.over_at


def asks_too(turn: Turn, view: Readable, fresh: Sequence[Readable]) -> bool:
    """Return whether an agent has asked something on another request since: a yes may as well be for them."""
    last = turn.tx.talk.last(turn.tx.related.heir(turn.tx.tickets.get(view.number)).id, MessageKind.REPLY)
    return last is not None and any(last.at >= asked_at(turn, each) for each in fresh)


def confirm_or_reopen(turn: Turn, number: int, said: Said, *, agrees: bool, edits: int | None = None) -> None:
    """Confirm a request or take it up again, as its requester said, and let the team read how they said it."""
    ticket = own_ticket(turn, number)
    if agrees:
        show_words_in_threads(turn, ticket, said)
        end_part(turn, ticket)
        rating.confirm_closed(turn, ticket, edits=edits)
        return
    rejoin_part(turn, ticket)
    turn.say(phrase("own.reopened", ticket=number), edits=edits, ticket=number)
    relay.to_threads(turn, turn.tx.related.heir(turn.tx.tickets.get(number)), "thread.reopened")
    relay.follow_up(turn, turn.tx.tickets.get(ticket.id), said)


def show_words_in_threads(turn: Turn, ticket: Ticket, said: Said) -> None:
    """Keep the words of a yes or of somebody who is trying, and show them in the request's threads: they change nothing there."""
    goes_on = turn.tx.related.heir(ticket)
    for piece in message_pieces(said):
        relay.show_in_thread(turn, goes_on, piece)


# Which of several


def ask_which(turn: Turn, views: Sequence[Readable]) -> bool:
    """Ask which request is meant, by number and first words; what was said goes there with one press."""
    kept = turn.tx.records.verdict(
        person=turn.person.id,
        question="",
        said=whole_message(turn.event),
        language=turn.reader(turn.person).language,
        verdict_=RELATED,
        candidates=[],
        at=turn.now,
    )
    buttons = button_column(
        *(presses.MeantTicket(kept, view.number).button(request_button_label(view)) for view in views[:4])
    )
    turn.say(phrase("talk.which_of"), buttons=buttons)
    return True


def request_button_label(view: Readable) -> str:
    """Return a request as a button names it: its number and first words."""
    return f"#{view.number} {which_request.first_words(view.summary)}"


@on.press(presses.MeantTicket)
def meant(turn: Turn) -> None:
    """It was about this request: it confirms it, opens it again, or joins it, as was said."""
    pressed = turn.pressed(presses.MeantTicket)
    kept, number = pressed.verdict, pressed.ticket
    ticket = own_ticket(turn, number)
    said = turn.tx.records.unanswered(kept, turn.person.id)
    if said is None:
        raise Refused("expired")
    turn.tx.records.outcome(kept, "joined", turn.tx.related.heir(ticket).id)
    shown = turn.shown.outgoing_id if turn.shown else None
    if not add_words_to_request(turn, ticket, said, edits=shown):
        raise Refused("over", ticket=number)


def add_words_to_request(turn: Turn, ticket: Ticket, said: Said, *, edits: int | None) -> bool:
    """Let what was said be about a request: return whether it could still be."""
    view = readable_ticket(turn, ticket)
    answer = consent(str(said["words"]["text"]))
    if view.kind is StatusKind.RESOLVED and answer in ("yes", "no"):
        confirm_or_reopen(turn, view.number, said, agrees=answer == "yes", edits=edits)
        return True
    if not view.active:
        if not within_reopen_window(turn, view):
            return False
        rejoin_part(turn, ticket)  # first: it opens the thread again
    relay.follow_up(turn, turn.tx.tickets.get(ticket.id), said)
    turn.say(phrase("talk.joined", ticket=view.number), edits=edits, ticket=view.number)
    return True
