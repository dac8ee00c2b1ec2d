"""What became of a delivery: each row's fate, where it is shown now, and the events that follow."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.inbox import arrival
from bot.messenger import Delivery, Messenger, Moved, Rejected, ThreadLost, Undelivered, Unreachable, Wait
from handlers.crossing import called
from handlers.messages import Event, Kind, Operation
from storage import inbox, outbox, pace
from storage.database import Connection
from storage.models import Sending
from storage.outbox import Outgoing, Settled
from storage.people import People
from storage.posts import Post, forget_posts
from storage.talk import Place, Talk

BACKOFF = (1, 2, 5, 10, 30, 60, 300)  # seconds between tries while a messenger does not answer
GIVE_UP = timedelta(hours=24)  # of no answer, then it is a dead letter


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one delivery."""

    delivery: Delivery
    sent: Sequence[str] = ()
    trouble: Undelivered | None = None
    content: bytes | None = None  # of a file that was fetched
    chat: str = ""  # where it was sent, if the messenger had to find that out
    certain: bool = False  # it is there once, whatever became of earlier tries


def settle(
    connection: Connection, results: Sequence[Result], now: datetime, messengers: Mapping[str, Messenger]
) -> bool:
    """Write down results, in order; return whether they made an event."""
    settled: list[Settled] = []
    events: list[Event] = []
    for result in results:
        fates = [_judged(row, result, now) for row in result.delivery.rows]
        events += _side_effects(connection, result, now, messengers[result.delivery.source])
        events += (event for fate in fates if (event := _receipt(result, fate, now)))
        settled += fates
    if events:
        inbox.accept(connection, [arrival(event) for event in events], now)
    outbox.settle(connection, settled, now)
    return bool(events)


def _judged(row: Outgoing, result: Result, now: datetime) -> Settled:
    """Return the fate of a row: sent, failed for good, or queued for another try."""
    posts = _posts(row, result) if row.operation != Operation.DELETE else []
    match result.trouble:
        case None:
            return Settled(row, Sending.SENT, posts)
        case Wait(seconds=seconds):
            return Settled(row, Sending.QUEUED, posts, str(result.trouble), now + timedelta(seconds=seconds))
        case ThreadLost() | Moved():
            return Settled(row, Sending.QUEUED, [], str(result.trouble), now + timedelta(seconds=1))
        case Unreachable() if now - row.created_at < GIVE_UP:
            pause = BACKOFF[min(row.tries, len(BACKOFF)) - 1]
            again = now + timedelta(seconds=pause)
            return Settled(row, Sending.QUEUED, posts, str(result.trouble), again, doubt=result.trouble.doubt)
    reason = "unreachable" if isinstance(result.trouble, Unreachable) else result.trouble.reason
    return Settled(row, Sending.FAILED, posts, reason)


def _side_effects(connection: Connection, result: Result, now: datetime, messenger: Messenger) -> list[Event]:
    """Do what a failure means beyond its own row; return the events it makes."""
    delivery = result.delivery
    match result.trouble:
        case Wait(seconds=seconds):
            _hold(connection, delivery, now, now + timedelta(seconds=seconds), messenger)
        case Moved(chat=chat):
            return [_moved(delivery, chat, now)]
        case ThreadLost() if delivery.thread is not None:
            Talk(connection).set_native(delivery.thread.ticket_id, delivery.thread.channel_id, None)
            return [_lost(delivery, delivery.thread, now)]
        case Rejected(reason="blocked") if delivery.private:
            return [_blocked(delivery, now)]
    if (
        delivery.operation is Operation.EDIT
        and result.trouble is None
        and delivery.shown
        and result.sent != delivery.shown
    ):
        forget_posts(connection, delivery.rows[0].edits or delivery.rows[0].id)
    if result.chat and delivery.chat.startswith("@"):
        People(connection).set_chat(delivery.source, delivery.chat.removeprefix("@"), result.chat)
    if result.content is not None:
        return [_fetched(delivery, result.content, now)]
    return []


def _hold(connection: Connection, delivery: Delivery, now: datetime, until: datetime, messenger: Messenger) -> None:
    """Send nothing more to the chat before the moment the messenger named."""
    rates = messenger.rates(delivery.chat, Operation.SEND)
    allowance = pace.Allowance(connection, rates, now)
    for name in rates:
        if name.endswith(f":{delivery.chat}"):
            allowance.hold(name, until)
    allowance.save()


def _posts(row: Outgoing, result: Result) -> list[Post]:
    """Return the new posts of a row; what an edit left in place is known already."""
    delivery = result.delivery
    place, ours = f"{delivery.source}:{result.chat or delivery.chat}", row.edits or row.id
    if delivery.operation is Operation.EDIT and tuple(result.sent) == delivery.shown:
        return []
    known = len(delivery.begun)
    return [
        Post(place, native, part, ours, row.message_id, row.ticket_id)
        for part, native in enumerate(result.sent)
        if part >= known
    ]


def _receipt(result: Result, settled: Settled, now: datetime) -> Event | None:
    """Return the event that tells an agent what became of a reply, or anybody that a file of theirs did not get through."""
    row = settled.row
    missing = [called(file) for file in result.delivery.missing] if settled.state is Sending.SENT else []
    if not (row.receipt or missing) or (settled.state is Sending.QUEUED and row.tries > 1):
        return None
    facts = {
        "outgoing": row.id,
        "state": settled.state,
        "uncertain": row.uncertain and not result.certain,
        "reason": settled.error or "",
        "ticket": row.ticket_id,
        **({"missing": missing} if missing else {}),
    }
    key = f"receipt:{row.id}:{row.tries}:{settled.state}" if row.receipt else f"missing:{row.message_id}"
    return Event(Kind.RECEIPT, result.delivery.source, key, f"#{row.ticket_id}", now, facts=facts)


def _lost(delivery: Delivery, place: Place, now: datetime) -> Event:
    facts = {"ticket": place.ticket_id, "channel": place.channel_id}
    return Event(
        Kind.LOST,
        delivery.source,
        f"lost:{delivery.rows[0].id}:{delivery.rows[0].tries}",
        f"#{place.ticket_id}",
        now,
        facts=facts,
    )


def _moved(delivery: Delivery, chat: str, now: datetime) -> Event:
    """Return the event of a chat that got another id; whoever hears it moves the team channel."""
    key, facts = f"moved:{delivery.chat}:{chat}", {"from": delivery.chat, "to": chat}
    return Event(
        Kind.MEMBER, delivery.source, key, delivery.chat, now, delivery.chat, private=False, name="moved", facts=facts
    )


def _blocked(delivery: Delivery, now: datetime) -> Event:
    key = f"blocked:{delivery.rows[0].id}"
    return Event(Kind.MEMBER, delivery.source, key, delivery.chat, now, chat=delivery.chat, name="blocked")


def _fetched(delivery: Delivery, content: bytes, now: datetime) -> Event:
    """Return the event that brings a file's content to whoever asked for it."""
    facts = {**delivery.drawn.facts, "content": b64encode(content).decode(), "file": delivery.drawn.files[0].name}
    key = f"fetched:{delivery.rows[0].id}"
    return Event(
        Kind.FETCHED,
        delivery.source,
        key,
        delivery.chat,
        now,
        chat=delivery.chat,
        private=delivery.private,
        name=str(delivery.drawn.facts["then"]),
        facts=facts,
    )
