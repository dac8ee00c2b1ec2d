"""Statuses by the names people know them by: a workflow's own titles, or the desk's words for the six."""

from collections.abc import Mapping

from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Phrase, phrase
from storage.lifecycle import StatusKind, Workflow
from storage.tickets.tickets import Ticket

Called = Phrase | Mapping[str, str] | str


def status_title(status: str | Mapping[str, str], family: str = "status") -> Called:
    """Return what a status is called, by its titles or its bare name; ``family`` is whose words are used for the six."""
    if isinstance(status, Mapping):
        return status
    return phrase(f"{family}.{status}") if status in set(StatusKind) else status.replace("_", " ")


def status_of(turn: Turn, ticket: Ticket) -> Called:
    """Return a ticket's status as the team calls it."""
    return status_title(turn.tx.tickets.workflow(ticket).called(ticket.status))


def following_statuses(workflow: Workflow, status: str) -> list[Called]:
    """Return what can follow by name on a status."""
    return [status_title(workflow.called(each)) for each in workflow.named.get(status, ())]
