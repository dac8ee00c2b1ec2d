"""Who may do what: a person's role, what an act asks for, and whose work a ticket is."""

from dataclasses import replace

from handlers.rules.groups import Group
from handlers.turns.router import Route
from handlers.turns.turn import Turn
from handlers.vocabulary.acts import ACT_OF, ACTS
from handlers.vocabulary.messages import Button, Kind
from storage.lifecycle import REQUESTERS, Action, Refused
from storage.models import Role
from storage.people.people import Person
from storage.tickets.tickets import Ticket


def account_of(person: Person) -> str:
    """Return a person's account as the rules name it: ``messenger:id``."""
    return f"{person.source.partition(':')[0]}:{person.native}"


def with_standing(turn: Turn, person: Person) -> Person:
    """Return a person with the strongest of the roles that the team channels, the settings and the rules give them.

    Whoever has left the team is none of those whom the rules name, until they are back.
    """
    messenger, _, _ = person.source.partition(":")
    named = Role.ADMIN if (messenger, person.native) in turn.rules.admins else Role.REQUESTER
    ruled = Role.REQUESTER if person.left else turn.rules.roles.of(account_of(person))
    strongest = max(person.role, named, ruled, key=lambda role: role.rank)
    return person if strongest is person.role else replace(person, role=strongest)


def strongest_account(turn: Turn, person: Person) -> Person:
    """Return somebody by the one of their accounts that may most: roles are an account's, a person may have several."""
    accounts = [with_standing(turn, each) for each in turn.tx.people.by_account(person.id)]
    return max(accounts, key=lambda each: each.role.rank, default=person)


def role_asked_by(turn: Turn, route: Route) -> Role:
    """Return the role that a route asks for here: the rules may ask more or less for its act, whatever leads to it."""
    return role_needed_for(turn, route.act) if route.act else route.role


def role_needed_for(turn: Turn, act: str) -> Role:
    """Return the role that an act asks for here."""
    return turn.rules.roles.permissions.get(act, ACTS[act])


def may_press_button(turn: Turn, button: Button, role: Role) -> bool:
    """Return whether somebody of a role may press a button."""
    route = turn.contents.router.find(Kind.PRESS, button.name)
    return route is None or not route.act or role.rank >= role_asked_by(turn, route).rank


def person_of_button(turn: Turn, number: int | str) -> Person:
    """Return a person by the number that a button carries; refuse one that is known no more: they are one with another now."""
    found = turn.tx.people.known(int(number))
    if found is None:
        raise Refused("expired")
    return found


def must_may(turn: Turn, act: str) -> None:
    """Refuse an act that the actor has no permission for, whatever led to it."""
    if not turn.person.may(role_needed_for(turn, act)):
        raise Refused("not_yours", role=role_needed_for(turn, act), act=act)


def must_may_move(turn: Turn, ticket: Ticket, action: Action, by: int | None, merged_into: int | None = None) -> None:
    """Refuse a move of a ticket that the actor may not make: as one of the team, or as its requester."""
    if turn.actor is None or by != turn.actor.id or turn.event.kind is Kind.MEMBER:
        return  # the desk itself; whoever leaves gives back what they had
    if action in REQUESTERS and any(each.requester_id == by for each in turn.tx.related.whole(ticket)):
        return
    if action is Action.MERGE and all(each.requester_id == by for each in _merged_together(turn, ticket, merged_into)):
        return  # whose requests all of them are, joins them or takes them apart as they like
    if action in ACT_OF:
        must_may(turn, ACT_OF[action])


def _merged_together(turn: Turn, ticket: Ticket, into: int | None) -> list[Ticket]:
    """Return all tickets that go on as one once a ticket goes on in another, or still do before it is itself again."""
    other = turn.tx.related.whole(turn.tx.tickets.get(into)) if into is not None else []
    return [*turn.tx.related.whole(ticket), *other]


def works_on(turn: Turn, person: Person, ticket: Ticket) -> bool:
    """Return whether a ticket is this person's to work on: their group's, nobody's, one they help with, or all are."""
    group = turn.rules.groups.get(ticket.group_name or "")
    if group is None or person.may(Role.SENIOR) or person.id == ticket.agent_id:
        return True
    if account_of(person) in group.members or is_of(turn, person, group):
        return True
    return person.id in turn.tx.helpers.of(ticket.id)


def is_of(turn: Turn, person: Person, group: Group) -> bool:
    """Return whether somebody is of a group: named in it, or in its own channel; a group of nobody is everybody's."""
    own = [channel.id for channel in turn.channels if channel.word in group.channels]
    if not group.members and not own:
        return True
    if group.members and any(account in group.members for account in turn.tx.people.accounts(person.id)):
        return True
    return bool(own) and turn.tx.channels.has_member(own, person.id)


def must_work_on(turn: Turn, ticket: Ticket) -> Ticket:
    """Return a ticket that the actor may work on; refuse another group's, naming whom to ask."""
    if turn.actor is not None and not works_on(turn, turn.actor, ticket):
        group = turn.rules.groups[ticket.group_name or ""]
        raise Refused("other_group", ticket=ticket.id, group=group.title)
    return ticket
