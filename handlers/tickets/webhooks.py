"""What other programs hear of: what a turn has done to tickets is promised to the webhooks of the rules, with its commit.

What is promised holds numbers, statuses and ids: people's words and names are looked up when it is sent, and only for a webhook
that reads them. So nothing that was erased, taken back or forgotten meanwhile waits here.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from handlers.rules.webhooks import WebhookEvent
from handlers.turns.turn import Turn, dump_rendered
from handlers.vocabulary.messages import Chat, Operation, RenderedMessage
from storage.desk.webhooks import SOURCE
from storage.lifecycle import Action
from storage.models import MessageKind
from storage.tickets.happened import Moved, Said, what_happened
from storage.tickets.tickets import Ticket

SAID = {
    MessageKind.FOLLOW_UP: WebhookEvent.MESSAGE,
    MessageKind.REPLY: WebhookEvent.REPLIED,
    MessageKind.NOTE: WebhookEvent.NOTED,
}
MOVED = {
    Action.REGISTER: WebhookEvent.OPENED,
    Action.CLAIM: WebhookEvent.ASSIGNED,
    Action.ASSIGN: WebhookEvent.ASSIGNED,
    Action.RELEASE: WebhookEvent.ASSIGNED,
    Action.ESCALATE: WebhookEvent.ESCALATED,
    Action.SET_PRIORITY: WebhookEvent.PRIORITY,
    Action.RETYPE: WebhookEvent.RETYPED,
    Action.MERGE: WebhookEvent.MERGED,
    Action.RESOLVE: WebhookEvent.RESOLVED,
    Action.REOPEN: WebhookEvent.REOPENED,
    Action.CLOSE: WebhookEvent.CLOSED,
    Action.RATE: WebhookEvent.RATED,
}


def promise_to_webhooks(turn: Turn) -> None:
    """Promise what this turn has done to tickets to whichever programs hear of it."""
    if not turn.rules.webhooks:
        return
    happened = what_happened(turn.tx.connection)
    new = {one.ticket.id for one in happened if isinstance(one, Moved) and one.action is Action.REGISTER}
    for one in happened:
        if isinstance(one, Said):
            if not (one.ticket in new and one.kind is MessageKind.FOLLOW_UP):  # what it was opened with
                _promise_ticket(turn, SAID[one.kind], turn.tx.tickets.get(one.ticket), one.by, message=one.message)
            continue
        for event, facts in events_of_move(one):
            _promise_ticket(turn, event, one.ticket, one.by, **facts)


def events_of_move(one: Moved) -> Iterator[tuple[WebhookEvent, dict[str, Any]]]:
    """Yield what a line of a ticket's history is to another program, with what it says besides the ticket."""
    event = MOVED.get(one.comes_to or one.action) or MOVED.get(one.action)
    if event is not None:
        yield event, event_facts(event, one)
    if one.was is None or not one.ticket.active:
        return
    if not one.was.active:
        if event is not WebhookEvent.REOPENED:  # a merge was undone
            yield WebhookEvent.REOPENED, {}
    elif (one.was.status, one.was.kind) != (one.ticket.status, one.ticket.kind):
        yield WebhookEvent.MOVED, {"was": one.was.status}


def event_facts(event: WebhookEvent, one: Moved) -> dict[str, Any]:
    """Return what an event says besides its ticket: a priority what it was before, a rating from 0 to 10 its score."""
    if event is WebhookEvent.PRIORITY and one.was is not None:
        return {"was": one.was.priority}
    return {"score": one.score} if event is WebhookEvent.RATED and one.score is not None else {}


def promise_of_breach(turn: Turn, ticket: Ticket, target: str, due: datetime) -> None:
    """Promise that a target of a ticket is missed to whichever programs hear of it; it is nobody's act."""
    if turn.rules.webhooks:
        _promise_ticket(turn, WebhookEvent.BREACHED, ticket, None, target=target, due=_moment(due))


def promise_of_outage(turn: Turn, event: WebhookEvent, outage: int, declared_at: datetime | None) -> None:
    """Promise that an outage was declared or is over to whichever programs hear of it."""
    data = {"outage": {"id": outage, "declared_at": _moment(declared_at)}}
    _promise(turn, event, data, "", "", by=turn.actor.id if turn.actor else None, ids={"outage": outage})


def _promise_ticket(turn: Turn, event: WebhookEvent, ticket: Ticket, by: int | None, **facts: Any) -> None:
    kind, group = turn.tx.requests.type_name(ticket.request_type_id), ticket.group_name or ""
    ids = {"ticket": ticket.id, "message": facts.pop("message", None), "agent": ticket.agent_id}
    data = {"ticket": ticket_facts(ticket, kind), **facts}
    _promise(turn, event, data, kind, group, by=by, requester=ticket.requester_id, ids=ids)


def _promise(
    turn: Turn,
    event: WebhookEvent,
    data: dict[str, Any],
    kind: str,
    group: str,
    *,
    by: int | None,
    ids: dict[str, int | None],
    requester: int | None = None,
) -> None:
    """Promise an event to each webhook that hears of it; ``data`` is what its message says under that name."""
    for webhook in turn.rules.webhooks.values():
        if not webhook.hears(event, kind, group):
            continue
        who = "desk" if by is None else "requester" if by == requester else "agent"
        told = {"type": event, "timestamp": _moment(turn.now), "data": {**data, "by": who}}
        facts = {"body": told, "ids": {**ids, "by": by}}
        payload = dump_rendered(RenderedMessage(facts=facts))
        turn.promise(Chat(SOURCE, webhook.name), {"operation": Operation.SEND, "payload": payload})


def ticket_facts(ticket: Ticket, kind: str) -> dict[str, Any]:
    """Return what another program hears of a ticket that is nobody's words."""
    return {
        "number": ticket.id,
        "type": kind,
        "group": ticket.group_name,
        "status": ticket.status,
        "kind": ticket.kind,
        "priority": ticket.priority,
        "assigned": ticket.agent_id is not None,
        "rating": ticket.rating,
        "merged_into": ticket.merged_into,
        "language": ticket.language,
        "opened_at": _moment(ticket.created_at),
        "first_response_due": _moment(ticket.first_response_due),
        "resolution_due": _moment(ticket.resolution_due),
        "resolved_at": _moment(ticket.resolved_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at is not None else None
