"""Windows that were to be opened when the process died: what they ask is asked step by step."""

from datetime import datetime, timedelta

from bot.intake.turn_runner import TurnRunner
from handlers import dispatch
from handlers.turns import form_dialog
from handlers.turns.private_chat import in_own_chat
from handlers.turns.turn import Turn
from handlers.vocabulary.audience import Audience
from handlers.vocabulary.messages import Event, read_event
from storage.engine.database import Connection
from storage.queues import inbox

LAST = timedelta(seconds=5)  # of a life, in which a window may still have been on its way: Slack opens none after three


def ask_unopened(connection: Connection, turning: TurnRunner) -> None:
    """Ask for what a window of the last moments was to ask, unless it has gone on meanwhile.

    A window is opened after the commit, with a trigger that lives three seconds: nobody can open it at the next start. It may
    have been opened all the same; then its first question stands beside it, and either way leads on.
    """
    for payload, done_at in inbox.done_last(connection, LAST):
        try:
            event = read_event(payload)
        except ValueError:  # no version of ours wrote this
            continue
        if event.modal:
            _ask(turn_of_answer(turning, connection, event), done_at)


def turn_of_answer(turning: TurnRunner, connection: Connection, event: Event) -> Turn:
    """Return a turn in which an event is answered that was heard before."""
    turn = turning.turn(connection, event)
    dispatch.admit_event(turn)
    return in_own_chat(turn) if turn.audience is Audience.PUBLIC else turn


def _ask(turn: Turn, done_at: datetime) -> None:
    if turn.actor is None:
        return
    address, _ = turn.here
    draft = turn.tx.drafts.at(turn.person.id, address.lane)
    if draft is not None and draft.card is None and not draft.waiting and abs(draft.updated_at - done_at) < LAST:
        form_dialog.step_by_step(turn, draft.id)
