"""When somebody is to see to a request: ``/plan``, its button, what is asked about it, and the reminder before it."""

import re
from collections.abc import Sequence

from handlers.agent.tags_and_time import asked_about
from handlers.rules.notify import TicketEvent
from handlers.tickets import cards, notifications, plans
from handlers.tickets.calendar_file import CalendarEntry, calendar_file
from handlers.tickets.ticket_service import change_ticket
from handlers.turns import form_dialog, permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_ticket_number, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.forms import Field, Form
from handlers.vocabulary.messages import Button, Part, RichText, button_row, phrase
from handlers.vocabulary.time_spans import read_time_span
from handlers.vocabulary.translations import Locale
from storage.lifecycle import Refused
from storage.models import Role
from storage.tickets.plans import Plan
from storage.tickets.tickets import Ticket

on = Routes()

FORM = Form("plan", {"": "plan.title"}, (Field("when", {"": "plan.ask"}, hint={"": "plan.hint"}),), review=False)
OFF = re.compile(r"off|cancel|скас(?:увати|уй)|відмінити|отменить|отмена|снять|зняти", re.IGNORECASE)
PLACE = re.compile(r"(?:\A|[\s,;.])(?:place|address|місце|адреса|место|адрес)\s*:\s*", re.IGNORECASE)
LIMIT = 200  # characters of a place, and of a note


@on.command("plan", role=Role.AGENT)
def plan(turn: Turn) -> None:
    """Plan when somebody sees to a request: /plan 42 tomorrow 10:00-12:00; /plan 42 off takes it back, /plan 42 tells it."""
    here = turn.number is not None and read_time_span(turn.event.value, turn.now, zone_of(turn)) is not None
    ticket = permissions.must_work_on(turn, turn.tx.tickets.get(turn.number or 0)) if here else ticket_argument(turn)
    said = turn.event.value.strip() if here else after_ticket_number(turn)
    if not said:
        show_plan(turn, ticket)
    elif OFF.fullmatch(said):
        take_back(turn, ticket)
    else:
        plan_as_said(turn, ticket, said)


@on.press(presses.Plan, role=Role.AGENT)
def ask_when(turn: Turn) -> None:
    """The card asks when."""
    form_dialog.open_form(turn, FORM, about=DraftFacts(ticket=ticket_argument(turn).id))


@on.submit("plan", role=Role.AGENT)
def when_said(turn: Turn) -> None:
    """The time that was asked for is planned."""
    plan_as_said(turn, asked_about(turn), str(turn.event.answers["when"]))


@on.press(presses.PlanOff, role=Role.AGENT, act="plan")
def off_pressed(turn: Turn) -> None:
    """What was planned is off, unless it was changed since the button was shown."""
    pressed = turn.pressed(presses.PlanOff)
    meant = turn.tx.plans.get(pressed.plan)
    if meant is None or meant.sequence != pressed.sequence or not meant.is_ahead(turn.now):
        raise Refused("expired")
    take_back(turn, permissions.must_work_on(turn, turn.tx.tickets.get(meant.ticket_id)))


@on.press(presses.PlanFile, role=Role.AGENT, act="plan")
def send_calendar_file(turn: Turn) -> None:
    """A plan comes as a calendar file: as it is now, be it moved or off."""
    meant = turn.tx.plans.get(turn.pressed(presses.PlanFile).plan)
    if meant is None:
        raise Refused("expired")
    ticket = permissions.must_work_on(turn, turn.tx.tickets.get(meant.ticket_id))
    entry = CalendarEntry(meant, f"#{ticket.id} {ticket.summary}", meant.note, meant.place)
    file = calendar_file(f"request-{ticket.id}.ics", [entry], turn.now)
    turn.say(phrase("plans.file"), files=(file,), ticket=ticket.id)


def zone_of(turn: Turn) -> str:
    """Return the time zone in which the agent reads a clock."""
    return turn.reader(turn.person).zone


def plan_as_said(turn: Turn, ticket: Ticket, said: str) -> None:
    """Plan a request for the time with which a text begins; what follows is the team's note, and after "place:" the place."""
    if not ticket.active:
        raise Refused("over", ticket=ticket.id)
    found = read_time_span(said, turn.now, zone_of(turn))
    if found is None:
        raise Refused("plan_when", word=said, ticket=ticket.id)
    span, rest = found
    note, place = read_words(rest)
    ticket = change_ticket(turn, ticket)  # so that of two at once the second sees what the first has done
    planned = plans.set_plan(turn, ticket, span, place, note)
    cards.refresh_cards(turn, ticket)
    show_planned(turn, ticket, planned)


def read_words(said: str) -> tuple[str, str]:
    """Return the note and the place in what follows a time; refuse what is too long to be read at a glance."""
    note, *places = PLACE.split(said, maxsplit=1)
    for words in (note, *places):
        if len(words.strip()) > LIMIT:
            raise Refused("plan_words", limit=LIMIT)
    return note.strip(" ,;\n"), places[0].strip() if places else ""


def show_planned(turn: Turn, ticket: Ticket, planned: Plan) -> None:
    """Say what is planned now, and what else there is at that time."""
    off = presses.PlanOff(planned.id, planned.sequence).button(phrase("button.plan_off"))
    file = presses.PlanFile(planned.id).button(phrase("button.plan_file"))
    lines = plans.clash_lines(turn, ticket, planned)
    turn.say(*plan_parts(turn, ticket, planned), *lines, buttons=button_row(off, file), ticket=ticket.id)


def plan_parts(turn: Turn, ticket: Ticket, planned: Plan) -> list[Part]:
    """Return what is planned, as the team reads it."""
    when = phrase("plan.is", ticket=ticket.id, when=plans.span_of(planned), mark=plans.MARKS[planned.answer])
    return [when, *word_parts(planned)]


def word_parts(planned: Plan) -> list[Part]:
    """Return the place, which the requester reads too, and the team's own note."""
    return [
        *([RichText(f"📍 {planned.place}")] if planned.place else []),
        *([RichText(f"📝 {planned.note}")] if planned.note else []),
    ]


def show_plan(turn: Turn, ticket: Ticket) -> None:
    """Say what is planned."""
    planned = plans.plan_ahead(turn, ticket)
    if planned is None:
        turn.say(phrase("plan.none", ticket=ticket.id))
    else:
        show_planned(turn, ticket, planned)


def take_back(turn: Turn, ticket: Ticket) -> None:
    """Let what is planned be off."""
    ticket = change_ticket(turn, ticket)
    planned = plans.plan_ahead(turn, ticket)
    if planned is None:
        raise Refused("no_plan", ticket=ticket.id)
    plans.end_plan(turn, ticket, planned)
    cards.refresh_cards(turn, ticket)
    turn.toast(phrase("plan.off", ticket=ticket.id))


def plan_line(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Say on the card what is or was planned, and whether its requester has said that it suits."""
    planned = turn.tx.plans.standing(ticket.id)
    if planned is None:
        return []
    return [phrase("card.plan", when=plans.span_of(planned), mark=plans.MARKS[planned.answer]), *word_parts(planned)]


def plan_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer it among the rarer buttons."""
    return [presses.Plan(ticket.id).button(phrase("button.plan"))] if ticket.active else []


@on.timer(timers.PlanSoon)
def remind_of_plan(turn: Turn) -> None:
    """What is planned begins soon: whoever has it is reminded, its requester where the rules say so; nobody's, the channel."""
    due = turn.due(timers.PlanSoon)
    planned = turn.tx.plans.get(due.plan)
    if planned is None or planned.sequence != due.sequence or planned.ended_at or planned.begins_at <= turn.now:
        return
    ticket, when = turn.tx.tickets.get(planned.ticket_id), plans.span_of(planned)
    where = plans.place_told(turn, ticket, planned)
    notifications.notify_of_event(turn, ticket, TicketEvent.PLAN_SOON, when=when, where=where)
    if ticket.agent_id is None:
        said = phrase("plan.nobody", ticket=ticket.id, summary=ticket.summary, when=when)
        notifications.to_channels(turn, said, turn.channels_of(ticket), fold="plan_soon", ticket=ticket.id)
