"""Surveys: some time after the end a requester is asked how it was, once of a request; in stars, or from 0 to 10."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.requester.rating import A_WORD, COMMENT, star_buttons
from handlers.rules.notify import TicketEvent
from handlers.rules.surveys import Scale
from handlers.tickets import notifications
from handlers.tickets.readable import own_ticket
from handlers.tickets.ticket_service import change_ticket
from handlers.turns import form_dialog
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.messages import Button, Chat, Message, button_row, phrase
from storage.lifecycle import Action, Refused, StatusKind
from storage.people.people import Person
from storage.tickets.tickets import Ticket

on = Routes()

SPAM = "spam"  # the tag of what was none
SCORES = range(11)
ROW = 6  # buttons
MOST = max(SCORES)


@on.timer(timers.Survey)
def survey(turn: Turn) -> None:
    """A while has passed: the requester is asked, unless something speaks against it; in their night it waits for morning."""
    ticket, rule = turn.tx.tickets.find(turn.event.ticket or 0), turn.rules.surveys
    if ticket is None or rule is None or not may_be_asked_about(turn, ticket, turn.due(timers.Survey).closed):
        return
    person = turn.tx.people.of_account(ticket.account_id)
    last = turn.tx.surveys.last(person.id)
    if last is not None and turn.now - last < rule.once_in:
        return
    reader = turn.reader(person)
    if turn.rules.is_night(turn.now.astimezone(ZoneInfo(reader.zone))):
        turn.put_off(end_of_night(turn, reader.zone))
        return
    turn.tx.surveys.ask(ticket.id, person.id, rule.scale, turn.now)
    send_question(turn, ticket, person, rule.scale)


def may_be_asked_about(turn: Turn, ticket: Ticket, closed: datetime) -> bool:
    """Return whether a request is over as it was then, is one, is nobody's secret, and was never asked about nor rated."""
    person = turn.tx.people.of_account(ticket.account_id)
    return (
        ticket.kind is StatusKind.CLOSED
        and ticket.closed_at == closed
        and ticket.rating is None
        and ticket.merged_into is None
        and ticket.ended_at is None
        and SPAM not in turn.tx.labelled.of(ticket.id).tags
        and not turn.tx.surveys.asked(ticket.id)
        and not turn.tx.erasure.erased_at(person.id)
        and bool(person.chat or turn.can(person.source).rooted)  # where the bot may write first
        and person.blocked_at is None
        and turn.tx.bans.of(person.id, turn.now) is None
    )


def end_of_night(turn: Turn, zone: str) -> datetime:
    """Return when the night ends that it is now, by a clock."""
    local = turn.now.astimezone(ZoneInfo(zone))
    morning = datetime.combine(local.date(), time(turn.rules.night[1]), ZoneInfo(zone))
    return (morning if morning > local else morning + timedelta(days=1)).astimezone(UTC)


def send_question(turn: Turn, ticket: Ticket, person: Person, scale: Scale) -> None:
    """Ask a requester in their own chat: it is between them and the desk, wherever the request was talked on."""
    said = phrase("survey.stars" if scale is Scale.STARS else "survey.nps", ticket=ticket.id, summary=ticket.summary)
    buttons = star_buttons(ticket.id) if scale is Scale.STARS else score_buttons(ticket.id)
    address = Chat(person.source, person.home)
    turn.send(address, turn.reader(person), Message((said,), buttons=buttons), ticket=ticket.id)


def score_buttons(number: int) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons from 0 to 10, on two rows."""
    each = [presses.Recommend(number, score).button(str(score)) for score in SCORES]
    return (*button_row(*each[:ROW]), *button_row(*each[ROW:]))


@on.press(presses.Recommend)
def recommend(turn: Turn) -> None:
    """The requester says whether they would recommend the desk, once; a word may follow, and whoever had it hears of it."""
    given = turn.pressed(presses.Recommend)
    ticket = own_ticket(turn, given.ticket)
    if given.score > MOST or not turn.tx.surveys.score(ticket.id, given.score, turn.now):
        raise Refused("rated", ticket=ticket.id)
    ticket = change_ticket(turn, ticket, action=Action.RATE, by=turn.person.id, facts={"score": given.score})
    shown = turn.shown.outgoing_id if turn.shown else None
    turn.say(phrase("survey.thanks", score=given.score), edits=shown, ticket=ticket.id)
    goes_on = turn.tx.related.heir(ticket)
    notifications.notify_of_event(turn, goes_on, TicketEvent.RATED, stars=f"{given.score}/{MOST}")
    form_dialog.open_form(turn, COMMENT, about=DraftFacts(ticket=ticket.id, until=(turn.now + A_WORD).isoformat()))
