"""Who is on duty for a while otherwise than by the rules: ``/rota override`` at once, ``/rota swap`` when the other agrees."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.rules.calendars import first_shown
from handlers.rules.rota import Rota, Shift
from handlers.turns import naming
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.dates import FURTHEST, named_day
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Chat, Message, Phrase, button_row, phrase
from handlers.vocabulary.time_spans import TimeSpan, read_time_span
from storage.lifecycle import Refused
from storage.models import DutyChange, Role
from storage.people.duty import Override
from storage.people.people import Person

on = Routes()

USAGE = "/rota override network tomorrow 10:00-18:00 @bob · +@bob · -@bob · /rota override 3 off"
SWAP = "/rota swap @bob · /rota swap network @bob"
AHEAD = timedelta(days=60)  # in which a shift to be swapped is looked for
SIGNS = {
    "+": DutyChange.ALSO,
    "-": DutyChange.WITHOUT,
    "−": DutyChange.WITHOUT,
    "–": DutyChange.WITHOUT,
    "—": DutyChange.WITHOUT,
}
ALSO = re.compile(r"(?<!\S)\+\s+(?=\S)")
DASH = re.compile(r"(?<!\S)[\-−–—]\s+(?!\d)")  # not Bob, or: it is Bob?
OFF = ("off", "cancel", "скасувати", "отменить")


@on.command("rota override", role=Role.SENIOR)
def override(turn: Turn) -> None:
    """Somebody is on duty for a while instead, besides, or not: /rota override network tomorrow 10-18 @bob, +@bob, -@bob."""
    words = naming.command_value(turn).split()
    if len(words) == 2 and words[0].lstrip("#").isdecimal() and words[1].casefold() in OFF:
        take_override_back(turn, int(words[0].lstrip("#")))
        return
    rota, said = rota_named(turn, words, USAGE)
    if DASH.search(said):
        raise Refused("usage", usage=USAGE)
    said = ALSO.sub("+", said)
    span, left = span_and_rest(turn, rota, said)
    change = SIGNS.get(left[:1], DutyChange.INSTEAD)
    person = naming.teammate_named(turn, left.lstrip("+-−–— "))
    values = {"rota": rota.name, "change": change, "person_id": person.id, "by_id": turn.person.id, "at": turn.now}
    times = {"begins_at": max(span.begins_at, turn.now), "ends_at": span.ends_at}  # what was, was
    number = turn.tx.duty.add(**values, **times, agreed_at=turn.now)
    turn.audit(Deed.DUTY_CHANGED, person=person.id, rota=rota.name)
    made = turn.tx.duty.get(number)
    assert made is not None
    turn.say(override_line(made), title=phrase("rota.title"))
    tell_privately(turn, person, phrase("rota.told", rota=rota.title, name=turn.person.name), override_line(made))


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


def span_and_rest(turn: Turn, rota: Rota, said: str) -> tuple[TimeSpan, str]:
    """Return the time with which a text begins, and what follows; a day alone is from its hand-over to the next day's."""
    zone = turn.rules.zone
    word, _, left = said.partition(" ")
    today = turn.now.astimezone(ZoneInfo(zone)).date()
    day = named_day(word.casefold(), today)
    found = read_time_span(said, turn.now, zone) if day is None or left[:1] not in {"@", *SIGNS} else None
    if found is not None and found[1]:
        return found
    if day is None or not left.strip():
        raise Refused("usage", usage=USAGE)
    if not -timedelta(days=1) <= day - today <= FURTHEST:
        raise Refused("duty_when", word=word, usage=USAGE)
    begins, ends = (
        first_shown(ZoneInfo(zone), datetime.combine(each, rota.at)) for each in (day, day + timedelta(days=1))
    )
    if ends <= turn.now:
        raise Refused("duty_when", word=word, usage=USAGE)
    return TimeSpan(begins, ends), left.strip()


def take_override_back(turn: Turn, number: int) -> None:
    """Let an override hold no more; what it has changed until now stays so."""
    one = turn.tx.duty.get(number)
    if one is None or one.ends_at <= turn.now or not turn.tx.duty.end(number, turn.now):
        raise Refused("no_override", number=number)
    turn.audit(Deed.DUTY_CHANGE_OFF, person=one.person_id, rota=one.rota)
    turn.say(phrase("rota.override_off", number=number))


def override_line(one: Override) -> Phrase:
    """Return an override on one line."""
    facts = {"number": one.id, "name": one.name, "begins": one.begins_at, "ends": one.ends_at}
    return phrase(f"duty_change.{one.change}", **facts)


def tell_privately(turn: Turn, person: Person, *parts: Phrase) -> None:
    """Tell one of the team in private what another has decided for them."""
    found = turn.tx.people.reachable(person.id) if person.id != turn.person.id else None
    if found is not None:
        turn.send(Chat(found.source, found.chat), turn.reader(found), Message(parts))


# Swaps


@dataclass(frozen=True, slots=True)
class Swap:
    """Two shifts that are to change hands."""

    mine: Shift
    theirs: Shift


@on.command("rota swap", role=Role.AGENT)
def swap(turn: Turn) -> None:
    """One's next shift for a colleague's: /rota swap @bob; they are asked, and nothing changes until they agree."""
    rota, said = rota_named(turn, naming.command_value(turn).split(), SWAP)
    other = naming.teammate_named(turn, said)
    found = turn.tx.people.reachable(other.id)
    if other.id == turn.person.id:
        raise Refused("usage", usage=SWAP)
    if found is None:
        raise Refused("swap_unreachable", name=other.name)
    swapped = Swap(next_shift(turn, rota, turn.person), next_shift(turn, rota, other))
    values = {"rota": rota.name, "change": DutyChange.INSTEAD, "by_id": turn.person.id, "at": turn.now}
    first = turn.tx.duty.add(
        person_id=other.id, begins_at=swapped.mine.begins_at, ends_at=swapped.mine.ends_at, **values
    )
    second = turn.tx.duty.add(
        person_id=turn.person.id, begins_at=swapped.theirs.begins_at, ends_at=swapped.theirs.ends_at, **values
    )
    facts = {"mine": swapped.mine.begins_at, "theirs": swapped.theirs.begins_at, "rota": rota.title}
    buttons = button_row(
        presses.SwapYes(first, second).button(phrase("button.swap_yes")),
        presses.SwapNo(first, second).button(phrase("button.swap_no")),
    )
    asks = Message((phrase("rota.swap_ask", name=turn.person.name, **facts),), buttons=buttons)
    turn.send(Chat(found.source, found.chat), turn.reader(found), asks)
    turn.say(phrase("rota.swap_asked", name=other.name, **facts))


def next_shift(turn: Turn, rota: Rota, person: Person) -> Shift:
    """Return somebody's next shift that has not begun; refuse where none comes soon."""
    zone, moment = turn.rules.zone, max(turn.now, rota.first_at(turn.rules.zone))
    mine = turn.tx.people.accounts(person.id)
    while (shift := rota.shift_at(moment, zone)) is not None and shift.begins_at <= turn.now + AHEAD:
        if shift.begins_at > turn.now and shift.account in mine:
            return shift
        moment = shift.ends_at
    raise Refused("no_shift", name=person.name)


@on.press(presses.SwapYes, role=Role.AGENT, act="rota swap")
def agree(turn: Turn) -> None:
    """The colleague who was asked agrees: both shifts change hands, once, and whoever asked hears it."""
    pressed = turn.pressed(presses.SwapYes)
    first, second = asked_swap(turn, pressed.first, pressed.second)
    if not (turn.tx.duty.agree(first.id, turn.now) and turn.tx.duty.agree(second.id, turn.now)):
        raise Refused("expired")
    turn.audit(Deed.DUTY_SWAPPED, person=first.by_id, rota=first.rota)
    answer_swap(turn, first, second, "rota.swapped")


@on.press(presses.SwapNo, role=Role.AGENT, act="rota swap")
def decline(turn: Turn) -> None:
    """The colleague who was asked does not agree: nothing changes, and whoever asked hears it."""
    pressed = turn.pressed(presses.SwapNo)
    first, second = asked_swap(turn, pressed.first, pressed.second)
    for one in (first, second):
        turn.tx.duty.end(one.id, turn.now)
    answer_swap(turn, first, second, "rota.swap_declined")


def asked_swap(turn: Turn, first: int, second: int) -> tuple[Override, Override]:
    """Return a swap that is still asked of the actor; refuse any other, and one whose first shift has begun."""
    mine, theirs = turn.tx.duty.get(first), turn.tx.duty.get(second)
    if mine is None or theirs is None or mine.person_id != turn.person.id or theirs.person_id != mine.by_id:
        raise Refused("expired")
    if any(one.agreed_at or one.ended_at or one.begins_at <= turn.now for one in (mine, theirs)):
        raise Refused("expired")
    return mine, theirs


def answer_swap(turn: Turn, first: Override, second: Override, said: str) -> None:
    """Show what became of a swap where it was asked, and to whoever asked."""
    facts = {"mine": first.begins_at.astimezone(UTC), "theirs": second.begins_at.astimezone(UTC)}
    words = phrase(said, asker=second.name, name=first.name, **facts)
    turn.say(words, edits=turn.shown.outgoing_id if turn.shown else None)
    asker = next(iter(turn.tx.people.by_account(first.by_id)), None)
    if asker is not None:
        tell_privately(turn, asker, words)
