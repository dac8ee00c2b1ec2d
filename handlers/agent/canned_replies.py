"""Canned replies: prepared texts that an agent sends by name, seen before they are sent."""

from datetime import timedelta

from handlers.rules.canned import Canned
from handlers.tickets.replies import send_words
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import RichText, bold_text, button_column, button_row, phrase
from kb import nearest
from storage.lifecycle import Refused
from storage.models import MessageKind, Role
from storage.tickets.tickets import Ticket

on = Routes()

MOMENT = timedelta(minutes=1)
LINE = 60  # characters of a reply in a list
LISTED = 30  # replies, the most used first


@on.command("canned", role=Role.AGENT)
def canned(turn: Turn) -> None:
    """The prepared replies, the most used first; one by name is shown as it would be sent: /canned refund."""
    known, words = turn.rules.canned, turn.event.value.split()
    numbers = [number for word in words if (number := number_in(word)) is not None]
    name = " ".join(word for word in words if number_in(word) is None)
    if not known:
        turn.say(phrase("canned.none"))
        return
    number = numbers[0] if numbers else turn.number
    ticket = turn.tx.tickets.get(number) if number is not None else None
    if name:
        preview_reply(turn, reply_by_name(turn, name), ticket)
    else:
        list_replies(turn, ticket)


def reply_by_name(turn: Turn, word: str) -> Canned:
    """Return the reply that is meant by a name, however it is spelled."""
    known = turn.rules.canned
    meant = nearest(word.replace(" ", "_"), known) or nearest(word, known)
    if meant is None:
        raise Refused("canned", name=word, known=", ".join(known))
    return known[meant]


def list_replies(turn: Turn, ticket: Ticket | None) -> None:
    """List the replies; in a ticket's thread each is a button."""
    used = turn.tx.kept.used()
    often = sorted(turn.rules.canned.values(), key=lambda one: (-used.get(one.name, 0), one.name))[:LISTED]
    language = turn.here[1].language
    if ticket is None:
        lines = [RichText(reply_beginning(one, language, before=f"{one.name} – ")) for one in often]
        turn.say(phrase("canned.title"), *lines, phrase("canned.how"))
        return
    labels = (reply_beginning(one, language, before=f"{one.name} · ") for one in often)
    buttons = (presses.Canned(ticket.id, one.name).button(label) for label, one in zip(labels, often, strict=True))
    turn.say(phrase("canned.title"), buttons=button_column(*buttons), ticket=ticket.id)


def reply_beginning(one: Canned, language: str, before: str = "") -> str:
    """Return how a reply begins, on one line."""
    flat = before + " ".join(one.in_language(language, "en").split())
    return flat if len(flat) <= LINE else flat[: LINE - 1].rstrip() + "…"


@on.press(presses.Canned, role=Role.AGENT)
def chosen(turn: Turn) -> None:
    """A reply of the list is shown as it would be sent."""
    meant = turn.pressed(presses.Canned)
    preview_reply(turn, existing_reply(turn, meant.reply), turn.tx.tickets.get(meant.ticket), edits=True)


def existing_reply(turn: Turn, name: str) -> Canned:
    """Return a reply by its exact name; it may have been dropped meanwhile."""
    if name not in turn.rules.canned:
        raise Refused("canned", name=name, known=", ".join(turn.rules.canned) or "—")
    return turn.rules.canned[name]


def preview_reply(turn: Turn, one: Canned, ticket: Ticket | None, *, edits: bool = False) -> None:
    """Show a reply as its requester would read it, with a button that sends it."""
    if ticket is None:
        language = turn.here[1].language
        turn.say(bold_text(one.name), RichText(one.in_language(language, "en")), phrase("canned.how"))
        return
    send = presses.SendCanned(ticket.id, one.name).button(phrase("canned.send"))
    wait = presses.SendCannedAndWait(ticket.id, one.name).button(phrase("canned.send_wait"))
    shown = turn.shown.outgoing_id if edits and turn.shown else None
    requester = turn.tx.people.of_account(ticket.account_id).name
    parts = (phrase("canned.preview", ticket=ticket.id, requester=requester), filled_reply(turn, one, ticket))
    turn.say(*parts, buttons=button_row(send, wait), edits=shown, ticket=ticket.id)


def filled_reply(turn: Turn, one: Canned, ticket: Ticket) -> RichText:
    """Return a reply in its requester's language, with everybody's names in it."""
    requester = turn.tx.people.of_account(ticket.account_id)
    language = turn.reader(requester).language
    text = one.in_language(language, ticket.language, turn.rules.language, "en")
    facts = {"requester": requester.name, "ticket": f"#{ticket.id}", "agent": turn.person.name}
    return RichText(text.format_map(facts))


@on.press(presses.SendCanned, role=Role.AGENT, act="r")
def send(turn: Turn) -> None:
    """A reply that was shown goes to the requester, as the agent's own."""
    send_reply(turn, wait=False)


@on.press(presses.SendCannedAndWait, role=Role.AGENT, act="r?")
def send_and_wait(turn: Turn) -> None:
    """A reply that was shown goes to the requester, and the ticket waits for them."""
    send_reply(turn, wait=True)


def send_reply(turn: Turn, *, wait: bool) -> None:
    """Send a reply and count it; what asked whether to is gone, so that it is not sent twice."""
    meant = turn.pressed(presses.SendCanned)
    name = meant.reply
    one, ticket = existing_reply(turn, name), turn.tx.tickets.get(meant.ticket)
    words = filled_reply(turn, one, ticket)
    if just_sent(turn, ticket, words):
        raise Refused("canned_twice", ticket=ticket.id)
    shown = turn.shown.outgoing_id if turn.shown else None
    ticket = send_words(turn, ticket, words, wait=wait, files=())
    turn.tx.kept.use(name)
    turn.say(phrase("canned.sent", name=name, ticket=ticket.id), words, edits=shown, ticket=ticket.id)


def just_sent(turn: Turn, ticket: Ticket, words: RichText) -> bool:
    """Return whether the actor has sent these very words a moment ago: a button was pressed twice."""
    last = turn.tx.talk.last(ticket.id, MessageKind.REPLY)
    mine = last is not None and last.person_id == turn.person.id and last.deleted_at is None
    return mine and last is not None and last.words["text"] == words.text and turn.now - last.at < MOMENT
