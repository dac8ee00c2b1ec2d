"""The section ``workflows``: statuses and the moves between them, for request types that have their own."""

from collections.abc import Mapping
from typing import Any

from handlers.rules.approvals import read_approvals
from handlers.rules.node import Node
from storage.lifecycle import ACTIVE, LEADS, MOVES, Action, StatusData, StatusKind, Workflow, WorkflowData

TITLE = 40  # characters: what fits on a button


def read_workflows(node: Node) -> dict[str, WorkflowData]:
    """Return the workflows as ``Workflow.of`` takes them, by name."""
    return {name: data for name, inner in node.entries().items() if (data := _workflow(name, inner)) is not None}


def _workflow(name: str, node: Node) -> WorkflowData | None:
    before = len(node.problems)
    given = node.fields("start", "statuses", "moves", "approvals")
    statuses = {status: _status(inner) for status, inner in given["statuses"].entries().items()}
    if not statuses:
        given["statuses"].refuse("missing")
        return None
    start = given["start"].choice(statuses, next(iter(statuses)))
    moves = {status: _moves(inner, statuses) for status, inner in _of(given["moves"], statuses).items()}
    asked = read_approvals(given["approvals"], statuses, start)
    if not any(status["kind"] == StatusKind.CLOSED for status in statuses.values()):
        given["statuses"].refuse("no_end")
    if len(node.problems) > before:
        return None
    data: WorkflowData = {
        "name": name,
        "start": start,
        "statuses": {s: short_status(statuses[s]) for s in statuses},
        "moves": moves,
    }
    if asked:
        data["approvals"] = asked
    _judge(node, given["moves"], whole_workflow(data))
    return whole_workflow(data)


def _status(node: Node) -> StatusData:
    """Return a status: its kind alone, or with its titles."""
    if not isinstance(node.value, Mapping):
        return {"kind": _kind(node)}
    given = node.fields("kind", "title")
    titles = given["title"].words(limit=TITLE, required=False)
    kind = _kind(given["kind"])
    return {"kind": kind, "title": titles} if titles else {"kind": kind}


def _kind(node: Node) -> str:
    if not node.given:
        node.refuse("missing")
    return node.choice(StatusKind, StatusKind.OPEN)


def short_status(status: StatusData) -> str | StatusData:
    """Return a status as people write it: one without titles is just its kind."""
    return status if "title" in status else status["kind"]


def _of(node: Node, statuses: Mapping[str, StatusData]) -> dict[str, Node]:
    found = node.entries()
    for status in [status for status in found if status not in statuses]:
        found.pop(status).unknown(status, statuses)
    return found


def _moves(node: Node, statuses: Mapping[str, StatusData]) -> dict[str, Any]:
    """Return the moves from one status, each to a status of a kind that keeps the action's meaning."""
    found: dict[str, Any] = {}
    for word, inner in node.entries().items():
        if word not in set(MOVES):
            inner.unknown(word, MOVES)
        elif word == Action.MOVE:
            found[word] = [to for one in inner.items() if (to := one.choice(statuses))]
        elif to := inner.choice(statuses):
            found[word] = to
            kinds = LEADS.get(Action(word), tuple(StatusKind))
            if statuses[to]["kind"] not in kinds:
                inner.refuse("leads", word=word, status=to, kinds=", ".join(kinds))
    return found


def _judge(node: Node, moves: Node, data: WorkflowData) -> None:
    """Refuse a status that no move leads to, and one from which no way leads to an end."""
    workflow = Workflow.of(data)
    reached, ending = workflow.reached(), workflow.ending()
    for status in workflow.kinds:
        if status in workflow.approvals and all(status not in named for named in workflow.named.values()):
            node.at("approvals").at(status).refuse("approval_move", status=status)
        elif status not in reached:
            node.at("statuses").at(status).refuse("unreachable", status=status)
        elif status not in ending:
            moves.at(status).refuse("dead_end", status=status)


def whole_workflow(data: WorkflowData) -> WorkflowData:
    """Return a workflow with the moves that go without saying: whoever may talk on a ticket or own it always may.

    Written moves stay as they are. None of those added ends a ticket, but where it waits for somebody's yes: there its requester
    may withdraw it, and nobody of the team goes past the question.
    """
    kinds = {s: (what["kind"] if isinstance(what, Mapping) else what) for s, what in data["statuses"].items()}
    moves = {status: {**_unsaid(status, kinds, data), **data["moves"].get(status, {})} for status in kinds}
    return {**data, "moves": moves}


def _unsaid(status: str, kinds: Mapping[str, str], data: WorkflowData) -> dict[str, str]:
    """Return the moves that a status has unless other ones are written."""
    said: Mapping[str, str] = data["moves"].get(status, {})
    again = next((s for s, kind in kinds.items() if kind == StatusKind.OPEN), data["start"])
    end = next(s for s, kind in kinds.items() if kind == StatusKind.CLOSED)
    if any(rule.get("waiting") == status for rule in data.get("approvals", {}).values()):
        return {**dict.fromkeys(("claim", "assign", "release", "reply", "follow_up"), status), "close": end}
    match kinds[status]:
        case StatusKind.CLOSED:
            return {"reopen": again, "rate": status}
        case StatusKind.RESOLVED:
            return {"reopen": again, "close": end, "reply": status, "rate": status}
        case StatusKind.NEW:
            taken = said.get("claim", status)
            return {"claim": status, "assign": taken, "reply": taken, "follow_up": status}
        case StatusKind.PENDING:
            back = said.get("resume", again)
            return {"claim": status, "assign": status, "release": status, "reply": status, "follow_up": back}
    assert kinds[status] in ACTIVE
    return dict.fromkeys(("claim", "assign", "release", "reply", "follow_up"), status)
