"""Where to look for what was said while nobody listened: chats and threads of a source, and how far they are known."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from storage.lifecycle import ACTIVE
from storage.models import account, inbox, post, ticket


def chats(connection: Connection, source: str, since: datetime) -> Sequence[str]:
    """Return the private chats of a source whose people have an active ticket, or one talked on since then."""
    query = (
        select(account.c.chat)
        .join(ticket, ticket.c.requester_id == account.c.person_id)
        .where(account.c.source == source, account.c.chat != "")
        .where(or_(ticket.c.kind.in_(ACTIVE), ticket.c.talked_at >= since))
        .distinct()
        .order_by(account.c.chat)
    )
    return connection.scalars(query).all()


def roots(connection: Connection, source: str) -> Sequence[tuple[str, str]]:
    """Return the messages that the threads of active tickets hang on: chat and native id."""
    first = (
        select(func.min(post.c.id))
        .join(ticket, ticket.c.id == post.c.ticket_id)
        .where(ticket.c.kind.in_(ACTIVE), post.c.outgoing_id.is_not(None), post.c.place.startswith(f"{source}:"))
        .group_by(post.c.ticket_id, post.c.place)
    )
    query = select(post.c.place, post.c.native).where(post.c.id.in_(first)).order_by(post.c.id)
    return [(row.place.removeprefix(f"{source}:"), row.native) for row in connection.execute(query).all()]


def last_key(connection: Connection, source: str, prefix: str) -> str | None:
    """Return the greatest native key of a source that begins so: how far a chat is known."""
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    query = select(inbox.c.key).where(inbox.c.source == source, inbox.c.key >= prefix, inbox.c.key < after)
    return connection.scalar(query.order_by(inbox.c.key.desc()).limit(1))
