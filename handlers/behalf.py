"""A request registered for somebody else: known, named by the messenger, or a guest who gets a one-time link to come by."""

from dataclasses import replace

from handlers import cards, relay
from handlers.messages import Part, Words, phrase
from handlers.private import privately
from handlers.turn import Turn
from storage import guests
from storage.lifecycle import Refused
from storage.models import Role
from storage.people import Person

LINK = "for_"  # begins the payload of the link
NAME = 64  # characters


def asked(turn: Turn) -> Turn | None:
    """Return the turn in which an agent's request for somebody is asked for, and remember for whom; None: it is their own."""
    if turn.channel is None or not turn.person.may(Role.AGENT) or turn.event.value.strip() in ("", "anew"):
        return None
    person = whom(turn)
    elsewhere = privately(turn)
    return replace(elsewhere, event=replace(elsewhere.event, facts={**elsewhere.event.facts, "for": person.account_id}))


def whom(turn: Turn) -> Person:
    """Return for whom a request is to be: mentioned, known by name, or a guest of that name."""
    name = " ".join(turn.event.value.split())[:NAME]
    mention = next((s for s in turn.event.words.spans if s.kind == "mention" and s.url), None)
    if mention is not None:
        said = turn.event.words.text[mention.start : mention.end].removeprefix("@")
        return meet(turn, mention.url, said)
    known = {person.id: person for person in turn.tx.people.named(name)}
    if len(known) == 1:
        return next(iter(known.values()))
    if known or name.startswith("@") or not turn.links(turn.event.source, LINK):
        raise Refused("whom", name=name)
    return meet(turn, guests.new_native(turn.now), name)


def meet(turn: Turn, native: str, name: str) -> Person:
    """Make somebody known who may never have written."""
    known = turn.tx.people.find(turn.event.source, native)
    language = turn.rules.language
    return known or turn.tx.people.meet(
        turn.event.source, native, name=name, username="", language=language, chat="", at=turn.now
    )


def requester(turn: Turn) -> Person:
    """Return whose request a submitted dialog is: the actor's own, or that of whom an agent asked for."""
    account = turn.event.facts.get("for")
    if account is None:
        return turn.person
    if not turn.person.may(Role.AGENT):
        raise Refused("not_yours", role=Role.AGENT)
    return turn.tx.people.of_account(int(account))


def told(turn: Turn, person: Person, number: int) -> list[Part]:
    """Return what an agent is told of a request for somebody: with the link to pass on where they cannot be written to yet."""
    parts: list[Part] = [phrase("behalf.registered", ticket=number, name=person.name)]
    if guests.is_guest(native := person.native):
        if not guests.lives(turn.tx.connection, native, turn.now):
            native = guests.renew(turn.tx.connection, native, turn.now)
        link = turn.links(person.source, LINK + native.removeprefix(guests.MARK))
        parts += [phrase("behalf.link", name=person.name, days=guests.LIVES.days), Words(link)]
    return parts


def arrived(turn: Turn, word: str) -> bool:
    """Somebody came by a guest's link: what was registered for them is theirs, and what was said to them is sent."""
    guest = turn.tx.people.find(turn.event.source, guests.MARK + word)
    if guest is None:
        return False
    if turn.person.may(Role.AGENT):
        raise Refused("link_of_another", name=guest.name)
    if not guests.lives(turn.tx.connection, guest.native, turn.now):
        raise Refused("guest_link_over", days=guests.LIVES.days)
    numbers = guests.adopt(turn.tx.connection, guest=guest.account_id, real=turn.person.account_id, now=turn.now)
    turn.tx.people.link(keep=turn.person.id, gone=guest.id)
    turn.audit("guest_came", tickets=numbers)
    turn.say(phrase("behalf.welcome", name=turn.person.name))
    for number in numbers:
        cards.refresh(turn, turn.tx.tickets.get(number))
        relay.in_threads(turn, number, phrase("behalf.came", name=turn.person.name))
    return True
