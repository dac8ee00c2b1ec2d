"""Announcements: once to each, in their own chat, and to nobody who is of the team, is banned or wants none."""

from collections.abc import Iterator
from typing import Any

from tests.town.people import on_telegram
from tests.town.town import Town, shown
from tests.town.words import tokens

PROMISED = (
    "SELECT a.announcement_id, a.phase, a.person_id, n.stage, CAST(n.words AS text) AS words, o.state, o.uncertain, o.lane"
    " FROM announced a JOIN announcement n ON n.id = a.announcement_id LEFT JOIN outgoing o ON o.id = a.outgoing_id"
)


def problems(town: Town) -> Iterator[str]:
    """Yield what was promised twice."""
    twice = town.life.reader.rows(
        "SELECT announcement_id, phase, person_id, count(*) AS n FROM announced GROUP BY 1, 2, 3 HAVING count(*) > 1"
    )
    for row in twice:
        yield f"announced: {row['announcement_id']} was promised to {row['person_id']} {row['n']} times"


def at_the_end(town: Town) -> Iterator[str]:
    """Yield who was told of what they were promised never, or more often than once, or without a promise."""
    promised: dict[str, list[Any]] = {}
    for row in town.life.reader.rows(PROMISED):
        for token in set(tokens(row["words"])):
            promised.setdefault(token, []).append(row)
    for person in town.people:
        if person.of_team or person.blocked:
            continue
        lines = [line for line in person.lines() if line.by_desk and any("announce_off" in name for name in line.names)]
        for token, rows in promised.items():
            times = sum(token in shown(line) for line in lines)
            theirs = [row for row in rows if person in town.known_as.get(row["person_id"], ())]
            here = [row for row in theirs if row["lane"] == f"{person.side.source(person.native)}:{person.native.id}"]
            if times and not theirs:
                yield f"announced: {person} reads {token}, which nobody promised them"
            if any(row["state"] == "sent" for row in here) and on_telegram(person.side) and not times:
                yield f"announced: {person} does not read {token}, which is told to be sent"
            doubts = sum(bool(row["uncertain"]) for row in here) if on_telegram(person.side) else 0
            if times > len(theirs) + doubts:
                yield f"announced: {person} reads {token} {times} times, which they were promised {len(theirs)} times"
