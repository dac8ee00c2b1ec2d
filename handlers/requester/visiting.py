"""What a guest of a request does: they write to its team from their own chat, look at it again, and tick what they may."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.requester import solved_question
from handlers.rules.notify import TicketEvent
from handlers.tickets import guesting, notifications, relay, request_types, ticking, visits
from handlers.tickets.readable import Readable, readable_all
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Chat, Message, Part, button_row, phrase
from handlers.vocabulary.stored_text import content_title, files_of, message_pieces, whole_message, words_of
from storage.lifecycle import Refused, StatusKind
from storage.models import MessageKind, Role
from storage.tickets.guests import Invited
from storage.tickets.tickets import Ticket

on = Routes()

TOLD_AGAIN = timedelta(hours=24)  # without a word, after which a guest is told where their words went


def takes_words(turn: Turn, own: Sequence[Readable]) -> bool:
    """Let words join a request that the actor is a guest of: the one they answer, or the one talked on last.

    ``own`` are requests of their own, the one talked on last first: what was talked on later than any is meant, and a yes or
    a no answers what the desk has asked them since.
    """
    invited = turn.tx.guests.invited(turn.person.id)
    if turn.event.reply_to and turn.number:
        return _answers(turn, turn.number, invited)
    if not invited:
        return False
    if turn.person.may(Role.AGENT):  # by a line of the rules, which no chat tells of
        guesting.end_visits(turn, turn.person.id)
        return False
    newest = invited[0]
    if any(view.talked_at > newest.told_at for view in (*own, *_waiting_for(turn)) if view.active):
        return False
    if solved_question.take_yes_or_no(turn, _asked_since(turn, own, newest.told_at)):
        return True
    quiet = turn.now - newest.told_at > TOLD_AGAIN
    say_to_team(turn, turn.tx.tickets.get(newest.ticket), told=quiet or len(invited) > 1 or bool(own))
    return True


def _waiting_for(turn: Turn) -> list[Readable]:
    """Return the actor's own requests that wait for a word of theirs, however long."""
    found = readable_all(turn, turn.tx.tickets.of_requester(turn.person.id, 10))
    return [view for view in found if view.kind is StatusKind.PENDING]


def _asked_since(turn: Turn, own: Sequence[Readable], since: datetime) -> list[Readable]:
    """Return which of their own requests the desk has asked about since, before these words: whether they are solved."""
    at = solved_question.said_at(turn)
    asked = [view for view in own if view.kind is StatusKind.RESOLVED and solved_question.is_asked_by(view, at)]
    return [view for view in asked if solved_question.asked_at(turn, view) >= since]


def _answers(turn: Turn, number: int, invited: Sequence[Invited]) -> bool:
    """Let an explicit reply join the request it answers; tell whoever is no guest of it any more."""
    goes_on = turn.tx.related.heir(turn.tx.tickets.get(number))
    if any(each.ticket == goes_on.id for each in invited):
        say_to_team(turn, goes_on, told=False)
        return True
    if not turn.tx.guests.was(number, turn.person.id):
        return False
    new = presses.NewRequest("anew").button(phrase("button.new"))
    turn.say(phrase("guest.not_any_more", ticket=number), buttons=button_row(new))
    return True


def say_to_team(turn: Turn, ticket: Ticket, *, told: bool) -> None:
    """Keep a guest's words as the team's own to read, and show them in the request's threads; whoever works on it is called."""
    said = whole_message(turn.event)
    pieces = message_pieces(said)
    kept = [relay.keep_message(turn, ticket, piece, None, MessageKind.NOTE) for piece in pieces]
    turn.tx.guests.talked(ticket.id, turn.person.id, turn.now)
    here = turn.channels_of(ticket)
    relay.cannot_cross(turn, files_of(said["files"]), {channel.source for channel in here})
    threaded = [channel for channel in here if turn.tx.talk.thread(ticket.id, channel.id)]
    called = notifications.hands_mentions(turn, ticket, threaded)
    for channel in threaded:
        for number, piece in zip(kept, pieces, strict=True):
            names = [one.words for one in called if number == kept[-1] and one.channel == channel.id]
            together = relay.called_together(names)
            files = files_of(piece["files"])
            parts: list[Part] = [
                words_of(piece["words"]),
                *(phrase("talk.cannot_cross", what=content_title(file)) for file in files if file.kind == "other"),
                *([together] if together is not None else []),
            ]
            message = Message(
                tuple(parts),
                phrase("thread.guest_says", name=turn.person.name),
                visits.said_buttons(turn, ticket, number, turn.person.id),
                tuple(file for file in files if file.kind != "other"),
            )
            where, reader = turn.where(channel, ticket.id), relay.reader_of(turn, channel)
            turn.send(where, reader, message, carries=number, ticket=ticket.id)
    tell_others(turn, ticket, kept[-1], {one.person for one in called})
    if told:
        new = presses.NewRequest("anew").button(phrase("button.new"))
        turn.say(phrase("guest.passed", ticket=ticket.id), buttons=button_row(new), ticket=ticket.id)


def tell_others(turn: Turn, ticket: Ticket, kept: int, but: set[int]) -> None:
    """Tell whoever works on a request in private, where the thread could not call them."""
    kind = turn.tx.requests.type_name(ticket.request_type_id)
    said = turn.tx.talk.get(kept)
    words = str(said.words["text"]) if said is not None else ""
    for person in notifications.team_to_notify(turn, ticket, TicketEvent.FOLLOW_UP, kind, {turn.person.id, *but}):
        line = phrase("notice.guest_said", ticket=ticket.id, name=turn.person.name, words=words)
        turn.send(
            Chat(person.source, person.chat), turn.reader(person), Message((line,)), ticket=ticket.id, carries=kept
        )


def invited_ticket(turn: Turn, number: int) -> Ticket:
    """Return the request that the actor is a guest of now; for anybody else there is none."""
    ticket = turn.tx.related.heir(turn.tx.tickets.get(number))
    if all(each.ticket != ticket.id for each in turn.tx.guests.invited(turn.person.id)):
        raise Refused("no_ticket", ticket=number)
    return ticket


@on.press(presses.Visit)
def look(turn: Turn) -> None:
    """A guest looks at their request again."""
    visits.show_visit(turn, invited_ticket(turn, turn.pressed(presses.Visit).ticket), turn.person)


@on.press(presses.VisitCheck)
def tick(turn: Turn) -> None:
    """A guest ticks an item of the checklist that the rules let guests tick, or takes the tick away."""
    pressed = turn.pressed(presses.VisitCheck)
    ticket = invited_ticket(turn, pressed.ticket)
    item = next((each for each in visits.items_for_guests(turn, ticket) if each.name == pressed.item), None)
    if item is None:
        raise Refused("expired")
    ticket = ticking.tick_item(turn, ticket, item, done=bool(pressed.done))
    visits.show_visit(turn, ticket, turn.person, edits=turn.shown.outgoing_id if turn.shown else None)


def visit_buttons(turn: Turn) -> list[Button]:
    """Return the requests that the actor is a guest of, as buttons."""
    found = [turn.tx.tickets.get(each.ticket) for each in turn.tx.guests.invited(turn.person.id)]
    reader = turn.reader(turn.person)
    return [
        presses.Visit(each.id).button(
            phrase("guest.line", ticket=each.id, type=request_types.type_title(turn, each.request_type_id, reader))
        )
        for each in found
    ]
