"""Swaps: a colleague is asked whether two shifts change hands, ``/rota swap @bob``, until the first of them begins."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.rules import Rules
from handlers.rules.rota import Rota, Shift
from handlers.tickets import on_duty
from handlers.turns import naming
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.messages import Button, Chat, Message, Phrase, button_row, phrase
from storage.lifecycle import Refused
from storage.models import DutyChange, Role
from storage.people.duty import Override
from storage.people.people import Person

on = Routes()

USAGE = "/rota swap @bob · /rota swap network @bob"
AHEAD = timedelta(days=60)  # in which a shift to be swapped is looked for
BEFORE = timedelta(days=1)  # somebody who has not answered is reminded so long before it lapses; of less, half of it
LEAST = timedelta(hours=2)  # of less nobody is reminded


@dataclass(frozen=True, slots=True)
class Swap:
    """Two shifts that change hands, as two overrides: ``taken`` by whoever is asked, and ``given`` by them to whoever asks."""

    taken: Override
    given: Override

    @property
    def lapses_at(self) -> datetime:
        """Return when the first of the two begins: until then it can be agreed to."""
        return min(self.taken.begins_at, self.given.begins_at)

    @property
    def facts(self) -> dict[str, object]:
        """Return what is said of it: who asked and from when their shift is, whom, and from when theirs."""
        mine, theirs = (each.begins_at.astimezone(UTC) for each in (self.taken, self.given))
        return {"asker": self.given.name, "name": self.taken.name, "mine": mine, "theirs": theirs}


@on.command("rota swap", role=Role.AGENT)
def swap(turn: Turn) -> None:
    """One's next shift for a colleague's: /rota swap @bob; they are asked, and nothing changes until they agree."""
    rota, said = rota_named(turn, naming.command_value(turn).split(), USAGE)
    other = naming.teammate_named(turn, said)
    found = turn.tx.people.reachable(other.id)
    if other.id == turn.person.id:
        raise Refused("usage", usage=USAGE)
    if found is None:
        raise Refused("swap_unreachable", name=other.name)
    asked = kept_swap(turn, rota, other, next_shift(turn, rota, turn.person), next_shift(turn, rota, other))
    facts = {"mine": asked.facts["mine"], "theirs": asked.facts["theirs"], "rota": rota.title}
    until = phrase("rota.swap_until", until=asked.lapses_at)
    parts = (phrase("rota.swap_ask", name=turn.person.name, **facts), until)
    reader = turn.reader(found)
    card = turn.send(Chat(found.source, found.chat), reader, Message(parts, buttons=answer_buttons(asked)))
    turn.tx.duty.change(asked.taken.id, card=card)
    away = [phrase("rota.swap_away", name=other.name)] if other.away_since is not None else []
    turn.say(phrase("rota.swap_asked", name=other.name, **facts), *away, until)
    if (due := reminded_at(turn.rules, reader.zone, turn.now, asked.lapses_at)) is not None:
        turn.schedule(timers.SwapReminder(asked.taken.id, asked.given.id), due - turn.now)
    turn.schedule(timers.SwapLapse(asked.taken.id, asked.given.id), asked.lapses_at - turn.now)


def rota_named(turn: Turn, words: list[str], usage: str) -> tuple[Rota, str]:
    """Return the rota with whose name a text begins, or the only one, and what follows."""
    rotas = turn.rules.rota
    if not rotas:
        raise Refused("no_rota")
    if words and words[0].casefold() in rotas:
        return rotas[words[0].casefold()], " ".join(words[1:])
    if len(rotas) == 1:
        return next(iter(rotas.values())), " ".join(words)
    raise Refused("usage", usage=usage)


def kept_swap(turn: Turn, rota: Rota, other: Person, mine: Shift, theirs: Shift) -> Swap:
    """Keep what is asked: both overrides know each other, and neither holds yet."""
    values = {"rota": rota.name, "change": DutyChange.INSTEAD, "by_id": turn.person.id, "at": turn.now}
    taken = turn.tx.duty.add(person_id=other.id, begins_at=mine.begins_at, ends_at=mine.ends_at, **values)
    given = turn.tx.duty.add(
        person_id=turn.person.id, begins_at=theirs.begins_at, ends_at=theirs.ends_at, swapped_for=taken, **values
    )
    turn.tx.duty.change(taken, swapped_for=given)
    kept = swap_of(turn, taken, given)
    assert kept is not None
    return kept


def swap_of(turn: Turn, first: int, second: int) -> Swap | None:
    """Return a swap by both of its overrides, in any order; None where either is no more."""
    one, two = turn.tx.duty.get(first), turn.tx.duty.get(second)
    if one is None or two is None or one.swapped_for != two.id or two.swapped_for != one.id:
        return None
    return Swap(two, one) if one.person_id == one.by_id else Swap(one, two)


def answer_buttons(asked: Swap) -> tuple[tuple[Button, ...], ...]:
    """Return how it is answered."""
    return button_row(
        presses.SwapYes(asked.taken.id, asked.given.id).button(phrase("button.swap_yes")),
        presses.SwapNo(asked.taken.id, asked.given.id).button(phrase("button.swap_no")),
    )


def reminded_at(rules: Rules, zone: str, now: datetime, lapses_at: datetime) -> datetime | None:
    """Return when somebody is reminded who has not answered: by their day, where there is one before it lapses."""
    left = lapses_at - now
    if left < LEAST:
        return None
    due = lapses_at - (BEFORE if left > 2 * BEFORE else left / 2)
    here, (_, morning) = due.astimezone(ZoneInfo(zone)), rules.night
    if not rules.is_night(here):
        return due
    day = here.date() + timedelta(days=here.hour >= morning)
    waking = datetime(day.year, day.month, day.day, morning, tzinfo=here.tzinfo).astimezone(UTC)
    return waking if waking < lapses_at else due


def next_shift(turn: Turn, rota: Rota, person: Person) -> Shift:
    """Return somebody's next whole shift that has not begun, with what changes the rota; refuse where none comes soon."""
    zone, moment = turn.rules.zone, max(turn.now, rota.first_at(turn.rules.zone))
    duties = on_duty.Duties(turn, rota, turn.now, turn.now + 2 * AHEAD)
    while (shift := rota.shift_at(moment, zone)) is not None and shift.begins_at <= turn.now + AHEAD:
        if shift.begins_at > turn.now and duties.is_of(person.id, shift.begins_at, shift.ends_at):
            return shift
        moment = shift.ends_at
    raise Refused("no_shift", name=person.name)


def still_waits(turn: Turn, asked: Swap) -> bool:
    """Return whether a swap can still be answered."""
    answered = any(one.agreed_at or one.ended_at for one in (asked.taken, asked.given))
    return not answered and asked.lapses_at > turn.now


def tell_privately(turn: Turn, number: int, *parts: Phrase) -> None:
    """Tell one of the team in private what another has decided for them; whoever has left it is told nothing."""
    acting = turn.actor is not None and turn.actor.id == number
    found = None if acting else turn.tx.people.reachable(number)
    if found is not None and not found.left:
        turn.send(Chat(found.source, found.chat), turn.reader(found), Message(parts))
