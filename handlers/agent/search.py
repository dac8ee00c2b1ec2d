"""Finding requests by words: a page of them, the newest first."""

from handlers.tickets import ticket_list
from handlers.tickets.ticket_list import PAGE
from handlers.turns import recent_queries
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Words, phrase
from storage.lifecycle import Refused
from storage.models import Role, StateKind

on = Routes()

COUNTED = 16  # requests found that are counted one by one: two pages
LONGEST = 200  # characters of what is asked for


@on.command("find", role=Role.AGENT)
def find(turn: Turn) -> None:
    """Requests by words of theirs, of their answers and of all that was said: /find printer floor."""
    asked = " ".join(turn.event.value.split())[:LONGEST]
    if not asked:
        raise Refused("usage", usage="/find …")
    draw(turn, asked, recent_queries.remember(turn, StateKind.FIND, asked), 0)


@on.press(presses.FoundPage, role=Role.AGENT, act="find")
def page(turn: Turn) -> None:
    """What was found shows another page, on the same message."""
    meant = turn.pressed(presses.FoundPage)
    _, asked = recent_queries.recall(turn, StateKind.FIND, meant.query)
    draw(turn, asked, meant.query, meant.offset, edits=turn.shown.outgoing_id if turn.shown else None)


def draw(turn: Turn, asked: str, token: str, offset: int, edits: int | None = None) -> None:
    """Show a page of the requests that have these words."""
    found = turn.tx.search.find(asked, limit=max(COUNTED, offset + PAGE) + 1)
    here = found[offset : offset + PAGE]
    if not here:
        turn.say(phrase("queue.nothing_found"), Words(asked), edits=edits)
        return
    tickets = [turn.tx.tickets.get(number) for number in here]
    moves = ticket_list.moves("found", token, offset, more=offset + PAGE < len(found))
    counted = phrase("queue.found", n=len(found))
    title = counted if len(found) <= COUNTED else phrase("queue.many_found", n=f"{COUNTED}+")
    turn.say(title, Words(asked), buttons=(*ticket_list.listed(turn, tickets), *moves), edits=edits)
