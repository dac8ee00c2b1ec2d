"""Request channels: where clients and colleagues already talk, the requests opened there, and what was just said."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, tuple_, update

from storage.engine.compiled import Prepared
from storage.engine.upsert import add_one
from storage.models import offer_count, overheard, participant, request_channel, request_thread, team_channel, ticket
from storage.queues.spoken import Said
from storage.types import made_id


@dataclass(frozen=True, slots=True)
class RequestChannel:
    """A chat where requests are opened, in the columns' order."""

    id: int
    source: str
    chat: str
    title: str
    settings: Mapping[str, Any]
    active: bool
    lost_at: datetime | None
    at: datetime
    company_id: int | None = None

    @property
    def place(self) -> str:
        """Return the chat as one word."""
        return f"{self.source}:{self.chat}"


@dataclass(frozen=True, slots=True)
class RequestThread:
    """Where a request is talked on in its channel."""

    ticket_id: int
    channel_id: int
    root: str
    topic: str
    author_id: int | None
    source: str
    chat: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Overheard:
    """Something said that has opened no request, in the columns' order."""

    id: int
    channel_id: int
    native: str
    topic: str
    person_id: int
    account_id: int
    said: Said
    verdict_id: int | None
    at: datetime


_AT = Prepared(
    select(request_channel).where(
        request_channel.c.source == bindparam("source"), request_channel.c.chat == bindparam("chat")
    )
)
_JOINED = select(
    request_thread.c.ticket_id,
    request_thread.c.request_channel_id,
    request_thread.c.root,
    request_thread.c.topic,
    request_thread.c.person_id,
    request_channel.c.source,
    request_channel.c.chat,
    request_channel.c.settings,
).select_from(request_thread.join(request_channel))
_OF = Prepared(_JOINED.where(request_thread.c.ticket_id == bindparam("ticket")), once=True)
_NEWEST = _JOINED.order_by(request_thread.c.ticket_id.desc()).limit(1)
_IN = request_thread.c.request_channel_id == bindparam("channel")
_ROOT = Prepared(_NEWEST.where(_IN, request_thread.c.root == bindparam("root")))
_TOPIC = Prepared(_NEWEST.where(_IN, request_thread.c.topic == bindparam("topic")))
_LATEST = Prepared(
    _NEWEST.where(_IN, request_thread.c.person_id == bindparam("person"), request_thread.c.at >= bindparam("since"))
)
_HEARD = Prepared(
    select(overheard)
    .where(overheard.c.request_channel_id == bindparam("channel"), overheard.c.native == bindparam("native"))
    .order_by(overheard.c.id.desc())
    .limit(1)
)


class RequestChannels:
    """The request channels, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Channels

    def count_offer(self, channel_id: int, outcome: str) -> None:
        """Count what became of a question whether to open a request: sent, suppressed, opened, dismissed."""
        add_one(self._connection, {"request_channel_id": channel_id, "outcome": outcome}, offer_count.c.number)

    def offer_counts(self, channel_id: int) -> dict[str, int]:
        """Return what became of such questions in a channel, by outcome."""
        query = select(offer_count.c.outcome, offer_count.c.number).where(
            offer_count.c.request_channel_id == channel_id
        )
        return {row.outcome: row.number for row in self._connection.execute(query).all()}

    def at(self, source: str, chat: str) -> RequestChannel | None:
        """Return the request channel that a chat is, or was."""
        row = _AT.first(self._connection, {"source": source, "chat": chat})
        return RequestChannel(*row) if row else None

    def get(self, channel_id: int) -> RequestChannel | None:
        """Return a request channel by its id."""
        row = self._connection.execute(select(request_channel).where(request_channel.c.id == channel_id)).first()
        return RequestChannel(*row) if row else None

    def keep(self, source: str, chat: str, *, title: str, settings: Mapping[str, Any], at: datetime) -> RequestChannel:
        """Make a chat a request channel, or change what was chosen for it.

        ``settings`` are by the names of handlers/channels/chosen.py; what they do not name is the desk's.
        """
        known = self.at(source, chat)
        if known is None:
            values = {"source": source, "chat": chat, "title": title[:256], "settings": dict(settings), "at": at}
            self._connection.execute(insert(request_channel).values(active=True, **values))
        else:
            change = update(request_channel).where(request_channel.c.id == known.id)
            named = {"title": title[:256]} if title else {}
            self._connection.execute(change.values(settings=dict(settings), active=True, lost_at=None, **named))
        kept = self.at(source, chat)
        assert kept is not None
        return kept

    def close(self, channel_id: int) -> None:
        """Open no more requests in a channel; those under way go on there."""
        change = update(request_channel).where(request_channel.c.id == channel_id)
        self._connection.execute(change.values(active=False))

    def lose(self, channel_id: int, at: datetime | None) -> None:
        """Remember that the bot is not in a channel any more, or (None) that it is again."""
        change = update(request_channel).where(request_channel.c.id == channel_id)
        self._connection.execute(change.values(lost_at=at))

    def move(self, channel_id: int, chat: str) -> None:
        """Keep a channel's new id: its chat was upgraded."""
        self._connection.execute(update(request_channel).where(request_channel.c.id == channel_id).values(chat=chat))

    # Requests

    def begin(self, number: int, channel_id: int, *, root: str, topic: str, author: int, at: datetime) -> None:
        """Let a request be talked on where it was opened."""
        values = {"ticket_id": number, "request_channel_id": channel_id, "root": root, "topic": topic}
        self._connection.execute(insert(request_thread).values(**values, person_id=author, at=at))

    def thread_of(self, number: int) -> RequestThread | None:
        """Return where a request is talked on, if it was opened in a channel."""
        row = _OF.first(self._connection, {"ticket": number})
        return RequestThread(*row) if row else None

    def under(self, channel_id: int, root: str) -> RequestThread | None:
        """Return the newest request that hangs on a message."""
        row = _ROOT.first(self._connection, {"channel": channel_id, "root": root})
        return RequestThread(*row) if row else None

    def in_topic(self, channel_id: int, topic: str) -> RequestThread | None:
        """Return the newest request of a forum topic."""
        row = _TOPIC.first(self._connection, {"channel": channel_id, "topic": topic}) if topic else None
        return RequestThread(*row) if row else None

    def latest_of(self, channel_id: int, person_id: int, since: datetime) -> RequestThread | None:
        """Return the newest request that somebody has opened in a channel since then."""
        row = _LATEST.first(self._connection, {"channel": channel_id, "person": person_id, "since": since})
        return RequestThread(*row) if row else None

    def take_part(self, number: int, person_id: int) -> None:
        """Remember that somebody has said something on a request."""
        there = select(participant.c.person_id).where(
            participant.c.ticket_id == number, participant.c.person_id == person_id
        )
        if self._connection.execute(there).first() is None:
            self._connection.execute(insert(participant).values(ticket_id=number, person_id=person_id))

    def takes_part(self, number: int, person_id: int) -> bool:
        """Return whether somebody has said something on a request in its channel."""
        there = (participant.c.ticket_id == number, participant.c.person_id == person_id)
        return self._connection.execute(select(participant.c.person_id).where(*there)).first() is not None

    # What was said

    def hear(
        self, channel_id: int, native: str, *, topic: str, person: int, account: int, said: Said,
        at: datetime, verdict: int | None = None,
    ) -> int:  # fmt: skip
        """Keep what was said and has opened nothing; return its id."""
        values = {"request_channel_id": channel_id, "native": native, "topic": topic, "person_id": person}
        made = insert(overheard).values(**values, account_id=account, said=dict(said), verdict_id=verdict, at=at)
        return made_id(self._connection.execute(made))

    def heard(self, channel_id: int, native: str) -> Overheard | None:
        """Return what was said in a message, as long as it is kept."""
        row = _HEARD.first(self._connection, {"channel": channel_id, "native": native})
        return Overheard(*row) if row else None

    def heard_as(self, overheard_id: int) -> Overheard | None:
        """Return what was said, by its id."""
        row = self._connection.execute(select(overheard).where(overheard.c.id == overheard_id)).first()
        return Overheard(*row) if row else None

    def answered_by(self, verdict_id: int) -> Overheard | None:
        """Return what was said to which this was the answer."""
        query = select(overheard).where(overheard.c.verdict_id == verdict_id)
        row = self._connection.execute(query.limit(1)).first()
        return Overheard(*row) if row else None

    def answered_of(self, channel_id: int, person_id: int, since: datetime) -> Overheard | None:
        """Return what somebody said last in a channel and was answered from the knowledge base."""
        query = select(overheard).where(
            overheard.c.person_id == person_id,
            overheard.c.request_channel_id == channel_id,
            overheard.c.at >= since,
            overheard.c.verdict_id.is_not(None),
        )
        row = self._connection.execute(query.order_by(overheard.c.id.desc()).limit(1)).first()
        return Overheard(*row) if row else None

    def reword(self, channel_id: int, native: str, person_id: int, said: Said) -> None:
        """Let what was said be what its author says now."""
        mine = (overheard.c.request_channel_id == channel_id, overheard.c.native == native)
        change = update(overheard).where(*mine, overheard.c.person_id == person_id)
        self._connection.execute(change.values(said=dict(said)))

    def forget(self, channel_id: int, native: str) -> None:
        """Forget what was said in a message: it was taken back, or a request has it now."""
        mine = (overheard.c.request_channel_id == channel_id, overheard.c.native == native)
        self._connection.execute(delete(overheard).where(*mine))


def kinds_of(connection: Connection, places: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return which of these chats (source, chat) are the team's and which are request channels: "team" or "requests"."""
    if not places:
        return {}
    found: dict[tuple[str, str], str] = {}
    for table, kind in ((request_channel, "requests"), (team_channel, "team")):
        query = select(table.c.source, table.c.chat).where(tuple_(table.c.source, table.c.chat).in_(list(places)))
        active = query.where(team_channel.c.active) if table is team_channel else query
        found |= {(row.source, row.chat): kind for row in connection.execute(active)}
    return found


def rooted_in(
    connection: Connection, source: str, since: datetime, kinds: Collection[str], most: int
) -> list[tuple[str, str]]:
    """Return the messages that requests of a source's channels hang on, chat and native id: active, or talked on since.

    The newest ``most`` of them, in their order.
    """
    query = (
        select(request_channel.c.chat, request_thread.c.root)
        .select_from(request_thread.join(request_channel).join(ticket, ticket.c.id == request_thread.c.ticket_id))
        .where(request_channel.c.source == source, ticket.c.kind.in_(kinds) | (ticket.c.talked_at >= since))
        .order_by(request_thread.c.ticket_id.desc())
        .limit(most)
    )
    return [(row.chat, row.root) for row in reversed(connection.execute(query).all())]
