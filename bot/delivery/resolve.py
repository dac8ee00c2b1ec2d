"""From a promised row to a delivery: the address, the thread, the posts and anchors, looked up when it is sent and not before."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.messengers.protocol import Delivery
from handlers.vocabulary.deferred import FILES
from handlers.vocabulary.messages import GOTO, RENDERED_MESSAGE, Operation, RenderedButton, RenderedMessage, join_lines
from storage.desk.request_channels import RequestChannels, kinds_of
from storage.engine.database import Connection
from storage.people.people import Channel, Channels
from storage.queues.outbox import Outgoing
from storage.queues.posts import post_in, posts_of, root_of
from storage.tickets.messages import Talk, TicketThread

Link = Callable[[str, str], str]

FOLDED_TEXT = 3000  # characters of one folded post; short of any messenger's limit


class Places:
    """Where lanes lead, as one transaction sees it."""

    def __init__(
        self,
        connection: Connection,
        found: Sequence[Sequence[Outgoing]],
        rooted: Collection[str] = (),
        links: Mapping[str, Link] = MappingProxyType({}),
    ) -> None:
        self._connection = connection
        self._links = links  # how a source links to a message, by chat and native id
        self._rooted = rooted  # sources where a ticket has a thread of its own in its requester's chat
        self._channels = {channel.id: channel for channel in Channels(connection).all()}
        self._team = {channel.place for channel in self._channels.values()}
        places = [where for rows in found if (where := split_lane(rows[0].lane)[1]).startswith("#")]
        self._threads = Talk(connection).threads([_ticket(where) for where in places])
        chats = {(source, where.partition("/")[0]) for source, where in (split_lane(rows[0].lane) for rows in found)}
        asked = [(source, chat) for source, chat in chats if chat and chat[0] not in "#@"]
        self._requests = {place for place, kind in kinds_of(connection, asked).items() if kind == "requests"}

    def chat(self, lane: str) -> tuple[str, str]:
        """Return the source and the chat of a lane; an empty chat where its team channel is no more."""
        source, where = split_lane(lane)
        if not where.startswith("#"):
            return source, where if source in self._rooted else where.partition("/")[0]
        channel = self._channel(where)
        return source, channel.chat if channel else ""

    def delivery(self, rows: Sequence[Outgoing]) -> Delivery | None:
        """Return what to do with the rows of one post; None where there is nothing to do any more."""
        head = rows[0]
        source, chat = self.chat(head.lane)
        if not chat:
            return None
        drawn = self._led(_drawn(rows))
        shown = self._posts(head.edits, f"{source}:{chat}") or list(drawn.facts.get("natives") or ())
        if head.operation == Operation.DELETE and not shown:
            return None
        begun = self._posts(head.id, f"{source}:{chat}") if head.tries and not head.edits else []
        delivery = Delivery(
            tuple(rows),
            Operation(head.operation),
            source,
            chat,
            drawn,
            private=f"{source}:{chat.partition('/')[0]}" not in self._team and not self._of_requests(source, chat),
            shown=tuple(shown),
            begun=tuple(begun),
            among=bool(head.fold) and head.lane in self._team,
        )
        return self._anchored(self._in_requests(self._threaded(delivery, head), head), head)

    def _led(self, drawn: RenderedMessage) -> RenderedMessage:
        """Give buttons that lead to a message of ours its link; one that is not there, or has none, has no button."""
        if not any(key.name == GOTO for line in drawn.keys for key in line):
            return drawn
        kept = (tuple(led for key in line if (led := self._link(key)) is not None) for line in drawn.keys)
        return replace(drawn, keys=tuple(line for line in kept if line))

    def _link(self, key: RenderedButton) -> RenderedButton | None:
        if key.name != GOTO:
            return key
        posts = posts_of(self._connection, int(key.value)) if key.value else []
        if not posts:
            return None
        source, chat = split_lane(posts[0].place)
        url = self._links[source](chat, posts[0].native) if source in self._links else ""
        return replace(key, url=url) if url else None

    def _of_requests(self, source: str, chat: str) -> bool:
        """Return whether a chat is one where requests are opened."""
        return (source, chat.partition("/")[0]) in self._requests

    def _in_requests(self, delivery: Delivery, head: Outgoing) -> Delivery:
        """Put a delivery under the message that its request was opened with, and into the topic that it stands in."""
        source, chat = delivery.source, delivery.chat
        if not self._of_requests(source, chat) or source in self._rooted:
            return delivery
        topic = split_lane(head.lane)[1].partition("/")[2]
        found = RequestChannels(self._connection).thread_of(head.ticket_id) if head.ticket_id is not None else None
        here = found is not None and found.chat == chat
        answers = str(delivery.drawn.facts.get("answers") or "")
        return replace(delivery, topic=topic, anchor=found.root if found is not None and here else answers)

    def _channel(self, where: str) -> Channel | None:
        return self._channels.get(int(where.rpartition("/")[2]))

    def _threaded(self, delivery: Delivery, head: Outgoing) -> Delivery:
        """Put a delivery into the ticket's thread its lane names; what is of several tickets stands in none."""
        _, where = split_lane(head.lane)
        if not where.startswith("#"):
            of_one = all(row.ticket_id == head.ticket_id for row in delivery.rows)
            if head.ticket_id is not None and of_one and delivery.private and delivery.source in self._rooted:
                here = f"{delivery.source}:{delivery.chat}"
                return replace(delivery, root=root_of(self._connection, head.ticket_id, here) or "")
            return delivery
        channel = self._channel(where)
        number = _ticket(where)
        assert channel is not None
        place = self._threads.get((number, channel.id)) or TicketThread(
            number, channel.id, None, f"#{number}", "", open=True
        )
        delivery = replace(delivery, thread=place, threads=channel.threads)
        if not channel.threads:  # a reply chain under the card is the thread
            known = Talk(self._connection).cards(number)
            cards = (c.outgoing_id for c in known if c.channel_id == channel.id and c.place == "queue")
            root = self._first_post(next(cards, None), f"{delivery.source}:{delivery.chat}")
            delivery = replace(delivery, anchor=root, root=root)
        return delivery

    def _anchored(self, delivery: Delivery, head: Outgoing) -> Delivery:
        """Name the native message it replies to; where that is shown nowhere here, it stands alone."""
        native = ""
        if head.anchor_message is not None:
            native = post_in(self._connection, head.anchor_message, f"{delivery.source}:{delivery.chat}") or ""
        elif head.anchor_outgoing is not None:
            native = self._first_post(head.anchor_outgoing, f"{delivery.source}:{delivery.chat}")
        return replace(delivery, anchor=native) if native else delivery

    def _posts(self, outgoing_id: int | None, place: str) -> list[str]:
        """Return where one is shown in a chat; ids of another chat, or of this one before an upgrade, mean others here.

        Somebody's own chat may be named by whose it is (``@…``), before its id is known or after.
        """
        posts = posts_of(self._connection, outgoing_id) if outgoing_id is not None else []
        source, where = split_lane(place)
        if where.startswith("@"):
            return [
                post.native for post in posts if split_lane(post.place)[0] == source and post.place not in self._team
            ]
        return [post.native for post in posts if post.place == place]

    def _first_post(self, outgoing_id: int | None, place: str) -> str:
        return next(iter(self._posts(outgoing_id, place)), "")


def split_lane(lane: str) -> tuple[str, str]:
    """Return the source of a lane and what follows it: a chat, or ``#ticket/channel``."""
    messenger, account, where = lane.removesuffix(FILES).split(":", 2)
    return f"{messenger}:{account}", where


def _ticket(where: str) -> int:
    """Return the ticket whose thread a lane names."""
    return int(where[1:].partition("/")[0])


def folded_rows(rows: Sequence[Outgoing]) -> list[Outgoing]:
    """Return the head, and what waits behind it to be said in the same post; what was tried together stays together.

    What would have waited longer by itself goes along with the head: a burst that goes on is still one post.
    """
    head = rows[0]
    together = [head]
    if not head.fold:
        return together
    room = FOLDED_TEXT - len(head.payload)
    for row in rows[1:]:
        room -= len(row.payload)
        if row.fold != head.fold or row.tries != head.tries or room < 0:
            break
        together.append(row)
    return together


def _drawn(rows: Sequence[Outgoing]) -> RenderedMessage:
    """Return what the rows say together; whom several of them call is called once, at the end."""
    if not rows[0].payload:
        return RenderedMessage()
    first, *others = (RENDERED_MESSAGE.validate_json(row.payload) for row in rows)
    if not others:
        return first
    said, call = first.words.apart_from_call()
    calls = {call: None} if call else {}
    for other in others:
        more, call = other.words.apart_from_call()
        said, calls = join_lines(said, more), calls | ({call: None} if call else {})
        first = replace(first, files=first.files + other.files, keys=other.keys or first.keys)
    return replace(first, words=join_lines(said, *calls))
