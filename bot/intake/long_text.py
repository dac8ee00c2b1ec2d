"""A text longer than one message: clients cut it at the limit and send the rest at once, and it is heard as one."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.inbox import is_long
from handlers.vocabulary.messages import Event, Kind, RichText, read_event
from storage.engine.database import Connection
from storage.queues import inbox
from storage.queues.inbox import QueuedEvent

APART = timedelta(seconds=2)  # between the parts, whose times are whole seconds
PARTS = 4  # that are joined at most


def with_rest(connection: Connection, waiting: QueuedEvent, event: Event, now: datetime) -> tuple[QueuedEvent, Event]:
    """Return the head of a lane with the rest of its text, where that waits behind it."""
    parts, ids = [event], list(waiting.ids)
    if waiting.tries or len(ids) > 1 or not is_long(event):
        return waiting, event
    for number, payload in inbox.following_events(connection, waiting, now, PARTS - 1):
        try:
            other = read_event(payload)
        except ValueError:
            break
        if not is_long(parts[-1]) or not _goes_on(parts[-1], other):
            break
        ids.append(number)
        parts.append(other)
    return (replace(waiting, ids=tuple(ids)), _joined(parts)) if len(parts) > 1 else (waiting, event)


def _goes_on(before: Event, other: Event) -> bool:
    same = (before.sender, before.chat, before.thread) == (other.sender, other.chat, other.thread)
    words = other.kind is Kind.TEXT and not other.files and not other.origin and not other.reply_to
    return same and words and other.at - before.at <= APART


def _joined(parts: list[Event]) -> Event:
    """Return the first part with the words of all: a requester's are kept each by itself, so that each can be edited."""
    words = parts[0].words
    for part in parts[1:]:
        words = words + RichText("\n" if words.text[-1:] in ".!?…:;" else " ") + part.words
    first, burst = parts[0], tuple(parts) if parts[0].kind is Kind.TEXT else ()
    value = words.text if first.kind is Kind.COMMAND else first.value
    return replace(first, words=words, value=value, burst=burst, parts=tuple(part.message for part in parts))
