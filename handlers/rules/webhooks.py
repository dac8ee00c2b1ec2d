"""The section ``webhooks``: which programs hear what happens here, at which address, and whether they read people's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from handlers.rules.node import Node

MOST = 8  # webhooks of a desk: however many of them do not answer, most of what is sent at once goes to people
ADDRESS = 500  # characters
ALL = "all"


class WebhookEvent(StrEnum):
    """What another program may hear of, by the name it hears it by."""

    OPENED = "ticket.opened"
    MESSAGE = "ticket.message"  # of its requester
    REPLIED = "ticket.replied"  # to its requester
    NOTED = "ticket.noted"  # inside the team
    ASSIGNED = "ticket.assigned"  # claimed, given to somebody, put back
    ESCALATED = "ticket.escalated"
    MOVED = "ticket.moved"  # to another status that is still worked on or waited in
    PRIORITY = "ticket.priority"
    RETYPED = "ticket.retyped"
    MERGED = "ticket.merged"
    RESOLVED = "ticket.resolved"
    REOPENED = "ticket.reopened"
    CLOSED = "ticket.closed"
    RATED = "ticket.rated"
    BREACHED = "ticket.breached"  # a target's time has come, and it is not met
    OUTAGE_DECLARED = "outage.declared"
    OUTAGE_ENDED = "outage.ended"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A program that hears of events; no type, no group: of every request."""

    name: str
    url: str
    events: frozenset[WebhookEvent]
    type: str = ""
    group: str = ""
    words: bool = False  # it reads people's words and names too

    def hears(self, event: WebhookEvent, kind: str, group: str) -> bool:
        """Return whether it hears of an event on a request of this type and group; on none, where it asks for neither."""
        return event in self.events and self.type in ("", kind) and self.group in ("", group)


def read_webhooks(node: Node) -> dict[str, Webhook]:
    """Return the webhooks by name."""
    found = {name: _webhook(name, inner) for name, inner in node.entries().items()}
    if len(found) > MOST:
        node.refuse("webhooks", most=MOST)
    return {name: webhook for name, webhook in found.items() if webhook.url}


def _webhook(name: str, node: Node) -> Webhook:
    given = node.fields("url", "events", "type", "group", "words")
    return Webhook(
        name,
        read_address(given["url"]),
        frozenset(_events(given["events"])),
        given["type"].reference("types"),
        given["group"].reference("groups"),
        given["words"].yes(),
    )


def _events(node: Node) -> Sequence[WebhookEvent]:
    """Return the events that are named, all of them where nothing is said."""
    if not node.given or node.value == ALL or node.value == [ALL]:
        return tuple(WebhookEvent)
    return [
        WebhookEvent(word) for inner in node.items() if (word := inner.choice([*WebhookEvent, ALL])) and word != ALL
    ]


def read_address(node: Node) -> str:
    """Return a web address without a name or password in it; the rules are exported, and such a one would be with them."""
    address = node.text(limit=ADDRESS, required=True)
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or any(letter.isspace() for letter in address):
        node.refuse("address", word=address)
        return ""
    if parts.username is not None or parts.password is not None:
        node.refuse("address_password")
        return ""
    return address
