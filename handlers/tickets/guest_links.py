"""Links by which people come who have not written to the bot yet: made for a name, and good once."""

from handlers.turns.turn import Turn
from handlers.vocabulary.messages import RichText
from storage.people import guests
from storage.people.people import Person

LINK = "for_"  # begins the payload of the link


def new_guest(turn: Turn, name: str, source: str = "") -> Person:
    """Make a guest known by a name, who may come by a one-time link: on the actor's own messenger, or another account of ours."""
    return ensure_person_known(turn, guests.new_native(turn.now), name, source)


def ensure_person_known(turn: Turn, native: str, name: str, source: str = "") -> Person:
    """Make somebody known who may never have written."""
    source = source or turn.event.source
    known = turn.tx.people.find(source, native)
    language = turn.rules.language
    return known or turn.tx.people.meet(source, native, name=name, username="", language=language, chat="", at=turn.now)


def linking_source(turn: Turn) -> str:
    """Return our account whose chat a link opens: on the actor's messenger, else on another; empty where none can."""
    return next((each for each in (turn.event.source, *turn.sources) if turn.links(each, LINK)), "")


def link_of(turn: Turn, person: Person) -> RichText:
    """Return the link by which somebody comes, made anew where the old one serves no more."""
    native = person.native
    if not guests.is_guest_link_valid(turn.tx.connection, native, turn.now):
        native = guests.renew_guest_link(turn.tx.connection, native, turn.now)
    return RichText(turn.links(person.source, LINK + native.removeprefix(guests.MARK)))
