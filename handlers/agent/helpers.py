"""Helpers of a request: ``/with``, the buttons on its card, and who they are on its card."""

from collections.abc import Sequence

from handlers.agent.ticket_actions import team_member
from handlers.tickets import cards, helping
from handlers.tickets.filter_words import word_means
from handlers.turns import naming, permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_number, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.messages import Button, Part, button_column, button_row, phrase
from handlers.vocabulary.translations import Locale
from storage.models import Role
from storage.people.people import Person
from storage.tickets.tickets import Ticket

on = Routes()

SHOWN = 20  # of the team, as buttons
SIGNS = "-−–"  # before a name: this one no more


@on.command("with", role=Role.AGENT)
def with_helpers(turn: Turn) -> None:
    """Colleagues help with a request: /with 42 @bob @eve; help no more: /with 42 -@bob; /with 42 me joins it oneself."""
    ticket, left = ticket_argument(turn), after_number(naming.command_value(turn)).split()
    team = turn.tx.people.team()
    while left:
        person, without, left = _first_named(turn, left, team)
        change = helping.take_helper if without else helping.add_helper
        ticket = change(turn, ticket, person)
    if not after_number(turn.event.value):
        turn.say(*helpers_line(turn, ticket, turn.here[1]) or [phrase("with.nobody", ticket=ticket.id)])
        return
    cards.refresh_cards(turn, ticket)
    names = [turn.tx.tickets.name(one) for one in turn.tx.helpers.of(ticket.id)]
    turn.toast(phrase("with.now" if names else "with.nobody", ticket=ticket.id, names=names))


def _first_named(turn: Turn, said: Sequence[str], team: Sequence[Person]) -> tuple[Person, bool, list[str]]:
    """Return whom a text names first, whether it takes them away, and what follows."""
    first = said[0].strip(",;")
    bare = first.lstrip(SIGNS)
    without = bare != first
    words = [*([bare] if bare else []), *said[1:]]
    if bare and word_means(bare, "me"):
        return turn.person, without, words[1:]
    person, left = naming.teammate_first(turn, " ".join(words).replace(",", " "), team)
    return person, without, left


@on.press(presses.Helpers, role=Role.AGENT, act="with")
def choose_helpers(turn: Turn) -> None:
    """The card asks who helps: those who do are ticked."""
    show_choice(turn, ticket_argument(turn))


@on.press(presses.HelpWith, role=Role.AGENT, act="with")
def change_helper(turn: Turn) -> None:
    """Somebody who was chosen helps, or helps no more; a press says which, so that two who press it do it once."""
    pressed = turn.pressed(presses.HelpWith)
    ticket = permissions.must_work_on(turn, turn.tx.tickets.get(pressed.ticket))
    person, helps = team_member(turn, pressed.person), pressed.person in turn.tx.helpers.of(ticket.id)
    if bool(pressed.on) != helps:
        ticket = (helping.add_helper if pressed.on else helping.take_helper)(turn, ticket, person)
        cards.refresh_cards(turn, ticket)
    show_choice(turn, ticket)


def show_choice(turn: Turn, ticket: Ticket) -> None:
    """Show the pressed card with the team as buttons: whoever helps first, then who is not away."""
    helping_now = turn.tx.helpers.of(ticket.id)
    team = [one for one in turn.tx.people.team() if one.id != ticket.agent_id]
    others = [one for one in team if one.id not in helping_now and one.away_since is None]
    shown = [*(one for one in team if one.id in helping_now), *others][:SHOWN]
    buttons = (
        presses.HelpWith(ticket.id, one.id, int(one.id not in helping_now)).button(
            f"{'☑' if one.id in helping_now else '☐'} {one.name}"
        )
        for one in shown
    )
    back = presses.Less(ticket.id).button(phrase("form.back"))
    cards.redraw_pressed_card(turn, ticket, (*button_column(*buttons), *button_row(back)))
    turn.toast(phrase("with.whom" if shown else "assign.nobody", ticket=ticket.id))


def helpers_line(turn: Turn, ticket: Ticket, _: Locale) -> Sequence[Part]:
    """Say on the card who helps."""
    names = [turn.tx.tickets.name(one) for one in turn.tx.helpers.of(ticket.id)]
    return [phrase("card.helpers", names=names)] if names else []


def helpers_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer it among the rarer buttons."""
    return [presses.Helpers(ticket.id).button(phrase("button.helpers"))] if ticket.active else []


@on.timer(timers.RedrawCards)
def redraw_cards_later(turn: Turn) -> None:
    """More cards are drawn anew."""
    helping.redraw_cards(turn, turn.due(timers.RedrawCards).left)
