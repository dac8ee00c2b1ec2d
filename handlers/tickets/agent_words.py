"""An agent's words on a ticket: kept with the native message they came in, and shown in its other threads."""

import re
import zlib

from handlers.tickets import relay
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Event, File, Kind, Message, RichText
from handlers.vocabulary.stored_text import as_data
from storage.models import MessageKind
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket


def keep_agent_words(turn: Turn, ticket: Ticket, kind: MessageKind, words: RichText, anchor: int | None) -> int:
    """Keep what an agent said, and which native message it came in."""
    data, files = as_data(turn.event)
    data = {**data, "text": words.text, "spans": spans_data(words)}
    if before := words_before(turn.event, words):
        data["before"] = before
    kept = turn.tx.talk.add(ticket.id, turn.person.id, kind, words=data, files=files, at=turn.now, anchor=anchor)
    for native in turn.event.parts or [turn.event.message]:
        if native and not turn.event.interaction:
            turn.tx.talk.written(turn.event.place, native, kept, turn.now)
    return kept


def words_before(event: Event, words: RichText) -> list[int]:
    """Return which words stand before what a command says, by their checksums: of which request, to whom.

    By a checksum a word is known again, and nobody's name is kept that an erase would have to find.
    """
    whole = event.words.text.rstrip()
    if event.kind is not Kind.COMMAND or not whole.endswith(words.text):
        return []
    return [word_checksum(word) for word in whole[: len(whole) - len(words.text)].split()]


def words_behind(event: Event, said: TicketMessage) -> RichText:
    """Return what an edited command says now, without those of the words before it with which it begins still."""
    words, before = event.words, said.words.get("before", [])
    if not event.name or not before:
        return words
    end, left = 0, re.finditer(r"\S+", words.text)
    word = next(left, None)
    for each in before:
        if word is not None and word_checksum(word[0]) == each:  # a word that was left out is passed over
            end, word = word.end(), next(left, None)
    return words.cut(end, len(words.text)).strip()


def word_checksum(word: str) -> int:
    """Return by what a word is known again, however its letters and the signs about it are written: #42, @Petro, Petro:"""
    return zlib.crc32(word.casefold().lstrip("#@").rstrip(":,").encode())


def spans_data(words: RichText) -> list[dict[str, object]]:
    """Return the formatting of words as it is stored, without whom they mention."""
    return [{"kind": s.kind, "start": s.start, "end": s.end, "url": s.url} for s in words.spans if s.kind != "mention"]


def show_in_other_threads(
    turn: Turn, ticket: Ticket, kept: int, mark: str, words: RichText, files: tuple[File, ...]
) -> None:
    """Show what an agent said in the ticket's threads where it does not stand already, signed."""
    for channel in turn.channels_of(ticket):
        if turn.channel is not None and channel.id == turn.channel.id and said_in_thread(turn, ticket):
            continue
        if turn.tx.talk.thread(ticket.id, channel.id):
            message = Message((words,), title=f"{mark} {turn.person.name}", files=files)
            turn.send(
                turn.where(channel, ticket.id), relay.reader_of(turn, channel), message, carries=kept, ticket=ticket.id
            )


def said_in_thread(turn: Turn, ticket: Ticket) -> bool:
    """Return whether the event's own message is read by whoever reads a ticket's thread: a form is not, nor words in the queue.

    In a group without threads everything stands in one chat.
    """
    if turn.channel is None or not turn.event.message:
        return False
    number = turn.number if turn.channel.threads or turn.can(turn.channel.source).rooted else ticket.id
    if number is None or (turn.channel.threads and not turn.event.thread):
        return False
    return number == ticket.id or turn.tx.related.heir(turn.tx.tickets.get(number)).id == ticket.id
