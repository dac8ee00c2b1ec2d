"""The timers of what waits: for its requester's answer, or for somebody to talk on it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from handlers.tickets import sla_terms
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from storage.lifecycle import StatusKind
from storage.tickets.tickets import Ticket

Waited = timers.AskedAgain | timers.Lapse | timers.Idle

TIMERS: Mapping[StatusKind, Sequence[type[Waited]]] = {
    StatusKind.PENDING: (timers.AskedAgain, timers.Lapse),
    StatusKind.OPEN: (timers.Idle,),
}
NONE = timedelta(0)


def reset_waiting_timers(turn: Turn, was: Ticket, now: Ticket) -> None:
    """Set what reminds of a ticket that has come to wait for its requester, or to be worked on; unset what did before."""
    if (was.kind, was.agent_id) == (now.kind, now.agent_id):
        return
    for timer in TIMERS.get(was.kind, ()):
        turn.tx.timers.cancel(timer.name, ticket=now.id)
    for timer in TIMERS.get(now.kind, ()):
        schedule_waiting_timer(turn, now, timer(turn.now))


def schedule_waiting_timer(turn: Turn, ticket: Ticket, timer: Waited) -> None:
    """Remind of a ticket by this timer when it has waited since then for as long as the rules say."""
    length: timedelta = getattr(turn.rules, timer.name)  # the rule has the timer's name
    idle = isinstance(timer, timers.Idle)
    if length <= NONE or (idle and ticket.agent_id is None):
        return
    due = sla_terms.terms_of(turn, ticket)[1].add(timer.since, length) if idle else timer.since + length
    turn.schedule(timer, max(due - turn.now, NONE), ticket=ticket.id)
