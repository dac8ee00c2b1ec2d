"""A ticket's history told again: what happened to it when, in whose hands it was then, and how much working time had passed.

The clock runs while something waits for the team, as the policy and the calendar in force at that moment say
(``handlers/tickets/sla_clocks.py`` sets targets by the same rule). What was in force then stays so, whatever is changed later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from handlers.reports.in_force import Clock, InForce
from storage.lifecycle import ACTIVE, Action, StatusKind, Workflow, WorkflowData, built_workflow
from storage.reports.facts import NO_FACTS, Told, fact_values
from storage.types import moment_ticks

ANSWERS = frozenset((Action.REPLY.value, Action.REPLY_AND_WAIT.value))
TAKES = frozenset((Action.CLAIM.value, Action.ASSIGN.value))
FOLLOWED = frozenset(  # what changes more of a ticket than its status
    ("claim", "assign", "release", "escalate", "reply", "reply_and_wait", "resolve", "retype", "set_priority")
)


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


CAME, TAKEN, ANSWERED, SOLVED, SOLVED_AGAIN, MERGED, REOPENED, RATED = What  # an enum's own names cost more to look up


class Happened(NamedTuple):
    """One thing that happened, with what was in force then. Moments and lengths are microseconds."""

    what: What
    at: int
    ticket: int
    kind: str  # of request, by name
    group: str | None
    priority: str
    agent: int | None  # who answered or solved; whose it was
    wall: int = 0
    worked: int = 0  # by the clock that runs while it waits for the team
    met: bool | None = None  # whether the target was kept; None where nothing was aimed at
    value: int = 0  # of a rating
    company: int | None = None  # its requester's
    request_kind: str = ""  # incident, service …


class Stretch(NamedTuple):
    """A part of a ticket's life in which nothing changed that its clock asks about."""

    begin: int
    end: int
    status: str
    kind: str
    group: str | None
    calendar: str
    runs: bool
    worked: int


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
        self, in_force: InForce, types: Mapping[int, tuple[str, Mapping[str, str], str, WorkflowData | None, str]]
    ) -> None:
        self._in_force = in_force
        self._names = {number: found[0] for number, found in types.items()}
        self._priorities = {number: found[2] for number, found in types.items()}
        self._workflows: dict[int, Workflow] = {number: built_workflow(found[3]) for number, found in types.items()}
        self._request_kinds = {number: found[4] for number, found in types.items()}
        self._kinds: dict[tuple[int, str], StatusKind] = {}
        self._standings: dict[tuple[int, str, str | None], tuple[bool, Clock]] = {}

    def happened(self, told: Told) -> list[Happened]:
        """Return what happened to a ticket, in order."""
        state = self._beginning(told)
        at = begun = counted = told.created_at  # working time is added up to ``counted``
        worked = before = 0
        answered, again, solver = False, False, None
        found = [self._event(CAME, told, state, at)]
        over, clock = self._standing(state)
        for _, action, status, by, moment, facts in told.history:
            was, at = over, moment
            if status != state.standing or action in FOLLOWED:
                ran = clock
                self._follow(state, action, status, by, facts)
                over, clock = self._standing(state)
                if clock is not ran:
                    worked += ran.worked(counted, at)
                    counted = at
            if action in TAKES:
                found.append(self._event(TAKEN, told, state, at))
            if not answered and action in ANSWERS:
                answered = True
                worked, counted = worked + clock.worked(counted, at), at
                met, wall = _met(at, told.first_response_due), at - told.created_at
                found.append(self._event(ANSWERED, told, state, at, by, wall, worked, met))
            if over and not was:
                if action == "merge":
                    found.append(self._event(MERGED, told, state, at))
                else:
                    what = SOLVED_AGAIN if again else SOLVED
                    solver = by if by is not None and by != told.requester else state.agent
                    met = _met(at, _due(told, at, facts))
                    found.append(self._event(what, told, state, at, solver, at - begun, worked - before, met))
            elif was and not over:
                again, begun, before = True, at, worked
                found.append(self._event(REOPENED, told, state, at, solver))
            if action == "rate" and (value := _rating(facts)):
                found.append(self._event(RATED, told, state, at, solver or state.agent, value=value))
        return found

    def stretches(self, told: Told, until: int) -> list[Stretch]:
        """Return a ticket's life cut where its clock stopped, went on, or was counted by another calendar."""
        state, at, found = self._beginning(told), told.created_at, list[Stretch]()
        for _, action, status, by, moment, facts in told.history:
            found += self._parts(state, at, moment)
            at = max(at, moment)
            self._follow(state, action, status, by, facts)
        return [*found, *self._parts(state, at, until)]

    def _standing(self, state: "_State") -> tuple[bool, Clock]:
        """Return whether nobody works on a ticket in this state, and what counts its working time."""
        key = (state.type_id, state.standing, state.group)
        found = self._standings.get(key)
        if found is None:
            kind = self.kind(state.type_id, state.standing)
            clock = self._in_force.clock(kind, self._names[state.type_id], state.group)
            found = self._standings[key] = kind not in ACTIVE, clock
        return found

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
        actions = [done[1] for done in told.history]
        told_first = actions[:1] == ["register"]
        facts = fact_values(told.history[0][5]) if told_first else NO_FACTS
        type_id, group, priority = told.type_id, facts.get("group"), facts.get("priority")
        if "retype" in actions:
            type_id = int(fact_values(told.history[actions.index("retype")][5])["was"])
        if "group" not in facts and "escalate" not in actions and "retype" not in actions:
            group = told.group
        if not priority:
            priority = self._priorities[type_id] if "set_priority" in actions else told.priority
        status = told.history[0][2] if told_first else self._workflows[type_id].start
        return _State(status, type_id, group, priority)

    def _follow(self, state: _State, action: str, status: str, by: int | None, facts: str) -> None:
        """Let a state become what it was after something was done."""
        state.standing = status
        match action:
            case "claim":
                state.agent = by
            case "assign":
                to = fact_values(facts).get("to")
                state.agent = int(to) if to is not None else state.agent
            case "release":
                state.agent = None
            case "escalate":
                state.agent, state.group = None, fact_values(facts).get("group_name", state.group) or None
            case "reply" | "reply_and_wait" | "resolve":
                state.agent = state.agent or by
            case "retype":
                state.type_id = int(fact_values(facts)["now"])
                state.group = fact_values(facts).get("group_name", state.group) or None
            case "set_priority":
                state.priority = fact_values(facts).get("priority", state.priority)

    def _parts(self, state: _State, begin: int, end: int) -> Iterator[Stretch]:
        kind, name = self.kind(state.type_id, state.standing), self._names[state.type_id]
        clock = self._in_force.clock(kind, name, state.group)
        for first, last, number in self._in_force.stretches(begin, end):
            policy, calendar = self._in_force.terms(number, name, state.group)
            runs = not policy.stands(kind)
            worked = clock.worked(first, last)
            yield Stretch(first, last, state.standing, name, state.group, calendar.name, runs, worked)

    def _event(
        self,
        what: What,
        told: Told,
        state: _State,
        at: int,
        by: int | None = None,
        wall: int = 0,
        worked: int = 0,
        met: bool | None = None,
        value: int = 0,
    ) -> Happened:
        agent = by if by is not None else state.agent
        name = self._names[state.type_id]
        facts = (what, at, told.id, name, state.group, state.priority, agent, wall, worked, met, value, told.company)
        return Happened._make(
            (*facts, self._request_kinds[state.type_id])
        )  # there are millions: it takes a quarter less


def _met(at: int, due: int | None) -> bool | None:
    return None if due is None else at <= due


def _due(told: Told, at: int, facts: str) -> int | None:
    """Return by when a ticket was to be solved, as it was aimed at then; of older ones it is known of the last time only."""
    known = fact_values(facts)
    if "due" in known:
        return moment_ticks(datetime.fromisoformat(known["due"])) if known["due"] else None
    return told.resolution_due if told.resolved_at == at else None


def _rating(facts: str) -> int:
    try:
        return int(fact_values(facts).get("rating", 0))
    except (TypeError, ValueError):
        return 0
