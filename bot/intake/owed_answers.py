"""Answers that only a living process can give: a window that opens, a word that only the actor sees.

They are promised in no outbox, for they are worth nothing later. A process that dies between the commit and the answer leaves
somebody with nothing: what is owed stands beside what is begun (``storage/engine/begun_turns.py``), which costs no commit, and
the next start says so to whom it is owed.
"""

import logging
import threading
from datetime import datetime, timedelta

from bot.intake.turn_runner import TurnRunner, readable_event
from bot.messengers.protocol import Answer
from handlers import dispatch
from handlers.turns.private_chat import in_own_chat
from handlers.turns.turn import Turn
from handlers.vocabulary.audience import Audience
from handlers.vocabulary.messages import Event, Kind, phrase
from storage.engine.begun_turns import Begun, Marks, NoMarks
from storage.engine.compiled import savepoint
from storage.engine.database import Connection, database_failure
from storage.queues import inbox
from storage.queues.inbox import QueuedEvent

log = logging.getLogger("frontdesk.desk")

OWED = -1  # in the place of the tries of what is begun: these have had their turns, and wait for their answers
MOST = 64  # answers at a time that are remembered, the newest: a mark has one line
LONG_AGO = timedelta(days=1)  # nobody waits for an answer that long


class OwedAnswers:
    """What a process owes; it is noted in the thread of the turns, and given in that of the loop."""

    def __init__(self, slot: int) -> None:
        """``slot`` is the mark that is kept for them."""
        self._slot = slot
        self._marks: Marks = NoMarks()
        self._ids: dict[tuple[str, str], int] = {}  # by source and key of the event
        self._lock = threading.Lock()

    def keep_in(self, marks: Marks) -> None:
        """From now on remember them beyond this process; what stood there has been owned up to."""
        with self._lock:
            self._marks = marks
            self._write()

    def note(self, waiting: QueuedEvent, answer: Answer) -> None:
        """Remember an answer, before the commit after which it is given."""
        if is_missed(answer):
            with self._lock:
                self._ids[_key(answer.event)] = waiting.ids[0]
                self._write()

    def given(self, answer: Answer) -> None:
        """Forget an answer: it was given, or something was said in its place."""
        with self._lock:
            if self._ids.pop(_key(answer.event), None) is not None:
                self._write()

    def _write(self) -> None:
        self._marks.begin(self._slot, list(self._ids.values())[-MOST:], OWED)


def _key(event: Event) -> tuple[str, str]:
    return event.source, event.key


def is_missed(answer: Answer) -> bool:
    """Return whether somebody would be left with nothing: a word beside a button that has done its work is none of these."""
    if answer.opening is not None or any(toast.vital or toast.alert for toast in answer.toasts):
        return True
    return bool(answer.toasts) and answer.event.kind is Kind.COMMAND


def own_up(connection: Connection, found: Begun, turning: TurnRunner) -> None:
    """Tell whom a process that died may have left without an answer; what never had its turn is answered by that.

    Nothing of it is worth a start: where it fails, it is logged.
    """
    for number in found.ids:
        waiting = inbox.handled_event(connection, number)
        event = readable_event(waiting) if waiting is not None else None
        if waiting is None or event is None:
            continue
        try:
            with savepoint(connection):
                _tell(turning.turn(connection, event), waiting.received_at)
        except Exception as error:
            if database_failure(error) is not None:
                raise
            log.warning("that an answer was cut off could not be told", exc_info=error, extra={"event": "untold"})


def _tell(turn: Turn, heard_at: datetime) -> None:
    """Tell one of them, where they hear it alone, if they are still served."""
    if heard_at < turn.now - LONG_AGO or not dispatch.admit_event(turn) or turn.actor is None:
        return
    if turn.tx.bans.of(turn.actor.id, turn.now) is not None:
        return
    if turn.audience is not Audience.ALONE:
        if not (turn.person.chat or turn.can(turn.person.source).rooted):
            return
        turn = in_own_chat(turn)
    turn.say(phrase("answer.cut_off"))
