"""What a requester says of the time that is planned for their request: it suits, or they ask for another."""

from handlers.tickets import cards, plans
from handlers.tickets.calendar_file import CalendarEntry, calendar_file
from handlers.tickets.merged_plans import plans_for_calendar
from handlers.tickets.parties import must_be_author
from handlers.tickets.readable import own_ticket
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import ANYWHERE, Audience
from handlers.vocabulary.messages import button_row, phrase
from storage.lifecycle import Refused
from storage.models import PlanAnswer
from storage.tickets.plans import Plan
from storage.tickets.tickets import Ticket

on = Routes()


@on.press(presses.PlanSuits, audiences=ANYWHERE)
def suits(turn: Turn) -> None:
    """The time suits: the team sees it on the card."""
    pressed = turn.pressed(presses.PlanSuits)
    keep_answer(turn, pressed.ticket, pressed.plan, pressed.sequence, PlanAnswer.SUITS)


@on.press(presses.PlanOther, audiences=ANYWHERE)
def other(turn: Turn) -> None:
    """The time does not suit: whoever has the request hears it, and what is written next says when it would."""
    pressed = turn.pressed(presses.PlanOther)
    keep_answer(turn, pressed.ticket, pressed.plan, pressed.sequence, PlanAnswer.OTHER)


def keep_answer(turn: Turn, number: int, plan: int, sequence: int, answer: PlanAnswer) -> None:
    """Keep an answer to a time that is still planned so, and show it in the place of the buttons."""
    must_be_author(turn, number)
    own = own_ticket(turn, number)
    heir, planned = turn.tx.related.heir(own), turn.tx.plans.get(plan)
    if planned is None or planned.ticket_id != heir.id or planned.sequence != sequence:
        raise Refused("expired")
    if not planned.is_ahead(turn.now):
        raise Refused("expired")
    if plans.answer_plan(turn, own, planned, answer):
        cards.refresh_cards(turn, heir)
    shown = turn.shown.outgoing_id if turn.shown else None
    said = phrase(f"plan_said.{answer}", ticket=number, when=plans.span_of(planned))
    file = presses.PlanCalendar(number, plan).button(phrase("button.plan_file"))
    turn.say(said, buttons=button_row(file), edits=shown, ticket=number)


@on.press(presses.PlanCalendar, audiences=ANYWHERE)
def send_calendar_file(turn: Turn) -> None:
    """What is planned comes as a calendar file: as it is now, be it moved or off."""
    pressed = turn.pressed(presses.PlanCalendar)
    must_be_author(turn, pressed.ticket)
    own = own_ticket(turn, pressed.ticket)
    heir, planned = turn.tx.related.heir(own), turn.tx.plans.get(pressed.plan)
    if planned is None or planned.ticket_id not in {each.id for each in turn.tx.related.whole(heir)}:
        raise Refused("expired")
    if turn.audience is Audience.PUBLIC:
        own = turn.tx.tickets.get(pressed.ticket)  # whatever it goes on in may be nobody's to read there
    entries = [calendar_entry(turn, own, heir, one) for one in plans_for_calendar(turn, own, heir, planned)]
    turn.say(phrase("plans.file"), files=(calendar_file(f"request-{own.id}.ics", entries, turn.now),), ticket=own.id)


def calendar_entry(turn: Turn, own: Ticket, heir: Ticket, plan: Plan) -> CalendarEntry:
    """Return a plan as a requester's calendar has it; where it was for somebody else's request alone, without the place."""
    place = plan.place if plan.ticket_id in (own.id, heir.id) and plans.place_told(turn, heir, plan) else ""
    return CalendarEntry(plan, f"#{own.id} {own.summary}", place=place)
