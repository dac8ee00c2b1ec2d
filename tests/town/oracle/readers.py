"""Who may read: a person's words stand only in chats that may show them."""

from collections.abc import Iterator

from tests.stories.harness.places import Line
from tests.town.people import ANONYMOUS, Resident, on_telegram
from tests.town.town import Town, shown
from tests.town.words import NAME, OPEN, OWN, PUBLIC, REPLY, TEAM, Word, tokens


def problems(town: Town) -> Iterator[str]:
    """Yield each word that has come to somebody who may not read it, on a line that is new or new as it is."""
    team = town.team_now() | town.was_team
    for line in town.fresh:
        for token in [*shown(line), *inside(town, line)]:
            yield from _judged(town, token, line.room, town.at_home(line.room), team, str(line))
    for person in town.people:
        # What a masked admin presses, they press where the team talks, and read what stands there.
        known = team | {person.human} if person.sort == ANONYMOUS and person.here else team
        for token, where in _alone(town, person):
            yield from _judged(town, token, person.home, person, known, where)
    town.was_team = town.team_now()


def inside(town: Town, line: Line) -> list[str]:
    """Return the words in a file that the desk has brought to somebody's own chat."""
    reader = town.at_home(line.room)
    if reader is None or line.kind == "text":
        return []
    try:
        _, data = reader.side.content(reader.native, line)
    except LookupError:
        return []
    return tokens(data.decode(errors="ignore"))


def _alone(town: Town, person: Resident) -> Iterator[tuple[str, str]]:
    """Yield what only this person sees outside of chats: answers in passing, windows, the front page."""
    toasts = person.side.toasts(person.native) if person.sort != "bot" else []
    judged, town.toasts_judged[person.home] = town.toasts_judged.get(person.home, 0), len(toasts)
    for text in toasts[judged:]:  # each when it was said: whoever has left since could read it then
        yield from ((token, f"in passing: {text!r}") for token in tokens(text))
    if not on_telegram(person.side):
        for view in (person.native.home, person.native.modal):
            if view is not None:
                said = f"{view.text} {view.title} {[f.value for f in view.fields.values()]} {view.buttons}"
                yield from ((token, f"on a page: {view.title!r}") for token in tokens(said))


def _judged(town: Town, token: str, room: str, reader: Resident | None, team: set[int], where: str) -> Iterator[str]:
    word = town.words.get(token)
    if word is None:
        yield f"readers: {token} was never said ({where})"
        return
    if not _may_read(town, word, room, reader, team):
        yield f"readers: {reader or room} reads {word.kind} {token} of {word.by} (for {word.ticket}): {where}"


def _may_read(town: Town, word: Word, room: str, reader: Resident | None, team: set[int]) -> bool:
    team_names = ("agent", "admin", "deserter", "specialist", "bot", ANONYMOUS)
    if word.kind == PUBLIC or (word.kind == NAME and word.by.sort in team_names):
        return True
    if room in town.teams or (reader is not None and reader.human in team):
        return True
    if reader is not None and reader.human == word.by.human:
        return True
    if town.channel(room) is not None and room in (word.by.rooms if word.kind == NAME else [word.room]):
        return True  # it was said there, or is the name of somebody who talks there
    if reader is not None and word.kind == OPEN and word.room in reader.rooms:
        return True  # they have read it there, and may read it in the story of their request
    if reader is not None and word.kind == NAME and set(reader.rooms) & set(word.by.rooms):
        return True  # they read each other where both talk
    if reader is not None and of_a_guest(town, word, reader):
        return True
    if word.kind == TEAM and _declared(town, word):
        return True
    return word.kind == REPLY and room in word.readers and word.kind != OWN


def _declared(town: Town, word: Word) -> bool:
    """Return whether words were given to /outage, and one of the team has declared it in them: whoever asks alike is told so."""
    query = "SELECT count(*) FROM outage WHERE declared_at IS NOT NULL AND words LIKE ?"
    return word.said.startswith("/outage ") and bool(town.life.reader.one(query, f"%{word.token}%"))


def of_a_guest(town: Town, word: Word, reader: Resident) -> bool:
    """Return whether a guest was shown words of a request, or its requester was passed on what a guest wrote."""
    said, native = f"%{word.token}%", str(reader.native.id)
    shown_them = town.life.reader.one(
        "SELECT count(*) FROM guest g JOIN account a ON a.person_id = g.person_id JOIN message m ON m.ticket_id = g.ticket_id"
        " WHERE a.native = ? AND CAST(m.words AS TEXT) LIKE ? AND m.kind = 'follow_up' AND m.id <= g.shown_id",
        native,
        said,
    )
    passed_on = town.life.reader.one(
        "SELECT count(*) FROM message m JOIN guest g ON g.ticket_id = m.ticket_id AND g.person_id = m.person_id"
        " JOIN message r ON r.anchor_id = m.id AND r.kind = 'reply' WHERE m.kind = 'note' AND CAST(m.words AS TEXT) LIKE ?",
        said,
    )
    return bool(shown_them or passed_on)
