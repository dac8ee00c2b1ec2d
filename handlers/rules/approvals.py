"""Whose yes a workflow asks for before a request comes to a status: rounds of people, one after another."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from handlers.rules.node import Node
from storage.lifecycle import ACTIVE, ApprovalData, RoundData, StatusData, StatusKind
from storage.models import Role

ROUNDS = 5
DAY = timedelta(days=1)
COMPANY, NAMED = "company", "agent"  # the requester's company's approvers; whom the agent names who asks
ROLES = (Role.AGENT, Role.SENIOR, Role.ADMIN)
DECISION, REASON = TELL = ("decision", "reason")  # what a requester hears


class Need(StrEnum):
    """Whose yes a round takes."""

    ANY = "any"
    ALL = "all"
    MAJORITY = "majority"


def read_approvals(node: Node, statuses: Mapping[str, StatusData], start: str) -> dict[str, ApprovalData]:
    """Return whose yes is asked for, by the status that it leads to."""
    found: dict[str, ApprovalData] = {}
    for status, inner in node.entries().items():
        if status not in statuses:
            inner.unknown(status, statuses)
        elif status == start or statuses[status]["kind"] not in ACTIVE:
            inner.refuse("approval_status", status=status)
        else:
            found[status] = _approval(inner, statuses, status)
    return found


def _approval(node: Node, statuses: Mapping[str, StatusData], status: str) -> ApprovalData:
    given = node.fields("rounds", "waiting", "declined", "remind", "hours", "own", "tell")
    rounds = [_round(inner) for inner in given["rounds"].items()]
    if not rounds:
        given["rounds"].refuse("missing")
    elif len(rounds) > ROUNDS:
        given["rounds"].refuse("bounds", word=str(len(rounds)), low=1, high=ROUNDS)
    data: ApprovalData = {"rounds": rounds}
    for word, kinds in (("waiting", (StatusKind.ON_HOLD,)), ("declined", (*ACTIVE, StatusKind.CLOSED))):
        inner = given[word]
        to = inner.choice(statuses)
        if not to:
            continue
        if to == status or statuses[to]["kind"] not in kinds:
            inner.refuse("leads", word=word, status=to, kinds=", ".join(kinds))
        else:
            data[word] = to  # type: ignore[literal-required]
    if (length := given["remind"].duration(low=timedelta(0))) is not None:
        data["remind"] = int(length.total_seconds())
    if hours := given["hours"].reference("hours"):
        data["hours"] = hours
    if given["own"].yes():
        data["own"] = True
    if given["tell"].given:
        data["tell"] = [word for inner in given["tell"].items() if (word := inner.choice(TELL))]
    return data


def _round(node: Node) -> RoundData:
    given = node.fields("ask", "need")
    if not given["ask"].given:
        given["ask"].refuse("missing")
    asked = [word for inner in given["ask"].items() if (word := _asked(inner))]
    return {"ask": list(dict.fromkeys(asked)), "need": given["need"].choice(Need, Need.ANY)}


def _asked(node: Node) -> str:
    """Return who is asked: the company's approver, a role, a group, an account, or whom the agent names."""
    word = str(node.value).strip()
    what, _, name = word.partition(":")
    known = node.document.get("groups")
    match what:
        case _ if word in (COMPANY, NAMED):
            return word
        case "role" if name in set(ROLES):
            return word
        case "role":
            node.unknown(name, ROLES)
        case "group" if isinstance(known, Mapping) and name in known:
            return word
        case "group":
            node.unknown(name, known if isinstance(known, Mapping) else ())
        case _ if node.names_account():
            return word
        case _:
            node.refuse("approver", word=word)
    return ""


def reminder_length(rule: ApprovalData) -> timedelta:
    """Return after how much working time whoever has not answered is reminded; 0: never."""
    return timedelta(seconds=rule["remind"]) if "remind" in rule else DAY


def told_of(rule: ApprovalData) -> Sequence[str]:
    """Return what a requester hears."""
    return rule.get("tell", TELL)
