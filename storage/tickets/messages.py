"""What was said on tickets, and where it is shown: messages, posts, threads, cards."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, Text, bindparam, cast, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine.compiled import Prepared
from storage.models import (
    MessageKind,
    Sending,
    card,
    carried,
    guest,
    message,
    old_words,
    outgoing,
    person,
    post,
    thread,
    ticket,
)
from storage.queues.spoken import StoredFile, StoredWords
from storage.tickets.happened import Said, note_happened
from storage.tickets.helpers import visiting_at
from storage.tickets.search import Search, of_message


@dataclass(frozen=True, slots=True)
class TicketMessage:
    """One message of a ticket, in the columns' order."""

    id: int
    ticket_id: int
    person_id: int
    kind: MessageKind
    words: StoredWords
    files: Sequence[StoredFile]
    anchor_id: int | None
    at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    receipt_id: int | None


@dataclass(frozen=True, slots=True)
class MessageRef:
    """What a native message stands for: a person's words, a ticket's card, or just something we said."""

    outgoing_id: int | None
    message_id: int | None
    ticket_id: int | None
    field: str = ""  # of the ticket's form, which it has answered


@dataclass(frozen=True, slots=True)
class TicketThread:
    """A ticket's thread in one team channel, in the columns' order."""

    ticket_id: int
    channel_id: int
    native: str | None
    title: str
    icon: str
    open: bool


@dataclass(frozen=True, slots=True)
class TicketCard:
    """A message that stands for a ticket in one team channel."""

    channel_id: int
    place: str
    outgoing_id: int
    look: str


LOOKED_THROUGH = 5000  # messages in which a deleted file is looked for

_ADD = Prepared(insert(message))
_POST = Prepared(insert(post))
_CARRY = Prepared(insert(carried))
_AT = Prepared(
    select(
        post.c.outgoing_id,
        post.c.message_id,
        func.coalesce(post.c.ticket_id, message.c.ticket_id),
        post.c.field,
    )
    .select_from(post.outerjoin(message, message.c.id == post.c.message_id))
    .where(post.c.place == bindparam("place"), post.c.native == bindparam("native"))
    .order_by(post.c.id.desc())
    .limit(1),
    once=True,
)
_THREAD = Prepared(
    select(thread).where(thread.c.ticket_id == bindparam("ticket"), thread.c.team_channel_id == bindparam("channel")),
    once=True,
)
_THREADS = select(thread).where(thread.c.ticket_id.in_(bindparam("tickets", expanding=True)))
_CARDS = Prepared(
    select(card.c.team_channel_id, card.c.place, card.c.outgoing_id, card.c.look).where(
        card.c.ticket_id == bindparam("ticket")
    ),
    once=True,
)
_OF = Prepared(  # the last ones first
    select(message, person.c.name)
    .join(person, person.c.id == message.c.person_id)
    .where(message.c.ticket_id == bindparam("ticket"), message.c.deleted_at.is_(None))
    .order_by(message.c.id.desc())
    .limit(bindparam("most")),
    once=True,
)
_OF_KIND = select(message).where(message.c.ticket_id == bindparam("ticket"), message.c.kind == bindparam("of_kind"))
_FIRST = Prepared(_OF_KIND.order_by(message.c.id).limit(1), once=True)
_LAST = Prepared(_OF_KIND.order_by(message.c.id.desc()).limit(1), once=True)
_LAST_WORD = Prepared(
    select(message)
    .where(
        message.c.ticket_id == bindparam("ticket"),
        or_(message.c.kind == MessageKind.REPLY, message.c.kind == MessageKind.FOLLOW_UP),
    )
    .order_by(message.c.id.desc())
    .limit(1),
    once=True,
)


_SAID_AS_GUEST = (message.c.kind == MessageKind.NOTE) & exists().where(
    guest.c.ticket_id == message.c.ticket_id,
    guest.c.person_id == message.c.person_id,
    visiting_at(message.c.at),  # what they wrote before or after as one of the team is the team's
)


def _upsert(table: Table, *changed: str) -> Prepared:
    """Return what writes a row of these columns in the place of the one of its primary key."""

    def insert_or_change(insert: Callable[[Table], Any]) -> Any:
        new = insert(table)
        return new.on_conflict_do_update(
            index_elements=list(table.primary_key), set_={name: new.excluded[name] for name in changed}
        )

    return Prepared({"sqlite": insert_or_change(sqlite.insert), "postgresql": insert_or_change(postgresql.insert)})


_KEEP_CARD = _upsert(card, "outgoing_id", "look")
_KEEP_THREAD = _upsert(thread, "native", "title", "icon", "open")


class Talk:
    """The talk on tickets, as one transaction sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._search = Search(connection)

    def add(
        self,
        number: int,
        person_id: int,
        kind: MessageKind,
        *,
        words: StoredWords,
        files: Sequence[StoredFile],
        at: datetime,
        anchor: int | None = None,
    ) -> int:
        """Keep what was said; return its id."""
        values = {
            "ticket_id": number,
            "person_id": person_id,
            "kind": kind,
            "words": dict(words),
            "files": list(files),
            "anchor_id": anchor,
            "at": at,
        }
        made = _ADD.insert(self._connection, values)
        self._search.add(number, of_message(words, files), made)
        note_happened(self._connection, Said(number, made, kind, person_id))
        return made

    def get(self, message_id: int) -> TicketMessage | None:
        """Return a message."""
        row = self._connection.execute(select(message).where(message.c.id == message_id)).first()
        return TicketMessage(*row) if row else None

    def of(self, number: int, limit: int = 200) -> list[tuple[TicketMessage, str]]:
        """Return a ticket's messages with their authors' names, the oldest first (the last ``limit`` of them)."""
        rows = _OF.all(self._connection, {"ticket": number, "most": limit})
        return [(TicketMessage(*row[:-1]), row[-1]) for row in reversed(rows)]

    def standing(self, number: int) -> list[TicketMessage]:
        """Return all messages of a ticket that were not taken back, the oldest first."""
        query = (
            select(message).where(message.c.ticket_id == number, message.c.deleted_at.is_(None)).order_by(message.c.id)
        )
        return [TicketMessage(*row) for row in self._connection.execute(query)]

    def former_words(self, number: int) -> dict[int, list[StoredWords]]:
        """Return what a ticket's messages said before they were edited, by message."""
        query = (
            select(old_words.c.message_id, old_words.c.words)
            .join(message, message.c.id == old_words.c.message_id)
            .where(message.c.ticket_id == number)
            .order_by(old_words.c.id)
        )
        found: dict[int, list[StoredWords]] = {}
        for of, words in self._connection.execute(query).all():
            found.setdefault(of, []).append(words)
        return found

    def said_elsewhere(self, person_id: int, most: int = 5000) -> list[TicketMessage]:
        """Return what somebody has said on requests that are none of theirs, the oldest first (the last ``most``)."""
        own = ticket.c.requester_id == person_id
        gone_on = select(ticket.c.merged_into).where(own, ticket.c.merged_into.is_not(None))
        query = select(message).where(
            message.c.person_id == person_id,
            or_(message.c.kind == MessageKind.FOLLOW_UP, _SAID_AS_GUEST),
            message.c.deleted_at.is_(None),
            message.c.ticket_id.not_in(select(ticket.c.id).where(own)),
            message.c.ticket_id.not_in(gone_on),
        )
        rows = self._connection.execute(query.order_by(message.c.id.desc()).limit(most)).all()
        return [TicketMessage(*row) for row in reversed(rows)]

    def count(self, number: int) -> int:
        """Return how many messages a ticket has."""
        query = select(func.count()).where(message.c.ticket_id == number, message.c.deleted_at.is_(None))
        return self._connection.scalar(query) or 0

    def first(self, number: int, kind: MessageKind) -> TicketMessage | None:
        """Return the first message of a kind on a ticket."""
        row = _FIRST.first(self._connection, {"ticket": number, "of_kind": kind})
        return TicketMessage(*row) if row else None

    def last(self, number: int, kind: MessageKind) -> TicketMessage | None:
        """Return the latest message of a kind on a ticket."""
        row = _LAST.first(self._connection, {"ticket": number, "of_kind": kind})
        return TicketMessage(*row) if row else None

    def last_word(self, number: int) -> TicketMessage | None:
        """Return what was said last on a ticket, by its requester or to them."""
        row = _LAST_WORD.first(self._connection, {"ticket": number})
        return TicketMessage(*row) if row else None

    def answered_with(self, message_id: int) -> bool:
        """Return whether a reply that stands was made of a message, or answers it."""
        its = (message.c.anchor_id == message_id, message.c.kind == MessageKind.REPLY, message.c.deleted_at.is_(None))
        return self._connection.execute(select(message.c.id).where(*its).limit(1)).first() is not None

    def edit(self, was: TicketMessage, words: StoredWords, at: datetime, *, files: Sequence[StoredFile] = ()) -> None:
        """Change what a message says, and keep what it said; ``files`` came in the place of one that it had."""
        self._connection.execute(insert(old_words).values(message_id=was.id, words=dict(was.words), until=at))
        self._connection.execute(update(message).where(message.c.id == was.id).values(words=dict(words), edited_at=at))
        if files:
            both = [*was.files, *files]
            self._connection.execute(update(message).where(message.c.id == was.id).values(files=both))
        self._search.renew(was.ticket_id, was.id)

    def holding(self, file: str) -> list[TicketMessage]:
        """Return which of the latest messages have a file that its messenger calls so, the oldest first."""
        newest = self._connection.scalar(select(func.max(message.c.id))) or 0
        theirs = cast(message.c.files, Text).contains(f"-{file}/", autoescape=True)
        query = select(message).where(message.c.id > newest - LOOKED_THROUGH, theirs).order_by(message.c.id)
        return [TicketMessage(*row) for row in self._connection.execute(query)]

    def written_at(self, message_id: int) -> tuple[str, str] | None:
        """Return in which native message its author wrote a message first: place and id."""
        own = (post.c.message_id == message_id, post.c.outgoing_id.is_(None))
        row = self._connection.execute(select(post.c.place, post.c.native).where(*own).order_by(post.c.id)).first()
        return (row.place, row.native) if row else None

    def keep_files(self, was: TicketMessage, files: Sequence[StoredFile], at: datetime) -> None:
        """Let a message have these of its files alone: the others were taken away."""
        values = {"files": list(files), "edited_at": at}
        self._connection.execute(update(message).where(message.c.id == was.id).values(values))
        self._search.renew(was.ticket_id, was.id)

    def move(self, said: TicketMessage, number: int) -> None:
        """Let a message be another ticket's, with all that shows it."""
        self._connection.execute(update(message).where(message.c.id == said.id).values(ticket_id=number))
        for each in (said.ticket_id, number):
            self._search.renew_all(each)

    def send_note(self, said: TicketMessage) -> None:
        """Let a note be a reply from now on: its author has sent it after all."""
        self._connection.execute(update(message).where(message.c.id == said.id).values(kind=MessageKind.REPLY))
        note_happened(self._connection, Said(said.ticket_id, said.id, MessageKind.REPLY, said.person_id))

    def delete(self, message_id: int, at: datetime) -> None:
        """Leave of a message that it was there and was taken back: nobody reads its words any more, or finds it by them."""
        emptied = {"words": {"text": "", "spans": []}, "files": [], "deleted_at": at}
        self._connection.execute(update(message).where(message.c.id == message_id).values(emptied))
        self._connection.execute(delete(old_words).where(old_words.c.message_id == message_id))
        number = self._connection.scalar(select(message.c.ticket_id).where(message.c.id == message_id))
        if number is not None:
            self._search.renew(number, message_id)

    def carry(self, message_id: int, numbers: Iterable[int]) -> None:
        """Remember to whom a reply goes: the requesters of these tickets may read it, whatever becomes of the tickets."""
        for number in numbers:
            _CARRY.run(self._connection, {"ticket_id": number, "message_id": message_id})

    def keep_receipt(self, message_id: int, outgoing_id: int) -> None:
        """Remember which of our messages is a message's receipt."""
        self._connection.execute(update(message).where(message.c.id == message_id).values(receipt_id=outgoing_id))

    # Where things are shown

    def written(self, place: str, native: str, message_id: int, at: datetime) -> None:
        """Remember which native message a person's words came in."""
        values = {"place": place, "native": native, "part": 0, "outgoing_id": None, "message_id": message_id, "at": at}
        _POST.insert(self._connection, values)

    def answered(self, place: str, native: str, number: int, field: str, at: datetime) -> None:
        """Remember which native message answered a field of a ticket's form."""
        values = {"place": place, "native": native, "part": 0, "outgoing_id": None, "message_id": None, "at": at}
        self._connection.execute(insert(post).values(**values, ticket_id=number, field=field))

    def answered_by(self, number: int, field: str) -> tuple[str, str] | None:
        """Return the native message, place and id, that answered a field of a ticket's form last."""
        query = select(post.c.place, post.c.native).where(post.c.ticket_id == number, post.c.field == field)
        row = self._connection.execute(query.order_by(post.c.id.desc()).limit(1)).first()
        return (row.place, row.native) if row else None

    def origin(self, message_id: int) -> str | None:
        """Return the chat where a message was written: its first post is the person's own."""
        query = select(post.c.place).where(post.c.message_id == message_id, post.c.outgoing_id.is_(None))
        return self._connection.scalar(query.order_by(post.c.id).limit(1))

    def at(self, place: str, native: str) -> MessageRef | None:
        """Return what a native message stands for; None where it is none of ours."""
        row = _AT.first(self._connection, {"place": place, "native": native})
        return MessageRef(*row) if row else None

    def author_at(self, source: str, chat: str, native: str) -> tuple[str, int] | None:
        """Return where exactly a native message stands in a chat or its threads, and who wrote it; None where that was nobody."""
        whole = f"{source}:{chat}"
        here = (post.c.place == whole) | ((post.c.place > f"{whole}/") & (post.c.place < f"{whole}0"))
        query = (
            select(post.c.place, func.coalesce(message.c.person_id, ticket.c.requester_id))
            .outerjoin(message, message.c.id == post.c.message_id)
            .outerjoin(ticket, (ticket.c.id == post.c.ticket_id) & (post.c.field != ""))
            .where(here, post.c.native == native, post.c.outgoing_id.is_(None))
            .order_by(post.c.id)
        )
        return next(((place, who) for place, who in self._connection.execute(query).all() if who is not None), None)

    def carriers(self, message_id: int) -> list[tuple[int, str, Sending, datetime | None]]:
        """Return what carries a message: outgoing id, lane, fate, when done; the first is the first promised."""
        query = (
            select(outgoing.c.id, outgoing.c.lane, outgoing.c.state, outgoing.c.done_at)
            .where(outgoing.c.message_id == message_id, outgoing.c.operation == "send", outgoing.c.receipt.is_(True))
            .order_by(outgoing.c.id)
        )
        return [(row.id, row.lane, row.state, row.done_at) for row in self._connection.execute(query).all()]

    def carried_by(self, outgoing_id: int) -> int | None:
        """Return the message that an outgoing one carries."""
        return self._connection.scalar(select(outgoing.c.message_id).where(outgoing.c.id == outgoing_id))

    # Threads and cards

    def thread(self, number: int, channel: int) -> TicketThread | None:
        """Return a ticket's thread in a team channel."""
        row = _THREAD.first(self._connection, {"ticket": number, "channel": channel})
        return TicketThread(*row) if row else None

    def threads(self, numbers: Sequence[int]) -> dict[tuple[int, int], TicketThread]:
        """Return the threads of some tickets, by ticket and team channel."""
        rows = self._connection.execute(_THREADS, {"tickets": numbers}).all() if numbers else ()
        return {(row[0], row[1]): TicketThread(*row) for row in rows}

    def thread_at(self, channel: int, native: str) -> int | None:
        """Return the ticket whose thread this native one is."""
        query = select(thread.c.ticket_id).where(thread.c.team_channel_id == channel, thread.c.native == native)
        return self._connection.scalar(query)

    def keep_thread(self, place: TicketThread) -> None:
        """Write down how a thread should be; the outbox makes it so."""
        values = {"native": place.native, "title": place.title, "icon": place.icon, "open": place.open}
        its = {"ticket_id": place.ticket_id, "team_channel_id": place.channel_id}
        _KEEP_THREAD.run(self._connection, {**its, **values})

    def set_native(self, number: int, channel: int, native: str | None) -> None:
        """Keep the id a messenger gave a thread, or (None) that it is gone; a thread not known yet becomes known."""
        where = (thread.c.ticket_id == number, thread.c.team_channel_id == channel)
        if self._connection.execute(update(thread).where(*where).values(native=native)).rowcount == 0:
            self.keep_thread(TicketThread(number, channel, native, f"#{number}", "", open=True))

    def lose_threads(self, channel: int) -> None:
        """Forget every native thread of a channel: its chat was upgraded, and what was there cannot be reached."""
        gone = update(thread).where(thread.c.team_channel_id == channel).values(native=None)
        self._connection.execute(gone)
        self._connection.execute(delete(card).where(card.c.team_channel_id == channel))

    def cards(self, number: int) -> list[TicketCard]:
        """Return a ticket's cards."""
        return [TicketCard(*row) for row in _CARDS.all(self._connection, {"ticket": number})]

    def keep_card(self, number: int, kept: TicketCard) -> None:
        """Remember the message that is a ticket's card in this place, and what it shows."""
        values = {"ticket_id": number, "team_channel_id": kept.channel_id, "place": kept.place}
        _KEEP_CARD.run(self._connection, {**values, "outgoing_id": kept.outgoing_id, "look": kept.look})

    def drop_card(self, number: int, channel: int) -> None:
        """Forget a ticket's cards in a channel: it stands in another one now."""
        here = (card.c.ticket_id == number, card.c.team_channel_id == channel)
        self._connection.execute(delete(card).where(*here))

    def live(
        self, channel: int, kinds: Sequence[str], limit: int, *, of: Sequence[str] = (), but: Sequence[str] = ()
    ) -> list[int]:
        """Return tickets of these kinds that have no card in a channel's queue, the oldest first.

        Only those ``of`` some groups where any are named, else all ``but`` those of some.
        """
        its = (card.c.ticket_id == ticket.c.id, card.c.team_channel_id == channel, card.c.place == "queue")
        query = select(ticket.c.id).where(ticket.c.kind.in_(kinds), ~exists().where(*its)).order_by(ticket.c.id)
        if of:
            query = query.where(ticket.c.group_name.in_(of))
        elif but:
            query = query.where(ticket.c.group_name.is_(None) | ticket.c.group_name.not_in(but))
        return list(self._connection.scalars(query.limit(limit)).all())
