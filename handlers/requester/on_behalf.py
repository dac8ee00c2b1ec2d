"""A request registered for somebody else: known, named by the messenger, or a guest who gets a one-time link to come by."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.tickets import cards, guest_links, relay
from handlers.tickets.guest_links import LINK, ensure_person_known, new_guest
from handlers.turns import naming, recent_queries
from handlers.turns.private_chat import continue_in_private
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.messages import Part, button_column, button_row, phrase
from handlers.vocabulary.payloads import Submission
from storage.lifecycle import Refused
from storage.models import Role, StateKind
from storage.people import guests
from storage.people.people import Person

NAME = 64  # characters


def is_meant(turn: Turn) -> bool:
    """Return whether an agent asks for a request for somebody else, and not for one of their own."""
    return turn.channel is not None and turn.person.may(Role.AGENT) and turn.event.value.strip() not in ("", "anew")


def turn_for_named_person(turn: Turn) -> Turn | None:
    """Return the turn in which a request for somebody is asked for; None where it is asked first who is meant by a name."""
    name = " ".join(turn.event.value.split())[:NAME]
    mention = next((s for s in turn.event.words.spans if s.kind == "mention" and s.url), None)
    if mention is not None:
        said = turn.event.words.text[mention.start : mention.end].removeprefix("@")
        return on_behalf(turn, ensure_person_known(turn, mention.url, said))
    known = naming.known_as(turn, name)
    guest = not name.startswith("@") and bool(turn.links(turn.event.source, LINK))
    if known:
        ask_whether(turn, name, known, guest=guest)
        return None
    if not guest:
        raise Refused("whom", name=name)
    return on_behalf(turn, new_guest(turn, name))


def ask_whether(turn: Turn, name: str, known: Sequence[Person], *, guest: bool) -> None:
    """Ask who is meant: anybody can call themselves anything, so those of this name are told apart."""
    people = [
        presses.NewFor(person.account_id).button(naming.identity_line(person)) for person in known[: naming.SHOWN]
    ]
    if guest:
        people.append(
            presses.NewForGuest(recent_queries.remember_query(turn, StateKind.GUEST, name)).button(
                phrase("behalf.new_guest", name=name)
            )
        )
    turn.say(phrase("behalf.which", name=name), buttons=button_column(*people))


def turn_for_chosen_person(turn: Turn) -> Turn:
    """Return the turn in which a request is asked for, for whoever is on the button."""
    if turn.event.name == "for_guest":
        return on_behalf(
            turn,
            new_guest(
                turn, recent_queries.recall_query(turn, StateKind.GUEST, turn.pressed(presses.NewForGuest).query)[1]
            ),
        )
    person = turn.tx.people.account(turn.pressed(presses.NewFor).account)
    if person is None:
        raise Refused("expired")
    return on_behalf(turn, person)


def on_behalf(turn: Turn, person: Person) -> Turn:
    """Return the turn in which somebody's request is asked for, in the agent's own chat; for whom is remembered."""
    elsewhere = continue_in_private(turn)
    about = DraftFacts(requester=person.account_id)
    return replace(elsewhere, event=replace(elsewhere.event, submission=Submission(about=about)))


def form_requester(turn: Turn) -> Person:
    """Return whose request a submitted dialog is: the actor's own, or that of whom an agent asked for."""
    account = turn.event.about.requester
    if account is None:
        return turn.person
    if not turn.person.may(Role.AGENT):
        raise Refused("not_yours", role=Role.AGENT)
    return turn.tx.people.of_account(account)


def registration_lines(turn: Turn, person: Person, number: int) -> list[Part]:
    """Return what an agent is told of a request for somebody: with the link to pass on where they cannot be written to yet."""
    parts: list[Part] = [phrase("behalf.registered", ticket=number, name=person.name)]
    if guests.is_guest(person.native):
        parts += [phrase("behalf.link", name=person.name, days=guests.LIVES.days), guest_links.link_of(turn, person)]
    return parts


def adopt_guest_by_link(turn: Turn, word: str) -> bool:
    """Somebody came by a guest's link: what was registered for them is theirs, and what was said to them is sent."""
    guest = turn.tx.people.find(turn.event.source, guests.MARK + word)
    if guest is None:
        return False
    if turn.person.may(Role.AGENT):
        raise Refused("link_of_another", name=guest.name)
    if not guests.is_guest_link_valid(turn.tx.connection, guest.native, turn.now):
        raise Refused("guest_link_over", days=guests.LIVES.days)
    let_in = {each.ticket for each in turn.tx.guests.invited(guest.id)}
    numbers = guests.adopt_guest_account(
        turn.tx.connection, guest=guest.account_id, real=turn.person.account_id, now=turn.now
    )
    turn.tx.people.link(keep=turn.person.id, gone=guest.id)
    invited = [each.ticket for each in turn.tx.guests.invited(turn.person.id) if each.ticket in let_in]
    turn.audit(Deed.GUEST_CAME, tickets=[*numbers, *invited])
    if numbers or invited:
        turn.say(phrase("behalf.welcome" if numbers else "guest.welcome", name=turn.person.name))
    else:
        new = presses.NewRequest("anew").button(phrase("button.new"))
        turn.say(phrase("guest.late", name=turn.person.name), buttons=button_row(new))
    for number in (*numbers, *invited):
        cards.refresh_cards(turn, turn.tx.tickets.get(number))
        relay.in_threads(turn, number, phrase("behalf.came", name=turn.person.name))
    return True
