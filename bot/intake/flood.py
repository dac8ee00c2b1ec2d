"""More than a person's measure of turns: words wait and are joined, acts are refused, and it is said once."""

from dataclasses import replace
from datetime import datetime

from bot.intake.turn_runner import TurnRunner
from handlers import dispatch
from handlers.admin import bans
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Event, Kind, join_lines, phrase, read_event
from storage.engine.compiled import savepoint
from storage.engine.database import Connection
from storage.queues import inbox
from storage.queues.inbox import QueuedEvent

TOGETHER = 10  # messages that one turn hears
LENGTH = 2500  # characters of them: less than a form takes as what the matter is


def fold_words(connection: Connection, waiting: QueuedEvent, event: Event, now: datetime) -> tuple[QueuedEvent, Event]:
    """Return a head with the words that wait behind it, as far as they are words of the same person in the same place."""
    ids, others, length = list(waiting.ids), list[Event](), len(event.words.text)
    if waiting.tries or len(ids) > 1:  # what has failed is tried by itself; an album is one already
        return waiting, event
    for number, payload in inbox.following_events(connection, waiting, now, TOGETHER - 1):
        try:
            other = read_event(payload)
        except ValueError:
            break
        length += len(other.words.text)
        if other.kind is not Kind.TEXT or length > LENGTH or _place(other) != _place(event):
            break
        ids.append(number)
        others.append(other)
    return (replace(waiting, ids=tuple(ids)), _joined((event, *others))) if others else (waiting, event)


def _joined(events: tuple[Event, ...]) -> Event:
    """Return the first event with the words and files of all, as one turn hears them."""
    files = tuple(file for each in events for file in each.files)
    return replace(events[0], words=join_lines(*(each.words for each in events)), files=files, burst=events)


def _place(event: Event) -> tuple[str, str, str, str]:
    return event.sender.native if event.sender else "", event.chat, event.thread, event.reply_to


def tell_flood(turning: TurnRunner, connection: Connection, event: Event) -> Turn:
    """Say, once a flood, what becomes of what its author says and does; who is not served hears nothing."""
    with savepoint(connection):
        turn = turning.turn(connection, event)
        if dispatch.admit_event(turn) and turn.actor is not None and not bans.kept_out(turn):
            turn.toast(phrase("flood.words" if event.kind is Kind.TEXT else "flood.acts"), vital=True)
        return turn
