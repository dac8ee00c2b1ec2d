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
    duties = on_duty.Duties(turn, rota, turn.now, turn.now + AHEAD)
    duty, until = duties.at(turn.now), duties.until(turn.now)
    heading = bold_text(turn.text(rota.title, turn.here[1]))
    now: list[Part] = [phrase("rota.nobody_now")]
    if duty.people and until is not None:
        now = [phrase("rota.now", name=[named_person(turn, one) for one in duty.people], until=until)]
    if duty.absent:
        absent = [one if isinstance(one, str) else named_person(turn, one) for one in duty.absent]
        now.append(phrase("rota.absent", name=absent))
    return [heading, *now, *coming_shifts(turn, rota), *(rota_changes.override_line(one) for one in duties.changes)]


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
    """Return somebody's name, with whether they have left the team, or are away."""
    mark = "rota.left" if person.left else "rota.away" if person.away_since is not None else ""
    return f"{person.name} {turn.text(phrase(mark), turn.here[1])}" if mark else person.name
