"""The section ``privacy``: how long what people write is kept, kind by kind, where it differs from what goes without saying."""

from collections.abc import Mapping
from datetime import timedelta

from handlers.rules.node import Node

DAY = timedelta(days=1)
# What may be said, by the term of storage/retention/forgetting.py that it changes; and how short it may be.
KINDS: Mapping[str, tuple[str, timedelta]] = {
    "requests": ("requests", DAY),  # the words of closed requests: for ever, unless this says how long
    "people": ("people", 90 * DAY),  # who has done nothing for so long; for ever, unless this says how long
    "questions": ("questions", DAY),
    "drafts": ("drafts", DAY),
    "edits": ("old words", DAY),
    "overheard": ("overheard", timedelta(hours=1)),
    "audit": ("audit", 30 * DAY),
    "announcements": ("announcements", 30 * DAY),
    "outages": ("outages", 30 * DAY),
}


def read_retention(node: Node) -> dict[str, timedelta]:
    """Return how long rows are kept, by the name of their term, as far as it is said here."""
    given = node.fields(*KINDS)
    found = {term: given[kind].duration(low=shortest) for kind, (term, shortest) in KINDS.items()}
    return {term: kept for term, kept in found.items() if kept is not None}
