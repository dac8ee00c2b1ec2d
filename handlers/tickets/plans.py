"""Plans: when somebody is to see to a request. Its requester is told and asked; whoever has the request has its plan.

A plan stays with its request when that is released or given to somebody else, goes over in a merge, and is off when the request
ends before it.
"""

from datetime import timedelta

from handlers.rules.notify import TicketEvent
from handlers.tickets import notifications
from handlers.tickets.guest_endings import guest_account
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Button, Chat, Message, Phrase, button_row, phrase
from handlers.vocabulary.time_spans import TimeSpan
from storage.models import PlanAnswer
from storage.tickets.plans import Plan
from storage.tickets.tickets import Ticket

NONE = timedelta(0)
MARKS = {None: "", PlanAnswer.SUITS: " ✓", PlanAnswer.OTHER: " ✗"}  # beside a time: what its requester says of it


def plan_ahead(turn: Turn, ticket: Ticket) -> Plan | None:
    """Return what is planned for a ticket and not over yet."""
    standing = turn.tx.plans.standing(ticket.id)
    return standing if standing is not None and standing.is_ahead(turn.now) else None


def span_of(plan: Plan) -> TimeSpan:
    """Return from when to when a plan is."""
    return TimeSpan(plan.begins_at, plan.ends_at)


def set_plan(turn: Turn, ticket: Ticket, span: TimeSpan, place: str, note: str) -> Plan:
    """Plan a ticket, or move what is planned: without a place or a note these stay. What is so already is told nobody again."""
    was = plan_ahead(turn, ticket)
    if was is None:
        values = {"ticket_id": ticket.id, "begins_at": span.begins_at, "ends_at": span.ends_at, "at": turn.now}
        wrote = {"by_id": turn.person.id, "note_by_id": turn.person.id}
        plan = turn.tx.plans.add(place=place, note=note, **wrote, **values)
    else:
        words = {"place": place or was.place, "note": note or was.note}
        wrote = {
            "by_id": turn.person.id if place else was.by_id,
            "note_by_id": turn.person.id if note else was.note_by_id or was.by_id,
        }
        told_already = (span_of(was), was.place) == (span, words["place"])
        if told_already:
            return turn.tx.plans.change(was.id, **words, **wrote)
        plan = turn.tx.plans.change(
            was.id,
            begins_at=span.begins_at,
            ends_at=span.ends_at,
            sequence=was.sequence + 1,
            answer=None,
            **words,
            **wrote,
        )
    remind_before(turn, plan)
    turn.audit(Deed.PLANNED, ticket=ticket.id, plan=plan.id, begins=span.begins_at.isoformat())
    tell_plan(turn, ticket, plan, "planned" if was is None else "plan_moved")
    return plan


def remind_before(turn: Turn, plan: Plan) -> None:
    """Let time remind of a plan before it begins, as long before as the rules say."""
    due = plan.begins_at - turn.rules.plan_reminder - turn.now
    if turn.rules.plan_reminder > NONE and due > NONE:
        turn.schedule(timers.PlanSoon(plan.id, plan.sequence), due, ticket=plan.ticket_id)


def tell_plan(turn: Turn, ticket: Ticket, plan: Plan, said: str) -> None:
    """Tell whoever waits for a ticket, and the team, what is planned: ``said`` is planned, plan_moved or unplanned."""
    when = span_of(plan)
    name = turn.actor.name if turn.actor is not None else phrase("notice.desk")
    say_in_threads(turn, ticket, phrase(f"thread.{said}", name=name, when=when))
    notifications.notify_of_event(
        turn,
        ticket,
        TicketEvent.PLANNED,
        own=True,
        buttons=lambda number, _: answer_buttons(number, plan),
        told_as=said,
        when=when,
        where="" if said == "unplanned" else place_told(turn, ticket, plan),
        what=phrase(f"plan_what.{said}"),
    )
    tell_guests(turn, ticket, plan, said)


def tell_guests(turn: Turn, ticket: Ticket, plan: Plan, said: str) -> None:
    """Tell a ticket's guests when somebody sees to it: they may be whoever comes. Where, an agent tells them by hand."""
    for person_id in turn.tx.guests.of(ticket.id) if ticket.active else ():
        tell_guest(turn, ticket, person_id, plan, said)


def tell_guest(turn: Turn, ticket: Ticket, person_id: int, plan: Plan, said: str) -> notifications.Sent:
    """Tell one guest when somebody sees to a ticket, and return what they are sent."""
    person = guest_account(turn, person_id)
    line, address = phrase(f"guest.{said}", ticket=ticket.id, when=span_of(plan)), Chat(person.source, person.home)
    return address.lane, turn.send(address, turn.reader(person), Message((line,)), ticket=ticket.id), ticket.id


def place_told(turn: Turn, ticket: Ticket, plan: Plan) -> str:
    """Return the place as a requester reads it, on a line of its own; nothing where others read along."""
    public = any(turn.tx.request_channels.thread_of(each.id) for each in notifications.waiting_parties(turn, ticket))
    return f"\n{place_line(plan)}" if plan.place and not public else ""


def place_line(plan: Plan) -> str:
    """Return the place with its mark, "" where none is said."""
    return f"📍 {plan.place}" if plan.place else ""


def answer_buttons(number: int, plan: Plan) -> tuple[tuple[Button, ...], ...]:
    """Return what a requester, by their own number, may say of a planned time, and the way to their calendar."""
    file = presses.PlanCalendar(number, plan.id).button(phrase("button.plan_file"))
    if plan.ended_at is not None:
        return button_row(file)
    return button_row(
        presses.PlanSuits(number, plan.id, plan.sequence).button(phrase("button.plan_suits")),
        presses.PlanOther(number, plan.id, plan.sequence).button(phrase("button.plan_other")),
        file,
    )


def end_plan(turn: Turn, ticket: Ticket, plan: Plan) -> None:
    """Let what was planned be off, and tell so."""
    plan = turn.tx.plans.change(plan.id, ended_at=turn.now, sequence=plan.sequence + 1)
    turn.audit(Deed.PLAN_OFF, ticket=ticket.id, plan=plan.id)
    tell_plan(turn, ticket, plan, "unplanned")


def say_in_threads(turn: Turn, ticket: Ticket, said: Phrase, *, call: bool = False) -> None:
    """Say something in a ticket's threads, but where it is being answered; ``call``: whoever has the ticket is called."""
    threads = [one for one in turn.channels_of(ticket) if turn.tx.talk.thread(ticket.id, one.id)]
    hands = [ticket.agent_id] if call and ticket.agent_id is not None else []
    called = [one for hand in hands if (one := notifications.agent_mention(turn, ticket, hand, threads)) is not None]
    here = turn.channel.id if turn.channel is not None and turn.event.thread and turn.number == ticket.id else None
    for channel in threads:
        if channel.id != here:
            words = [one.words for one in called if one.channel == channel.id]
            message = Message((said, *words), silent=turn.event.late)
            turn.send(turn.where(channel, ticket.id), turn.reading(channel), message, ticket=ticket.id)
    for person in (turn.tx.people.reachable(hand) for hand in hands if hand not in {one.person for one in called}):
        if person is not None:  # who has no account on a messenger of these threads
            turn.send(Chat(person.source, person.chat), turn.reader(person), Message((said,)), ticket=ticket.id)


def clash_lines(turn: Turn, ticket: Ticket, plan: Plan) -> list[Phrase]:
    """Return what else those who have a ticket, or help with it, have planned then: a line for each of them."""
    hands = [number for number in (ticket.agent_id, *turn.tx.helpers.of(ticket.id)) if number is not None]
    found: list[Phrase] = []
    for number in hands:
        also = turn.tx.plans.of_person(number, plan.begins_at, plan.ends_at)
        lines = [phrase("plan.one", ticket=one.ticket_id, when=span_of(one)) for one in also if one.id != plan.id]
        if lines:
            found.append(phrase("plan.clash", name=turn.tx.tickets.name(number), others=lines))
    return found


def follow_ticket(turn: Turn, was: Ticket, now: Ticket) -> None:
    """Let a plan go the way of its ticket: off where that ends before it begins; who has it from now on reads what stands."""
    if (was.active, was.agent_id) == (now.active, now.agent_id) or now.merged_into is not None:
        return
    plan = plan_ahead(turn, now)
    if plan is None:
        return
    if not now.active and plan.begins_at > turn.now:
        end_plan(turn, now, plan)
    elif now.active and now.agent_id is not None and now.agent_id != was.agent_id:
        stands = phrase("thread.plan_stands", name=turn.tx.tickets.name(now.agent_id), when=span_of(plan))
        for said in (stands, *clash_lines(turn, now, plan)):
            say_in_threads(turn, now, said)


def answer_plan(turn: Turn, own: Ticket, plan: Plan, answer: PlanAnswer) -> bool:
    """Keep what a requester says of a planned time, and let the team read it; return whether it was not said before."""
    if plan.answer is answer:
        return False
    turn.tx.plans.change(plan.id, answer=answer)
    said = phrase(f"thread.plan_{answer}", name=turn.person.name, when=span_of(plan))
    say_in_threads(turn, turn.tx.related.heir(own), said, call=answer is PlanAnswer.OTHER)
    return True


# What ends by mistake


def number_ahead(turn: Turn, ticket: Ticket) -> int | None:
    """Return the number of what is planned for a ticket that is about to end, so that it can be given back."""
    plan = plan_ahead(turn, ticket)
    return plan.id if plan is not None else None


def take_up_again(turn: Turn, ticket: Ticket, number: int | None) -> None:
    """Let what was off with its ticket a moment ago stand as it did: what was told of it, and its reminder, hold still."""
    plan = turn.tx.plans.get(number) if number is not None else None
    if plan is not None and plan.ended_at is not None:
        plan = turn.tx.plans.change(plan.id, ended_at=None, sequence=plan.sequence - 1)
        name = turn.tx.tickets.name(ticket.agent_id) if ticket.agent_id is not None else phrase("nobody")
        say_in_threads(turn, ticket, phrase("thread.plan_stands", name=name, when=span_of(plan)))
