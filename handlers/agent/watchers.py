"""Watching a request, and what a person wants to hear of."""

from collections.abc import Mapping, Sequence

from handlers.rules.notify import DEFAULT, UNTOLD, TicketEvent, Who, hears_of
from handlers.tickets import cards
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import OWN
from handlers.vocabulary.messages import Button, Part, phrase
from handlers.vocabulary.translations import Locale
from storage.care.announcements import CHOICE
from storage.models import Role
from storage.tickets.tickets import Ticket
from storage.tickets.watchers import REVIEW

on = Routes()

ROW = 2  # buttons


@on.press(presses.Watch, role=Role.AGENT)
@on.command("watch", role=Role.AGENT)
def watch(turn: Turn) -> None:
    """An agent hears in private what happens to a request, or hears it no more: /watch 42."""
    ticket = ticket_argument(turn, looking=True)
    watched = turn.tx.hearing.watch(ticket.id, turn.person.id)
    if watched and turn.tx.people.reachable(turn.person.id) is None:
        turn.toast(phrase("watch.write_me", ticket=ticket.id), vital=True, alert=True)
    else:
        turn.toast(phrase("watch.on" if watched else "watch.off", ticket=ticket.id))
    cards.refresh_cards(turn, ticket)


def watchers_line(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Say on the card who watches it."""
    watchers = [turn.tx.tickets.name(number) for number in turn.tx.hearing.watchers(ticket.id)]
    return [phrase("card.watched", names=watchers)] if watchers else []


def watch_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer it among the rarer buttons."""
    return [presses.Watch(ticket.id).button(phrase("button.watch"))]


@on.command("notify", audiences=OWN)
def notify(turn: Turn) -> None:
    """What the person hears of, each thing a button that turns it off or on; the desk's rules stand behind it."""
    show_choices(turn)


@on.press(presses.Hear, audiences=OWN)
def hear(turn: Turn) -> None:
    """One thing is turned off or on; "as_before" is what the desk's rules say."""
    chosen = dict(turn.tx.hearing.chosen(turn.person.id))
    event = turn.pressed(presses.Hear).event
    if event == "as_before":
        chosen = {}
    elif event in other_choices(turn):
        chosen[event] = not chosen.get(event, True)
    elif event in possible_events(turn):
        occasion = TicketEvent(event)
        if is_wanted(turn, occasion, {}) == (now := not is_wanted(turn, occasion, chosen)):
            chosen.pop(occasion, None)
        else:
            chosen[occasion] = now
    turn.tx.hearing.choose(turn.person.id, chosen)
    show_choices(turn, edits=turn.shown.outgoing_id if turn.shown else None)


def show_choices(turn: Turn, edits: int | None = None) -> None:
    """Show what is heard and what is not."""
    chosen = turn.tx.hearing.chosen(turn.person.id)
    buttons = [
        presses.Hear(o).button(
            phrase("notify.on" if is_wanted(turn, o, chosen) else "notify.off", event=phrase(f"event.{o}"))
        )
        for o in possible_events(turn)
    ]
    for name in other_choices(turn):
        told_of = "notify.on" if chosen.get(name, True) else "notify.off"
        buttons.append(presses.Hear(name).button(phrase(told_of, event=phrase(f"event.{name}"))))
    rows = tuple(tuple(buttons[start : start + ROW]) for start in range(0, len(buttons), ROW))
    again = ((presses.Hear("as_before").button(phrase("notify.as_before")),),) if chosen else ()
    turn.say(phrase("notify.title"), buttons=(*rows, *again), edits=edits)


def other_choices(turn: Turn) -> list[str]:
    """Return what a person may hear of besides requests: announcements, and who looks after the answers of those."""
    curates = turn.person.may(permissions.role_needed_for(turn, "faq edit"))
    return [CHOICE, *([REVIEW] if curates else [])]


def possible_events(turn: Turn) -> list[TicketEvent]:
    """Return what a person may hear of: what is told to requesters, and to the team all of it."""
    team = turn.person.may(Role.AGENT)
    return [occasion for occasion in DEFAULT if team or occasion not in UNTOLD]


def is_wanted(turn: Turn, occasion: TicketEvent, chosen: Mapping[str, bool]) -> bool:
    """Return whether a person hears of an event as anything they may be, whatever the request's type."""
    capacities = [Who.REQUESTER] if occasion not in UNTOLD else []
    if turn.person.may(Role.AGENT):
        capacities += [Who.ASSIGNEE, Who.WATCHERS, Who.GROUP]
    return any(
        hears_of(turn.rules.notify, occasion, who, kind="", role=turn.person.role, chosen=chosen) for who in capacities
    )
