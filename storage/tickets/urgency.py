"""Where in the queue a ticket stands: a number that it keeps while it waits or is worked on, so that an index orders it."""

from storage.lifecycle import ACTIVE, StatusKind
from storage.models import Priority

INCIDENT = "incident"  # the kind of a request type whose tickets come before others as urgent
_PLACES = {priority: place for place, priority in enumerate(Priority)}


def ticket_urgency(kind: StatusKind, priority: Priority) -> int | None:
    """Return where in the queue a ticket of this kind and priority stands; None where it is over."""
    return _PLACES[priority] if kind in ACTIVE else None
