"""Receipts: what became of an agent's reply, under that reply."""

from collections.abc import Sequence

from handlers.tickets.relay import reader_of
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Address, Button, Chat, Kind, Message, Phrase, button_row, phrase
from handlers.vocabulary.payloads import Receipt
from handlers.vocabulary.translations import Locale
from storage.models import MessageKind, Role, Sending
from storage.people.people import Channel
from storage.queues import undelivered
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket

on = Routes()


@on.kind(Kind.RECEIPT)
def receipt(turn: Turn) -> None:
    """The messenger took a reply, or did not: its author is told under their words, once, and again when that changes."""
    about = turn.event.receipt
    said = carried_message(turn, about.outgoing) if about is not None else None
    if about is None or said is None or said.deleted_at is not None:
        return
    ticket = turn.tx.tickets.get(said.ticket_id)
    fates = {outgoing: state for outgoing, _, state, _ in turn.tx.talk.carriers(said.id)}
    if said.kind is MessageKind.NOTE and about.outgoing in fates:
        show_guest_receipt(turn, ticket, said, about)
        return
    if said.kind is not MessageKind.REPLY:
        tell_missing_files(turn, said, about.missing)
        return
    words, again = receipt_text(about)
    if not again and Sending.FAILED in fates.values():
        return  # of several requesters one did not get it: that stays to be seen, with Retry
    buttons = (
        button_row(presses.Retry(about.outgoing).button(phrase("button.retry")))
        if again
        else button_row(
            presses.Rephrase(said.id).button(phrase("button.edit")),
            presses.Unsend(said.id).button(phrase("button.delete")),
        )
    )
    show_receipt(turn, ticket, said, words, buttons)


def show_guest_receipt(turn: Turn, ticket: Ticket, said: TicketMessage, about: Receipt) -> None:
    """Show what became of words to a guest of a request."""
    words, again = receipt_text(about)
    if about.state == Sending.FAILED and about.reason == "blocked":
        words = phrase("guest.blocked")
    retry_button = presses.Retry(about.outgoing).button(phrase("button.retry"))
    show_receipt(turn, ticket, said, words, button_row(retry_button) if again else ())


def receipt_text(about: Receipt) -> tuple[Phrase, bool]:
    """Return the words for a fate, and whether trying again makes sense."""
    state, reason = about.state, about.reason
    if state == Sending.FAILED and reason == "uncertain":
        return phrase("receipt.unsure"), True
    if state == Sending.FAILED:
        return phrase("receipt.failed", why=phrase(f"undelivered.{reason}", word=about.word or "—")), True
    if state == Sending.QUEUED:
        return phrase("receipt.queued"), False
    if about.missing:
        return phrase("receipt.without", what=list(about.missing)), False
    return phrase("receipt.uncertain" if about.uncertain else "receipt.delivered"), False


def tell_missing_files(turn: Turn, said: TicketMessage, names: Sequence[str]) -> None:
    """Tell a requester, once, which of their files did not get through to the team."""
    if said.kind is MessageKind.FOLLOW_UP and names:
        ticket = turn.tx.tickets.get(said.ticket_id)
        turn.tell(ticket, phrase("talk.not_brought_sent", what=list(names)))


def carried_message(turn: Turn, outgoing: int) -> TicketMessage | None:
    """Return the message that a promise carries."""
    number = turn.tx.talk.carried_by(outgoing)
    return turn.tx.talk.get(number) if number is not None else None


def show_receipt(
    turn: Turn, ticket: Ticket, said: TicketMessage, words: Phrase, buttons: tuple[tuple[Button, ...], ...]
) -> None:
    """Show a receipt where the reply was written: on the receipt it has, or on a new one."""
    found = place_of(turn, ticket, said)
    if found is None:
        return
    address, reader = found
    message = Message((words,), buttons=buttons, silent=True)
    shown = turn.send(address, reader, message, edits=said.receipt_id, anchor=said.id, ticket=ticket.id)
    if said.receipt_id is None:
        turn.tx.talk.keep_receipt(said.id, shown)


def place_of(turn: Turn, ticket: Ticket, said: TicketMessage) -> tuple[Address, Locale] | None:
    """Return where a reply was written, in its thread or in its author's own chat, and who reads there."""
    where = turn.tx.talk.origin(said.id)
    channel = next((channel for channel in turn.channels if channel.place == where), None)
    if channel is None and where is not None:
        for author in turn.tx.people.by_account(said.person_id):
            if where in (f"{author.source}:{author.chat}", f"{author.source}:{author.home}"):
                return Chat(author.source, author.home), turn.reader(author)
    channel = channel or own_channel(turn, ticket, said)
    if channel is None or not turn.tx.talk.thread(ticket.id, channel.id):
        return None
    return turn.where(channel, ticket.id), reader_of(turn, channel)


def own_channel(turn: Turn, ticket: Ticket, said: TicketMessage) -> Channel | None:
    """Return the team channel of the author's messenger: there stand the words that were written in a window."""
    source = turn.tx.people.get(said.person_id).source
    return next((channel for channel in turn.channels_of(ticket) if channel.source == source), None)


@on.press(presses.Retry, role=Role.AGENT, act="r")
def retry(turn: Turn) -> None:
    """A reply that failed is tried again."""
    tried = undelivered.retry_undelivered(turn.tx.connection, [turn.pressed(presses.Retry).outgoing], turn.now)
    turn.toast(phrase("receipt.again" if tried else "expired"))
