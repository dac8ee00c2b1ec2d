"""Where to look for what happened while nobody listened: the threads of a source's tickets, and what was heard before."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from storage.engine.upsert import put_row
from storage.lifecycle import ACTIVE
from storage.models import account, inbox, message, own_account, post, ticket


def heard_until(connection: Connection, source: str) -> datetime | None:
    """Return up to when everything was heard on an account of ours; None where nothing ever was."""
    query = select(own_account.c.heard_until).where(own_account.c.source == source)
    found: datetime | None = connection.scalar(query)
    return found


def remember_heard(connection: Connection, source: str, until: datetime) -> None:
    """Keep up to when everything was heard on an account of ours."""
    put_row(connection, own_account, {"source": source}, {"heard_until": until})


def thread_roots(connection: Connection, source: str, since: datetime) -> Sequence[tuple[str, str]]:
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


def native_messages_since(connection: Connection, source: str, since: datetime) -> Sequence[tuple[str, str, str]]:
    """Return the native messages in which people's words came since then, the newest first: chat, native id, who wrote it."""
    mine = account.alias("mine")
    query = (
        select(post.c.place, post.c.native, mine.c.native)
        .join(message, message.c.id == post.c.message_id)
        .join(mine, (mine.c.person_id == message.c.person_id) & (mine.c.source == source))
        .where(message.c.at >= since, message.c.deleted_at.is_(None), post.c.outgoing_id.is_(None))
        .where(post.c.place.startswith(f"{source}:", autoescape=True))
        .order_by(post.c.id.desc())
    )
    return [(place.removeprefix(f"{source}:"), native, who) for place, native, who in connection.execute(query)]


def event_keys_with_prefix(connection: Connection, source: str, prefix: str) -> Sequence[str]:
    """Return the keys of a source's events that begin so, in the order they came."""
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    query = select(inbox.c.key).where(inbox.c.source == source, inbox.c.key >= prefix, inbox.c.key < after)
    return connection.scalars(query.order_by(inbox.c.id)).all()
