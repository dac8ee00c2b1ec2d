"""Where our messages are shown: the native messages that stand for one of ours, part by part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.sql import ColumnElement

from storage.models import Sending, outgoing, post


@dataclass(frozen=True, slots=True)
class Post:
    """A native message that shows an outgoing one (or, with only ``message_id``, one that a person wrote)."""

    place: str
    native: str
    part: int
    outgoing_id: int | None
    message_id: int | None
    ticket_id: int | None = None


def posts_of(connection: Connection, outgoing_id: int) -> list[Post]:
    """Return where an outgoing message is shown now, part by part (a message sent anew replaces its older posts)."""
    rows = connection.execute(
        select(post.c.place, post.c.native, post.c.part, post.c.outgoing_id, post.c.message_id)
        .where(post.c.outgoing_id == outgoing_id)
        .order_by(post.c.part, post.c.id)
    ).all()
    return list({row.part: Post(*row) for row in rows}.values())


def post_in(connection: Connection, message_id: int, place: str) -> str | None:
    """Return the native message that shows a ticket's message in a chat, the latest if there are several."""
    query = (
        select(post.c.native)
        .where(post.c.message_id == message_id, post.c.place == place)
        .order_by(post.c.id.desc())
        .limit(1)
    )
    return connection.scalar(query)


def root_of(connection: Connection, ticket_id: int, place: str) -> str | None:
    """Return the first native message about a ticket alone in a chat: where a messenger threads, its thread hangs there."""
    other = post.alias()
    of_others = select(other.c.id).where(
        other.c.place == place, other.c.native == post.c.native, other.c.ticket_id != ticket_id
    )
    query = select(post.c.native).where(
        post.c.ticket_id == ticket_id, post.c.place == place, post.c.outgoing_id.is_not(None), ~of_others.exists()
    )
    return connection.scalar(query.order_by(post.c.id).limit(1))


def forget_posts(connection: Connection, outgoing_id: int) -> None:
    """Forget where a message was shown: it is gone there."""
    connection.execute(delete(post).where(post.c.outgoing_id == outgoing_id))


def being_sent(connection: Connection, names: Sequence[str], threads: tuple[str, str] | None, before: datetime) -> bool:
    """Return whether something promised before then is on its way to one of these addresses, or nobody knows if it got there.

    ``threads`` are how addresses begin and end that count as well.
    """
    where: ColumnElement[bool] = outgoing.c.lane.in_(names)
    if threads is not None:
        begins, ends = threads
        after = begins[:-1] + chr(ord(begins[-1]) + 1)
        where |= (
            (outgoing.c.lane >= begins) & (outgoing.c.lane < after) & outgoing.c.lane.endswith(ends, autoescape=True)
        )
    query = select(outgoing.c.id).where(
        outgoing.c.done_at.is_(None),
        (outgoing.c.state == Sending.SENDING) | outgoing.c.uncertain,
        outgoing.c.created_at <= before,
        where,
    )
    return connection.scalar(query.limit(1)) is not None
