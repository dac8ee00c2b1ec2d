"""Who is on duty: a swap stands or falls with both shifts and waits for nobody whose shift has begun; cards call nobody else."""

from collections.abc import Iterator

from tests.town.rooms import on_rota
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
    """Yield swaps that wait for an answer though a shift of theirs has begun."""
    for row in town.life.reader.rows(WAITING, town.life.reader.moment(town.life.clock.now())):
        yield f"rota: swap {row['id']} waits though its shift has begun at {row['begins_at']}"
