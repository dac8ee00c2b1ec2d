"""A ticket's history told again: what happened to it when, in whose hands it was then, and how much working time had passed.

The clock runs while something waits for the team, as the policy and the calendar in force at that moment say
(``handlers/tickets/sla_clocks.py`` sets targets by the same rule). What was in force then stays so, whatever is changed later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from handlers.reports.in_force import InForce
from storage.lifecycle import ACTIVE, Action, StatusKind, Workflow, WorkflowData, built_workflow
from storage.reports.facts import Done, Told

ANSWERS = frozenset((Action.REPLY.value, Action.REPLY_AND_WAIT.value))
TAKES = frozenset((Action.CLAIM.value, Action.ASSIGN.value))
NONE = timedelta(0)


class What(StrEnum):
    """What happens to a ticket that a figure counts."""

    CAME = "came"
    TAKEN = "taken"  # somebody took it, or was given it
    ANSWERED = "answered"  # by the team, for the first time
    SOLVED = "solved"  # it came to rest, and nobody waits any more
    SOLVED_AGAIN = "solved_again"  # after it had been taken up again
    MERGED = "merged"  # it goes on in another
    REOPENED = "reopened"
    RATED = "rated"


class Happened(NamedTuple):
    """One thing that happened, with what was in force then."""

    what: What
    at: datetime
    ticket: int
    kind: str  # of request, by name
    group: str | None
    priority: str
    agent: int | None  # who answered or solved; whose it was
    wall: timedelta = NONE
    worked: timedelta = NONE  # by the clock that runs while it waits for the team
    met: bool | None = None  # whether the target was kept; None where nothing was aimed at
    value: int = 0  # of a rating
    company: int | None = None  # its requester's


class Stretch(NamedTuple):
    """A part of a ticket's life in which nothing changed that its clock asks about."""

    begin: datetime
    end: datetime
    status: str
    kind: str
    group: str | None
    calendar: str
    runs: bool
    worked: timedelta


@dataclass(slots=True)
class _State:
    """A ticket as it was at a moment."""

    standing: str  # the status, by its name
    type_id: int
    group: str | None
    priority: str
    agent: int | None = None


class Ledger:
    """Tells tickets again by the rules that were in force."""

    def __init__(
        self, in_force: InForce, types: Mapping[int, tuple[str, Mapping[str, str], str, WorkflowData | None]]
    ) -> None:
        self._in_force = in_force
        self._names = {number: found[0] for number, found in types.items()}
        self._priorities = {number: found[2] for number, found in types.items()}
        self._workflows: dict[int, Workflow] = {number: built_workflow(found[3]) for number, found in types.items()}
        self._kinds: dict[tuple[int, str], StatusKind] = {}

    def happened(self, told: Told) -> Iterator[Happened]:
        """Yield what happened to a ticket, in order."""
        state = self._beginning(told)
        at, worked, begun, before = told.created_at, NONE, told.created_at, NONE
        answered, again, solver = False, False, None
        yield self._event(What.CAME, told, state, told.created_at)
        now = self.over(state)
        for done in told.history:
            if at != done.at:
                worked += self._worked(state, at, done.at)
                at = done.at
            was = now
            self._follow(state, done)
            now = self.over(state)
            if done.action in TAKES:
                yield self._event(What.TAKEN, told, state, at)
            if not answered and done.action in ANSWERS:
                answered = True
                met, wall = _met(at, told.first_response_due), at - told.created_at
                yield self._event(What.ANSWERED, told, state, at, done.by, wall, worked, met)
            if now and not was:
                if done.action == Action.MERGE:
                    yield self._event(What.MERGED, told, state, at)
                else:
                    what = What.SOLVED_AGAIN if again else What.SOLVED
                    solver = done.by if done.by is not None and done.by != told.requester else state.agent
                    met = _met(at, _due(told, done))
                    yield self._event(what, told, state, at, solver, at - begun, worked - before, met)
            elif was and not now:
                again, begun, before = True, at, worked
                yield self._event(What.REOPENED, told, state, at, solver)
            if done.action == Action.RATE and (value := _rating(done)):
                yield self._event(What.RATED, told, state, at, solver or state.agent, value=value)

    def stretches(self, told: Told, until: datetime) -> list[Stretch]:
        """Return a ticket's life cut where its clock stopped, went on, or was counted by another calendar."""
        state, at, found = self._beginning(told), told.created_at, list[Stretch]()
        for moment, done in [*((done.at, done) for done in told.history), (until, None)]:
            found += self._parts(state, at, moment)
            at = max(at, moment)
            if done is not None:
                self._follow(state, done)
        return found

    def over(self, state: "_State") -> bool:
        """Return whether nobody works on a ticket in this state."""
        return self.kind(state.type_id, state.standing) not in ACTIVE

    def kind(self, type_id: int, status: str) -> StatusKind:
        """Return what a status means in the workflow of a request type; one that this has not is looked for in the others."""
        found = self._kinds.get((type_id, status))
        if found is None:
            found = self._kinds[type_id, status] = self._kind(type_id, status)
        return found

    def _kind(self, type_id: int, status: str) -> StatusKind:
        known = self._workflows[type_id].kinds.get(status)
        if known is not None:
            return known
        others = (workflow.kinds[status] for workflow in self._workflows.values() if status in workflow.kinds)
        return next(others, StatusKind(status) if status in set(StatusKind) else StatusKind.OPEN)

    def _beginning(self, told: Told) -> _State:
        """Return a ticket as it was registered; of older ones, where that was not written down, as it must have been."""
        first = told.history[0] if told.history and told.history[0].action == Action.REGISTER else None
        facts = first.facts if first is not None else {}
        type_id = next((int(d.facts["was"]) for d in told.history if d.action == Action.RETYPE), told.type_id)
        raised = any(done.action in (Action.ESCALATE, Action.RETYPE) for done in told.history)
        group = facts.get("group") if "group" in facts else (None if raised else told.group)
        urged = any(done.action == Action.SET_PRIORITY for done in told.history)
        priority = facts.get("priority") or (self._priorities[type_id] if urged else told.priority)
        status = first.now if first is not None else self._workflows[type_id].start
        return _State(status, type_id, group, priority)

    def _follow(self, state: _State, done: Done) -> None:
        """Let a state become what it was after something was done."""
        facts = done.facts
        state.standing = done.now
        if facts and "group_name" in facts:
            state.group = facts["group_name"] or None
        match done.action:
            case "claim":
                state.agent = done.by
            case "assign":
                state.agent = int(facts["to"]) if facts.get("to") is not None else state.agent
            case "release" | "escalate":
                state.agent = None
            case "reply" | "reply_and_wait" | "resolve":
                state.agent = state.agent or done.by
            case "retype":
                state.type_id = int(facts["now"])
            case "set_priority":
                state.priority = facts.get("priority", state.priority)

    def _worked(self, state: _State, begin: datetime, end: datetime) -> timedelta:
        kind, name, total = self.kind(state.type_id, state.standing), self._names[state.type_id], NONE
        for first, last, number in self._in_force.stretches(begin, end):
            policy, calendar = self._in_force.terms(number, name, state.group)
            if not policy.stands(kind):
                total += calendar.between(first, last)
        return total

    def _parts(self, state: _State, begin: datetime, end: datetime) -> Iterator[Stretch]:
        kind, name = self.kind(state.type_id, state.standing), self._names[state.type_id]
        for first, last, number in self._in_force.stretches(begin, end):
            policy, calendar = self._in_force.terms(number, name, state.group)
            runs = not policy.stands(kind)
            worked = calendar.between(first, last) if runs else NONE
            yield Stretch(first, last, state.standing, name, state.group, calendar.name, runs, worked)

    def _event(
        self,
        what: What,
        told: Told,
        state: _State,
        at: datetime,
        by: int | None = None,
        wall: timedelta = NONE,
        worked: timedelta = NONE,
        met: bool | None = None,
        value: int = 0,
    ) -> Happened:
        agent = by if by is not None else state.agent
        name = self._names[state.type_id]
        return Happened(
            what, at, told.id, name, state.group, state.priority, agent, wall, worked, met, value, told.company
        )


def _met(at: datetime, due: datetime | None) -> bool | None:
    return None if due is None else at <= due


def _due(told: Told, done: Done) -> datetime | None:
    """Return by when a ticket was to be solved, as it was aimed at then; of older ones it is known of the last time only."""
    if "due" in done.facts:
        return datetime.fromisoformat(done.facts["due"]) if done.facts["due"] else None
    return told.resolution_due if told.resolved_at == done.at else None


def _rating(done: Done) -> int:
    try:
        return int(done.facts.get("rating", 0))
    except (TypeError, ValueError):
        return 0
