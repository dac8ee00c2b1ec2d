"""What is kept how long. Each term looks at its rows once, the oldest first, and a transaction at no more than ``CHUNK`` of them.

A term's rows are found by a key that an index holds in the order of time; how far it has looked is its mark, which whoever calls
keeps. What a card, a draft, a post or a receipt names stays, emptied, while it is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Text, cast, or_, select
from sqlalchemy.sql import ColumnElement

from storage.models import (
    Sending,
    alert_group,
    alias,
    announcement,
    answered_call,
    article_remark,
    audit,
    ban,
    bucket,
    draft,
    form,
    inbox,
    lane,
    message,
    old_words,
    outage,
    outgoing,
    overheard,
    person,
    person_state,
    post,
    recurrence,
    rules_revision,
    setting,
    ticket,
    timer,
    verdict,
)
from storage.people.guests import NEVER
from storage.retention import endings, idle_people
from storage.retention.endings import DAY, DAYS_30, YEAR, End, Rows
from storage.tickets.recurrences import Stage

CHUNK = 500  # rows of one transaction
HOURS_48, DAYS_90 = timedelta(hours=48), timedelta(days=90)
POSTS = timedelta(days=396)  # a post is kept for 13 months

Mark = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """How long rows are kept, and what becomes of them then."""

    name: str
    told: str  # what happens, for the page on privacy
    kept: timedelta
    key: tuple[Column[Any], ...]  # looked at in this order, which an index has; the last one is unique
    time: ColumnElement[Any] | None  # since when they are kept; None: ``end`` sees for itself
    end: End  # of rows whose time has come
    where: ColumnElement[bool] | None = None
    whole: bool = False  # not in the order of time: all of them are looked at, and then from the beginning again
    most: int = CHUNK  # rows of one transaction: fewer where each has many others behind it
    by_rule: bool = False  # kept for ever unless the rules say how long

    def next(self, connection: Connection, before: datetime, mark: Mark | None, most: int) -> Rows:
        """Return the next rows: the key, and when their time began."""
        first, last = self.key[0], self.key[-1]
        query = select(*self.key, (self.time if self.time is not None else first).label("begun"))
        query = query.order_by(*self.key).limit(most)
        if mark is not None:
            query = query.where(last > mark[0] if first is last else (first >= mark[0]) & _beyond(self.key, mark))
        if first is self.time:
            query = query.where(first < before)
        if self.where is not None:
            query = query.where(self.where)
        return connection.execute(query).all()

    def due(self, rows: Rows, before: datetime) -> Rows:
        """Return those whose time has come: it began before then."""
        return [row for row in rows if self.time is None or row.begun < before]


def _beyond(key: tuple[Column[Any], ...], mark: Mark) -> ColumnElement[bool]:
    further: ColumnElement[bool] = key[0] > mark[0]
    return or_(further, (key[0] == mark[0]) & _beyond(key[1:], mark[1:])) if key[1:] else further


def forget_expired_rows(
    connection: Connection, now: datetime, marks: Mapping[str, Mark], ruled: Mapping[str, timedelta] | None = None
) -> tuple[dict[str, Mark], bool]:
    """End what has had its time, as much as one transaction may; return the marks as they are then, and whether there is more.

    ``ruled`` says by the name of a term how long the desk's own rules keep its rows.
    """
    room, after, chosen = CHUNK, dict(marks), ruled or {}
    for term in TERMS:
        if term.by_rule and term.name not in chosen:
            continue
        before = now - chosen.get(term.name, term.kept)
        found = term.next(connection, before, marks.get(term.name), max(1, room * term.most // CHUNK))
        due = term.due(found, before)
        if due:
            term.end(connection, due, now)
        seen = found if term.whole else due
        if seen:
            after[term.name] = tuple(seen[-1][: len(term.key)])
        elif term.whole:
            after.pop(term.name, None)
        room -= len(seen) * (CHUNK // term.most)
        if room <= 0:
            return after, True
    return after, False


_handled = inbox.c.incident.is_(None)
_waits_for_a_guest = outgoing.c.done_at.is_(None) & (outgoing.c.ready_at >= NEVER)
_answered = or_(verdict.c.question != "", cast(verdict.c.said, Text) != "{}")
TERMS: Sequence[Term] = (
    Term(
        "calls",
        "deleted after 24 hours",
        DAY,
        (answered_call.c.at, answered_call.c.id),
        answered_call.c.at,
        endings.delete_rows(answered_call.c.id),
    ),
    Term(
        "events",
        "emptied 48 hours after they were handled",
        HOURS_48,
        (inbox.c.done_at, inbox.c.id),
        inbox.c.done_at,
        endings.empty_columns(inbox.c.id, payload=""),
        _handled,
    ),
    Term(
        "old events",
        "deleted after 30 days, dead letters too",
        DAYS_30,
        (inbox.c.done_at, inbox.c.id),
        inbox.c.done_at,
        endings.delete_old_events,
    ),
    Term(
        "sent",
        "emptied 48 hours after it was sent",
        HOURS_48,
        (outgoing.c.done_at, outgoing.c.id),
        outgoing.c.done_at,
        endings.empty_columns(outgoing.c.id, payload=""),
        outgoing.c.state != Sending.FAILED,
    ),
    Term(
        "old promises",
        "deleted after 30 days, unless a post, a card, a form or a receipt names it",
        DAYS_30,
        (outgoing.c.done_at, outgoing.c.id),
        outgoing.c.done_at,
        endings.delete_or_empty_promises,
    ),
    Term(
        "guests",
        "given up after 30 days, where somebody never came",
        DAYS_30,
        (outgoing.c.lane, outgoing.c.rank, outgoing.c.id),
        outgoing.c.created_at,
        endings.give_up_guest_messages,
        _waits_for_a_guest,
        whole=True,
    ),
    Term(
        "posts",
        "deleted after 13 months, once the request is over",
        POSTS,
        (post.c.id,),
        post.c.at,
        endings.forget_old_posts,
    ),
    Term(
        "taken back",
        "emptied 48 hours after it was taken back",
        HOURS_48,
        (message.c.deleted_at, message.c.id),
        message.c.deleted_at,
        endings.taken_back,
    ),
    Term(
        "old words",
        "deleted after 30 days",
        DAYS_30,
        (old_words.c.until, old_words.c.id),
        old_words.c.until,
        endings.delete_rows(old_words.c.id),
    ),
    Term(
        "timers",
        "deleted 30 days after they rang",
        DAYS_30,
        (timer.c.fired_at, timer.c.id),
        timer.c.fired_at,
        endings.delete_rows(timer.c.id),
    ),
    Term(
        "drafts",
        "deleted after 30 days untouched",
        DAYS_30,
        (draft.c.updated_at, draft.c.id),
        draft.c.updated_at,
        endings.delete_rows(draft.c.id),
    ),
    Term(
        "requests",
        "emptied as long after the request was closed as `privacy: requests` says",
        timedelta(0),
        (ticket.c.closed_at, ticket.c.id),
        ticket.c.closed_at,
        endings.forget_requests,
        ticket.c.forgotten_at.is_(None) & ticket.c.merged_into.is_(None),
        most=20,
        by_rule=True,
    ),
    Term(
        "people",
        "erased as long after they did anything last as `privacy: people` says",
        timedelta(0),
        (person.c.id,),
        idle_people.LAST_ACT,
        idle_people.schedule_erases,
        idle_people.MAY_GO,
        whole=True,
        most=50,
        by_rule=True,
    ),
    Term(
        "questions",
        "emptied after 90 days",
        DAYS_90,
        (verdict.c.at, verdict.c.id),
        verdict.c.at,
        endings.empty_columns(verdict.c.id, question="", said={}),
        _answered,
    ),
    Term(
        "remarks",
        "deleted after 90 days",
        DAYS_90,
        (article_remark.c.at, article_remark.c.id),
        article_remark.c.at,
        endings.delete_rows(article_remark.c.id),
    ),
    Term(
        "refused",
        "deleted 90 days after it was proposed, where it was refused",
        DAYS_90,
        (alias.c.at, alias.c.id),
        alias.c.at,
        endings.delete_rows(alias.c.id),
        alias.c.state == "refused",
    ),
    Term(
        "overheard",
        "deleted after 48 hours",
        HOURS_48,
        (overheard.c.at, overheard.c.id),
        overheard.c.at,
        endings.delete_rows(overheard.c.id),
    ),
    Term(
        "announcements",
        "deleted after 13 months",
        POSTS,
        (announcement.c.id,),
        announcement.c.created_at,
        endings.delete_rows(announcement.c.id),
    ),
    Term(
        "outages",
        "deleted 13 months after it began",
        POSTS,
        (outage.c.id,),
        outage.c.at,
        endings.delete_rows(outage.c.id),
    ),
    Term(
        "alerts",
        "deleted 13 months after it fired last",
        POSTS,
        (alert_group.c.last_at, alert_group.c.id),
        alert_group.c.last_at,
        endings.delete_rows(alert_group.c.id),
    ),
    Term(
        "audit", "deleted after 12 months", YEAR, (audit.c.at, audit.c.id), audit.c.at, endings.delete_rows(audit.c.id)
    ),
    Term(
        "rules",
        "deleted after 12 months, but the last 50",
        YEAR,
        (rules_revision.c.id,),
        rules_revision.c.at,
        endings.delete_old_rules,
    ),
    Term(
        "bans",
        "deleted 30 days after it ended",
        DAYS_30,
        (ban.c.until, ban.c.person_id),
        ban.c.until,
        endings.delete_rows(ban.c.person_id),
    ),
    Term(
        "states",
        "deleted at its own end, at the latest after 90 days",
        timedelta(0),
        (person_state.c.until,),
        person_state.c.until,
        endings.delete_old_states,
    ),
    Term(
        "drafts of recurrences",
        "deleted after 7 days, where nobody has started them",
        timedelta(days=7),
        (recurrence.c.created_at, recurrence.c.id),
        recurrence.c.created_at,
        endings.delete_rows(recurrence.c.id),
        recurrence.c.stage == Stage.DRAFT,
    ),
    Term(
        "forms",
        "deleted 30 days after it was asked first, where no request and no half-filled form has it",
        DAYS_30,
        (form.c.id,),
        form.c.created_at,
        endings.delete_unused_forms,
        whole=True,
        most=100,
    ),
    Term("left behind", "deleted by the next version", DAY, (setting.c.name,), None, endings.left_behind, whole=True),
    Term(
        "lanes",
        "deleted when nothing waits there",
        DAY,
        (lane.c.side, lane.c.name),
        None,
        endings.idle_lanes,
        whole=True,
    ),
    Term(
        "rates",
        "deleted when nothing was sent for a day",
        DAY,
        (bucket.c.name,),
        None,
        endings.idle_buckets,
        whole=True,
    ),
)
