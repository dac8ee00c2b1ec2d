"""Moves by name: where a workflow has several statuses of a kind, an agent says which one a request comes to."""

from collections.abc import Sequence

from handlers.rules.notify import TicketEvent
from handlers.tickets import approval_guard, approvals, cards, notifications, resolution, status_names
from handlers.tickets.ticket_service import move_ticket
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_ticket_number, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, phrase
from kb import nearest
from storage.lifecycle import Action, Refused, Workflow
from storage.lifecycle import move_meaning as comes_to
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()


@on.command("move", role=Role.AGENT)
def move(turn: Turn) -> None:
    """A request comes to a status of its workflow: /move 42 waiting for parts."""
    ticket = ticket_argument(turn)
    workflow = turn.tx.tickets.workflow(ticket)
    move_to_status(
        turn,
        ticket,
        status_by_name(workflow, after_ticket_number(turn))
        or unknown_status(workflow, ticket, after_ticket_number(turn)),
    )


@on.press(presses.Move, role=Role.AGENT)
def move_to(turn: Turn) -> None:
    """A request comes to the status on the button."""
    move_to_status(turn, ticket_argument(turn), turn.pressed(presses.Move).status)


def status_by_name(workflow: Workflow, word: str) -> str | None:
    """Return the status that is meant by its name or by its title in any language, typos forgiven."""
    known = {status.replace("_", " "): status for status in workflow.kinds}
    known |= {title: status for status, titles in workflow.titles.items() for title in titles.values()}
    lower = {title.casefold(): status for title, status in known.items()}
    wanted = word.replace("_", " ").casefold()
    close = nearest(wanted, list(lower)) if wanted else None
    return lower.get(wanted) or (lower[close] if close else None)


def unknown_status(workflow: Workflow, ticket: Ticket, word: str) -> str:
    """Refuse a word that names no status, with those that are possible."""
    onward = status_names.following_statuses(workflow, ticket.status)
    raise Refused("no_status", word=word or "—", known=onward or phrase("nothing"))


def move_to_status(turn: Turn, ticket: Ticket, status: str) -> None:
    """Move a ticket to a status; one that ends it, or takes it up again, does all that ending or reopening does.

    Where that needs somebody's yes, it is asked for, and given it the ticket comes there by itself.
    """
    if asks_first(turn, ticket, status):
        ticket = approvals.begin_approval(turn, ticket, status=status)
        turn.toast(phrase("done.approval_begun", ticket=ticket.id, people=approval_guard.asked_now(turn, ticket)))
        return
    moved = move_ticket(turn, ticket, Action.MOVE, by=turn.person.id, status=status)
    cards.open_threads(turn, moved)
    name = status_names.status_of(turn, moved)
    match comes_to(Action.MOVE, ticket.kind, moved.kind):
        case Action.RESOLVE:
            resolution.ask_whether_solved(turn, moved)
        case Action.CLOSE:
            notifications.notify_of_event(turn, moved, TicketEvent.CLOSED)
        case Action.REOPEN:
            notifications.notify_of_event(turn, moved, TicketEvent.REOPENED)
        case _:
            notifications.notify_of_event(turn, moved, TicketEvent.MOVED, status=name)
    cards.refresh_cards(turn, moved)
    turn.toast(phrase("done.moved", ticket=moved.id, status=name))


def asks_first(turn: Turn, ticket: Ticket, status: str) -> bool:
    """Return whether a status that can follow needs a yes which nobody has given yet."""
    workflow = turn.tx.tickets.workflow(ticket)
    if status not in workflow.approvals or status not in workflow.named.get(ticket.status, ()):
        return False
    permissions.must_may(turn, "move")
    return not turn.tx.approvals.granted(ticket.id, ticket.request_type_id, status)


def move_buttons(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Return the statuses that can follow, as buttons."""
    workflow = turn.tx.tickets.workflow(ticket)
    return [
        presses.Move(ticket.id, each).button(phrase("move.to", status=status_names.status_title(workflow.called(each))))
        for each in workflow.named.get(ticket.status, ())
    ]
