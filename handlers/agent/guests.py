"""Guests of a request, as the team deals with them: ``/guest``, the buttons in its thread, and who they are on its card."""

from collections.abc import Sequence

from handlers.tickets import agent_words, guesting, relay, replies, visits
from handlers.tickets.guest_links import ensure_person_known
from handlers.turns import form_dialog, naming, permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_number, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.draft_facts import DraftFacts, of_draft
from handlers.vocabulary.forms import Field, Form
from handlers.vocabulary.messages import Part, RichText, button_column, phrase
from handlers.vocabulary.stored_text import files_of, words_of
from handlers.vocabulary.subcommands import read_subcommand
from handlers.vocabulary.translations import Locale
from storage.lifecycle import Refused
from storage.models import MessageKind, Role
from storage.people.people import Person
from storage.tickets.tickets import Ticket

on = Routes()

NAME = 64  # characters
WORDS = 3  # of the name of somebody nobody knows: more are words meant for them
TELL = Form(
    "guest_tell", {"": "guest.title"}, (Field("text", {"": "guest.ask"}, "long_text", limit=10_000),), review=False
)
SIGNS = "-−–"  # before a name: this one no more


@on.command("guest", role=Role.AGENT)
def guest(turn: Turn) -> None:
    """Somebody outside sees one request: /guest 42 @plumber Please come on Friday; no more: /guest 42 off @plumber."""
    ticket, said = goes_on_in(turn, ticket_argument(turn).id), after_number(naming.command_value(turn))
    first, _, rest = said.partition(" ")
    if not said:
        tell_guests(turn, ticket)
    elif read_subcommand(first) == "off" or first[0] in SIGNS:
        name = rest if read_subcommand(first) == "off" else said.lstrip(SIGNS)
        person = guest_named(turn, ticket, name)
        guesting.take_out(turn, ticket, person.id)
        turn.toast(phrase("guest.off", ticket=ticket.id, name=person.name))
    else:
        let_in_named(turn, ticket, said)


def tell_guests(turn: Turn, ticket: Ticket) -> None:
    """Say who the guests of a request are, with what can be done with each."""
    found = [turn.tx.people.get(each) for each in turn.tx.guests.of(ticket.id)]
    if not found:
        turn.say(phrase("guest.none", ticket=ticket.id), ticket=ticket.id)
        return
    buttons = tuple(row for person in found for row in guesting.guest_buttons(ticket, person))
    turn.say(phrase("card.guests", names=[person.name for person in found]), buttons=buttons, ticket=ticket.id)


def guest_named(turn: Turn, ticket: Ticket, name: str) -> Person:
    """Return the guest of a request who is called so: the only one, where nobody is named."""
    found = [turn.tx.people.get(each) for each in turn.tx.guests.of(ticket.id)]
    if not name.strip() and len(found) == 1:
        return found[0]
    if not found:
        raise Refused("guest_nobody", ticket=ticket.id)
    person, _ = naming.teammate_first(turn, name, found)
    return person


def let_in_named(turn: Turn, ticket: Ticket, said: str) -> None:
    """Let in whom a text names first, and tell them what follows; a name that nobody has gets a link to pass on."""
    found, name, words = named_first(turn, ticket, said)
    if len(found) > 1:
        shown = found[: naming.SHOWN]
        choices = (presses.InviteGuest(ticket.id, each.id).button(naming.identity_line(each)) for each in shown)
        turn.say(phrase("behalf.which", name=name), buttons=button_column(*choices), ticket=ticket.id)
    elif found:
        let_in_and_tell(turn, ticket, found[0], words)
    elif name.startswith("@") or len(name.split()) > WORDS:
        raise Refused("guest_unknown", name=name.split()[0], ticket=ticket.id)
    else:
        person = guesting.let_in_by_link(turn, ticket, name)
        if words:
            guesting.tell_guest(turn, ticket, person.id, last_words(turn, words), turn.event.files)


def named_first(turn: Turn, ticket: Ticket, said: str) -> tuple[list[Person], str, str]:
    """Return whom a text names first (a mention, a guest of the request, or anybody known), how, and the words that follow.

    What stands before a colon is a name as a whole.
    """
    first, _, rest = said.partition(" ")
    mentioned = next(iter(naming.mentions_in(turn)), None)
    if naming.is_account(turn, first) and mentioned is not None:
        name = turn.event.words.text[mentioned.start : mentioned.end].removeprefix("@")
        return [ensure_person_known(turn, mentioned.url, name)], name, rest.strip()
    here = [turn.tx.people.get(each) for each in turn.tx.guests.of(ticket.id)]
    whole, colon, after = said.partition(":")
    words = whole.split()
    for count in range(min(len(words), naming.LONGEST), 0, -1):
        name = " ".join(words[:count])
        found = naming.best_named(here, name, turn.event.source) or naming.known_as(turn, name)
        if found and (not colon or count == len(words)):
            left = after if colon else said.split(maxsplit=count)[count] if len(words) > count else ""
            return found, name, left.strip()
    return [], " ".join(words)[:NAME], after.strip()


def let_in_and_tell(turn: Turn, ticket: Ticket, person: Person, words: str) -> None:
    """Let somebody in, and tell them what was said with it."""
    was = person.id in turn.tx.guests.of(ticket.id)
    ticket = guesting.let_in(turn, ticket, person)
    if words or turn.event.files:
        guesting.tell_guest(turn, ticket, person.id, last_words(turn, words), turn.event.files)
    elif was:
        tell_guests(turn, ticket)
    if not was:
        guesting.tell_link(turn, ticket, person)
        if not agent_words.said_in_thread(turn, ticket):
            turn.toast(phrase("guest.on", ticket=ticket.id, name=person.name))


def last_words(turn: Turn, words: str) -> RichText:
    """Return the end of what was said with its formatting, where it says the same."""
    whole = turn.event.words.strip()
    ended = whole.cut(len(whole.text) - len(words), len(whole.text))
    return ended if ended.text == words else RichText(words)


def goes_on_in(turn: Turn, number: int) -> Ticket:
    """Return the request in which one goes on, whose guests its guests are; refuse who may not work on it."""
    return permissions.must_work_on(turn, turn.tx.related.heir(turn.tx.tickets.get(number)))


@on.press(presses.InviteGuest, role=Role.AGENT, act="guest")
def invite_chosen(turn: Turn) -> None:
    """One of several of a name is let in."""
    pressed = turn.pressed(presses.InviteGuest)
    ticket = goes_on_in(turn, pressed.ticket)
    person = permissions.person_of_button(turn, pressed.person)
    guesting.let_in(turn, ticket, person)
    turn.say(
        phrase("guest.on", ticket=ticket.id, name=person.name), edits=turn.shown.outgoing_id if turn.shown else None
    )


@on.press(presses.TakeGuest, role=Role.AGENT, act="guest")
def take_pressed(turn: Turn) -> None:
    """A guest is none any more."""
    pressed = turn.pressed(presses.TakeGuest)
    ticket = goes_on_in(turn, pressed.ticket)
    guesting.take_out(turn, ticket, pressed.person)
    turn.toast(phrase("guest.off", ticket=ticket.id, name=turn.tx.tickets.name(pressed.person)))


@on.press(presses.ShowGuest, role=Role.AGENT, act="guest")
def show_pressed(turn: Turn) -> None:
    """A guest reads what the requester wrote; pressed again, what is new since."""
    pressed = turn.pressed(presses.ShowGuest)
    ticket = goes_on_in(turn, pressed.ticket)
    person = guesting.must_be_let_in(turn, ticket, pressed.person)
    if not visits.show_request(turn, ticket, person):
        raise Refused("guest_read", name=person.name)
    turn.tx.guests.talked(ticket.id, person.id, turn.now)
    turn.audit(Deed.GUEST_SHOWN, ticket=ticket.id, person=person.id)
    relay.in_threads(turn, ticket.id, phrase("thread.guest_shown", guest=person.name, name=turn.person.name))


@on.press(presses.TellGuest, role=Role.AGENT, act="guest")
def ask_words(turn: Turn) -> None:
    """The agent is asked for words for a guest."""
    pressed = turn.pressed(presses.TellGuest)
    ticket = goes_on_in(turn, pressed.ticket)
    person = guesting.must_be_let_in(turn, ticket, pressed.person)
    form_dialog.open_form(turn, TELL, about=DraftFacts(ticket=ticket.id, guest=person.id))


@on.submit("guest_tell", role=Role.AGENT, act="guest")
def tell_prompted(turn: Turn) -> None:
    """The words asked for go to the guest."""
    ticket, person = turn.tx.tickets.get(of_draft(turn.event.about.ticket)), of_draft(turn.event.about.guest)
    guesting.tell_guest(turn, ticket, person, replies.prompted_words(turn), turn.event.files)


@on.press(presses.PassOn, role=Role.AGENT, act="r")
def pass_on(turn: Turn) -> None:
    """What a guest wrote goes to the requester, as the agent's own reply."""
    said = turn.tx.talk.get(turn.pressed(presses.PassOn).message)
    if said is None:
        raise Refused("expired")
    ticket = guesting.pass_on(turn, said)
    replies.must_have_requester(ticket)
    ticket = permissions.must_work_on(turn, ticket)
    words, files = said.words, said.files
    kept = turn.tx.talk.add(
        ticket.id, turn.person.id, MessageKind.REPLY, words=words, files=files, at=turn.now, anchor=said.id
    )
    replies.deliver_agent_words(turn, ticket, kept, words_of(said.words), files_of(said.files))
    turn.audit(Deed.GUEST_PASSED_ON, ticket=ticket.id, person=said.person_id)
    turn.toast(phrase("done.sent", ticket=ticket.id))


def guests_line(turn: Turn, ticket: Ticket, _: Locale) -> Sequence[Part]:
    """Say on the card who its guests are."""
    names = [turn.tx.tickets.name(one) for one in turn.tx.guests.of(ticket.id)]
    return [phrase("card.guests", names=names)] if names else []
