"""Roles by command: who is an agent, a senior agent, an admin; kept in the rules, so that desk.yaml tells the same."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers import roles
from handlers.bans import whom
from handlers.messages import phrase
from handlers.router import on
from handlers.rules.change import Wrong, put
from handlers.turn import Turn
from storage.lifecycle import Refused
from storage.models import Role
from storage.people import Person


@on.command("role", role=Role.ADMIN)
def role(turn: Turn) -> None:
    """Somebody's role, shown or changed: /role @anna senior; /role @anna agent takes it back; alone: everybody's."""
    words = turn.event.value.split()
    if not words:
        team = [roles.standing(turn, person) for person in turn.tx.people.team()]
        turn.say(*(phrase("role.line", name=person.name, role=phrase(f"role.{person.role}")) for person in team))
        return
    person, rest = whom(turn, words)
    person = roles.standing(turn, person)
    if not rest:
        turn.say(phrase("role.line", name=person.name, role=phrase(f"role.{person.role}")))
        return
    wanted = rest[0].lower()
    if wanted not in {*Role}:
        raise Refused("role_word", word=rest[0], known=[phrase(f"role.{one}") for one in Role])
    grant(turn, person, Role(wanted))


def grant(turn: Turn, person: Person, wanted: Role) -> None:
    """Give a role to all of a person's accounts; the last admin keeps theirs."""
    accounts = turn.tx.people.accounts(person.id)
    newest = turn.tx.rules.hold()
    document = dict(newest.data) if newest else {}
    document["roles"] = granted(document.get("roles") or {}, accounts, wanted)
    try:
        turn.tx.people.grant(person.id, Role.REQUESTER)  # the rules say it from now on
        rules = put(turn.tx, document, turn.rules, act="role", by=turn.person.id, at=turn.now)
    except Wrong as wrong:
        raise Refused("rules", problem=wrong.problems[0].said) from None
    turn.audit("role", who=person.id, role=wanted)
    now = roles.standing(replace(turn, rules=rules), turn.tx.people.of_account(person.account_id))
    turn.say(phrase("role.done", name=person.name, role=phrase(f"role.{now.role}")))


def granted(was: Mapping[str, Any], accounts: list[str], wanted: Role) -> dict[str, Any]:
    """Return the section of roles with a person's accounts where they belong now."""
    now = dict(was)
    for name, of in (("admins", Role.ADMIN), ("seniors", Role.SENIOR)):
        others = [account for account in was.get(name) or [] if account not in accounts]
        now[name] = [*others, *accounts] if wanted is of else others
    return now
