"""Tickets: made in one place, moved by one method, never assigned a status anywhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update

from storage.engine.compiled import Prepared
from storage.lifecycle import ACTIVE, OVER, Action, Refused, StatusKind, Workflow, built_workflow, move_meaning
from storage.models import Priority, entry, person, request_type, ticket
from storage.people.companies import Companies
from storage.tickets import parts
from storage.tickets.effects import action_effects
from storage.tickets.known_errors import KnownErrors
from storage.tickets.search import Search, of_ticket
from storage.tickets.secret_answers import SecretAnswers, holds_secrets, without_secrets
from storage.tickets.urgency import ticket_urgency
from storage.types import Answers, made_id


class TicketConflict(Exception):
    """Somebody else changed the ticket meanwhile: run the turn again on what it is now."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One registered request, in the columns' order."""

    id: int
    version: int
    requester_id: int
    account_id: int
    request_type_id: int
    form_id: int
    summary: str
    answers: Answers
    status: str
    kind: StatusKind
    priority: Priority
    agent_id: int | None
    language: str
    unread: int
    created_at: datetime
    updated_at: datetime
    talked_at: datetime
    first_response_at: datetime | None
    first_response_due: datetime | None
    resolution_due: datetime | None
    resolved_at: datetime | None
    resolved_by: int | None
    closed_at: datetime | None
    rating: int | None
    rating_comment: str | None
    previous_id: int | None
    group_name: str | None
    paused_at: datetime | None
    snoozed_until: datetime | None
    merged_into: int | None
    problem_id: int | None
    urgency: int | None
    ended_at: datetime | None
    form_card: int | None
    company_id: int | None = None
    forgotten_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Return whether somebody still works on it or waits for it."""
        return self.kind in ACTIVE


_BY_ID = Prepared(select(ticket).where(ticket.c.id == bindparam("of_id")), once=True)
_NAME = Prepared(select(person.c.name).where(person.c.id == bindparam("of_id")), once=True)
_ENTRY = Prepared(insert(entry))


@cache
def _saving(names: tuple[str, ...]) -> Prepared:
    """Return what writes these columns and no others: an index whose columns stay as they are has nothing to do."""
    same = (ticket.c.id == bindparam("of_id"), ticket.c.version == bindparam("of_version"))
    return Prepared(update(ticket).where(*same).values({name: bindparam(f"to_{name}") for name in names}))


_RECENT = Prepared(
    select(ticket)
    .where(ticket.c.requester_id == bindparam("requester"), ticket.c.talked_at >= bindparam("since"))
    .order_by(ticket.c.talked_at.desc(), ticket.c.id.desc())
    .limit(20)
)
_WORKFLOW = Prepared(select(request_type.c.workflow).where(request_type.c.id == bindparam("of_id")), once=True)
_TALKED = Prepared(  # a word on a ticket is one on those it goes on for
    update(ticket).where(ticket.c.merged_into == bindparam("of_id")).values(talked_at=bindparam("at"))
)
Clocks = Callable[[Ticket, Ticket, datetime], Ticket]
Permit = Callable[[Ticket, Action, int | None], None]
_RULED = frozenset(("id", "version", "status", "kind", "urgency"))
_FIELDS = tuple(c.name for c in ticket.c if c.name != "id")


class Tickets:
    """The tickets, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.clocks: Clocks | None = None  # sees what a ticket was and becomes, and returns it with its targets moved
        self.permit: Permit | None = None  # refuses what whoever does it may not do
        self.lost_secrets: set[int] = set()  # tickets that are over in this transaction, and had secret answers

    def add(self, *, at: datetime, **facts: Any) -> Ticket:
        """Register a request: its number is the ticket's id."""
        workflow = self.workflow_of(facts["request_type_id"])
        values = {
            "company_id": Companies(self._connection).id_of(facts["requester_id"]),
            **facts,
            "version": 1,
            "urgency": ticket_urgency(workflow.kind(workflow.start), facts["priority"]),
            "status": workflow.start,
            "kind": workflow.kind(workflow.start),
            "unread": 0,
            "created_at": at,
            "updated_at": at,
            "talked_at": at,
        }
        made = made_id(self._connection.execute(insert(ticket).values(values)))
        registered = self.get(made)
        Search(self._connection).add(made, of_ticket(registered.summary, registered.answers))
        begun = {"group": registered.group_name, "priority": registered.priority.value}
        self._note(registered, Action.REGISTER, "", facts["requester_id"], begun, at)
        return registered

    def get(self, number: int) -> Ticket:
        """Return a ticket, or refuse: there is none of this number."""
        found = self.find(number)
        if found is None:
            raise Refused("no_ticket", ticket=number)
        return found

    def find(self, number: int) -> Ticket | None:
        """Return a ticket, if there is one."""
        if not 0 < number < 2**31:
            return None
        row = _BY_ID.first(self._connection, {"of_id": number})
        return Ticket(*row) if row else None

    def active_of_group(self, group: str, *, after: int, limit: int) -> list[int]:
        """Return a group's active tickets with greater numbers than this, in their order."""
        query = select(ticket.c.id).where(
            ticket.c.group_name == group, ticket.c.urgency.is_not(None), ticket.c.id > after
        )
        return list(self._connection.scalars(query.order_by(ticket.c.id).limit(limit)))

    def act(
        self,
        on: Ticket,
        action: Action,
        *,
        by: int | None,
        at: datetime,
        to: int | None = None,
        status: str = "",
        until: datetime | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Ticket:
        """Move a ticket as its type's workflow says, and write its history; nothing else may set its status.

        ``by`` None is the desk itself; ``to`` is the agent it is given to, or the ticket it is merged into, ``status`` what
        it is moved to by name, ``until`` when a snoozed one wakes. Raises Refused where the workflow has no such move, or a
        claim comes second; TicketConflict where another turn was faster.
        """
        self._must_be_free(on, action, by)
        workflow = self.workflow(on)
        following = workflow.next(on.status, action, status)
        if action is Action.FOLLOW_UP and on.snoozed_until is not None:
            following = workflow.resumed(following)  # its requester's word wakes it
        kind = workflow.kind(following)
        asleep = until or self._sleeping(on, action, following)
        comes_to = move_meaning(action, on.kind, kind)
        self._must_be_permitted(on, by, action, comes_to)
        does = {**action_effects(on, comes_to, by, to, at), **self._without_secrets(on, kind)}
        kept = self._save(on, at, status=following, kind=kind, snoozed_until=asleep, **does)
        told = facts or ({"to": to} if to is not None else {})
        if kept.kind in OVER and on.kind not in OVER:  # by when it was to be, as it was aimed at now
            told = {**told, "due": kept.resolution_due.isoformat() if kept.resolution_due else None}
        self._note(kept, action, on.status, by, told, at)
        if (kept.kind in OVER) != (on.kind in OVER):
            KnownErrors(self._connection).follow(on.id, over=kept.kind in OVER, by=by, at=at)
        if comes_to is Action.REOPEN and parts.all_back(self._connection, on.id):
            kept = self.get(on.id)
        if kept.talked_at != on.talked_at:
            _TALKED.run(self._connection, {"of_id": on.id, "at": at})
        return kept

    def _without_secrets(self, on: Ticket, kind: StatusKind) -> Mapping[str, Any]:
        """Erase the secret answers of a ticket that comes to an end; return what changes of it."""
        if kind not in OVER or not holds_secrets(on.answers):
            return {}
        SecretAnswers(self._connection).drop_all([on.id])
        self.lost_secrets.add(on.id)
        return {"answers": without_secrets(on.answers)}

    def _must_be_free(self, on: Ticket, action: Action, by: int | None) -> None:
        """Refuse what is done to a ticket that is part of another now, and a claim that comes second."""
        if on.merged_into is not None:
            raise Refused("merged", ticket=on.id, into=on.merged_into)
        if action is Action.CLAIM and on.agent_id is not None:
            raise Refused("yours_already" if on.agent_id == by else "taken", ticket=on.id, agent=self.name(on.agent_id))

    def put_back(self, on: Ticket, status: str, agent: int | None, *, by: int | None, at: datetime) -> Ticket:
        """Let a ticket that was just taken up again stand where it stood, and be whose it was, before it was ended by mistake."""
        if (status, agent) == (on.status, on.agent_id):
            return on
        kept = self._save(on, at, status=status, kind=self.workflow(on).kind(status), agent_id=agent)
        self._note(kept, Action.MOVE, on.status, by, {"undo": True}, at)
        return kept

    def retype(self, on: Ticket, type_id: int, *, by: int | None, at: datetime, **values: Any) -> Ticket:
        """Let an active ticket be of another request type, and go on in its workflow; what else changes with it are ``values``.

        Its form and its answers stay what they were. Raises Refused where it is over or goes on in another ticket.
        """
        if on.merged_into is not None:
            raise Refused("merged", ticket=on.id, into=on.merged_into)
        if not on.active:
            self.workflow(on).next(on.status, Action.RETYPE)  # refused, with what is possible
        self._must_be_permitted(on, by, Action.RETYPE)
        workflow = self.workflow_of(type_id)
        status = workflow.taken_over(on.status, on.kind)
        waits = workflow.kind(status) is StatusKind.NEW and Action.CLAIM in workflow.possible(status)
        if waits and values.get("agent_id", on.agent_id) is not None:
            status = workflow.next(status, Action.CLAIM)  # what somebody has goes on where it is when they take it
        kind = workflow.kind(status)
        asleep = on.snoozed_until if kind is on.kind else None
        moved = {"status": status, "kind": kind, "snoozed_until": asleep}
        kept = self._save(on, at, request_type_id=type_id, **moved, **values)
        told: dict[str, Any] = {"was": on.request_type_id, "now": type_id}
        if kept.group_name != on.group_name:
            told["group_name"] = kept.group_name
        self._note(kept, Action.RETYPE, on.status, by, told, at)
        return kept

    def workflow(self, on: Ticket) -> Workflow:
        """Return the workflow of the request type that a ticket pinned."""
        return self.workflow_of(on.request_type_id)

    def workflow_of(self, type_id: int) -> Workflow:
        """Return the workflow of one revision of a request type."""
        return built_workflow(_WORKFLOW.scalar(self._connection, {"of_id": type_id}))

    def _sleeping(self, on: Ticket, action: Action, following: str) -> datetime | None:
        """Return until when a ticket stays snoozed: a move wakes it, and so does a word of its requester."""
        return on.snoozed_until if following == on.status and action not in (Action.FOLLOW_UP, Action.WAKE) else None

    def change(
        self,
        on: Ticket,
        *,
        at: datetime,
        action: Action | None = None,
        by: int | None = None,
        facts: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> Ticket:
        """Change what is not its status (priority, rating, unread); written to its history when an action names it."""
        if ruled := values.keys() & _RULED:
            raise TypeError(f"{', '.join(sorted(ruled))}: only act() moves a ticket")
        if action is not None:
            self._must_be_permitted(on, by, action)
        kept = self._save(on, at, **values)
        if action is not None:
            self._note(kept, action, on.status, by, facts or {name: str(value) for name, value in values.items()}, at)
        return kept

    def _must_be_permitted(self, on: Ticket, by: int | None, *actions: Action) -> None:
        if self.permit is not None:
            for action in actions:
                self.permit(on, action, by)

    def _save(self, was: Ticket, at: datetime, **values: Any) -> Ticket:
        place = ticket_urgency(values.get("kind", was.kind), values.get("priority", was.priority))
        kept = replace(was, **values, version=was.version + 1, updated_at=at, urgency=place)
        kept = self.clocks(was, kept, at) if self.clocks is not None else kept
        changed = {name: value for name in _FIELDS if (value := getattr(kept, name)) != getattr(was, name)}
        written = {f"to_{name}": value for name, value in changed.items()}
        saving = _saving(tuple(changed))
        if saving.run(self._connection, {**written, "of_id": was.id, "of_version": was.version}) != 1:
            raise TicketConflict(f"ticket {was.id}")
        return kept

    def _note(
        self, on: Ticket, action: Action, was: str, by: int | None, facts: Mapping[str, Any], at: datetime
    ) -> None:
        _ENTRY.insert(
            self._connection,
            {
                "ticket_id": on.id,
                "person_id": by,
                "action": action,
                "was": was,
                "now": on.status,
                "facts": dict(facts),
                "at": at,
            },
        )

    def name(self, person_id: int) -> str:
        """Return a person's name, for a refusal."""
        return _NAME.scalar(self._connection, {"of_id": person_id}) or "?"

    def recent(self, requester: int, since: datetime) -> list[Ticket]:
        """Return a requester's tickets talked about since then, the latest first (at most 20)."""
        return [Ticket(*row) for row in _RECENT.all(self._connection, {"requester": requester, "since": since})]

    def of_requester(self, requester: int, limit: int = 10, offset: int = 0) -> list[Ticket]:
        """Return a requester's tickets: active ones first, each time those talked about last."""
        theirs = select(ticket).where(ticket.c.requester_id == requester)
        theirs = theirs.order_by(ticket.c.talked_at.desc(), ticket.c.id.desc())
        active, over = theirs.where(ticket.c.urgency.is_not(None)), theirs.where(ticket.c.urgency.is_(None))
        found = self._all(active.limit(limit).offset(offset))
        if len(found) == limit:
            return found
        counted = select(func.count()).select_from(active.order_by(None).subquery()) if offset and not found else None
        skipped = offset - (self._connection.scalar(counted) or 0) if counted is not None else 0
        return [*found, *self._all(over.limit(limit - len(found)).offset(skipped))]

    def _all(self, query: "Select[Any]") -> list[Ticket]:
        return [Ticket(*row) for row in self._connection.execute(query).all()]
