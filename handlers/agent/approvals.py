"""Somebody's yes, as the team has it: ``/approval``, and what the card offers while one is asked for."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from handlers.rules.approvals import NAMED, Need
from handlers.tickets import approval_card, approval_guard, approval_outcomes, approval_seats, approvals, cards, relay
from handlers.turns import confirmations, naming, permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_number, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Part, button_column, button_row, phrase
from handlers.vocabulary.translations import LANGUAGES, Locale
from storage.lifecycle import Refused
from storage.models import Answer, ApprovalState, MessageKind, Role
from storage.people.people import Person
from storage.tickets.approvals import INSTEAD, Approval, Seat
from storage.tickets.tickets import Ticket

on = Routes()

WHY = 1000  # characters


@on.command("approval", role=Role.AGENT)
def approval(turn: Turn) -> None:
    """Somebody's yes is asked for once: /approval 42 @bob it costs 900 €; /approval 42 tells whose is waited for."""
    ticket, said = ticket_argument(turn), after_number(naming.command_value(turn))
    if not said:
        show_approval(turn, ticket)
        return
    people, need, why = read_question(turn, said)
    must_be_askable(turn, ticket, people)
    if is_open(turn, ticket):
        replaced_seats(turn, ticket, people)
    status = "" if is_open(turn, ticket) else status_for_named(turn, ticket)
    facts = {"ticket": ticket.id, "people": [each.id for each in people], "need": need, "why": why, "status": status}
    outside = [each for each in people if not permissions.strongest_account(turn, each).may(Role.AGENT)]
    if not outside:
        ask_named(turn, facts)
        return
    told: list[Part] = [naming.identity_line(each) for each in people]
    title = phrase("approval.would_ask", ticket=ticket.id)
    label = phrase("button.ask_yes")
    read = phrase("approval.would_read")
    confirmations.show_proposal(turn, "approval", facts, *told, read, title=title, command="approval", label=label)


def read_question(turn: Turn, said: str) -> tuple[list[Person], str, str]:
    """Return whom a text names, whose yes it takes, and why it is asked for."""
    people: list[Person] = []
    words = said.replace(",", " ").split() if "," in said.partition(" ")[0] else said.split()
    while words and (not people or words[0].startswith("@") or naming.is_account(turn, words[0].rstrip(","))):
        person, words = naming.person_named(turn, " ".join([words[0].rstrip(","), *words[1:]]))
        people.append(person)
    need = need_named(turn, words[0]) if words and len(people) > 1 else None
    return naming.distinct_people(people), need or Need.ALL, " ".join(words[1:] if need else words)[:WHY]


def need_named(turn: Turn, word: str) -> str | None:
    """Return whose yes a word means, in any of our languages."""
    plain = word.casefold().rstrip(":")
    for need in Need:
        if plain in {need.value, *(turn.text(phrase(f"approval_word.{need}"), Locale(one)) for one in LANGUAGES)}:
            return need.value
    return None


def must_be_askable(turn: Turn, ticket: Ticket, people: Sequence[Person]) -> None:
    """Refuse whose own request it is, and whoever asks: somebody else says yes."""
    own = {turn.person.id, *approval_seats.requesters_of(turn, ticket)}
    open_ = approval_seats.latest_approval(turn, ticket)
    if open_ is not None and open_.ended_at is None:
        own.add(open_.by_id)
    for each in people:
        if each.id in own:
            raise Refused("approval_own", ticket=ticket.id, name=each.name)
        if turn.tx.bans.of(each.id, turn.now) is not None:
            raise Refused("approval_banned", name=each.name)
        if approval_seats.reachable_person(turn, each.id) is None:
            raise Refused("approval_unreachable", name=each.name)


def is_open(turn: Turn, ticket: Ticket) -> bool:
    """Return whether a yes is asked for now."""
    return approval_seats.is_open(approval_seats.latest_approval(turn, ticket))


def status_for_named(turn: Turn, ticket: Ticket) -> str:
    """Return the status that can follow and takes the yes of whomever the agent names; "" where none does."""
    workflow = turn.tx.tickets.workflow(ticket)
    for status in workflow.named.get(ticket.status, ()):
        rule = workflow.approvals.get(status)
        if rule is not None and NAMED in rule["rounds"][0]["ask"]:
            return status
    return ""


def ask_named(turn: Turn, facts: Mapping[str, Any]) -> None:
    """Ask those who were named; ``facts`` are {"ticket", "people", "need", "why", "status"}."""
    ticket = permissions.must_work_on(turn, turn.tx.tickets.get(int(facts["ticket"])))
    people = [permissions.person_of_button(turn, number) for number in facts["people"]]
    must_be_askable(turn, ticket, people)
    names = [each.name for each in people]
    if is_open(turn, ticket):
        ask_instead(turn, ticket, people, str(facts["why"]))
    else:
        named = [each.id for each in people]
        ticket = approvals.begin_approval(
            turn, ticket, status=facts["status"], named=named, need=facts["need"], why=facts["why"]
        )
    said = phrase("done.approval_asked", ticket=ticket.id, people=names)
    if turn.shown is not None and turn.event.name == presses.Apply.name:
        confirmations.settle_proposal(turn, said)
    else:
        turn.toast(said)


def replaced_seats(turn: Turn, ticket: Ticket, people: Sequence[Person]) -> list[Seat]:
    """Return the seats that these people would take, one for one; refuse it while whoever is asked can answer."""
    open_ = approval_seats.latest_approval(turn, ticket)
    assert open_ is not None
    seats = approval_seats.counted_seats(turn.tx.approvals.seats(open_.id, open_.asking))
    lost = approval_seats.lost_seats(turn, open_, ticket, seats)
    for each in people:
        if any(seat.is_of(each.id) for seat in seats):
            raise Refused("approval_seated", ticket=ticket.id, name=each.name)
    waits = [turn.tx.tickets.name(seat.person_id) for seat in seats if seat.answer is None and seat not in lost]
    one_is_enough = approval_seats.round_of(turn, open_)["need"] == Need.ANY
    if open_.state is not ApprovalState.OPEN or (seats and not lost) or (one_is_enough and waits):
        people_ = waits or approval_guard.waited_for(turn, open_)
        raise Refused("approval_open", ticket=ticket.id, people=people_)
    most = len(lost) if seats else approval_seats.MOST
    if len(people) > most:
        names = [turn.tx.tickets.name(seat.person_id) for seat in lost] or phrase("nobody")
        raise Refused("approval_instead", ticket=ticket.id, n=len(people), most=most, people=names)
    return lost[: len(people)]


def ask_instead(turn: Turn, ticket: Ticket, people: Sequence[Person], why: str) -> None:
    """Ask others in the place of those who cannot answer, one for one; why they are, they read below why it is asked."""
    gone = replaced_seats(turn, ticket, people)
    open_ = approval_seats.latest_approval(turn, ticket)
    assert open_ is not None
    ticket = approvals.note_step(turn, ticket, open_, turn.person.id)
    if why:
        open_ = turn.tx.approvals.change(open_.id, why="\n".join(each for each in (open_.why, why) if each)[:WHY])
    for seat in gone:
        turn.tx.approvals.change_seat(seat.id, answer=Answer.REPLACED)
    for each, seat in zip_longest(people, gone):  # where nobody was asked at all, they take nobody's place
        turn.tx.approvals.seat(open_.id, INSTEAD - open_.round, each.id, seat.person_id if seat is not None else None)
    approvals.ask_seats(turn, open_, ticket, [approvals.give_seat(turn, open_, ticket, each.id) for each in people])
    names = [each.name for each in people]
    relay.in_threads(turn, ticket.id, phrase("thread.approval_asked", people=names))
    approval_outcomes.settle_round(turn, open_, ticket)


def show_approval(turn: Turn, ticket: Ticket) -> None:
    """Tell how it stands with somebody's yes, and what may be done."""
    lines = approval_card.approval_lines(turn, ticket, turn.here[1])
    if not lines:
        raise Refused("usage", usage=f"/approval {ticket.id} @bob …")
    buttons = button_row(*approval_steps(turn, ticket)) if approval_steps(turn, ticket) else ()
    turn.say(*lines, title=phrase("approval.of", ticket=ticket.id), buttons=buttons, ticket=ticket.id)


def approval_steps(turn: Turn, ticket: Ticket) -> list[Button]:
    """Return what may be done while a yes is asked for."""
    open_ = approval_seats.latest_approval(turn, ticket)
    if open_ is None or open_.ended_at is not None:
        return []
    again = presses.AskApprovalAgain(ticket.id).button(phrase("button.ask_yes_again"))
    withdraw = presses.WithdrawApproval(ticket.id).button(phrase("button.withdraw_yes"), danger=True)
    return [again, withdraw] if open_.state is ApprovalState.CHANGES else [withdraw]


@on.press(presses.ShowApproval, role=Role.AGENT, act="approval")
def open_approval(turn: Turn) -> None:
    """The card shows what may be done about the yes that it waits for."""
    ticket = ticket_argument(turn)
    back = presses.Less(ticket.id).button(phrase("form.back"))
    cards.redraw_pressed_card(turn, ticket, (*button_column(*approval_steps(turn, ticket)), *button_row(back)))


@on.press(presses.WithdrawApproval, role=Role.AGENT, act="approval withdraw")
@on.command("approval withdraw", role=Role.AGENT)
def withdraw_approval(turn: Turn) -> None:
    """Nobody's yes is asked for any more: /approval withdraw 42."""
    ticket, open_ = asked_on(turn)
    approval_outcomes.take_question_back(turn, open_, ticket)
    turn.toast(phrase("done.approval_withdrawn", ticket=ticket.id))


@on.press(presses.AskApprovalAgain, role=Role.AGENT, act="approval")
def ask_approval_again(turn: Turn) -> None:
    """The same people are asked anew: what the requester has written since the question is their answer."""
    ticket, open_ = asked_on(turn)
    if open_.state is not ApprovalState.CHANGES:
        raise Refused("approval_open", ticket=ticket.id, people=approval_guard.waited_for(turn, open_))
    said = [one for one, _ in turn.tx.talk.of(ticket.id, cards.STORY) if one.kind is MessageKind.FOLLOW_UP]
    since = [str(one.words["text"]) for one in said if one.at >= open_.since and one.deleted_at is None]
    approval_outcomes.ask_again(turn, open_, ticket, "\n".join(since)[:WHY])
    turn.toast(phrase("done.approval_again", ticket=ticket.id))


def asked_on(turn: Turn) -> tuple[Ticket, Approval]:
    """Return the request that an act is about, and the yes that it waits for; refuse where it waits for nobody's."""
    ticket = ticket_argument(turn)
    open_ = approval_seats.latest_approval(turn, ticket)
    if open_ is None or open_.ended_at is not None:
        raise Refused("no_approval", ticket=ticket.id)
    return ticket, open_


def approval_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer it on the card while a yes is asked for."""
    return [presses.ShowApproval(ticket.id).button(phrase("button.approval"))] if is_open(turn, ticket) else []
