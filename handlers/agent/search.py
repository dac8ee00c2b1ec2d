"""Finding requests by words: a page of them, the newest first."""

from dataclasses import replace

from handlers.tickets import queue_filter, ticket_list
from handlers.tickets.ticket_list import PAGE
from handlers.turns import naming, recent_queries
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import RichText, button_row, phrase
from kb.text.lookalikes import one_alphabet
from storage.lifecycle import Refused
from storage.models import Role, StateKind
from storage.tickets.queue import Filter
from storage.tickets.tickets import Ticket

on = Routes()

COUNTED = 16  # requests found that are counted one by one: two pages
LONGEST = 200  # characters of what is asked for


@on.command("find", role=Role.AGENT)
def find(turn: Turn) -> None:
    """Requests by words of theirs, of their answers and of all that was said: /find printer #vip created:yesterday."""
    asked = one_alphabet(" ".join(naming.command_value(turn).split())[:LONGEST])
    if not asked:
        raise Refused("usage", usage="/find …")
    queue_filter.read_search(turn, asked, me=turn.person.id)  # refused words are not remembered
    draw_search_page(turn, asked, recent_queries.remember_query(turn, StateKind.FIND, asked), 0)


@on.press(presses.FoundPage, role=Role.AGENT, act="find")
def page(turn: Turn) -> None:
    """What was found shows another page, on the same message."""
    meant = turn.pressed(presses.FoundPage)
    _, asked = recent_queries.recall_query(turn, StateKind.FIND, meant.query)
    draw_search_page(turn, asked, meant.query, meant.offset, edits=turn.shown.outgoing_id if turn.shown else None)


def draw_search_page(turn: Turn, asked: str, token: str, offset: int, edits: int | None = None) -> None:
    """Show a page of the requests that have these words, and are what filters among them say."""
    wanted = queue_filter.read_search(turn, asked, me=turn.person.id)
    tickets, total, more = _filtered(turn, wanted, offset) if _has_filter(wanted) else _worded(turn, asked, offset)
    if not tickets:
        turn.say(phrase("queue.nothing_found"), RichText(naming.with_names_shown(turn, asked)), edits=edits)
        return
    moves = ticket_list.page_buttons(lambda at: presses.FoundPage(at, token), offset, more=more)
    title = phrase("queue.found", n=total) if total <= COUNTED else phrase("queue.many_found", n=f"{COUNTED}+")
    below = button_row(presses.ExportFound(token).button(phrase("button.export"))) if total > 1 else ()
    rows = ticket_list.ticket_buttons(turn, tickets, wanted.columns)
    turn.say(title, RichText(naming.with_names_shown(turn, asked)), buttons=(*rows, *moves, *below), edits=edits)


def _has_filter(wanted: Filter) -> bool:
    return replace(wanted, words="", every=False) != Filter()


def _worded(turn: Turn, asked: str, offset: int) -> tuple[list[Ticket], int, bool]:
    found = turn.tx.search.find(asked, limit=max(COUNTED, offset + PAGE) + 1)
    here = [turn.tx.tickets.get(number) for number in found[offset : offset + PAGE]]
    return here, len(found), offset + PAGE < len(found)


def _filtered(turn: Turn, wanted: Filter, offset: int) -> tuple[list[Ticket], int, bool]:
    found = turn.tx.queue.page(wanted, offset=offset, limit=PAGE + 1)
    total = min(turn.tx.queue.count(wanted), COUNTED + 1)
    return found[:PAGE], total, len(found) > PAGE
