"""Who is on duty: a swap stands or falls with both shifts and waits for nobody in vain; cards call whose day it is."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.stories.harness.crossed import CARD
from tests.stories.harness.slack import SlackStage
from tests.town.people import Resident
from tests.town.rooms import GROUP, MONEY, on_rota
from tests.town.town import Town

HALVES = (
    "SELECT a.id, b.id AS other FROM duty_override a LEFT JOIN duty_override b ON b.id = a.swapped_for AND b.swapped_for = a.id"
    " WHERE a.swapped_for IS NOT NULL AND b.id IS NOT NULL AND ((a.agreed_at IS NULL) <> (b.agreed_at IS NULL)"
    " OR (a.ended_at IS NULL) <> (b.ended_at IS NULL))"
)
SWAPS = "SELECT count(*) FROM duty_override WHERE swapped_for IS NOT NULL AND agreed_at IS NOT NULL"
WAITING = (
    "SELECT a.id, a.begins_at FROM duty_override a JOIN duty_override b ON b.id = a.swapped_for"
    " WHERE a.agreed_at IS NULL AND a.ended_at IS NULL AND a.begins_at < ? AND b.ended_at IS NULL"
)
PUT_ON = "SELECT DISTINCT person_id FROM duty_override"
LEFT = (
    "SELECT a.id, a.person_id FROM duty_override a JOIN duty_override b ON b.id = a.swapped_for"
    " WHERE a.agreed_at IS NULL AND a.ended_at IS NULL"
    " AND EXISTS (SELECT 1 FROM leaving WHERE leaving.person_id = a.person_id)"
    " AND NOT EXISTS (SELECT 1 FROM member WHERE member.person_id = a.person_id)"
)
NEW = "SELECT id, created_at FROM ticket WHERE kind = 'new' AND agent_id IS NULL AND merged_into IS NULL AND group_name = ?"
MOVED = (
    "SELECT count(*) FROM entry WHERE ticket_id = ? AND at > ? AND (action IN ('release', 'reopen')"
    " OR CAST(facts AS TEXT) LIKE '%\"group%')"
)
CHANGED = "SELECT count(*) FROM duty_override WHERE agreed_at IS NOT NULL AND begins_at <= ? AND ends_at > ?"
THERE = (
    "SELECT account.source, account.native FROM account JOIN person ON person.id = account.person_id"
    " WHERE person.away_since IS NULL AND NOT EXISTS (SELECT 1 FROM leaving WHERE leaving.person_id = person.id)"
)
DAY = timedelta(days=1)
BELL = "🛎"


def problems(town: Town) -> Iterator[str]:
    """Yield swaps of which half stands, and whoever is called who is neither of the rota nor was ever put on duty."""
    for row in town.life.reader.rows(HALVES):
        yield f"rota: of a swap {row['id']} stands otherwise than {row['other']}"
    if town.life.reader.one(SWAPS) > 0:
        town.tally.count("reached", "swaps")
    allowed = {person.human for person in on_rota(town.places)}
    for row in town.life.reader.rows(PUT_ON):
        allowed |= {person.human for person in town.known_as.get(row["person_id"], ())}
    for side in town.sides:
        for lines in side.everything().values():
            for line in lines:
                for called in (each for each in line.text.splitlines() if line.by_desk and each.startswith(BELL)):
                    town.tally.count("reached", "calls of who is on duty")
                    for person in town.people:
                        if person.mark in called and person.human not in allowed:
                            yield f"rota: {person} is called, and was never on duty"


def at_the_end(town: Town) -> Iterator[str]:
    """Yield swaps that wait for an answer though a shift of theirs has begun, or one of the two has left the team."""
    for row in town.life.reader.rows(LEFT):
        yield f"rota: swap {row['id']} waits for person {row['person_id']}, who has left the team"
    for row in town.life.reader.rows(WAITING, town.life.reader.moment(town.life.clock.now())):
        yield f"rota: swap {row['id']} waits though its shift has begun at {row['begins_at']}"
    yield from _group(town)


def _group(town: Town) -> Iterator[str]:
    """Yield a user group in which others are than whose day it is, where nothing was changed and they are there."""
    now = town.life.clock.now()
    holder, moment = _holder(town, now), town.life.reader.moment(now)
    side = holder.side
    if not isinstance(side, SlackStage):
        return  # whoever has no account of Slack's is in no group there
    if town.life.reader.one(CHANGED, moment, moment) or not _is_there(town, holder):
        return
    members = list(side.sandbox.group_members(town.user_group))
    town.tally.count("reached", "a user group of whose day it is")
    if members != [str(holder.native.id)]:
        yield f"rota: it is the day of {holder}, and in the user group is {members}"


def calls(town: Town) -> Iterator[str]:
    """Yield cards, drawn just now, that call others than whose day it was, where nothing was changed and they are there."""
    reader = town.life.reader
    for row in reader.rows(NEW, MONEY):
        came, number = row["created_at"], row["id"]
        holder = _holder(town, reader.time(came))
        if not _is_there(town, holder):
            continue
        if reader.time(came) < town.rota_since or reader.one(MOVED, number, came) or reader.one(CHANGED, came, came):
            continue
        for said in _cards(town, number):
            bells = [line for line in said.splitlines() if line.startswith(BELL)]
            called = {person.human for person in town.people for line in bells if person.mark in line}
            town.tally.count("reached", "calls of whose day it was")
            if called != {holder.human}:
                yield f"rota: it was the day of {holder}, and the card of #{number} calls {bells}"


def _holder(town: Town, at: datetime) -> Resident:
    """Return whose day it is at a moment, by a plain recount of the shifts."""
    people = on_rota(town.places)
    return people[(at - town.rota_since) // DAY % len(people)]


def _is_there(town: Town, person: Resident) -> bool:
    """Return whether the desk knows somebody, and they are neither away nor gone."""
    known = {(row["source"], row["native"]) for row in town.life.reader.rows(THERE)}
    return (person.side.source(person.native), str(person.native.id)) in known


def _cards(town: Town, number: int) -> Iterator[str]:
    """Yield what the cards of a request of the group say in its own channels."""
    for room in (room for room in town.of_kind(GROUP) if not room.lost):  # else what stood there before may still stand
        for line in room.side.lines(room.side.founder, room.place):
            found = CARD.match(line.text)
            if line.by_desk and found is not None and int(found[1]) == number:
                yield line.text
                break  # it stands first where it is drawn
