"""An event may come sooner than the messenger's own answer: somebody presses, replies to or reacts to a post while it is still
being sent, as far as the desk knows. Such an event waits until it is known what the post is.
"""

from datetime import datetime, timedelta

from handlers.vocabulary.messages import Event, Kind
from storage.engine.database import Connection
from storage.people.people import Channel, Channels
from storage.queues import lanes
from storage.queues.inbox import QueuedEvent
from storage.queues.posts import being_sent
from storage.tickets.messages import Talk

AGAIN = timedelta(milliseconds=200)  # before looking again, where no word comes of what was sent
PATIENCE = timedelta(
    seconds=60
)  # then it is handled as it is: a messenger that does not answer holds up nobody for ever


class PendingSends:
    """The conversations that wait for what is being sent."""

    def __init__(self) -> None:
        self._waiting: dict[str, str] = {}  # their lanes, and whose they are
        self._settled = False

    def settled(self) -> bool:
        """Something has been sent and written down; return whether anybody waits for such."""
        self._settled = bool(self._waiting)
        return self._settled

    def again(self, connection: Connection, now: datetime) -> None:
        """Let those who wait have another look, where something was written down since."""
        if self._settled:
            found, self._waiting, self._settled = self._waiting, {}, False
            lanes.mark_ready(connection, lanes.IN, [(name, source, now) for name, source in found.items()])

    def wait(self, connection: Connection, waiting: QueuedEvent, event: Event, now: datetime) -> bool:
        """Let an event wait that is about something still being sent; return whether it does."""
        if abs(now - waiting.received_at) > PATIENCE or not _unknown(connection, event, waiting):
            return False
        lanes.set_ready(connection, lanes.IN, waiting.lane, now + AGAIN)
        self._waiting[waiting.lane] = event.source
        return True


def _unknown(connection: Connection, event: Event, waiting: QueuedEvent) -> bool:
    """Return whether an event is about a message or thread that nobody knows, in a chat where one is being sent."""
    talk = Talk(connection)
    native = event.reply_to or (event.message if event.kind in (Kind.PRESS, Kind.REACTION) else "")
    strange = bool(native) and talk.at(event.place, native) is None
    if not strange and (event.private or not event.thread):
        return False
    channel = _channel(connection, event)
    if not strange and (channel is None or talk.thread_at(channel.id, event.thread) is not None):
        return False
    return being_sent(connection, _lanes(event), _threads(channel), waiting.received_at)


def _channel(connection: Connection, event: Event) -> Channel | None:
    if event.private:
        return None
    return next((channel for channel in Channels(connection).all() if channel.place == event.place), None)


def _lanes(event: Event) -> list[str]:
    """Return the addresses that lead into an event's chat: the chat itself, or whoever it is with."""
    found = [event.place]
    if event.private and event.sender is not None:
        found.append(f"{event.source}:@{event.sender.native}")
    return found


def _threads(channel: Channel | None) -> tuple[str, str] | None:
    """Return how the addresses of tickets' threads in a team channel begin and end."""
    return (f"{channel.source}:#", f"/{channel.id}") if channel is not None else None
