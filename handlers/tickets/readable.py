"""What may be shown to a requester: the one projection of a request that everything drawn for them is made of.

Two questions, two functions: ``own_ticket`` is whose words and number are shown, ``related.heir`` what their words join.
A request that goes on in another's shows its own number, words, answers and type; of the other only how far the work is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from handlers.tickets import status_names
from handlers.turns.turn import Turn
from storage.lifecycle import ACTIVE, Action, Refused, StatusKind
from storage.tickets.history import Entry
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket
from storage.types import Answers

OPEN = (  # of what was done: the rest is the team's
    *(Action.REGISTER, Action.CLAIM, Action.ASSIGN, Action.RESOLVE, Action.REOPEN, Action.CLOSE, Action.MERGE),
    *(Action.LEAVE, Action.REJOIN),
)


@dataclass(frozen=True, slots=True)
class Readable:
    """A request as its requester may read it."""

    number: int
    type_id: int
    form_id: int
    account_id: int  # the account it is talked on
    summary: str
    answers: Answers
    created_at: datetime
    status: status_names.Called  # in the words for requesters
    kind: StatusKind
    since: datetime  # when it was last changed
    talked_at: datetime  # the last word on either side
    over_at: datetime | None  # when it was resolved, or ended by its requester; None while it is worked on
    agent: str  # who has it, by name; empty where nobody has
    rating: int | None
    can_end: bool  # the requester may say now that they need it no more

    @property
    def active(self) -> bool:
        """Return whether somebody still works on it or waits for it."""
        return self.kind in ACTIVE


def own_ticket(turn: Turn, number: int) -> Ticket:
    """Return the actor's own ticket; anybody else's does not exist for them.

    Where it goes on in another of their own, that one is theirs to look at.
    """
    ticket = turn.tx.tickets.get(number)
    if ticket.requester_id != turn.person.id:
        raise Refused("no_ticket", ticket=number)
    return _own_that_goes_on(turn, ticket)


def _own_that_goes_on(turn: Turn, ticket: Ticket) -> Ticket:
    goes_on = turn.tx.related.heir(ticket)
    same = goes_on.requester_id == ticket.requester_id and goes_on.ended_at is None
    return goes_on if same else ticket


def readable_ticket(turn: Turn, ticket: Ticket) -> Readable:
    """Return a ticket as its requester may read it."""
    goes_on = turn.tx.related.heir(ticket)
    workflow = turn.tx.tickets.workflow(goes_on)
    ended = ticket.ended_at
    status = goes_on.status if ended is None else workflow.end
    kind = workflow.kind(status)
    return Readable(
        number=ticket.id,
        type_id=ticket.request_type_id,
        form_id=ticket.form_id,
        account_id=ticket.account_id,
        summary=ticket.summary,
        answers=ticket.answers,
        created_at=ticket.created_at,
        status=status_names.status_title(workflow.called(status), "own_status"),
        kind=kind,
        since=ended or goes_on.updated_at,
        talked_at=ticket.talked_at,
        over_at=None if kind in ACTIVE else ended or goes_on.resolved_at,
        agent=turn.tx.tickets.name(goes_on.agent_id) if goes_on.agent_id is not None else "",
        rating=ticket.rating,
        can_end=ended is None and Action.CLOSE in workflow.possible(status),
    )


def readable_all(turn: Turn, tickets: Iterable[Ticket]) -> list[Readable]:
    """Return a requester's tickets as they may read them, in their order; of two that are one only the one that goes on."""
    own = {each.id: each for each in (_own_that_goes_on(turn, ticket) for ticket in tickets)}
    return [readable_ticket(turn, each) for each in own.values()]


def readable_messages(turn: Turn, ticket: Ticket) -> list[tuple[TicketMessage, str]]:
    """Return what a ticket's requester said on it and was answered, with the authors' names, the oldest first."""
    numbers = [number for number, _ in turn.tx.story.path(ticket.id)]
    found = {
        said.id: (said, name)
        for row in own_rows(turn, ticket)
        for said, name in turn.tx.story.own(row.id, ticket.requester_id, numbers)
    }
    return [found[message_id] for message_id in sorted(found)]


def readable_entries(turn: Turn, ticket: Ticket) -> list[Entry]:
    """Return what was done to a ticket and to what goes on for it, as far as its requester may know.

    What another requester did is not told, or (where it concerns all of them) without a name.
    """
    others = {each.requester_id for each in turn.tx.related.whole(ticket)} - {ticket.requester_id}
    found: list[Entry] = []
    for number, since in turn.tx.story.path(ticket.id):
        for entry in turn.tx.story.entries(number):
            own = entry.person_id == ticket.requester_id
            theirs = since is None or (entry.at >= since and entry.action is not Action.REGISTER)
            if entry.action not in OPEN or not theirs:
                continue
            if entry.action in (Action.LEAVE, Action.REJOIN) and not own:
                continue
            found.append(entry if entry.person_id not in others else entry.unsigned())
    return found


def own_rows(turn: Turn, ticket: Ticket) -> list[Ticket]:
    """Return all of a requester's tickets that are one with this."""
    return [each for each in turn.tx.related.whole(ticket) if each.requester_id == ticket.requester_id]
