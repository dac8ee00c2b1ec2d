"""The section ``roles``: who is a senior agent or an admin, and which acts ask for another role than usual."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.rules.node import Node
from handlers.vocabulary.acts import ACTS
from storage.models import Role

TEAM = (Role.AGENT, Role.SENIOR, Role.ADMIN)  # a command of the team's is never opened to everybody
ALWAYS_ADMIN = ("role", "settings")  # whoever may these may everything


@dataclass(frozen=True, slots=True)
class Roles:
    """Accounts by role, and roles by act."""

    admins: tuple[str, ...] = ()
    seniors: tuple[str, ...] = ()
    permissions: Mapping[str, Role] = field(default_factory=dict)

    def of(self, account: str) -> Role:
        """Return the role that an account is given here; a requester where it is given none."""
        if account in self.admins:
            return Role.ADMIN
        return Role.SENIOR if account in self.seniors else Role.REQUESTER


def read_roles(node: Node) -> Roles:
    """Return the roles; nobody has two."""
    given = node.fields("admins", "seniors", "permissions")
    admins, seniors = given["admins"].accounts(), given["seniors"].accounts()
    for account in seniors:
        if account in admins:
            given["seniors"].refuse("two_roles", word=account)
    return Roles(admins, seniors, _permissions(given["permissions"]))


def _permissions(node: Node) -> dict[str, Role]:
    """Return which role an act asks for; only acts of the team's may be given another one."""
    if not node.given:
        return {}
    if not isinstance(node.value, Mapping):
        node.refuse("mapping")
        return {}
    found: dict[str, Role] = {}
    for name, value in node.value.items():
        inner = node.at(str(name), value)
        if str(name) in ALWAYS_ADMIN:
            inner.refuse("always_admin", word=str(name))
        elif str(name) not in ACTS:
            inner.unknown(str(name), ACTS)
        elif role := inner.choice(TEAM):
            found[str(name)] = Role(role)
    return found
