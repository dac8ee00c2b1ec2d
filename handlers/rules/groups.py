"""The section ``groups``: departments and lines of support, who is in them, and which requests come to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handlers.rules.node import Node

KEYWORD = 60  # characters


class Take(StrEnum):
    """How a group's requests find their agent."""

    MANUAL = "manual"  # whoever claims them
    ROUND_ROBIN = "round_robin"  # each in turn
    LEAST_BUSY = "least_busy"  # who has the fewest
    ON_DUTY = "on_duty"  # who is on duty for the group then, by its rota


@dataclass(frozen=True, slots=True)
class Group:
    """Agents who share work; ``members`` as accounts, none: everybody of the team."""

    name: str
    title: Mapping[str, str]
    members: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    take: Take = Take.MANUAL
    capacity: int = 0  # active requests of one agent beyond which nobody gets another; 0: no bound
    escalate_to: str = ""
    hours: str = ""
    channels: tuple[str, ...] = ()  # its own team channels, ``messenger:id``; none: the desk's first


def read_groups(node: Node) -> dict[str, Group]:
    """Return the groups in their order; refuse a circle of escalations."""
    found = {name: _group(name, inner) for name, inner in node.entries().items()}
    for name in found:
        if _circle(found, name):
            node.at(name).at("escalate_to", found[name].escalate_to).refuse("circle", word=name)
    return found


def _group(name: str, node: Node) -> Group:
    given = node.fields("title", "members", "keywords", "take", "capacity", "escalate_to", "hours", "channels")
    keywords = [inner.text(limit=KEYWORD, required=True) for inner in given["keywords"].items()]
    return Group(
        name,
        given["title"].words(limit=KEYWORD),
        given["members"].accounts(),
        tuple(word for word in keywords if word),
        Take(given["take"].choice(Take, Take.MANUAL)),
        given["capacity"].whole(0, low=1, high=1000),
        given["escalate_to"].reference("groups"),
        given["hours"].reference("hours"),
        given["channels"].chats(),
    )


def _circle(groups: Mapping[str, Group], start: str) -> bool:
    """Return whether what is escalated from a group would come back to it."""
    seen, name = set[str](), groups[start].escalate_to
    while name in groups and name not in seen:
        if name == start:
            return True
        seen.add(name)
        name = groups[name].escalate_to
    return False
