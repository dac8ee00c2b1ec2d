"""Tickets: made in one place, changed by what is planned first and then written, never assigned a status anywhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, TypedDict, Unpack

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.desk.request_types import Requests
from storage.engine.compiled import Prepared
from storage.lifecycle import ACTIVE, OVER, Action, Refused, StatusKind, Workflow, built_workflow, move_meaning
from storage.models import Priority, entry, person, ticket
from storage.people.companies import Companies
from storage.tickets import parts
from storage.tickets.effects import action_effects
from storage.tickets.happened import Moved, note_happened
from storage.tickets.known_errors import KnownErrors
from storage.tickets.search import Search, of_ticket
from storage.tickets.secret_answers import SecretAnswers, holds_secrets, without_secrets
from storage.tickets.urgency import INCIDENT, ticket_urgency
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
    task_of: int | None = None
    after_incidents: bool = True
    approval_id: int | None = None
    recurrence_id: int | None = None

    @property
    def asked_for(self) -> bool:
        """Return whether somebody outside the team waits for it: not of a task, nor of what recurs by itself."""
        return self.task_of is None and self.recurrence_id is None

    @property
    def recurring(self) -> bool:
        """Return whether the team's own schedule made it: it has no requester who waits for words."""
        return self.recurrence_id is not None

    @property
    def active(self) -> bool:
        """Return whether somebody still works on it or waits for it."""
        return self.kind in ACTIVE


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a ticket that is not written yet: whoever writes it may refuse it, or move the ticket's targets with it."""

    was: Ticket
    now: Ticket
    at: datetime
    action: Action | None = None  # what its history says of it; None: nothing
    by: int | None = None  # None: the desk itself
    facts: Mapping[str, Any] = field(default_factory=dict)  # of its history, JSON
    comes_to: Action | None = None  # what a move by its workflow means, whatever it is called


class MoveDetails(TypedDict, total=False):
    """What a move needs to know besides the action."""

    to: int | None  # the agent it is given to, or the ticket it is merged into
    status: str  # what it is moved to by name
    until: datetime | None  # when a snoozed one wakes
    facts: Mapping[str, Any] | None  # of its history, instead of {"to"}
    placed: bool  # to a status to which no move leads by itself: somebody's yes does, or their no


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
    .where(
        ticket.c.requester_id == bindparam("requester"),
        ticket.c.talked_at >= bindparam("since"),
        ticket.c.task_of.is_(None),
    )
    .order_by(ticket.c.talked_at.desc(), ticket.c.id.desc())
    .limit(20)
)
_THEIRS = (
    select(ticket)
    .where(ticket.c.requester_id == bindparam("requester"), ticket.c.task_of.is_(None))
    .order_by(ticket.c.talked_at.desc(), ticket.c.id.desc())
    .limit(bindparam("most"))
    .offset(bindparam("after"))
)
_ACTIVE_OF = Prepared(_THEIRS.where(ticket.c.urgency.is_not(None)), once=True)
_OVER_OF = Prepared(_THEIRS.where(ticket.c.urgency.is_(None)), once=True)
_HOW_MANY_ACTIVE = Prepared(
    select(func.count()).where(
        ticket.c.requester_id == bindparam("requester"), ticket.c.urgency.is_not(None), ticket.c.task_of.is_(None)
    )
)
_TALKED = Prepared(  # a word on a ticket is one on those it goes on for
    update(ticket).where(ticket.c.merged_into == bindparam("of_id")).values(talked_at=bindparam("at"))
)
_RULED = frozenset(("id", "version", "status", "kind", "urgency", "after_incidents"))
_FIELDS = tuple(c.name for c in ticket.c if c.name != "id")


def _changed(was: Ticket, at: datetime, **values: Any) -> Ticket:
    """Return a ticket with other values, one version on."""
    place = ticket_urgency(values.get("kind", was.kind), values.get("priority", was.priority))
    return replace(was, **values, version=was.version + 1, updated_at=at, urgency=place)


class Tickets:
    """The tickets, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.lost_secrets: set[int] = set()  # tickets that are over in this transaction, and had secret answers

    def add(self, *, at: datetime, **facts: Any) -> Ticket:
        """Register a request: its number is the ticket's id."""
        workflow = self.workflow_of(facts["request_type_id"])
        values = {
            "company_id": Companies(self._connection).id_of(facts["requester_id"]),
            **facts,
            "version": 1,
            "urgency": ticket_urgency(workflow.kind(workflow.start), facts["priority"]),
            "after_incidents": self._comes_after_incidents(facts["request_type_id"]),
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
        note_happened(self._connection, Moved(registered, Action.REGISTER, None, None, facts["requester_id"]))
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

    def plan_move(
        self,
        on: Ticket,
        action: Action,
        *,
        by: int | None,
        at: datetime,
        **details: Unpack[MoveDetails],
    ) -> Change:
        """Return a move of a ticket as its type's workflow says; nothing else may set its status.

        ``by`` None is the desk itself. Raises Refused where the workflow has no such move, or a claim comes second.
        """
        self._must_be_free(on, action, by)
        workflow = self.workflow(on)
        to_status = details.get("status", "")
        following = to_status if details.get("placed") else workflow.next(on.status, action, to_status)
        if action is Action.FOLLOW_UP and on.snoozed_until is not None:
            following = workflow.resumed(following)  # its requester's word wakes it
        kind = workflow.kind(following)
        asleep = details.get("until") or self._sleeping(on, action, following)
        comes_to = move_meaning(action, on.kind, kind)
        to = details.get("to")
        does = action_effects(on, comes_to, by, to, at)
        if kind in OVER and holds_secrets(on.answers):
            does = {**does, "answers": without_secrets(on.answers)}
        now = _changed(on, at, status=following, kind=kind, snoozed_until=asleep, **does)
        return Change(on, now, at, action, by, details.get("facts") or ({"to": to} if to is not None else {}), comes_to)

    def act(
        self, on: Ticket, action: Action, *, by: int | None, at: datetime, **details: Unpack[MoveDetails]
    ) -> Ticket:
        """Move a ticket, and write it."""
        return self.write(self.plan_move(on, action, by=by, at=at, **details))

    def write(self, change: Change) -> Ticket:
        """Write a change, with its history. Raises TicketConflict where another turn was faster."""
        was, kept, at = change.was, self._save(change), change.at
        if change.action is not None:
            told = change.facts
            if change.comes_to is not None and kept.kind in OVER and was.kind not in OVER:
                # by when it was to be, as it was aimed at now
                told = {**told, "due": kept.resolution_due.isoformat() if kept.resolution_due else None}
            self._note(kept, change.action, was.status, change.by, told, at)
            happened = Moved(kept, change.action, change.comes_to, was, change.by, change.facts.get("score"))
            note_happened(self._connection, happened)
            if change.comes_to is not None:
                kept = self._take_consequences(change, kept)
                if kept.talked_at != was.talked_at:
                    _TALKED.run(self._connection, {"of_id": was.id, "at": at})
        row = tuple(getattr(kept, column.name) for column in ticket.c)
        _BY_ID.know(self._connection, {"of_id": kept.id}, [row])
        return kept

    def _take_consequences(self, change: Change, kept: Ticket) -> Ticket:
        """Let go of secrets, and let parts and a known error follow, where a move has ended a ticket or taken it up again."""
        was = change.was
        if kept.kind in OVER and holds_secrets(was.answers):
            SecretAnswers(self._connection).drop_all([was.id])
            self.lost_secrets.add(was.id)
        if (kept.kind in OVER) != (was.kind in OVER):
            KnownErrors(self._connection).follow(was.id, over=kept.kind in OVER, by=change.by, at=change.at)
        if change.comes_to is Action.REOPEN and parts.all_back(self._connection, was.id):
            return self.get(was.id)
        return kept

    def _must_be_free(self, on: Ticket, action: Action, by: int | None) -> None:
        """Refuse what is done to a ticket that is part of another now, and a claim that comes second."""
        if on.merged_into is not None:
            raise Refused("merged", ticket=on.id, into=on.merged_into)
        if action is Action.CLAIM and on.agent_id is not None:
            raise Refused("yours_already" if on.agent_id == by else "taken", ticket=on.id, agent=self.name(on.agent_id))

    def plan_restoration(
        self, on: Ticket, status: str, agent: int | None, until: datetime | None, *, by: int | None, at: datetime
    ) -> Change:
        """Return how a ticket just taken up again stands where it stood, whose it was and put aside as it was, before its end."""
        stood = {"status": status, "kind": self.workflow(on).kind(status), "snoozed_until": until}
        now = _changed(on, at, agent_id=agent, **stood)
        return Change(on, now, at, Action.MOVE, by, {"undo": True})

    def plan_retype(self, on: Ticket, type_id: int, *, by: int | None, at: datetime, **values: Any) -> Change:
        """Return how an active ticket is of another request type, and goes on in its workflow, with the other ``values``.

        Its form and its answers stay what they were. Raises Refused where it is over or goes on in another ticket.
        """
        if on.merged_into is not None:
            raise Refused("merged", ticket=on.id, into=on.merged_into)
        if not on.active:
            self.workflow(on).next(on.status, Action.RETYPE)  # refused, with what is possible
        workflow = self.workflow_of(type_id)
        status = workflow.taken_over(on.status, on.kind)
        waits = workflow.kind(status) is StatusKind.NEW and Action.CLAIM in workflow.possible(status)
        if waits and values.get("agent_id", on.agent_id) is not None:
            status = workflow.next(status, Action.CLAIM)  # what somebody has goes on where it is when they take it
        kind = workflow.kind(status)
        asleep = on.snoozed_until if kind is on.kind else None
        moved = {"status": status, "kind": kind, "snoozed_until": asleep}
        place = {"after_incidents": self._comes_after_incidents(type_id)}
        now = _changed(on, at, request_type_id=type_id, **moved, **place, **values)
        told: dict[str, Any] = {"was": on.request_type_id, "now": type_id}
        if now.group_name != on.group_name:
            told["group_name"] = now.group_name
        return Change(on, now, at, Action.RETYPE, by, told)

    def retype(self, on: Ticket, type_id: int, *, by: int | None, at: datetime, **values: Any) -> Ticket:
        """Let an active ticket be of another request type, and write it."""
        return self.write(self.plan_retype(on, type_id, by=by, at=at, **values))

    def workflow(self, on: Ticket) -> Workflow:
        """Return the workflow of the request type that a ticket pinned."""
        return self.workflow_of(on.request_type_id)

    def workflow_of(self, type_id: int) -> Workflow:
        """Return the workflow of one revision of a request type."""
        return built_workflow(Requests(self._connection).type(type_id).workflow)

    def _comes_after_incidents(self, type_id: int) -> bool:
        return Requests(self._connection).type(type_id).kind != INCIDENT

    def _sleeping(self, on: Ticket, action: Action, following: str) -> datetime | None:
        """Return until when a ticket stays snoozed: a move wakes it, and so does a word of its requester."""
        return on.snoozed_until if following == on.status and action not in (Action.FOLLOW_UP, Action.WAKE) else None

    def plan_change(
        self,
        on: Ticket,
        *,
        at: datetime,
        action: Action | None = None,
        by: int | None = None,
        facts: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> Change:
        """Return a change of what is not its status (priority, rating, unread); ``facts`` are its history's, else the values."""
        if ruled := values.keys() & _RULED:
            raise TypeError(f"{', '.join(sorted(ruled))}: only a move sets these")
        told = facts or {name: str(value) for name, value in values.items()}
        return Change(on, _changed(on, at, **values), at, action, by, told)

    def change(self, on: Ticket, *, at: datetime, **values: Any) -> Ticket:
        """Change what is not its status, and write it: ``values`` are what ``plan_change`` takes."""
        return self.write(self.plan_change(on, at=at, **values))

    def note_breach(self, on: Ticket, target: str, due: datetime, *, at: datetime) -> Ticket:
        """Write down that a target of a ticket is missed: nobody did it, and to its requester nothing has changed."""
        change = self.plan_change(on, at=at, action=Action.BREACH, facts={"target": target, "due": due.isoformat()})
        return self.write(replace(change, now=replace(change.now, updated_at=on.updated_at)))

    def _save(self, change: Change) -> Ticket:
        was, now = change.was, change.now
        changed = {name: value for name in _FIELDS if (value := getattr(now, name)) != getattr(was, name)}
        written = {f"to_{name}": value for name, value in changed.items()}
        saving = _saving(tuple(changed))
        if saving.run(self._connection, {**written, "of_id": was.id, "of_version": was.version}) != 1:
            raise TicketConflict(f"ticket {was.id}")
        return now

    def _note(
        self, on: Ticket, action: Action, was: str, by: int | None, facts: Mapping[str, Any], at: datetime
    ) -> None:
        """Write an entry of the history.

        ``facts`` are {"group", "priority"} of a registration; of a move {"to"} or what whoever makes it tells, with "due" where
        it ends the ticket; of any other change its new values, by their names.
        """
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
                "position": 0,
            },
        )

    def name(self, person_id: int) -> str:
        """Return a person's name, for a refusal."""
        return _NAME.scalar(self._connection, {"of_id": person_id}) or "?"

    def recent(self, requester: int, since: datetime) -> list[Ticket]:
        """Return a requester's tickets talked about since then, the latest first (at most 20)."""
        return [Ticket(*row) for row in _RECENT.all(self._connection, {"requester": requester, "since": since})]

    def of_requester(self, requester: int, limit: int = 10, offset: int = 0) -> list[Ticket]:
        """Return a requester's tickets, less tasks: active ones first, each time those talked about last."""
        whose = {"requester": requester}
        found = _ACTIVE_OF.all(self._connection, {**whose, "most": limit, "after": offset})
        if len(found) < limit:
            before = _HOW_MANY_ACTIVE.scalar(self._connection, whose) if offset and not found else offset
            rest = {**whose, "most": limit - len(found), "after": offset - before}
            found = [*found, *_OVER_OF.all(self._connection, rest)]
        return [Ticket(*row) for row in found]
