"""The stop-list: whom the desk does not serve, for how long and why; they are told, and nobody else is bothered."""

from datetime import timedelta

from handlers.durations import read_duration
from handlers.meant import number_in
from handlers.messages import Kind, Phrase, phrase
from handlers.phrases import utc
from handlers.router import on
from handlers.turn import Turn
from storage.bans import Ban
from storage.lifecycle import Refused
from storage.models import Role
from storage.people import Person

AGAIN = timedelta(hours=24)  # after which a banned person is told once more
REASON = 200  # characters
HEARD = (Kind.TEXT, Kind.COMMAND, Kind.PRESS, Kind.SUBMIT)


def kept_out(turn: Turn) -> bool:
    """Return whether the actor is not served now; whoever says something is told why, once a day."""
    if turn.actor is None or turn.actor.may(Role.AGENT):
        return False
    banned = turn.tx.bans.of(turn.actor.id, turn.now)
    if banned is None:
        return False
    if turn.event.kind in HEARD and turn.event.private and not told_lately(turn, banned):
        said = "banned.until" if banned.until else "banned"
        turn.say(phrase(said, reason=banned.reason, until=banned.until))
    return True


def told_lately(turn: Turn, banned: Ban) -> bool:
    """Return whether they know of this ban; from now on they do."""
    key = f"banned:{banned.person_id}"
    told = turn.tx.records.get(key)
    if told and utc(told["at"]) >= max(banned.at, turn.now - AGAIN):
        return True
    turn.tx.records.put(key, {"at": turn.now.isoformat()})
    return False


@on.command("ban", role=Role.ADMIN)
def ban(turn: Turn) -> None:
    """Somebody is not served for a while: /ban @ann 7d advertising; in a ticket's thread its requester; alone: the list."""
    words = turn.event.value.split()
    if not words and turn.number is None:
        turn.say(*(listed(turn) or [phrase("ban.nobody")]))
        return
    person, rest = whom(turn, words)
    if person.may(Role.AGENT):
        raise Refused("ban_team", name=person.name)
    length = read_duration(rest[0]) if rest else None
    reason = " ".join(rest[1:] if length else rest)[:REASON]
    if not reason:
        raise Refused("usage", usage="/ban @name 7d …")
    until = turn.now + length if length else None
    turn.tx.bans.put(person.id, reason=reason, until=until, by=turn.person.id, at=turn.now)
    turn.audit("banned", who=person.id, until=until.isoformat() if until else "")
    turn.say(phrase("ban.done.until" if until else "ban.done", name=person.name, until=until, reason=reason))


@on.command("unban", role=Role.ADMIN)
def unban(turn: Turn) -> None:
    """Somebody is served again: /unban @ann."""
    person, _ = whom(turn, turn.event.value.split())
    if not turn.tx.bans.lift(person.id):
        raise Refused("not_banned", name=person.name)
    turn.audit("unbanned", who=person.id)
    turn.say(phrase("ban.lifted", name=person.name))


def listed(turn: Turn) -> list[Phrase]:
    """Return who is not served now, a line each."""
    return [
        phrase("ban.line.until" if one.until else "ban.line", name=one.name, until=one.until, reason=one.reason)
        for one in turn.tx.bans.all(turn.now)
    ]


def whom(turn: Turn, words: list[str]) -> tuple[Person, list[str]]:
    """Return who is meant and the words that follow: named, a ticket's requester by its number, or by the thread."""
    first = words[0] if words else ""
    number = number_in(first) if first.startswith("#") or first.isdigit() else None
    if number is None and not first.startswith("@") and turn.number is not None:
        return turn.tx.people.of_account(turn.tx.tickets.get(turn.number).account_id), words
    if number is not None:
        return turn.tx.people.of_account(turn.tx.tickets.get(number).account_id), words[1:]
    found = {person.id: person for person in turn.tx.people.named(first)} if first else {}
    if len(found) != 1:
        raise Refused("whom", name=first or "—")
    return next(iter(found.values())), words[1:]
