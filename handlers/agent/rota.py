"""Who is on duty now, and in the next two weeks: ``/rota``."""

from datetime import timedelta

from handlers.agent import rota_changes
from handlers.rules.rota import Rota
from handlers.tickets import on_duty
from handlers.turns import naming
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Part, bold_text, phrase
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.people import Person

on = Routes()

AHEAD = timedelta(days=14)


@on.command("rota", role=Role.AGENT)
def tell_rota(turn: Turn) -> None:
    """Who is on duty now, and in the next two weeks."""
    if not turn.rules.rota:
        raise Refused("no_rota")
    parts = [part for rota in turn.rules.rota.values() for part in rota_parts(turn, rota)]
    turn.say(*parts, title=phrase("rota.title"))


def rota_parts(turn: Turn, rota: Rota) -> list[Part]:
    """Return one rota: what it is for, who is on duty now, and whose shifts come."""
    people = on_duty.on_duty_of_rota(turn, rota, turn.now)
    shift = rota.shift_at(turn.now, turn.rules.zone)
    heading = bold_text(turn.text(rota.title, turn.here[1]))
    changes = turn.tx.duty.between(rota.name, turn.now, turn.now + AHEAD)
    ends = [one.ends_at if one.begins_at <= turn.now else one.begins_at for one in changes]
    until = min([*ends, *([shift.ends_at] if shift is not None else [])], default=None)
    if people and until is not None:
        first: Part = phrase("rota.now", name=[named_person(turn, one) for one in people], until=until)
    else:
        first = phrase("rota.nobody_now")
    return [heading, first, *coming_shifts(turn, rota), *(rota_changes.override_line(one) for one in changes)]


def coming_shifts(turn: Turn, rota: Rota) -> list[Part]:
    """Return the shifts that begin within the next two weeks, the next first."""
    zone, lines = turn.rules.zone, list[Part]()
    moment = max(turn.now, rota.first_at(zone))
    while (coming := rota.shift_at(moment, zone)) is not None and coming.begins_at <= turn.now + AHEAD:
        if coming.begins_at > turn.now:
            lines.append(phrase("rota.next", begins=coming.begins_at, name=name_of(turn, coming.account)))
        moment = coming.ends_at
    return lines


def name_of(turn: Turn, account: str) -> str:
    """Return who it is; the account itself where nobody here is known by it."""
    person = naming.of_account(turn, account)
    return named_person(turn, person) if person is not None else account


def named_person(turn: Turn, person: Person) -> str:
    """Return somebody's name, with whether they are away."""
    away = turn.text(phrase("rota.away"), turn.here[1]) if person.away_since is not None else ""
    return f"{person.name} {away}".strip()
