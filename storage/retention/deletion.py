"""Words that were taken back: emptied where they stand, in all that was kept of them, and in what was promised with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.sql import ColumnElement

from storage.desk.request_types import Draft
from storage.models import Sending, alias, article_remark, card, draft, outgoing, post, verdict
from storage.queues import spoken

RECENT = 200  # of a person's verdicts that are looked through


@dataclass(frozen=True, slots=True)
class Shown:
    """A native message that shows words: the promise that it came of, its address, and whose words stand in it, in order."""

    outgoing_id: int
    lane: str
    messages: Sequence[int]


def author_native_messages(connection: Connection, message_id: int) -> list[tuple[str, str]]:
    """Return the native messages in which its author wrote it, in order: place and id."""
    own = (post.c.message_id == message_id, post.c.outgoing_id.is_(None))
    query = select(post.c.place, post.c.native).where(*own).order_by(post.c.id)
    return [(row.place, row.native) for row in connection.execute(query).all()]


def shown_by(connection: Connection, message_id: int) -> list[Shown]:
    """Return the posts of ours that show a message, each once, however many native messages it was split over."""
    other = post.alias("other")
    query = (
        select(outgoing.c.id, outgoing.c.lane, other.c.outgoing_id, other.c.message_id)
        .select_from(post)
        .join(outgoing, outgoing.c.id == post.c.outgoing_id)
        .join(other, (other.c.place == post.c.place) & (other.c.native == post.c.native))
        .where(post.c.message_id == message_id, other.c.message_id.is_not(None))
        .order_by(outgoing.c.id, other.c.outgoing_id)
    )
    found: dict[tuple[int, str], dict[int, None]] = {}
    for of, lane, _, shows in connection.execute(query).all():
        found.setdefault((of, lane), {}).setdefault(shows)
    return [Shown(of, lane, [*shows]) for (of, lane), shows in found.items()]


def under_way(connection: Connection, message_id: int) -> list[Shown]:
    """Return what is being sent just now with a message's words, with those of others where it is one post for them all."""
    own = outgoing.alias("own")
    same = (outgoing.c.lane == own.c.lane) & (outgoing.c.state == Sending.SENDING) & (outgoing.c.fold == own.c.fold)
    query = (
        select(own.c.id, own.c.lane, outgoing.c.id, outgoing.c.message_id)
        .join(outgoing, same & ((own.c.fold != "") | (outgoing.c.id == own.c.id)))
        .where(
            outgoing.c.message_id.is_not(None),
            own.c.message_id == message_id,
            own.c.state == Sending.SENDING,
            own.c.edits.is_(None),
        )
        .order_by(own.c.id, outgoing.c.id)
    )
    found: dict[tuple[int, str], list[int]] = {}
    for of, lane, _, shows in connection.execute(query).all():
        found.setdefault((of, lane), []).append(shows)
    return [Shown(of, lane, shows) for (of, lane), shows in found.items()]


def waiting_lanes(connection: Connection, message_id: int) -> list[str]:
    """Return where a message's words still wait to be sent."""
    waits = (outgoing.c.message_id == message_id, outgoing.c.state.in_((Sending.QUEUED, Sending.FAILED)))
    query = select(outgoing.c.lane).where(*waits, outgoing.c.edits.is_(None)).order_by(outgoing.c.id)
    return list(dict.fromkeys(connection.scalars(query)))


def withhold_message(connection: Connection, message_id: int, at: datetime) -> None:
    """Send no more what waits to be sent with a message's words; keep none of it in what was sent, or could not be."""
    carries = outgoing.c.message_id == message_id
    waiting = (carries, outgoing.c.state.in_((Sending.QUEUED, Sending.FAILED)))
    connection.execute(update(outgoing).where(*waiting).values(state=Sending.DROPPED, done_at=at, payload=""))
    connection.execute(update(outgoing).where(carries, outgoing.c.done_at.is_not(None)).values(payload=""))


def of_fold(connection: Connection, tickets: Iterable[int], fold: str, at: datetime) -> list[tuple[int, str, int]]:
    """Send no more of the folds that begin so; return what of them was sent or is being sent: promise, lane and ticket."""
    begins = outgoing.c.fold.startswith(fold, autoescape=True)
    its = (outgoing.c.ticket_id.in_(list(tickets)), begins, outgoing.c.operation == "send")
    waiting = outgoing.c.state.in_((Sending.QUEUED, Sending.FAILED))
    connection.execute(update(outgoing).where(*its, waiting).values(state=Sending.DROPPED, done_at=at, payload=""))
    return _shown(connection, *its)


def standing_of_fold(connection: Connection, tickets: Iterable[int], fold: str) -> list[tuple[int, str]]:
    """Return what of the folds that begin so is shown, or will be: promise and lane."""
    begins = outgoing.c.fold.startswith(fold, autoescape=True)
    its = (outgoing.c.ticket_id.in_(list(tickets)), begins, outgoing.c.operation == "send")
    return _standing(connection, *its)


def let_go(connection: Connection, promises: Iterable[int], at: datetime) -> None:
    """Let promises be of no fold any more, as they are taken away: none that waits is sent, of none is kept what it said."""
    its = outgoing.c.id.in_(list(promises))
    connection.execute(update(outgoing).where(its).values(fold=""))
    connection.execute(update(outgoing).where(its, outgoing.c.done_at.is_not(None)).values(payload=""))
    waiting = outgoing.c.state.in_((Sending.QUEUED, Sending.FAILED))
    connection.execute(update(outgoing).where(its, waiting).values(state=Sending.DROPPED, done_at=at, payload=""))


def copies_of(connection: Connection, message_id: int) -> list[tuple[int, str]]:
    """Return what shows a message's words, or will: promise and lane."""
    return _standing(connection, outgoing.c.message_id == message_id, outgoing.c.operation == "send")


def _standing(connection: Connection, *its: ColumnElement[bool]) -> list[tuple[int, str]]:
    stands = outgoing.c.state.in_((Sending.QUEUED, Sending.SENDING, Sending.SENT))
    query = select(outgoing.c.id, outgoing.c.lane).where(*its, stands).order_by(outgoing.c.id)
    return [(row.id, row.lane) for row in connection.execute(query).all()]


def emptied_of_fold(connection: Connection, tickets: Iterable[int], fold: str) -> list[tuple[int, str, int]]:
    """Return what was sent of the folds that begin so and of which nobody knows any more what it says."""
    begins = outgoing.c.fold.startswith(fold, autoescape=True)
    emptied = (outgoing.c.operation == "send", outgoing.c.payload == "")
    return _shown(connection, outgoing.c.ticket_id.in_(list(tickets)), begins, *emptied)


def _shown(connection: Connection, *its: ColumnElement[bool]) -> list[tuple[int, str, int]]:
    shown = outgoing.c.state.in_((Sending.SENT, Sending.SENDING))
    query = select(outgoing.c.id, outgoing.c.lane, outgoing.c.ticket_id).where(*its, shown).order_by(outgoing.c.id)
    return [(row.id, row.lane, row.ticket_id) for row in connection.execute(query).all()]


def empty_sent(connection: Connection, tickets: Iterable[int]) -> None:
    """Keep nothing of what was sent about these tickets: cards and notices that may have quoted the words."""
    sent = (
        outgoing.c.ticket_id.in_(list(tickets)),
        outgoing.c.done_at.is_not(None),
        outgoing.c.state != Sending.FAILED,
    )
    connection.execute(update(outgoing).where(*sent, outgoing.c.payload != "").values(payload=""))


def unsent_messages(connection: Connection, tickets: Iterable[int]) -> list[tuple[int, str]]:
    """Return what is still to be sent about these tickets, or could not be: id and payload."""
    waits = (outgoing.c.done_at.is_(None)) | (outgoing.c.state == Sending.FAILED)
    query = select(outgoing.c.id, outgoing.c.payload).where(outgoing.c.ticket_id.in_(list(tickets)), waits)
    return [(row.id, row.payload) for row in connection.execute(query.where(outgoing.c.payload != "")).all()]


def sent_lines(connection: Connection, tickets: Iterable[int]) -> list[tuple[int, str, str]]:
    """Return what was said about these tickets and shows no message of anybody's, nor is a card: id, lane and payload.

    What was sent long ago has no payload any more (``storage/retention/forgetting.py``).
    """
    query = select(outgoing.c.id, outgoing.c.lane, outgoing.c.payload).where(
        outgoing.c.ticket_id.in_(list(tickets)),
        outgoing.c.operation == "send",
        outgoing.c.state.in_((Sending.SENT, Sending.SENDING)),
        outgoing.c.message_id.is_(None),
        outgoing.c.payload != "",
        outgoing.c.id.not_in(select(card.c.outgoing_id)),
    )
    return [(row.id, row.lane, row.payload) for row in connection.execute(query.order_by(outgoing.c.id)).all()]


def in_one_post(connection: Connection, outgoing_id: int) -> list[tuple[int, str]]:
    """Return what stands in one post with a promise, itself among it, in order: id and payload."""
    own = post.alias("own")
    query = (
        select(outgoing.c.id, outgoing.c.payload)
        .join(post, post.c.outgoing_id == outgoing.c.id)
        .join(own, (own.c.place == post.c.place) & (own.c.native == post.c.native))
        .where(own.c.outgoing_id == outgoing_id)
        .distinct()
    )
    return [(row.id, row.payload) for row in connection.execute(query.order_by(outgoing.c.id)).all()]


def lane_of(connection: Connection, outgoing_id: int) -> str | None:
    """Return where something was promised to be sent; None where nobody knows any more."""
    lane: str | None = connection.scalar(select(outgoing.c.lane).where(outgoing.c.id == outgoing_id))
    return lane


def forget_sent(connection: Connection, outgoing_id: int) -> None:
    """Keep nothing of what a message said that was sent; one that still waits is sent first."""
    sent = (outgoing.c.id == outgoing_id, outgoing.c.done_at.is_not(None))
    connection.execute(update(outgoing).where(*sent).values(payload=""))


def put_payload(connection: Connection, outgoing_id: int, payload: str) -> None:
    """Let a promise say something else."""
    connection.execute(update(outgoing).where(outgoing.c.id == outgoing_id).values(payload=payload))


def empty_verdicts(connection: Connection, person: int, written: Sequence[tuple[str, str]]) -> None:
    """Keep nothing of what was one of these native messages in a question, nor what was proposed as an alias because of it."""
    query = select(verdict.c.id, verdict.c.question, verdict.c.said).where(verdict.c.person_id == person)
    for kept, question, said in connection.execute(query.order_by(verdict.c.at.desc()).limit(RECENT)).all():
        if spoken.is_in(said, written):
            left = spoken.without_pieces(said, written)
            asked = question if left["words"]["text"] else ""
            for piece in spoken.message_pieces(said):
                if spoken.is_in(piece, written):
                    asked = spoken.with_replaced_lines(asked, str(piece["words"]["text"]), "")
            connection.execute(update(verdict).where(verdict.c.id == kept).values(question=asked, said=left))
            proposed = (alias.c.proposed_by == person, alias.c.state == "proposed", alias.c.text == question.strip())
            connection.execute(delete(alias).where(*proposed))


def forget_remarks(connection: Connection, person: int, place: str, native: str) -> None:
    """Keep nothing of what a person said of an answer in this native message."""
    written = (article_remark.c.place == place, article_remark.c.native == native)
    connection.execute(delete(article_remark).where(article_remark.c.person_id == person, *written))


def drafts_of(connection: Connection, person: int) -> list[Draft]:
    """Return what a person has half filled, in whatever place."""
    return [Draft(*row) for row in connection.execute(select(draft).where(draft.c.person_id == person)).all()]
