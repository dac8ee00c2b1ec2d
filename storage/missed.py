"""Where to look for what was said while nobody listened: the threads of a source's tickets."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from storage.lifecycle import ACTIVE
from storage.models import post, ticket


def roots(connection: Connection, source: str, since: datetime) -> Sequence[tuple[str, str]]:
    """Return the messages that threads of tickets hang on, chat and native id: active tickets, or talked on since then."""
    first = (
        select(func.min(post.c.id))
        .join(ticket, ticket.c.id == post.c.ticket_id)
        .where(or_(ticket.c.kind.in_(ACTIVE), ticket.c.talked_at >= since))
        .where(post.c.outgoing_id.is_not(None), post.c.place.startswith(f"{source}:", autoescape=True))
        .group_by(post.c.ticket_id, post.c.place)
    )
    query = select(post.c.place, post.c.native).where(post.c.id.in_(first)).order_by(post.c.id)
    return [(row.place.removeprefix(f"{source}:"), row.native) for row in connection.execute(query).all()]
