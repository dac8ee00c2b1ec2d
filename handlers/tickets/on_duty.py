"""Who is on duty: by the rotas of the rules and what changes them for a while; who is called on a group's new request."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.rules.rota import Rota, Shift
from handlers.turns import naming
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Part, RichText, Span, phrase
from handlers.vocabulary.translations import Locale
from storage.lifecycle import StatusKind
from storage.models import DutyChange
from storage.people.people import Person
from storage.tickets.tickets import Ticket

TICK = timedelta(microseconds=1)


def shift_on_duty(turn: Turn, rota: Rota, moment: datetime) -> Shift | None:
    """Return whose shift it is by the rules, where somebody is on duty at a moment at all."""
    is_open = not rota.hours or turn.rules.calendar(rota.hours).is_open(moment)
    return rota.shift_at(moment, turn.rules.zone) if is_open else None


def on_duty_of_rota(turn: Turn, rota: Rota, moment: datetime) -> list[Person]:
    """Return who is on duty by a rota at a moment, with what changes it then; as far as they are known here."""
    shift = shift_on_duty(turn, rota, moment)
    person = naming.of_account(turn, shift.account) if shift is not None else None
    found = [person] if person is not None else []
    for one in turn.tx.duty.between(rota.name, moment, moment + TICK):
        whose = next(iter(turn.tx.people.by_account(one.person_id)), None)
        others = [each for each in found if each.id != one.person_id]
        match one.change:
            case DutyChange.WITHOUT:
                found = others
            case DutyChange.ALSO:
                found = [*others, *([whose] if whose is not None else [])]
            case DutyChange.INSTEAD:
                found = [whose] if whose is not None else []
    return found


def people_on_duty(turn: Turn, group: str | None, moment: datetime) -> list[Person]:
    """Return who is on duty for a group at a moment, each once."""
    found: dict[int, Person] = {}
    for rota in turn.rules.rota.values():
        for person in on_duty_of_rota(turn, rota, moment) if rota.group == group else ():
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
