"""Who is on duty for a while otherwise than by the rules: ``/rota override``; and how that, or a swap, is taken back."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.agent import rota_swap_answers, rota_swaps
from handlers.rules.calendars import first_shown
from handlers.rules.rota import Rota
from handlers.turns import naming
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary.dates import FURTHEST, named_day
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Phrase, phrase
from handlers.vocabulary.time_spans import TimeSpan, read_time_span
from storage.lifecycle import Refused
from storage.models import DutyChange, Role
from storage.people.duty import Override

on = Routes()

USAGE = "/rota override network tomorrow 10:00-18:00 @bob · +@bob · -@bob · /rota override 3 off"
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
    rota, said = rota_swaps.rota_named(turn, words, USAGE)
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
    rota_swaps.tell_privately(
        turn, person.id, phrase("rota.told", rota=rota.title, name=turn.person.name), override_line(made)
    )


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
    """Let an override hold no more, and tell whose it was; of a swap both halves. What it has changed until now stays so."""
    one = turn.tx.duty.get(number)
    if one is None or one.agreed_at is None or one.over_at <= turn.now:
        raise Refused("no_override", number=number)
    agreed = rota_swaps.swap_of(turn, one.id, one.swapped_for) if one.swapped_for is not None else None
    if agreed is not None:
        rota_swap_answers.take_swap_back(turn, agreed)
        return
    if not turn.tx.duty.end(number, turn.now):
        raise Refused("no_override", number=number)
    turn.audit(Deed.DUTY_CHANGE_OFF, person=one.person_id, rota=one.rota)
    off = phrase("rota.override_off", number=number)
    turn.say(off)
    rota = turn.rules.rota.get(one.rota)
    title = rota.title if rota is not None else one.rota
    rota_swaps.tell_privately(turn, one.person_id, phrase("rota.told", rota=title, name=turn.person.name), off)


def override_line(one: Override) -> Phrase:
    """Return an override on one line."""
    facts = {"number": one.id, "name": one.name, "begins": one.begins_at, "ends": one.ends_at}
    return phrase(f"duty_change.{one.change}", **facts)
