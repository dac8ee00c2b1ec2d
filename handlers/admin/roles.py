"""Roles by command: who is an agent, a senior agent, an admin; kept in the rules, so that desk.yaml tells the same."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.admin.bans import banned_person_argument
from handlers.admin.rules_editor import review
from handlers.admin.rules_editor.sections import ROLE
from handlers.admin.rules_editor.shelves import value_as_list
from handlers.rules.change import judge_document
from handlers.turns import confirmations, naming, permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Phrase, button_column, phrase
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.people import Person

on = Routes()

GIVEN = (Role.AGENT, Role.SENIOR, Role.ADMIN)  # what one of the team can be
SHOWN = 40  # of the team, as buttons


@on.command("role", role=Role.ADMIN)
def role(turn: Turn) -> None:
    """Somebody's role, shown or changed: /role @anna senior; /role @anna agent takes it back; alone: everybody's."""
    said = naming.command_value(turn)
    if not said.strip():
        list_team_roles(turn)
        return
    person, rest = person_argument(turn, said)
    if not rest:
        offer_roles(turn, person)
        return
    wanted = rest[0].lower()
    if wanted not in {*Role}:
        raise Refused("role_word", word=rest[0], known=[phrase(f"role.{one}") for one in Role])
    propose_role(turn, person, Role(wanted))


def person_argument(turn: Turn, said: str) -> tuple[Person, list[str]]:
    """Return whose role is meant, and the words that follow: a ticket's requester by its number, else one of the team.

    Whoever is mentioned, or named by their account, need not be of the team: an id cannot be anybody else's.
    """
    first = said.split()[0]
    if naming.is_account(turn, first) or first.startswith("#") or first.isdigit():
        return banned_person_argument(turn, said)
    ruled = turn.rules.roles
    holders = (naming.of_account(turn, account) for account in (*ruled.admins, *ruled.seniors))
    return naming.teammate_first(turn, said, [*turn.tx.people.team(), *(one for one in holders if one is not None)])


def list_team_roles(turn: Turn) -> None:
    """Show the team, each with their role, as buttons that change it."""
    team = [permissions.strongest_account(turn, person) for person in turn.tx.people.team()]
    more = [phrase("role.more", n=len(team) - SHOWN)] if len(team) > SHOWN else []
    turn.say(
        phrase("role.team"),
        *more,
        buttons=button_column(*(presses.ChooseRole(one.id).button(role_line(one)) for one in team[:SHOWN])),
    )


def role_line(person: Person) -> Phrase:
    """Return somebody with their role."""
    return phrase("role.line", name=person.name, role=phrase(f"role.{person.role}"))


@on.press(presses.ChooseRole, role=Role.ADMIN)
def pressed(turn: Turn) -> None:
    """The roles that whoever is on the button may be given."""
    offer_roles(turn, permissions.person_of_button(turn, turn.pressed(presses.ChooseRole).person))


def offer_roles(turn: Turn, person: Person) -> None:
    """Show somebody's role, with the others as buttons."""
    person = permissions.strongest_account(turn, person)
    others = [each for each in GIVEN if each is not person.role]
    buttons = button_column(*(presses.GiveRole(person.id, each).button(phrase(f"role.{each}")) for each in others))
    turn.say(role_line(person), phrase("role.which"), buttons=buttons)


@on.press(presses.GiveRole, role=Role.ADMIN, act="role")
def chosen(turn: Turn) -> None:
    """The role on the button is meant: what would change is shown."""
    meant = turn.pressed(presses.GiveRole)
    propose_role(turn, permissions.person_of_button(turn, meant.person), Role(meant.role))


def propose_role(turn: Turn, person: Person, wanted: Role) -> None:
    """Show what somebody would be; the last admin keeps their role."""
    written = review.current_document(turn)
    was = review.find_entry(written, ROLE, "") or {}
    now = roles_with_person(was, turn.tx.people.accounts(person.id), wanted)
    changed = ROLE.shelf.put(written, "", now)
    if mistakes := review.new_mistakes(turn, changed):
        raise Refused("rules", problem=mistakes[0].facts["said"])
    rules = judge_document(turn.tx, changed, turn.rules)[0]
    before, after = (
        permissions.strongest_account(turn, person),
        permissions.strongest_account(replace(turn, rules=rules), person),
    )
    if after.role is before.role:  # whatever the rules say, the setting ADMINS or the team channel say so
        turn.say(role_line(before), phrase("rules.nothing"))
        return
    told = phrase("role.change", was=phrase(f"role.{before.role}"), now=phrase(f"role.{after.role}"))
    facts = {"who": person.id, "role": wanted, "was": was, "entry": now}
    title = phrase("rules.would_change", name=person.name)
    confirmations.show_proposal(turn, "role", facts, naming.identity_line(person), told, title=title, command="role")


def roles_with_person(was: Mapping[str, Any], accounts: list[str], wanted: Role) -> dict[str, Any]:
    """Return the section of roles (``was``: {"admins", "seniors", …}) with a person's accounts where they belong now."""
    now = dict(was)
    for name, of in (("admins", Role.ADMIN), ("seniors", Role.SENIOR)):
        others = [account for account in value_as_list(was.get(name)) if account not in accounts]
        now[name] = [*others, *accounts] if wanted is of else others
    return now


def apply_role(turn: Turn, facts: Mapping[str, Any]) -> None:
    """All of a person's accounts have the role from now on, unless somebody else has changed the roles meanwhile.

    ``facts`` are {"who", "role", "was", "entry"}: the section of roles as it was, and as it will be.
    """
    person, newest = permissions.person_of_button(turn, facts["who"]), turn.tx.rules.hold()
    written = newest.data if newest else {}
    if review.find_entry(written, ROLE, "") != facts["was"]:
        raise Refused("rules_changed", name=person.name)
    turn.tx.people.grant(person.id, Role.REQUESTER)  # the rules say it from now on
    rules = review.put_in_force(turn, ROLE.shelf.put(written, "", facts["entry"]), act="role")
    turn.audit(Deed.ROLE, who=person.id, role=facts["role"])
    now = permissions.strongest_account(replace(turn, rules=rules), turn.tx.people.get(person.id))
    confirmations.settle_proposal(turn, phrase("role.done", name=person.name, role=phrase(f"role.{now.role}")))
