"""Where a question's choices come from, if not from the rules: an address that the desk asks now and then."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from handlers.rules.node import Node
from handlers.rules.webhooks import read_address

MOST = 8  # sources of a desk
EVERY, OFTEN, SELDOM = timedelta(hours=1), timedelta(minutes=5), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ChoiceSource:
    """An address that gives a list of choices, and how often it is asked."""

    url: str
    every: timedelta

    @property
    def key(self) -> str:
        """Return what it is known by; questions that name one address share its list."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:32]


def read_choice_source(node: Node) -> ChoiceSource | None:
    """Return a source: an address alone, or with how often it is asked; None where there is none."""
    if not node.given:
        return None
    if isinstance(node.value, str):
        address, every = read_address(node), EVERY
    else:
        given = node.fields("url", "every")
        address = read_address(given["url"])
        every = given["every"].duration(EVERY, low=OFTEN) or EVERY
        if every > SELDOM:
            given["every"].refuse("seldom", word=str(given["every"].value))
            return None
    return ChoiceSource(address, every) if address else None
