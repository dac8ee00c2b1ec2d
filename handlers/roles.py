"""Who may do what: a person's role, what a command asks for, and whose work a ticket is."""

from dataclasses import replace

from handlers.messages import Kind
from handlers.router import Route, on
from handlers.turn import Turn
from storage.lifecycle import Refused
from storage.models import Role
from storage.people import Person
from storage.tickets import Ticket


def account_of(person: Person) -> str:
    """Return a person's account as the rules name it: ``messenger:id``."""
    return f"{person.source.partition(':')[0]}:{person.native}"


def standing(turn: Turn, person: Person) -> Person:
    """Return a person with the strongest of the roles that the team channels, the settings and the rules give them.

    Whoever has left the team is none of those whom the rules name, until they are back.
    """
    messenger, _, _ = person.source.partition(":")
    named = Role.ADMIN if (messenger, person.native) in turn.rules.admins else Role.REQUESTER
    ruled = Role.REQUESTER if person.left else turn.rules.roles.of(account_of(person))
    strongest = max(person.role, named, ruled, key=lambda role: role.rank)
    return person if strongest is person.role else replace(person, role=strongest)


def strongest(turn: Turn, person: Person) -> Person:
    """Return somebody by the one of their accounts that may most: roles are an account's, a person may have several."""
    accounts = [standing(turn, each) for each in turn.tx.people.by_account(person.id)]
    return max(accounts, key=lambda each: each.role.rank, default=person)


def asked(turn: Turn, route: Route) -> Role:
    """Return the role that a route asks for here: the rules may ask more or less of a command, and of its button."""
    if route.kind not in (Kind.COMMAND, Kind.PRESS) or route.role is Role.REQUESTER:
        return route.role
    return turn.rules.roles.permissions.get(route.name, route.role)


def somebody(turn: Turn, number: int | str) -> Person:
    """Return a person by the number that a button carries; refuse one that is known no more: they are one with another now."""
    found = turn.tx.people.known(int(number))
    if found is None:
        raise Refused("expired")
    return found


def must_may(turn: Turn, command: str) -> None:
    """Refuse what the command of this name would refuse the actor, where the same is done by another."""
    route = on.find(Kind.COMMAND, command)
    if route is not None and not turn.person.may(asked(turn, route)):
        raise Refused("not_yours", role=asked(turn, route), act=f"{Kind.COMMAND}:{command}")


def works_on(turn: Turn, person: Person, ticket: Ticket) -> bool:
    """Return whether a ticket is this person's to work on: their group's, nobody's in particular, or they see all groups."""
    group = turn.rules.groups.get(ticket.group_name or "")
    if group is None or not group.members or person.may(Role.SENIOR) or person.id == ticket.agent_id:
        return True
    return account_of(person) in group.members or any(
        other in group.members for other in turn.tx.people.accounts(person.id)
    )


def must_work_on(turn: Turn, ticket: Ticket) -> Ticket:
    """Return a ticket that the actor may work on; refuse another group's, naming whom to ask."""
    if turn.actor is not None and not works_on(turn, turn.actor, ticket):
        group = turn.rules.groups[ticket.group_name or ""]
        raise Refused("other_group", ticket=ticket.id, group=group.title)
    return ticket
