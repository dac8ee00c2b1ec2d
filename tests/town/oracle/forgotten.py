"""Who may read what was erased or blacked out is nobody: no row has it, and nothing that is said or drawn anew shows it."""

from collections.abc import Iterable, Iterator
from typing import Any

from storage.models import metadata
from tests.stories.harness.places import Line
from tests.town.people import Resident
from tests.town.town import Town, shown
from tests.town.words import NAME, OPEN, OWN, Word

ERASED, BLACKED = "erased", "blacked out"
# What came and what was sent is kept as it was for two days, also what a command has blacked out since.
BODIES = ("inbox", "outgoing")


def problems(town: Town) -> Iterator[str]:
    """Yield what is still kept of those who have just been erased, and what shows anything that is gone."""
    _remember(town)
    for person, at in _finished(town):
        town.erased[person] = at
        town.tally.count("reached", "erased")
    for (
        person,
        at,
    ) in town.erased.items():  # what comes later and was said before, by the desk's clock, is heard no more
        theirs = [each for each in _words_of(town, town.known_as.get(person, ()), at) if not each.gone]
        for each in theirs:
            each.gone = ERASED
        yield from _kept(town, theirs)
    for word in town.words.values():
        if word.kind == NAME and word.gone and _is_known_again(town, word.by):
            word.gone = ""
    for line in town.fresh:
        for token in shown(line):
            found = town.words.get(token)
            if found is not None and found.gone and not _out_of_reach(town, line):
                yield f"forgotten: {token} of {found.by}, which is {found.gone}, is shown in {line.room}: {line}"


def _out_of_reach(town: Town, line: Line) -> bool:
    """Return whether Telegram took a line without an answer: the desk knows no id of it, and cannot take it away."""
    here = f"telegram:%{line.room}%"
    known = town.life.reader.one("SELECT count(*) FROM post WHERE native = ? AND place LIKE ?", line.id, here)
    doubts = town.life.reader.one("SELECT count(*) FROM outgoing WHERE uncertain AND lane LIKE ?", here)
    return bool(line.by_desk and doubts and not known)


def at_the_end(town: Town) -> Iterator[str]:
    """Yield what any row has of what is gone."""
    yield from _kept(town, [word for word in town.words.values() if word.gone and word.kind != NAME])


def _remember(town: Town) -> None:
    """Keep who is who, for an erase takes it from the rows."""
    for row in town.life.reader.rows("SELECT person_id, source, native FROM account"):
        for resident in _residents(town, row["source"], row["native"]):
            known = town.known_as.setdefault(row["person_id"], [])
            if resident not in known:
                known.append(resident)


def _residents(town: Town, source: str, native: str) -> list[Resident]:
    return [p for p in town.people if str(p.native.id) == native and p.side.source(p.native) == source]


def _finished(town: Town) -> list[tuple[int, Any]]:
    """Return whose erase has come to its end since the last look, and when it began."""
    rows = town.life.reader.rows(
        "SELECT id, erased_at FROM person WHERE erased_at IS NOT NULL AND id NOT IN"
        " (SELECT person_id FROM person_state WHERE kind = 'erasing')"
    )
    return [(row["id"], town.life.reader.time(row["erased_at"])) for row in rows if row["id"] not in town.erased]


def _words_of(town: Town, people: Iterable[Resident], at: Any) -> Iterator[Word]:
    """Yield what people had said by then for themselves, and their names, unless the desk knows them again."""
    for person in people:
        again = _is_known_again(town, person)
        for word in town.words.values():
            mine = word.by is person and word.at < at
            if mine and (word.kind in (OWN, OPEN) or (word.kind == NAME and not again)):
                yield word


def _is_known_again(town: Town, person: Resident) -> bool:
    """Return whether somebody has come back as somebody new, with the name that their messenger tells."""
    return any(person in known for number, known in town.known_as.items() if number not in town.erased)


def _kept(town: Town, words: list[Word]) -> Iterator[str]:
    """Yield each row that has one of these words."""
    by_token = {word.token.encode(): word for word in words}
    if not by_token:
        return
    for table in sorted(metadata.tables):
        for row in town.life.reader.rows(f"SELECT * FROM {table}"):
            text = "\n".join(str(value) for value in tuple(row)).encode()
            for token, word in by_token.items():
                if token in text and not (word.gone == BLACKED and table in BODIES):
                    yield f"forgotten: {table} keeps {word.token} of {word.by}, which is {word.gone}: {dict(row)}"[:600]
