"""When the tasks of a request's type begin: as soon as somebody works on the request, or lets it be of that type."""

from datetime import timedelta

from handlers.rules.type_tasks import TypeTask
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from storage.tickets.tickets import Ticket


def follow_ticket(turn: Turn, was: Ticket, now: Ticket) -> None:
    """Let the tasks of its type be opened, in a turn of their own."""
    begins = not is_worked_on(was) or was.request_type_id != now.request_type_id
    if begins and is_worked_on(now) and tasks_of_type(turn, now):
        turn.schedule(timers.OpenTasks(), timedelta(0), ticket=now.id)


def is_worked_on(ticket: Ticket) -> bool:
    """Return whether a request can get tasks of its type: it is no task, is open, stands by itself, and somebody has it."""
    alone = ticket.task_of is None and ticket.merged_into is None
    return alone and ticket.active and ticket.agent_id is not None


def tasks_of_type(turn: Turn, ticket: Ticket) -> tuple[TypeTask, ...]:
    """Return the tasks that the rules give a request's type."""
    if not any(rule.tasks for rule in turn.rules.types.values()):
        return ()
    rule = turn.rules.types.get(turn.tx.requests.type_name(ticket.request_type_id))
    return rule.tasks if rule is not None else ()
