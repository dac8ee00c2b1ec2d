"""The queue: what waits, whose it is, and who is there to take it."""

from collections.abc import Sequence

from handlers import cards
from handlers.meant import meant
from handlers.messages import Button, Chat, column, phrase
from handlers.router import on
from handlers.turn import Turn
from storage.lifecycle import Action, Refused, StatusKind
from storage.models import Priority, Role
from storage.queue import Filter
from storage.tickets import Ticket

PAGE = 8
FILTERS = {kind.value: kind for kind in StatusKind}


@on.command("queue", role=Role.AGENT)
def queue(turn: Turn) -> None:
    """What waits, the most urgent first: /queue, /queue free, /queue open high."""
    show(turn, turn.event.value.lower().split(), 0)


@on.press("page", key=r"\d{1,9}\.[a-z_ ]*", role=Role.AGENT)
def page(turn: Turn) -> None:
    """The queue shows another page, on the same message."""
    offset, _, words = turn.event.value.partition(".")
    show(turn, words.split(), int(offset), edits=turn.shown.outgoing_id if turn.shown else None)


@on.command("mine", role=Role.AGENT)
def mine(turn: Turn) -> None:
    """The tickets that are the agent's own."""
    show(turn, ["mine"], 0)


def show(turn: Turn, words: Sequence[str], offset: int, edits: int | None = None) -> None:
    """Show a page of the queue; each ticket is a button that brings its card."""
    known = {*FILTERS, *(p.value for p in Priority), "free", "mine"}
    if wrong := [word for word in words if word not in known]:
        raise Refused("filter", word=wrong[0], known=", ".join(sorted(known)))
    wanted = Filter(
        kinds=tuple(FILTERS[word] for word in words if word in FILTERS),
        priorities=tuple(p for p in Priority if p.value in words),
        agent=turn.person.id if "mine" in words else None,
        unclaimed="free" in words,
    )
    found, total = turn.tx.queue.page(wanted, offset=offset, limit=PAGE), turn.tx.queue.count(wanted)
    if not found:
        turn.say(phrase("queue.empty"), edits=edits)
        return
    key = ".".join(("", " ".join(words)))
    moves = [Button("‹", "page", f"{offset - PAGE}{key}")] if offset else []
    moves += [Button("›", "page", f"{offset + PAGE}{key}")] if offset + PAGE < total else []
    turn.say(
        phrase("queue.title", n=total), buttons=(*listed(turn, found), *((tuple(moves),) if moves else ())), edits=edits
    )


def listed(turn: Turn, found: Sequence[Ticket]) -> tuple[tuple[Button, ...], ...]:
    """Return tickets as buttons, one a row."""
    return column(*(Button(line(turn, ticket), "card", str(ticket.id)) for ticket in found))


def line(turn: Turn, ticket: Ticket) -> str:
    """Return a ticket on one line: state, urgency, number, words, owner."""
    owner = f" · {turn.tx.tickets.name(ticket.agent_id)}" if ticket.agent_id is not None else ""
    return f"{cards.ICON[ticket.kind]}{cards.FLAG[ticket.priority]} #{ticket.id} {ticket.summary[:40]}{owner}"


@on.press("card", role=Role.AGENT)
@on.command("card", role=Role.AGENT)
def card(turn: Turn) -> None:
    """A ticket's card, here and now."""
    ticket = meant(turn)
    address, reader = turn.here
    where = Chat(address.source, turn.event.chat)  # in the chat that asked, even from another ticket's thread
    turn.send(where, reader, cards.draw(turn, ticket, reader), ticket=ticket.id)


@on.command("find", role=Role.AGENT)
def find(turn: Turn) -> None:
    """Tickets whose words hold all of these: /find printer floor."""
    if not turn.event.value.strip():
        raise Refused("usage", usage="/find …")
    found = [turn.tx.tickets.get(number) for number in turn.tx.search.find(turn.event.value)]
    if not found:
        turn.say(phrase("queue.nothing_found"))
        return
    turn.say(phrase("queue.found", n=len(found)), buttons=listed(turn, found))


@on.command("away", role=Role.AGENT)
def away(turn: Turn) -> None:
    """An agent leaves for a while; tickets nobody talked on yet can go back to the queue."""
    turn.tx.people.set_away(turn.person.id, turn.now)
    held = turn.tx.queue.page(Filter(agent=turn.person.id), limit=50)
    button = column(Button(phrase("button.release_all", n=len(held)), "release_all")) if held else ()
    turn.say(phrase("away.since"), *([phrase("away.holds", n=len(held))] if held else []), buttons=button)


@on.press("release_all", key="", role=Role.AGENT)
def release_all(turn: Turn) -> None:
    """All of an agent's tickets go back to the queue."""
    release_tickets(turn, turn.person.id)
    turn.say(phrase("away.released"), edits=turn.shown.outgoing_id if turn.shown else None)


def release_tickets(turn: Turn, agent: int) -> None:
    """Put an agent's active tickets back into the queue; those on which a release is no move keep their place."""
    held = turn.tx.queue.page(Filter(agent=agent), limit=200)
    for ticket in held:
        cards.refresh(turn, turn.tx.tickets.act(ticket, Action.RELEASE, by=agent, at=turn.now))


@on.command("back", role=Role.AGENT)
def back(turn: Turn) -> None:
    """An agent is there again."""
    turn.tx.people.set_away(turn.person.id, None)
    turn.say(phrase("away.back"))
