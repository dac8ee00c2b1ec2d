"""The queue: what waits, whose it is, and who is there to take it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from handlers.tickets import approval_stand_ins, cards, on_duty, queue_filter, ticket_list
from handlers.tickets.ticket_list import PAGE
from handlers.tickets.ticket_service import move_ticket
from handlers.turns import naming, recent_queries
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.messages import Button, Part, Phrase, RichText, button_column, button_row, phrase
from storage.lifecycle import Action, Refused
from storage.models import Role, StateKind
from storage.tickets.queue import COUNTED, Filter

on = Routes()

EACH, MOST = 4, 200  # tickets that go back in one turn, and of one agent
MINE = "me"  # a word of the filter, in whatever language it is shown


@on.command("queue", role=Role.AGENT)
def queue(turn: Turn) -> None:
    """What waits, the most urgent first: /queue, /queue free urgent, /queue @anna #vip older than 2d."""
    asked = " ".join(naming.command_value(turn).split())
    own = turn.groups_of(turn.channel) if turn.channel is not None and not asked else []
    show_queue(turn, asked or " ".join(f"group {name}" for name in own))


@on.press(presses.QueuePage, role=Role.AGENT, act="queue")
def page(turn: Turn) -> None:
    """The queue shows another page, on the same message."""
    meant = turn.pressed(presses.QueuePage)
    asker, asked = recent_queries.recall_query(turn, StateKind.QUEUE, meant.query)
    draw_queue_page(turn, asked, asker, meant.query, meant.offset, edits=turn.shown.outgoing_id if turn.shown else None)


@on.command("mine", role=Role.AGENT)
def mine(turn: Turn) -> None:
    """The tickets that are the agent's own; filters narrow them: /mine overdue."""
    show_queue(turn, " ".join((MINE, *naming.command_value(turn).split())))


def show_queue(turn: Turn, asked: str) -> None:
    """Show the first page of what is asked for."""
    queue_filter.parse_filter(turn, asked, me=turn.person.id)  # refused words are not remembered
    draw_queue_page(turn, asked, turn.person.id, recent_queries.remember_query(turn, StateKind.QUEUE, asked), 0)


def draw_queue_page(turn: Turn, asked: str, asker: int, token: str, offset: int, edits: int | None = None) -> None:
    """Show a page of the queue; each ticket is a button that brings its card."""
    wanted = queue_filter.parse_filter(turn, asked, me=asker)
    total = turn.tx.queue.count(wanted)
    if wanted.ordered and total > COUNTED:
        raise Refused("list_long", limit=COUNTED)
    offset = min(offset, max(0, total - 1) // PAGE * PAGE)  # what stood there may be gone meanwhile
    found = turn.tx.queue.page(wanted, offset=offset, limit=PAGE)
    helped = helped_rows(turn, asker) if asked == MINE and not offset else ()
    if not found and helped:
        turn.say(phrase("queue.helped_only"), buttons=helped, edits=edits)
        return
    if not found:
        turn.say(phrase("queue.empty"), *_said(turn, asked), edits=edits)
        return
    moves = ticket_list.page_buttons(
        lambda at: presses.QueuePage(at, token), offset, more=offset + PAGE < min(total, COUNTED)
    )
    many = [presses.Bulk(token).button(phrase("bulk.all", n=total))] if asked and 1 < total <= COUNTED else []
    below = button_row(*many, presses.ExportList(token).button(phrase("button.export"))) if asked and total > 1 else ()
    parts = (
        queue_title(wanted, total),
        *_said(turn, asked),
        *ticket_list.grouped_ticket_counts(turn, wanted),
        *_where(offset, total),
        *([phrase("queue.helped")] if helped else []),
    )
    rows = ticket_list.ticket_buttons(turn, found, wanted.columns)
    turn.say(*parts, buttons=(*rows, *helped, *moves, *below), edits=edits)


def helped_rows(turn: Turn, agent: int) -> tuple[tuple[Button, ...], ...]:
    """Return the requests with which an agent helps, below their own."""
    found = turn.tx.queue.page(Filter(helper=agent), limit=PAGE)
    rows = ticket_list.ticket_buttons(turn, found, ())
    return tuple(tuple(replace(one, label=f"🤝 {one.label}") for one in row) for row in rows)


def queue_title(wanted: Filter, total: int) -> Phrase:
    """Return how many there are."""
    if total > COUNTED:
        return phrase("queue.many" if wanted.active else "queue.many_shown", n=f"{COUNTED}+")
    return phrase("queue.title", n=total) if wanted.active else phrase("queue.shown", n=total)


def _said(turn: Turn, asked: str) -> list[Part]:
    return [RichText(naming.with_names_shown(turn, asked))] if asked and asked != MINE else []


def _where(offset: int, total: int) -> list[Part]:
    pages = -(-min(total, COUNTED) // PAGE)
    return [phrase("queue.page", page=offset // PAGE + 1, pages=pages)] if pages > 1 else []


@on.press(presses.OpenCard, role=Role.AGENT)
@on.command("card", role=Role.AGENT)
def card(turn: Turn) -> None:
    """A ticket's card, here and now."""
    cards.show_card_copy(turn, ticket_argument(turn, looking=True))


@on.command("away", role=Role.AGENT)
def away(turn: Turn) -> None:
    """An agent leaves for a while, perhaps with a stand-in (/away @bob); tickets nobody talked on can go back to the queue."""
    said = naming.command_value(turn).strip()
    other = naming.teammate_named(turn, said) if said else None
    if other is not None and other.id == turn.person.id:
        raise Refused("stand_in_self")
    turn.tx.people.set_away(turn.person.id, turn.now)
    on_duty.call_anew(turn)
    if other is not None:
        approval_stand_ins.let_stand_in(turn, other)
    held = turn.tx.queue.page(Filter(agent=turn.person.id), limit=50)
    button = button_column(presses.ReleaseAll().button(phrase("button.release_all", n=len(held)))) if held else ()
    stands = [phrase("away.stand_in", name=other.name)] if other is not None else []
    turn.say(phrase("away.since"), *stands, *([phrase("away.holds", n=len(held))] if held else []), buttons=button)


@on.press(presses.ReleaseAll, role=Role.AGENT, act="release")
def release_all(turn: Turn) -> None:
    """All of an agent's tickets go back to the queue."""
    release_tickets(turn, turn.person.id)
    turn.say(phrase("away.released"), edits=turn.shown.outgoing_id if turn.shown else None)


def release_tickets(turn: Turn, agent: int) -> None:
    """Put an agent's active tickets back into the queue; those on which a release is no move keep their place."""
    release_some(turn, agent, [ticket.id for ticket in turn.tx.queue.page(Filter(agent=agent), limit=MOST)])


def release_some(turn: Turn, agent: int, numbers: Sequence[int]) -> None:
    """Put back the first of some tickets, where the agent still has them; the rest follow by a timer."""
    for number in numbers[:EACH]:
        ticket = turn.tx.tickets.find(number)
        if ticket is not None and ticket.active and ticket.agent_id == agent:
            cards.refresh_cards(turn, move_ticket(turn, ticket, Action.RELEASE, by=agent))
    if len(numbers) > EACH:
        turn.schedule(timers.ReleaseRest(agent, tuple(numbers[EACH:])), timedelta(0))


@on.timer(timers.ReleaseRest)
def released_later(turn: Turn) -> None:
    """More of an agent's tickets go back to the queue."""
    work = turn.due(timers.ReleaseRest)
    release_some(turn, work.agent, work.left)


@on.command("back", role=Role.AGENT)
def back(turn: Turn) -> None:
    """An agent is there again."""
    turn.tx.people.set_away(turn.person.id, None)
    on_duty.call_anew(turn)
    approval_stand_ins.end_stand_in(turn)
    turn.say(phrase("away.back"))
