"""What became of a delivery: each row's fate, where it is shown now, and the events that follow."""

import logging
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.inbox import inbox_arrival
from bot.messengers.protocol import Delivery, Messenger, Moved, Rejected, ThreadLost, Undelivered, Unreachable, Wait
from handlers.turns.crossing import file_title
from handlers.vocabulary.fetches import UNFETCHED, WEBHOOK_TEST
from handlers.vocabulary.messages import Event, Kind, Operation
from handlers.vocabulary.payloads import ChatMoved, FetchedFile, LostThread, Receipt, Refusal
from storage.engine.database import Connection
from storage.models import Sending
from storage.people.people import People
from storage.queues import inbox, lanes, outbox, send_rates, standstill, tries
from storage.queues.outbox import DeliveryResult, Outgoing
from storage.queues.posts import Post, forget_posts
from storage.queues.standstill import Standstill
from storage.tickets.messages import Talk, TicketThread

log = logging.getLogger("frontdesk.outbox")

BACKOFF = (1, 2, 5, 10, 30, 60, 300)  # seconds between tries while a messenger does not answer
GIVE_UP = timedelta(
    hours=24
)  # of no answer since the first try, then it is a dead letter; what is said to the team waits longer
ASKED = 60  # seconds after which a place that takes nothing is asked again, at most
BEHIND = 600  # seconds for what waits in the same place behind the one that asks
# Reasons that are the message's own, wherever it goes. Whatever else a team place says, somebody can mend there.
OF_MESSAGE = frozenset(
    {"too_long", "too_big", "malformed", "file", "no_file", "nothing", "no_voice", "too_late", "bug"}
)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one delivery."""

    delivery: Delivery
    sent: Sequence[str] = ()
    trouble: Undelivered | None = None
    content: bytes | None = None  # of a file that was fetched
    chat: str = ""  # where it was sent, if the messenger had to find that out
    certain: bool = False  # it is there once, whatever became of earlier tries
    bare: Rejected | None = None  # why a team place took the words without their files


def settle_results(
    connection: Connection, results: Sequence[Result], now: datetime, messengers: Mapping[str, Messenger]
) -> bool:
    """Write down results, in order; return whether they made an event.

    Of a delivery that somebody else has begun meanwhile nothing is written: its lease had ended.
    """
    settled: list[DeliveryResult] = []
    events: list[Event] = []
    held = tries.held_row_ids(connection, [row for result in results for row in result.delivery.rows])
    stands = standstill.any_standstill(connection)
    for result in results:
        if any(row.id not in held for row in result.delivery.rows):
            facts = {"event": "late_result", "outgoing": result.delivery.rows[0].id}
            log.warning(
                "a sending came to its end after its lease; whoever has it now says what became of it", extra=facts
            )
            continue
        still = _standstill(connection, result, now, ending=stands)
        fates = [_judged(row, result, now, still) for row in result.delivery.rows]
        events += _side_effects(connection, result, now, messengers[result.delivery.source])
        events += (event for fate in fates if (event := _receipt(result, fate, now)))
        events += [_unfetched(result.delivery, now)] if _is_unfetched(result.delivery, fates[0]) else []
        events += _for_admins(result, fates[0], still, now)
        settled += fates
    if events:
        inbox.accept_arrivals(connection, [inbox_arrival(event) for event in events], now)
    outbox.settle_rows(connection, settled, now)
    for result in results:
        _move_along(connection, result, now)
    return bool(events)


def _move_along(connection: Connection, result: Result, now: datetime) -> None:
    """Let what was promised to a chat itself go to the id that it has now; a thread's channel is moved by the event."""
    delivery, trouble = result.delivery, result.trouble
    was = f"{delivery.source}:{delivery.chat}"
    lane = delivery.rows[0].lane
    if isinstance(trouble, Moved) and (lane == was or lane.startswith(f"{was}~")):
        to = f"{delivery.source}:{trouble.chat}{lane.removeprefix(was)}"
        outbox.move_waiting(connection, delivery.source, lane, to, now)


def _judged(row: Outgoing, result: Result, now: datetime, still: Standstill | None) -> DeliveryResult:
    """Return the fate of a row: sent, failed for good, or queued for another try."""
    posts, trouble = _posts(row, result) if row.operation != Operation.DELETE else [], result.trouble
    pause = BACKOFF[min(row.tries, len(BACKOFF)) - 1]
    match trouble:
        case None:
            return DeliveryResult(row, Sending.SENT, posts)
        case Wait(seconds=seconds):
            again = now + min(timedelta(seconds=seconds), lanes.LONGEST)
            return DeliveryResult(row, Sending.QUEUED, posts, str(trouble), again, answered=True)
        case ThreadLost() | Moved():
            return DeliveryResult(row, Sending.QUEUED, [], str(trouble), now + timedelta(seconds=1), answered=True)
        case Unreachable(doubt=True, looked=False) if row.uncertain:
            return DeliveryResult(
                row, Sending.FAILED, posts, "uncertain"
            )  # said twice at most: whoever wants it said again says so
        case Unreachable() if not result.delivery.private or _patient(row, now):
            again = now + timedelta(seconds=pause)
            return DeliveryResult(row, Sending.QUEUED, posts, str(trouble), again, doubt=trouble.doubt)
        case Unreachable():
            return DeliveryResult(row, Sending.FAILED, posts, "unreachable")
        case Rejected() if still is not None and result.delivery.operation is Operation.THREAD:
            return DeliveryResult(row, Sending.DROPPED, error=trouble.why)  # how a thread looks holds up no words
        case Rejected() if still is not None:
            again = now + timedelta(seconds=min(pause, ASKED) if still.told else BEHIND)
            return DeliveryResult(row, Sending.QUEUED, posts, trouble.why, again, answered=True)
        case Rejected():
            return DeliveryResult(row, Sending.FAILED, posts, trouble.why)
    return DeliveryResult(row, Sending.FAILED, posts, trouble.reason)


def _patient(row: Outgoing, now: datetime) -> bool:
    """Return whether an answer is still waited for: a day since the first try, and in as many tries as that has pauses."""
    return row.tried_at is None or now - row.tried_at < GIVE_UP or row.tries <= len(BACKOFF)


def _standstill(connection: Connection, result: Result, now: datetime, *, ending: bool) -> Standstill | None:
    """Return the standstill of a team place that has refused this, though not for what it is; end the one that is over."""
    delivery, trouble = result.delivery, result.trouble
    if delivery.drawn.facts.get("mark"):  # where one may react, one may still not write
        return None
    place = f"{delivery.source}:{delivery.chat.partition('/')[0]}"
    topics = f"{place} topics"
    address = topics if delivery.operation is Operation.THREAD else delivery.rows[0].lane
    if isinstance(trouble, Rejected) and not delivery.private and _of_place(delivery.operation, trouble):
        word = trouble.word or trouble.reason
        return standstill.begin_standstill(connection, address, place=place, reason=trouble.reason, word=word, now=now)
    if ending and trouble is None and not delivery.private:
        standstill.end_standstill(connection, address, place, now)
    return None


def _of_place(operation: Operation, refusal: Rejected) -> bool:
    """Return whether a refusal is of the place, whatever is said there; one that nobody knows is, as far as words go."""
    if operation in (Operation.FETCH, Operation.HOME) or refusal.reason in OF_MESSAGE:
        return False
    return operation in (Operation.SEND, Operation.EDIT) or refusal.reason != "refused"


def _for_admins(result: Result, fate: DeliveryResult, still: Standstill | None, now: datetime) -> list[Event]:
    """Return the event by which the admins hear that a team place takes nothing, no files, or will never show this."""
    delivery, row = result.delivery, fate.row
    if still is not None and still.news:
        refusal = Refusal(still.reason, still.word, row.ticket_id)
        key, name = f"standstill:{still.address}:{still.reason}:{now.timestamp():.0f}", "stands"
    elif fate.state is Sending.FAILED and not delivery.private and delivery.operation is not Operation.FETCH:
        refusal = Refusal(*_why(result.trouble, fate), row.ticket_id)
        key, name = f"unshown:{row.id}:{row.tries}", "unshown"
    elif fate.state is Sending.SENT and result.bare is not None:
        # Once a day: a setting by which one file is not taken takes none.
        refusal = Refusal(result.bare.reason, result.bare.word, row.ticket_id)
        key, name = f"bare:{delivery.chat.partition('/')[0]}:{refusal.word or refusal.reason}:{now:%Y-%m-%d}", "bare"
    else:
        return []
    chat = delivery.chat.partition("/")[0]
    return [Event(Kind.STANDSTILL, delivery.source, key, chat, now, chat, private=False, name=name, refusal=refusal)]


def _why(trouble: Undelivered | None, fate: DeliveryResult) -> tuple[str, str]:
    """Return why something failed: a phrase key after ``undelivered.``, and the messenger's own word."""
    word = trouble.word if isinstance(trouble, Rejected) else ""
    return (fate.error or "").partition(":")[0], word


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
    allowance = send_rates.Allowance(connection, rates, now)
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
    known, about = len(delivery.begun), None if delivery.among else row.ticket_id
    return [
        Post(place, native, part, ours, row.message_id, about)
        for part, native in enumerate(result.sent)
        if part >= known
    ]


def _receipt(result: Result, settled: DeliveryResult, now: datetime) -> Event | None:
    """Return the event that tells an agent what became of a reply, or anybody that a file of theirs did not get through."""
    row = settled.row
    missing = [file_title(file) for file in result.delivery.missing] if settled.state is Sending.SENT else []
    if not (row.receipt or missing) or (settled.state is Sending.QUEUED and row.tries > 1):
        return None
    reason, word = _why(result.trouble, settled)
    uncertain = row.uncertain and not result.certain
    receipt = Receipt(row.id, settled.state, row.ticket_id, uncertain, reason, word, tuple(missing))
    key = f"receipt:{row.id}:{row.tries}:{settled.state}" if row.receipt else f"missing:{row.message_id}"
    return Event(Kind.RECEIPT, result.delivery.source, key, f"#{row.ticket_id}", now, receipt=receipt)


def _lost(delivery: Delivery, place: TicketThread, now: datetime) -> Event:
    return Event(
        Kind.LOST,
        delivery.source,
        f"lost:{delivery.rows[0].id}:{delivery.rows[0].tries}",
        f"#{place.ticket_id}",
        now,
        lost=LostThread(place.ticket_id, place.channel_id),
    )


def _moved(delivery: Delivery, chat: str, now: datetime) -> Event:
    """Return the event of a chat that got another id; whoever hears it moves the team channel."""
    key, moved = f"moved:{delivery.chat}:{chat}", ChatMoved(delivery.chat, chat)
    return Event(
        Kind.MEMBER, delivery.source, key, delivery.chat, now, delivery.chat, private=False, name="moved", moved=moved
    )


def _blocked(delivery: Delivery, now: datetime) -> Event:
    key = f"blocked:{delivery.rows[0].id}"
    return Event(Kind.MEMBER, delivery.source, key, delivery.chat, now, chat=delivery.chat, name="blocked")


def _is_unfetched(delivery: Delivery, fate: DeliveryResult) -> bool:
    """Return whether somebody's file that was to be read could not be had; nobody else would tell them."""
    facts = delivery.drawn.facts
    sent = delivery.private and "account" in facts and facts["then"] != WEBHOOK_TEST  # that is asked of a program
    return delivery.operation is Operation.FETCH and sent and fate.state is Sending.FAILED


def _unfetched(delivery: Delivery, now: datetime) -> Event:
    """Return the event that tells whoever sent a file that it could not be had."""
    told = _fetched(delivery, b"", now)
    # A key of its own: an operator may have it tried again, and then it comes.
    return replace(told, name=UNFETCHED, key=f"un{told.key}")


def _fetched(delivery: Delivery, content: bytes, now: datetime) -> Event:
    """Return the event that brings a file's content to whoever asked for it."""
    fetched = FetchedFile(file_title(delivery.drawn.files[0]), b64encode(content).decode())
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
        facts=delivery.drawn.facts,
        fetched=fetched,
    )
