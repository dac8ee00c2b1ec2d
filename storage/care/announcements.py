"""Announcements: words for many, once to each, through restarts and on several workers; and what became of them.

Who has been promised one stands in ``announced``, in the same commit as the promise; nobody stands there twice in one phase.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NotRequired, TypedDict

from sqlalchemy import ColumnElement, Connection, Text, case, cast, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.lifecycle import ACTIVE
from storage.models import (
    Sending,
    account,
    announced,
    announcement,
    ban,
    company,
    company_person,
    lane,
    member,
    outgoing,
    person,
    request_type,
    ticket,
)
from storage.people.people import key_of
from storage.queues import lanes, outbox
from storage.queues.spoken import StoredFile, StoredWords
from storage.types import made_id

BUSY = 20  # addresses at which something can be sent now
CHOICE = "announcement"  # under which a person's /notify says that they want none


class Stage(StrEnum):
    """How far an announcement is."""

    DRAFT = "draft"  # shown to whoever wrote it, and to nobody else
    WAITING = "waiting"  # for its time
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class Segment(TypedDict):
    """Whom an announcement is to."""

    to: str  # all, waiting; or by what they are known: language, type, group, company
    value: NotRequired[str]
    since: NotRequired[str]  # of a type: who asked for it since then, ISO


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement, in the columns' order."""

    id: int
    by_id: int
    stage: str
    words: Mapping[str, StoredWords]  # by language
    files: Sequence[StoredFile]
    segment: Segment
    phase: str  # what is being said: "" of a plain one; before, begun, over of planned works
    after: int  # the last person looked at in this phase
    starts_at: datetime | None
    begins_at: datetime | None
    ends_at: datetime | None
    keywords: str  # whoever asks about these while planned works last reads of them first
    card: int | None  # the outgoing message that shows how far it is
    place: Mapping[str, Any]  # where that is, and who reads there
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of it so far, in people."""

    sent: int
    waiting: int
    failed: int
    dropped: int
    uncertain: int = 0  # of those sent: who may have got it twice, or, where nobody answered again, not at all

    @property
    def all(self) -> int:
        """Return how many it was promised to."""
        return self.sent + self.waiting + self.failed + self.dropped


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody it is for, on the account that they can be written to."""

    person_id: int
    account_id: int


class Announcements:
    """The announcements, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, **values: Any) -> int:
        """Write one down; return its id."""
        given = {"stage": Stage.DRAFT, "phase": "", "after": 0, **values}
        return made_id(self._connection.execute(insert(announcement).values(given)))

    def get(self, number: int) -> Announcement | None:
        """Return an announcement, held until the transaction ends, so that two who act on it come one after the other."""
        row = self._connection.execute(
            select(announcement).where(announcement.c.id == number).with_for_update()
        ).first()
        return Announcement(*row) if row else None

    def change(self, number: int, **values: Any) -> None:
        """Change what is known of one."""
        self._connection.execute(update(announcement).where(announcement.c.id == number).values(values))

    def under_way(self, now: datetime) -> list[Announcement]:
        """Return the planned works that last now."""
        query = select(announcement).where(
            announcement.c.stage.in_((Stage.WAITING, Stage.SENDING, Stage.PAUSED)),
            announcement.c.begins_at <= now,
            announcement.c.ends_at > now,
        )
        return [Announcement(*row) for row in self._connection.execute(query.order_by(announcement.c.id)).all()]

    def latest(self, limit: int = 10) -> list[Announcement]:
        """Return the newest that are no drafts."""
        query = select(announcement).where(announcement.c.stage != Stage.DRAFT).order_by(announcement.c.id.desc())
        return [Announcement(*row) for row in self._connection.execute(query.limit(limit)).all()]

    # Whom

    def languages(self, segment: Segment, now: datetime) -> dict[str, int]:
        """Return how many are meant, by the language that their account or their own choice says (empty: nobody's)."""
        spoken = func.coalesce(person.c.language, func.min(account.c.language))
        each = _people(segment, now).add_columns(spoken.label("spoken")).group_by(person.c.id, person.c.language)
        counted = each.subquery()
        query = select(counted.c.spoken, func.count()).group_by(counted.c.spoken)
        return {str(row[0] or ""): int(row[1]) for row in self._connection.execute(query).all()}

    def people(self, segment: Segment, now: datetime, after: int, most: int) -> list[Reached]:
        """Return the next of those meant, by their number."""
        query = _people(segment, now).add_columns(func.min(account.c.id)).where(person.c.id > after)
        rows = self._connection.execute(query.group_by(person.c.id).order_by(person.c.id).limit(most)).all()
        return [Reached(*row) for row in rows]

    def left_out(self, segment: Segment, now: datetime) -> int:
        """Return how many are meant and cannot be told: they stopped the bot, or never wrote to it."""
        everyone = _meant(select(func.count(func.distinct(person.c.id))).select_from(person), segment, now)
        query = select(func.count()).select_from(_people(segment, now).group_by(person.c.id).subquery())
        return int(self._connection.scalar(everyone) or 0) - int(self._connection.scalar(query) or 0)

    # What became of it

    def claim(self, number: int, phase: str, person_id: int) -> bool:
        """Write down that somebody is being told; return whether nobody has told them before."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        new = dialect.insert(announced).values(announcement_id=number, phase=phase, person_id=person_id)
        return self._connection.execute(new.on_conflict_do_nothing()).rowcount > 0

    def promised(self, number: int, phase: str, person_id: int, outgoing_id: int) -> None:
        """Write down by which message."""
        its = (announced.c.announcement_id == number, announced.c.phase == phase, announced.c.person_id == person_id)
        self._connection.execute(update(announced).where(*its).values(outgoing_id=outgoing_id))

    def progress(self, number: int, phase: str) -> Progress:
        """Return what became of it so far."""
        fate = case((outgoing.c.state.is_(None), Sending.SENT), else_=outgoing.c.state)
        query = (
            select(fate, func.count(), func.sum(case((outgoing.c.uncertain, 1), else_=0)))
            .select_from(announced.outerjoin(outgoing, outgoing.c.id == announced.c.outgoing_id))
            .where(announced.c.announcement_id == number, announced.c.phase == phase)
            .group_by(fate)
        )
        rows = self._connection.execute(query).all()
        counts = {str(row[0]): int(row[1]) for row in rows}
        waiting = counts.get(Sending.QUEUED, 0) + counts.get(Sending.SENDING, 0)
        return Progress(
            counts.get(Sending.SENT, 0),
            waiting,
            counts.get(Sending.FAILED, 0),
            counts.get(Sending.DROPPED, 0),
            sum(int(row[2]) for row in rows if row[0] == Sending.SENT),
        )

    def doubtful(self, number: int, phase: str, most: int) -> list[str]:
        """Return the names of those who may have got it twice: a send that nobody answered was repeated."""
        query = (
            select(person.c.name)
            .select_from(announced.join(person, person.c.id == announced.c.person_id))
            .join(outgoing, outgoing.c.id == announced.c.outgoing_id)
            .where(announced.c.announcement_id == number, announced.c.phase == phase)
            .where(outgoing.c.uncertain, outgoing.c.state == Sending.SENT)
        )
        return list(self._connection.scalars(query.order_by(person.c.id).limit(most)).all())

    def failures(self, number: int, phase: str, most: int) -> list[tuple[str, str]]:
        """Return who could not be reached and why: name, the messenger's reason."""
        query = (
            select(person.c.name, outgoing.c.error)
            .select_from(announced.join(person, person.c.id == announced.c.person_id))
            .join(outgoing, outgoing.c.id == announced.c.outgoing_id)
            .where(
                announced.c.announcement_id == number,
                announced.c.phase == phase,
                outgoing.c.state == Sending.FAILED,
            )
            .order_by(person.c.id)
        )
        return [(row[0], row[1] or "") for row in self._connection.execute(query.limit(most)).all()]

    def busy(self, now: datetime) -> bool:
        """Return whether others have something to say just now: talk goes first."""
        ready = (lane.c.side == lanes.OUT, lane.c.ready_at <= now)
        return (self._connection.scalar(select(func.count()).select_from(lane).where(*ready)) or 0) > BUSY

    def drop_waiting(self, number: int, now: datetime) -> int:
        """Send no more what still waits of it; return how many."""
        waiting = (
            announced.c.announcement_id == number,
            outgoing.c.done_at.is_(None),
            outgoing.c.state == Sending.QUEUED,
        )
        query = select(outgoing.c.id).join(announced, announced.c.outgoing_id == outgoing.c.id).where(*waiting)
        ids = list(self._connection.scalars(query).all())
        for start in range(0, len(ids), 500):
            outbox.give_up(self._connection, ids[start : start + 500], now)
        return len(ids)


def _people(segment: Segment, now: datetime) -> Any:
    """Return a query for those who are meant and can be told: once each, whatever accounts they have."""
    joined = person.join(account, account.c.person_id == person.c.id)
    query = select(person.c.id).select_from(joined).where(account.c.chat != "", account.c.blocked_at.is_(None))
    return _meant(query, segment, now)


def _meant(query: Any, segment: Segment, now: datetime) -> Any:
    return query.where(*_served(now), *_segment(segment, now))


def _served(now: datetime) -> Iterator[ColumnElement[bool]]:
    """Say of a person that they are somebody, no member of the team, not banned, and want to hear of such."""
    yield func.coalesce(cast(person.c.notify, Text), "").not_like(f'%"{CHOICE}": false%')
    yield person.c.erased_at.is_(None)
    yield person.c.id.not_in(select(member.c.person_id))
    held = or_(ban.c.until.is_(None), ban.c.until > now)
    yield person.c.id.not_in(select(ban.c.person_id).where(held))


def _segment(segment: Segment, now: datetime) -> Iterator[ColumnElement[bool]]:
    """Say of a person that they are of those an announcement is to."""
    value = segment.get("value")
    theirs = select(ticket.c.requester_id)
    match segment["to"]:
        case "language":
            any_ = account.alias()  # the query may be about accounts too
            here = select(any_.c.person_id).where(
                any_.c.person_id == person.c.id, any_.c.language.istartswith(str(value), autoescape=True)
            )
            yield or_(person.c.language == value, person.c.language.is_(None) & here.exists())
        case "waiting":
            yield person.c.id.in_(theirs.where(ticket.c.kind.in_(ACTIVE)))
        case "type":
            kinds = select(request_type.c.id).where(request_type.c.name == value)
            since = datetime.fromisoformat(segment["since"])
            yield person.c.id.in_(theirs.where(ticket.c.request_type_id.in_(kinds), ticket.c.created_at >= since))
        case "group":
            yield person.c.id.in_(theirs.where(ticket.c.group_name == value))
        case "company":
            its = select(company_person.c.person_id).join(company, company.c.id == company_person.c.company_id)
            yield person.c.id.in_(its.where(company.c.name_key == key_of(str(value))))
        case _:
            return
