"""Taking what may be sent now: addresses are leased, rates spent, rows made deliveries, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic

from bot.delivery import resolve, settle
from bot.messengers import deadlines
from bot.messengers.protocol import Delivery, Messenger, Unreachable
from handlers.vocabulary.messages import Operation
from storage.engine.database import Connection
from storage.models import Sending
from storage.queues import lanes, outbox, send_rates, tries
from storage.queues.outbox import DeliveryResult, Outgoing

BEGUN = 10  # tries after which a message that is found begun, not for the first time, is not begun again: its sender dies of it
TWICE = 2  # the same of what is said to many where nobody can look whether it came: an announcement comes twice at most


@dataclass(frozen=True, slots=True)
class ClaimedDeliveries:
    """What is to be sent now, and when there may be more."""

    deliveries: Sequence[Delivery] = ()
    next_at: datetime | None = None
    mended: int | None = None  # lanes that a wrong clock had put off; None where it was not looked for them


def claim_deliveries(
    connection: Connection,
    messengers: Mapping[str, Messenger],
    sources: Sequence[str],
    now: datetime,
    room: int,
    *,
    leases_at: datetime | None = None,
) -> ClaimedDeliveries:
    """Lease as many addresses as there is room for, and return what goes there; ``leases_at`` is now, as leases count it."""
    leased, leases_at = monotonic(), leases_at or now
    until = leases_at + deadlines.lease_duration(deadlines.WITHIN)
    found = outbox.lease_addresses(connection, sources, now, until, room, leases_at=leases_at) if room > 0 else []
    deliveries: list[Delivery] = []
    if found:
        rooted = {source for source, messenger in messengers.items() if messenger.rooted}
        links = {source: messenger.link_to for source, messenger in messengers.items()}
        places = resolve.Places(connection, found, rooted, links)
        allowed = _paced(connection, messengers, places, found, now)
        deliveries = [
            replace(each, seconds=_seconds(each, messengers), leased=leased)
            for each in _prepared(connection, places, allowed, now, messengers)
        ]
        long = [each for each in deliveries if each.seconds > deadlines.WITHIN]
        outbox.lease_longer(connection, {d.rows[0].lane: leases_at + deadlines.lease_duration(d.seconds) for d in long})
    full = len(found) == room > 0
    return ClaimedDeliveries(deliveries, now if full else lanes.next_free(connection, lanes.OUT, now, sources))


def _seconds(delivery: Delivery, messengers: Mapping[str, Messenger]) -> float:
    """Return how long a delivery may take."""
    uploads = messengers[delivery.source].uploads
    return deadlines.delivery_timeout(delivery.drawn.files, delivery.source, delivery.operation, uploads=uploads)


def _paced(
    connection: Connection,
    messengers: Mapping[str, Messenger],
    places: resolve.Places,
    found: Sequence[list[Outgoing]],
    now: datetime,
) -> list[list[Outgoing]]:
    """Return what the rates allow now; the other lanes wait until they do."""
    limits: dict[str, Mapping[str, outbox.Rate]] = {}
    for rows in found:
        source, chat = places.chat(rows[0].lane)
        limits[rows[0].lane] = messengers[source].rates(chat, Operation(rows[0].operation))
    rates = {name: rate for each in limits.values() for name, rate in each.items()}
    if not rates:
        return list(found)
    allowance = send_rates.Allowance(connection, rates, now)
    allowed: list[list[Outgoing]] = []
    for rows in found:
        due = allowance.take(limits[rows[0].lane])
        if due is None:
            allowed.append(rows)
        else:
            lanes.set_ready(connection, lanes.OUT, rows[0].lane, due)
    allowance.save()
    return allowed


def _prepared(
    connection: Connection,
    places: resolve.Places,
    found: Sequence[list[Outgoing]],
    now: datetime,
    messengers: Mapping[str, Messenger],
) -> list[Delivery]:
    """Return the deliveries of lanes' heads; where there is nothing to do any more, that is written down."""
    ready: list[Delivery] = []
    for rows in found:
        folded = resolve.folded_rows(rows)
        delivery = places.delivery(folded)
        if delivery is None:
            outbox.settle_rows(connection, [DeliveryResult(row, Sending.DROPPED, error="gone") for row in folded], now)
        elif _fatal(rows[0], looks=messengers[delivery.source].looks):
            over = settle.Result(delivery, trouble=Unreachable("its sender died each time"))
            settle.settle_results(connection, [over], now, messengers)
        else:
            ready.append(delivery)
    begun = {row.id: row for row in tries.mark_sending(connection, [row for each in ready for row in each.rows], now)}
    return [replace(delivery, rows=tuple(begun[row.id] for row in delivery.rows)) for delivery in ready]


def _fatal(row: Outgoing, *, looks: bool) -> bool:
    """Return whether a message was begun again and again, and nobody heard what became of it."""
    most = TWICE if row.rank > 0 and not looks else BEGUN
    return row.state is Sending.SENDING and row.uncertain and row.tries >= most
