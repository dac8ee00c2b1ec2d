"""What becomes of rows whose time has come: they are deleted, or what people wrote in them is emptied."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Text, and_, cast, delete, exists, false, func, not_, or_, select, update

from storage.lifecycle import ACTIVE
from storage.models import (
    Sending,
    bucket,
    draft,
    entry,
    form,
    inbox,
    known_error,
    lane,
    message,
    old_words,
    outgoing,
    own_account,
    person_state,
    post,
    rules_revision,
    setting,
    thread,
    ticket,
)
from storage.queues import lanes
from storage.queues.outbox import give_up
from storage.retention.erasure import NOBODY
from storage.retention.references import still_named
from storage.tickets.approvals import forget_approvals
from storage.tickets.plans import forget_plans
from storage.tickets.search import Search
from storage.types import EPOCH

REVISIONS = 50  # of the rules, that are kept however old they are
DAY, DAYS_30, YEAR = timedelta(days=1), timedelta(days=30), timedelta(days=365)
NO_WORDS: Mapping[str, Any] = {"text": "", "spans": []}
# Texts of a history that reports go by.
COUNTED = frozenset(("priority", "group", "group_name", "due", "rating", "target"))

Rows = Sequence[Any]
End = Callable[[Connection, Rows, datetime], None]


def _ids(rows: Rows) -> list[Any]:
    """Return the ids of rows: the last part of their key."""
    return [row[-2] for row in rows]


def delete_rows(key: Column[Any]) -> End:
    """Return what deletes rows of a table."""

    def end(connection: Connection, rows: Rows, _: datetime) -> None:
        connection.execute(delete(key.table).where(key.in_(_ids(rows))))

    return end


def empty_columns(key: Column[Any], **values: Any) -> End:
    """Return what leaves these values in the place of what people wrote."""

    def end(connection: Connection, rows: Rows, _: datetime) -> None:
        connection.execute(update(key.table).where(key.in_(_ids(rows))).values(values))

    return end


def delete_old_events(connection: Connection, rows: Rows, now: datetime) -> None:
    """Delete events that no redelivery brings again, nor a look back at what was said since their messenger was last heard."""
    marks = select(own_account.c.source, own_account.c.heard_until).where(own_account.c.heard_until.is_not(None))
    looked_back = [
        and_(inbox.c.source == source, inbox.c.received_at >= max(at - DAY, now - YEAR))
        for source, at in connection.execute(marks).all()
    ]
    connection.execute(delete(inbox).where(inbox.c.id.in_(_ids(rows)), not_(or_(false(), *looked_back))))


def delete_or_empty_promises(connection: Connection, rows: Rows, _: datetime) -> None:
    """Delete promises that nothing names any more, and empty the others; what failed has been told of for long enough."""
    ids = _ids(rows)
    kept = still_named(connection, ids)
    connection.execute(delete(outgoing).where(outgoing.c.id.in_(set(ids) - kept)))
    failed = (outgoing.c.id.in_(kept), outgoing.c.state == Sending.FAILED)
    connection.execute(update(outgoing).where(*failed).values(state=Sending.DROPPED))
    connection.execute(update(outgoing).where(outgoing.c.id.in_(kept)).values(payload="", error=None))


def forget_old_posts(connection: Connection, rows: Rows, now: datetime) -> None:
    """Forget where messages were shown, unless their ticket goes on; their promises too, where nothing else names them."""
    its = func.coalesce(
        post.c.ticket_id, select(message.c.ticket_id).where(message.c.id == post.c.message_id).scalar_subquery()
    )
    going_on = exists().where(ticket.c.id == its, ticket.c.kind.in_(ACTIVE))
    gone = select(post.c.id, post.c.outgoing_id).where(post.c.id.in_(_ids(rows)), ~going_on)
    found = connection.execute(gone).all()
    connection.execute(delete(post).where(post.c.id.in_([row.id for row in found])))
    promises = {row.outgoing_id for row in found if row.outgoing_id is not None}
    promises -= still_named(connection, promises) if promises else set()
    old = (outgoing.c.id.in_(promises), outgoing.c.done_at < now - DAYS_30)
    connection.execute(delete(outgoing).where(*old))


def taken_back(connection: Connection, rows: Rows, _: datetime) -> None:
    """Empty what was taken back, and what it said before."""
    ids = _ids(rows)
    connection.execute(delete(old_words).where(old_words.c.message_id.in_(ids)))
    said = or_(cast(message.c.words, Text) != json.dumps(NO_WORDS), cast(message.c.files, Text) != "[]")
    connection.execute(update(message).where(message.c.id.in_(ids), said).values(words=dict(NO_WORDS), files=[]))


def forget_requests(connection: Connection, rows: Rows, now: datetime) -> None:
    """Keep of requests, and of those that were merged into them, numbers, times and states: nothing that anybody wrote."""
    ids = _ids(rows)
    merged = connection.scalars(select(ticket.c.id).where(ticket.c.merged_into.in_(ids))).all()
    ids = sorted({*ids, *merged})
    connection.execute(delete(known_error).where(known_error.c.ticket_id.in_(ids)))
    forget_approvals(connection, ids)
    forget_plans(connection, ids)
    said = select(message.c.id).where(message.c.ticket_id.in_(ids))
    connection.execute(delete(old_words).where(old_words.c.message_id.in_(said)))
    connection.execute(update(message).where(message.c.ticket_id.in_(ids)).values(words=dict(NO_WORDS), files=[]))
    gone: Mapping[str, Any] = {"summary": NOBODY, "answers": {}, "rating_comment": None, "forgotten_at": now}
    connection.execute(update(ticket).where(ticket.c.id.in_(ids)).values(gone))
    told = select(entry.c.id, entry.c.facts).where(entry.c.ticket_id.in_(ids), cast(entry.c.facts, Text) != "{}")
    for row in connection.execute(told).all():
        kept = {name: value for name, value in row.facts.items() if name in COUNTED or not isinstance(value, str)}
        if kept != row.facts:
            connection.execute(update(entry).where(entry.c.id == row.id).values(facts=kept))
    for number in ids:
        connection.execute(update(thread).where(thread.c.ticket_id == number).values(title=f"#{number}"))
        Search(connection).drop(number)


def give_up_guest_messages(connection: Connection, rows: Rows, now: datetime) -> None:
    """Give up what waits for somebody who never came."""
    give_up(connection, _ids(rows), now)


def delete_old_rules(connection: Connection, rows: Rows, _: datetime) -> None:
    """Delete old rules, but for the newest of them."""
    newest = select(rules_revision.c.id).order_by(rules_revision.c.id.desc()).limit(REVISIONS)
    kept = set(connection.scalars(newest).all())
    connection.execute(delete(rules_revision).where(rules_revision.c.id.in_(set(_ids(rows)) - kept)))


def delete_old_states(connection: Connection, rows: Rows, _: datetime) -> None:
    """Delete what was to be remembered until then."""
    connection.execute(delete(person_state).where(person_state.c.until <= rows[-1].until))


def delete_unused_forms(connection: Connection, rows: Rows, _: datetime) -> None:
    """Delete forms that no request and no draft has; whoever opens such a form writes it again."""
    its = (exists().where(ticket.c.form_id == form.c.id), exists().where(draft.c.form_id == form.c.id))
    unused = (form.c.id.in_(_ids(rows)), not_(or_(*its)))
    held = connection.scalars(select(form.c.id).where(*unused).with_for_update(skip_locked=True)).all()
    connection.execute(delete(form).where(form.c.id.in_(held), *unused))  # none is begun with them from here on


STATES_OF_OLD = ("target", "asked", "banned", "link", "proposal", "bulk", "home", "turn")


def left_behind(connection: Connection, rows: Rows, _: datetime) -> None:
    """Delete what a worker of the version before has written where states of people were kept until then."""
    names = [row.name for row in rows if row.name.partition(":")[0] in STATES_OF_OLD]
    connection.execute(delete(setting).where(setting.c.name.in_(names)))


def idle_lanes(connection: Connection, rows: Rows, _: datetime) -> None:
    """Forget addresses at which nothing waits; the next message makes them again."""
    for side in (lanes.IN, lanes.OUT):
        names = [row.name for row in rows if row.side == side]
        idle = (lane.c.side == side, lane.c.name.in_(names), lane.c.ready_at.is_(None), lane.c.leased_until.is_(None))
        held = connection.scalars(
            select(lane.c.name).where(*idle).order_by(lane.c.name).with_for_update(skip_locked=True)
        ).all()
        connection.execute(delete(lane).where(lane.c.side == side, lane.c.name.in_(held)))


def idle_buckets(connection: Connection, rows: Rows, now: datetime) -> None:
    """Forget rates of which nothing was spent for a day: what was sent longer ago counts for none."""
    names = [row.name for row in rows]
    query = select(bucket.c.name, bucket.c.sent, bucket.c.held_until).where(bucket.c.name.in_(names))
    last = (now - DAY - EPOCH) // timedelta(microseconds=1)
    idle = [
        row.name
        for row in connection.execute(query.order_by(bucket.c.name).with_for_update(skip_locked=True)).all()
        if max(json.loads(row.sent), default=0) < last and (row.held_until is None or row.held_until < now)
    ]
    connection.execute(delete(bucket).where(bucket.c.name.in_(idle)))
