"""Taking what may be sent now: addresses are leased, rates spent, rows made deliveries, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import prepare
from bot.messenger import Delivery, Messenger
from handlers.messages import Operation
from storage import lanes, outbox, pace
from storage.database import Connection
from storage.models import Sending
from storage.outbox import Outgoing, Settled

LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be sent now, and when there may be more."""

    deliveries: Sequence[Delivery] = ()
    next_at: datetime | None = None


def take(
    connection: Connection, messengers: Mapping[str, Messenger], sources: Sequence[str], now: datetime, room: int
) -> Taken:
    """Lease as many addresses as there is room for, and return what goes there."""
    found = outbox.lease(connection, sources, now, now + LEASE, room) if room > 0 else []
    deliveries: list[Delivery] = []
    if found:
        rooted = {source for source, messenger in messengers.items() if messenger.rooted}
        places = prepare.Places(connection, found, rooted)
        deliveries = _prepared(connection, places, _paced(connection, messengers, places, found, now), now)
    full = len(found) == room > 0
    return Taken(deliveries, now if full else lanes.next_free(connection, lanes.OUT, now, sources))


def _paced(
    connection: Connection,
    messengers: Mapping[str, Messenger],
    places: prepare.Places,
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
    allowance = pace.Allowance(connection, rates, now)
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
    connection: Connection, places: prepare.Places, found: Sequence[list[Outgoing]], now: datetime
) -> list[Delivery]:
    """Return the deliveries of lanes' heads; where there is nothing to do any more, that is written down."""
    ready: list[Delivery] = []
    for rows in found:
        folded = prepare.folded(rows)
        delivery = places.delivery(folded)
        if delivery is None:
            outbox.settle(connection, [Settled(row, Sending.DROPPED, error="gone") for row in folded], now)
        else:
            ready.append(delivery)
    begun = {row.id: row for row in outbox.start(connection, [row for each in ready for row in each.rows])}
    return [replace(delivery, rows=tuple(begun[row.id] for row in delivery.rows)) for delivery in ready]
