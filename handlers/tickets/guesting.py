"""Guests: people outside the team whom an agent lets into one request, to read what is said and shown to them there.

What a guest writes is the team's to read, as a note; it goes to the requester only where an agent passes it on.
"""

from collections.abc import Sequence

from handlers.tickets import cards, guest_endings, guest_links, relay, visits
from handlers.tickets.agent_words import keep_agent_words, show_in_other_threads
from handlers.tickets.guest_endings import guest_account
from handlers.tickets.ticket_service import change_ticket
from handlers.turns import permissions
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Button, Chat, File, Lane, Message, Part, RichText, button_row, phrase
from handlers.vocabulary.stored_text import content_title, files_of
from storage.lifecycle import Refused
from storage.models import MessageKind, Role
from storage.people import guests
from storage.people.people import Person
from storage.retention import deletion
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket

MOST = 5  # guests of one request: more are a company


def are_of_guest(turn: Turn, said: TicketMessage) -> bool:
    """Return whether words on a request are a guest's, and not what they wrote there before as one of the team."""
    return said.kind is MessageKind.NOTE and turn.tx.guests.wrote(said.ticket_id, said.person_id, said.at)


def may_be_of_guest(turn: Turn, said: TicketMessage) -> bool:
    """Return whether words are of somebody who is or was a guest, whenever they wrote them: they may take them back, too."""
    return said.kind is MessageKind.NOTE and turn.tx.guests.was(said.ticket_id, said.person_id)


def let_in(turn: Turn, ticket: Ticket, person: Person) -> Ticket:
    """Let somebody be a guest of a request: its thread reads it, and they hear what is wanted of them. Twice is once."""
    if person.id in turn.tx.guests.of(ticket.id):
        return ticket
    must_be_guest(turn, ticket, person)
    ticket = change_ticket(turn, ticket)  # so that of two at once the second sees what the first has done
    turn.tx.guests.join(ticket.id, person.id, turn.now)
    turn.audit(Deed.GUEST_ADDED, ticket=ticket.id, person=person.id)
    cards.open_threads(turn, ticket)
    say_in_threads(turn, ticket, phrase("thread.guest", guest=person.name, name=turn.person.name), person)
    visits.show_visit(turn, ticket, guest_account(turn, person.id), phrase("guest.invited", name=turn.person.name))
    cards.refresh_cards(turn, ticket)
    return ticket


def must_be_guest(turn: Turn, ticket: Ticket, person: Person) -> None:
    """Refuse to let in who is of the team, whose request it is, who is banned, and more than anybody keeps in mind."""
    if not ticket.active:
        raise Refused("over", ticket=ticket.id)
    if permissions.strongest_account(turn, person).may(Role.AGENT):
        raise Refused("guest_team", ticket=ticket.id, name=person.name)
    if ticket.task_of is None and any(each.requester_id == person.id for each in turn.tx.related.whole(ticket)):
        raise Refused("guest_own", ticket=ticket.id, name=person.name)
    if turn.tx.bans.of(person.id, turn.now) is not None or turn.tx.erasure.erased_at(person.id) is not None:
        raise Refused("guest_banned", name=person.name)
    if len(turn.tx.guests.of(ticket.id)) >= MOST:
        raise Refused("many_guests", ticket=ticket.id, most=MOST)


def say_in_threads(turn: Turn, ticket: Ticket, said: Part, person: Person) -> None:
    """Say in a request's threads who has come, with what can be done with them."""
    buttons = guest_buttons(ticket, person)
    for channel in turn.channels_of(ticket):
        message = Message((said,), buttons=buttons)
        turn.send(turn.where(channel, ticket.id), relay.reader_of(turn, channel), message, ticket=ticket.id)


def guest_buttons(ticket: Ticket, person: Person) -> tuple[tuple[Button, ...], ...]:
    """Return what can be done with a guest."""
    tell = presses.TellGuest(ticket.id, person.id).button(phrase("button.guest_tell", name=person.name))
    show = presses.ShowGuest(ticket.id, person.id).button(phrase("button.guest_show", name=person.name))
    take = presses.TakeGuest(ticket.id, person.id).button(phrase("button.guest_off", name=person.name))
    return (*button_row(tell), *button_row(show), *button_row(take))


def must_be_let_in(turn: Turn, ticket: Ticket, person_id: int) -> Person:
    """Return a guest of a request; refuse who is none, or none any more."""
    if person_id not in turn.tx.guests.of(ticket.id):
        raise Refused("no_guest", ticket=ticket.id, name=turn.tx.tickets.name(person_id))
    return guest_account(turn, person_id)


def take_out(turn: Turn, ticket: Ticket, person_id: int) -> Ticket:
    """Let somebody be a guest of a request no more: they hear it, and the thread reads it."""
    person = must_be_let_in(turn, ticket, person_id)
    ticket = change_ticket(turn, ticket)
    guest_endings.end_visit(turn, ticket, person.id, "guest.taken_out")
    turn.audit(Deed.GUEST_TAKEN, ticket=ticket.id, person=person.id)
    relay.in_threads(turn, ticket.id, phrase("thread.guest_off", guest=person.name, name=turn.person.name))
    cards.refresh_cards(turn, ticket)
    return ticket


def end_visits(turn: Turn, person_id: int) -> None:
    """Let somebody be a guest of nothing any more: they are banned, erased, or one of the team."""
    for each in turn.tx.guests.invited(person_id):
        ticket = turn.tx.tickets.get(each.ticket)
        guest_endings.end_visit(turn, ticket, person_id, "guest.taken_out")
        name = turn.tx.tickets.name(person_id)
        relay.in_threads(turn, ticket.id, phrase("thread.guest_gone", guest=name))
        cards.refresh_cards(turn, ticket)


def let_in_again(turn: Turn, ticket: Ticket, person_id: int) -> None:
    """Let somebody be the guest again that they were until a request ended by mistake, unless they may be none by now."""
    try:
        must_be_guest(turn, ticket, turn.tx.people.get(person_id))
    except Refused:
        return
    turn.tx.guests.return_to(ticket.id, person_id)
    person = guest_account(turn, person_id)
    if guests.is_guest(person.native):  # what waited for them is gone
        visits.show_visit(turn, ticket, person, phrase("guest.invited", name=turn.person.name))


def go_along(turn: Turn, gone: Ticket, kept: Ticket) -> None:
    """Let the guests of a request that goes on in another be that one's; they hear its number.

    Whoever of them is one of its requesters now reads it as that, and is no guest of it.
    """
    for person_id in turn.tx.guests.move(gone.id, kept.id, turn.now):
        guest_endings.tell_number(turn, gone, kept, person_id)
    askers = {each.requester_id for each in turn.tx.related.whole(kept)}
    for person_id in askers.intersection(turn.tx.guests.of(kept.id)):
        turn.tx.guests.leave(kept.id, person_id, turn.now)


# What is said


def tell_guest(turn: Turn, ticket: Ticket, person_id: int, words: RichText, files: Sequence[File]) -> None:
    """Send an agent's words to a guest, and to nobody else; they stand in the thread, with what became of them."""
    ticket = permissions.must_work_on(turn, turn.tx.related.heir(ticket))
    person = must_be_let_in(turn, ticket, person_id)
    words, crossing = words.strip(), tuple(file for file in files if file.kind != "other")
    if not words and not crossing:
        raise Refused("cannot_cross", what=[content_title(file) for file in files])
    cards.open_threads(turn, ticket)
    kept = keep_agent_words(turn, ticket, MessageKind.NOTE, words, None)
    message = Message((words,), title=visits.title_of(turn, ticket, turn.person.name), files=crossing)
    address = Chat(person.source, person.home)
    turn.send(address, turn.reader(person), message, ticket=ticket.id, carries=kept, receipt=True)
    turn.tx.guests.talked(ticket.id, person.id, turn.now)
    relay.cannot_cross(turn, files, {person.source})
    show_in_other_threads(turn, ticket, kept, "👤←", words, crossing)


def change_told(turn: Turn, ticket: Ticket, said: TicketMessage, words: RichText) -> None:
    """Let the guests' copies of words say what they say now: an agent's that were said to them, a requester's that were shown."""
    files = tuple(file for file in files_of(said.files) if file.kind != "other")
    for outgoing, lane in deletion.copies_of(turn.tx.connection, said.id):
        person = visits.guest_at(turn, lane, ticket)
        if person is not None and visits.is_there(turn, ticket, person):
            message = visits.as_shown(turn, said, Message((words,), files=files))
            turn.send(Lane(lane), turn.reader(person), message, edits=outgoing, carries=said.id, ticket=ticket.id)


def pass_on(turn: Turn, said: TicketMessage) -> Ticket:
    """Return the request to whose requester a guest's words may go; refuse what is none, was taken back, or went already."""
    if said.deleted_at is not None or not are_of_guest(turn, said):
        raise Refused("expired")
    ticket = turn.tx.related.heir(turn.tx.tickets.get(said.ticket_id))
    if turn.tx.talk.answered_with(said.id):
        raise Refused("guest_passed", ticket=ticket.id)
    return ticket


# Who has not come yet


def let_in_by_link(turn: Turn, ticket: Ticket, name: str) -> Person:
    """Let somebody in whom the desk does not know, and say the link by which they come; return who they are until then."""
    source = guest_links.linking_source(turn)
    if not source:
        raise Refused("guest_unknown", name=name, ticket=ticket.id)
    must_take_guests(turn, ticket)
    person = guest_links.new_guest(turn, name, source)
    let_in(turn, ticket, person)
    tell_link(turn, ticket, person)
    return person


def must_take_guests(turn: Turn, ticket: Ticket) -> None:
    """Refuse a request that is over before anybody is made known for it."""
    if not ticket.active:
        raise Refused("over", ticket=ticket.id)
    if len(turn.tx.guests.of(ticket.id)) >= MOST:
        raise Refused("many_guests", ticket=ticket.id, most=MOST)


def tell_link(turn: Turn, ticket: Ticket, person: Person) -> None:
    """Say by which link somebody comes who has not written to the bot yet; nothing where they have."""
    if guests.is_guest(person.native):
        said = phrase("guest.link", name=person.name, ticket=ticket.id, days=guests.LIVES.days)
        turn.say(said, guest_links.link_of(turn, person), ticket=ticket.id)
