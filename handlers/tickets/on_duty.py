"""Who is on duty: by the rotas of the rules, and who is called by name on a group's new request."""

from collections.abc import Sequence
from datetime import datetime

from handlers.rules.rota import Rota, Shift
from handlers.turns import naming
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Part, RichText, Span, phrase
from handlers.vocabulary.translations import Locale
from storage.lifecycle import StatusKind
from storage.people.people import Person
from storage.tickets.tickets import Ticket


def shift_on_duty(turn: Turn, rota: Rota, moment: datetime) -> Shift | None:
    """Return whose shift it is, where somebody is on duty at a moment at all."""
    is_open = not rota.hours or turn.rules.calendar(rota.hours).is_open(moment)
    return rota.shift_at(moment, turn.rules.zone) if is_open else None


def people_on_duty(turn: Turn, group: str | None, moment: datetime) -> list[Person]:
    """Return who is on duty for a group at a moment, as far as they are known here, each once."""
    found: dict[int, Person] = {}
    for rota in turn.rules.rota.values():
        whose = shift_on_duty(turn, rota, moment) if rota.group == group else None
        person = naming.of_account(turn, whose.account) if whose is not None else None
        if person is not None:
            found.setdefault(person.id, person)
    return list(found.values())


def duty_line(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Call on a new request's card whoever was on duty for its group when it came, until somebody has it."""
    if ticket.kind is not StatusKind.NEW or ticket.agent_id is not None or not turn.rules.rota:
        return []
    people = people_on_duty(turn, ticket.group_name, ticket.created_at)
    line = RichText(turn.text(phrase("card.on_duty"), reader))
    for one in people:
        line = line + RichText(" ") + mention_everywhere(turn, one)
    return [line] if people else []


def mention_everywhere(turn: Turn, person: Person) -> RichText:
    """Return somebody's name as a call of each of their accounts: each messenger takes that which is its own."""
    name = f"@{person.name}"
    accounts = turn.tx.people.by_account(person.id)
    return RichText(name, tuple(Span("notify", 0, len(name), one.native) for one in accounts))
