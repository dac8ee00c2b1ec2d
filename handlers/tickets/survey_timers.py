"""When requesters are asked how it was: some time after a request's end, by day, of the share that the rules say."""

from zlib import crc32

from handlers.rules.surveys import WHOLE
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from storage.lifecycle import StatusKind
from storage.tickets.tickets import Ticket


def schedule_survey(turn: Turn, was: Ticket, now: Ticket) -> None:
    """Let time ask about a request that has just been closed, where the rules say so; never about a task or a merged one."""
    rule = turn.rules.surveys
    ends = now.kind is StatusKind.CLOSED and was.kind is not StatusKind.CLOSED
    if rule is None or not ends or now.closed_at is None or now.task_of is not None or now.merged_into is not None:
        return
    if is_chosen(now.id, rule.share):
        turn.tx.timers.cancel(timers.Survey.name, ticket=now.id)  # of an earlier end
        turn.schedule(timers.Survey(now.closed_at), rule.after, ticket=now.id)


def is_chosen(number: int, share: int) -> bool:
    """Return whether a request is among the share that is asked about: the same after each restart."""
    return crc32(str(number).encode()) % WHOLE < share
