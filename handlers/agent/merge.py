"""Merging: of two requests about the same one goes on for both; both requesters keep their own thread and number."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.rules.notify import TicketEvent
from handlers.tickets import cards, guesting, merged_plans, notifications, relay, unmerging, which_request
from handlers.tickets.ticket_service import change_ticket, move_ticket
from handlers.turns import confirmations, permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Message, Part, Phrase, button_column, button_row, phrase
from handlers.vocabulary.stored_text import words_of
from handlers.vocabulary.translations import Locale
from storage.lifecycle import Action, Refused
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()

MOST = 10  # requests offered on the card
PARTS = 30  # requests that go on as one: what happens to it is told to each requester in one turn


@on.command("merge", role=Role.SENIOR)
def merge(turn: Turn) -> None:
    """One request goes on in another: /merge 42 40, or in the thread of the first /merge 40."""
    numbers = [number_in(word) for word in turn.event.value.split()]
    if len(numbers) == 1 and turn.number is not None:
        numbers.insert(0, turn.number)
    if len(numbers) != 2 or None in numbers:
        raise Refused("usage", usage="/merge 42 40")
    gone, kept = (turn.tx.tickets.get(number) for number in numbers if number is not None)
    merge_tickets(turn, gone, kept)


@on.press(presses.Merge, role=Role.SENIOR)
def choose(turn: Turn) -> None:
    """The card asks in which: the requester's other requests are offered, any other is named by /merge."""
    ticket = turn.tx.tickets.get(turn.pressed(presses.Merge).ticket)
    others = [t for t in turn.tx.tickets.of_requester(ticket.requester_id, MOST) if t.active and t.id != ticket.id]
    buttons = button_column(
        *(presses.MergeInto(ticket.id, t.id).button(f"#{t.id} {which_request.first_words(t.summary)}") for t in others)
    )
    cards.redraw_pressed_card(
        turn, ticket, (*buttons, *button_row(presses.Less(ticket.id).button(phrase("form.back"))))
    )
    turn.toast(phrase("merge.which", ticket=ticket.id))


@on.press(presses.MergeInto, role=Role.SENIOR, act="merge")
def chosen(turn: Turn) -> None:
    """It goes on in the one on the button."""
    named = turn.pressed(presses.MergeInto)
    merge_tickets(turn, turn.tx.tickets.get(named.ticket), turn.tx.tickets.get(named.into))


def merge_tickets(turn: Turn, gone: Ticket, kept: Ticket) -> None:
    """Show both requests before one goes on in the other: what it joins is read by several people from then on."""
    for each in (gone, kept):
        permissions.must_work_on(turn, each)
    must_fit(turn, gone, kept)
    told = [
        phrase("merge.review", ticket=gone.id, into=kept.id),
        *(merge_review_line(turn, each) for each in (gone, kept)),
    ]
    several = len({each.requester_id for each in (*turn.tx.related.whole(kept), *turn.tx.related.whole(gone))}) > 1
    if several:
        told.append(phrase("merge.several"))
    facts = {"gone": gone.id, "kept": kept.id}
    title = phrase("merge.title", ticket=gone.id, into=kept.id)
    confirmations.show_proposal(turn, "merge", facts, *told, title=title, command="merge")


def merge_review_line(turn: Turn, ticket: Ticket) -> Phrase:
    """Return a request in a few words: whose it is, what it says, who has it."""
    agent = turn.tx.tickets.name(ticket.agent_id) if ticket.agent_id is not None else "–"
    name = turn.tx.people.of_account(ticket.account_id).name
    return phrase("merge.one", ticket=ticket.id, name=name, text=cards.first_words(turn, ticket)[:200], agent=agent)


def must_fit(turn: Turn, gone: Ticket, kept: Ticket) -> None:
    """Refuse two requests of which one cannot go on in the other."""
    for each in (gone, kept):
        if each.merged_into is not None:
            raise Refused("merged", ticket=each.id, into=each.merged_into)
        if each.task_of is not None:
            raise Refused("task_merge", ticket=each.id)
    if gone.id == kept.id:
        raise Refused("merge_itself", ticket=gone.id)
    if not kept.active:
        raise Refused("merge_over", ticket=kept.id)
    if len(turn.tx.related.whole(kept)) + len(turn.tx.related.whole(gone)) > PARTS:
        raise Refused("merge_full", ticket=kept.id, limit=PARTS)
    turn.tx.tickets.workflow(gone).next(gone.status, Action.MERGE)  # refused, with what is possible


def apply_merge(turn: Turn, facts: Mapping[str, Any]) -> None:
    """Let one ticket go on in another: whoever has it is told, what was said on it stands in the other's thread.

    ``facts`` are {"gone", "kept"}, numbers of tickets.
    """
    gone, kept = (turn.tx.tickets.get(int(facts[name])) for name in ("gone", "kept"))
    for each in (gone, kept):
        permissions.must_work_on(turn, each)
    merge_into(turn, gone, kept)
    undo = button_row(presses.Unmerge(gone.id, kept.id).button(phrase("button.undo")))
    shown = turn.shown.outgoing_id if turn.shown else None
    turn.say(phrase("done.merged", ticket=gone.id, into=kept.id), buttons=undo, edits=shown)


def merge_into(turn: Turn, gone: Ticket, kept: Ticket) -> None:
    """Let one ticket go on in another, by whoever may; what it was like is kept for a day, so that they can undo it.

    Raises Refused as ``must_fit`` says.
    """
    must_fit(turn, gone, kept)
    before = unmerging.facts_before_merge(turn, gone, kept)
    theirs, own = (merged_plans.listeners_of(turn, each) for each in (gone, kept))
    gone = move_ticket(turn, gone, Action.MERGE, by=turn.person.id, to=kept.id)
    kept = inherit_ties(turn, gone, kept)
    cards.open_threads(turn, kept)
    tell_threads(turn, gone, kept)
    sent = notifications.notify_of_event(turn, gone, TicketEvent.MERGED, own=True, into=kept.id)
    sent += merged_plans.inherit_plan(turn, gone, kept, theirs, own)
    for each in (gone, kept):
        cards.refresh_cards(turn, each)
    unmerging.remember_merge(turn, gone, kept, before, sent)


@on.press(presses.Unmerge, role=Role.SENIOR, act="merge")
def unmerge(turn: Turn) -> None:
    """A merge is undone, within a day and while nothing else has happened on either."""
    pressed = turn.pressed(presses.Unmerge)
    said = part_again(turn, pressed.gone, pressed.kept)
    turn.say(said, edits=turn.shown.outgoing_id if turn.shown else None)


def part_again(turn: Turn, gone: int, kept: int) -> Phrase:
    """Let two tickets be themselves again, and say so in their threads; return what was said. Refused as ``undo_merge`` says."""
    for each in unmerging.undo_merge(turn, gone, kept):
        cards.refresh_cards(turn, each)
    said = phrase("done.unmerged", ticket=gone, into=kept)
    for number in (gone, kept):
        relay.in_threads(turn, number, said)
    return said


def inherit_ties(turn: Turn, gone: Ticket, kept: Ticket) -> Ticket:
    """Let a ticket take over what hung on the one it goes on for: earlier merges, watchers, its problem or its linked ones."""
    for each in turn.tx.related.merged(gone.id):
        cards.refresh_cards(turn, change_ticket(turn, each, merged_into=kept.id))
    turn.tx.hearing.move(gone.id, kept.id)
    turn.tx.helpers.move(gone.id, kept.id, turn.now)
    guesting.go_along(turn, gone, kept)
    if kept.agent_id is not None:
        turn.tx.helpers.leave(kept.id, kept.agent_id, turn.now)
    problem = kept.problem_id if kept.problem_id != gone.id else None
    turn.tx.related.relink(gone.id, problem or kept.id)
    if problem is None and gone.problem_id != kept.id and not turn.tx.related.linked(kept.id):
        problem = gone.problem_id
    kept = turn.tx.tickets.get(kept.id)
    if problem == kept.problem_id:
        return kept
    return change_ticket(turn, kept, action=Action.LINK, by=turn.person.id, problem_id=problem)


def tell_threads(turn: Turn, gone: Ticket, kept: Ticket) -> None:
    """Say in both threads what goes on where; the other's thread gets what was said on the one that ends."""
    name = turn.tx.people.of_account(gone.account_id).name
    said = [(one, who) for one, who in turn.tx.talk.of(gone.id, cards.STORY) if one.words["text"]]
    for channel in turn.channels_of(gone):
        if turn.tx.talk.thread(gone.id, channel.id):
            line = Message((phrase("thread.merged", ticket=gone.id, into=kept.id),))
            turn.send(turn.where(channel, gone.id), relay.reader_of(turn, channel), line, ticket=gone.id)
    for channel in turn.channels_of(kept):
        reader = relay.reader_of(turn, channel)
        where = turn.where(channel, kept.id)
        whose = "thread.joined_own" if gone.requester_id == kept.requester_id else "thread.joined"
        joined = Message((phrase(whose, ticket=gone.id, name=name),))
        turn.send(where, reader, joined, ticket=kept.id)
        for one, who in said:
            message = Message((words_of(one.words),), title=f"{cards.MARK[one.kind]} {who} · #{gone.id}")
            turn.send(where, reader, message, carries=one.id, fold=f"joined:{gone.id}", ticket=kept.id)


def merge_line(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Say on a card in which it goes on, or for which it does."""
    if ticket.merged_into is not None:
        return [phrase("card.goes_on", into=ticket.merged_into)]
    merged = turn.tx.related.merged(ticket.id)
    also = [_named(turn, each) for each in merged]
    left = [_named(turn, each) for each in (ticket, *merged) if each.ended_at is not None]
    return [
        *([phrase("card.goes_on_for", tickets=also)] if also else []),
        *([phrase("card.left", tickets=left)] if left else []),
    ]


def _named(turn: Turn, ticket: Ticket) -> str:
    """Return a requester's part on a card: its number, whose it is, and how they rated it."""
    rated = f" {'⭐' * ticket.rating}" if ticket.rating is not None and ticket.merged_into is not None else ""
    return f"#{ticket.id} {turn.tx.people.of_account(ticket.account_id).name}{rated}"


def merge_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer it among the rarer buttons; a task is merged with nothing."""
    return [] if ticket.task_of else [presses.Merge(ticket.id).button(phrase("button.merge"))]
