"""One delivery on its way: its thread is made, its files are brought, it is said; beside its thread, where that takes nothing."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from bot.deferred.maker import Maker
from bot.delivery import attachments
from bot.delivery.article_reads import read_fetched
from bot.delivery.settle import Result
from bot.messengers.downloads import Memory, Room
from bot.messengers.protocol import Delivered, Delivery, Messenger, Rejected, ThreadShut, Unreachable
from bot.monitoring.failpoints import reach_failpoint
from handlers.vocabulary.messages import Operation, bold_text, join_lines
from storage.engine.database import Connection, Database
from storage.queues import tries
from storage.tickets.messages import Talk, TicketThread

log = logging.getLogger("frontdesk.outbox")

OF_FILES = frozenset({"file", "no_file", "too_big", "no_voice"})  # refusals of files, not of what is said with them


class Attempt:
    """One try to send a delivery."""

    def __init__(
        self,
        database: Database,
        messengers: Mapping[str, Messenger],
        delivery: Delivery,
        *,
        memory: Memory,
        maker: Maker,
        revoked: attachments.Told,
    ) -> None:
        self.saying = False  # it may have been said by now, whatever is heard of it
        self._database = database
        self._messengers = messengers
        self._messenger = messengers[delivery.source]
        self._delivery = delivery
        self._memory = memory
        self._maker = maker
        self._revoked = revoked
        self._loaded = False
        self._bare: Rejected | None = None  # why it goes without its files

    async def run(self) -> Result:
        """Do it; raise what went wrong."""
        reach_failpoint("before_send")
        async with self._memory.room(attachments.bytes_to_fetch(self._delivery, self._messengers)) as room:
            try:
                sent = await self._say(await self._threaded(), room)
            except ThreadShut as shut:
                facts = {"event": "beside_thread", "ticket": self._delivery.rows[0].ticket_id, "word": shut.reason}
                log.warning("a thread takes nothing; it is said beside it", extra=facts)
                sent = await self._beside(shut, room)
        return sent if isinstance(sent, Result) else self._result(sent)

    def _result(self, sent: Delivered) -> Result:
        return Result(self._delivery, sent.natives, chat=sent.chat, certain=sent.certain, bare=self._bare)

    async def _beside(self, shut: ThreadShut, room: Room) -> Delivered | Result:
        """Say it outside its thread."""
        if not self._delivery.says:
            raise Rejected("refused", shut.natives, word=shut.reason)
        try:
            return await self._say(beside_thread(self._delivery, shut.natives), room)
        except ThreadShut as again:
            raise Rejected("refused", again.natives, word=again.reason) from None

    async def _say(self, delivery: Delivery, room: Room) -> Delivered | Result:
        if delivery.operation is Operation.FETCH:
            file = delivery.drawn.files[0]
            raw = await self._messenger.fetch(file, room)
            return Result(delivery, content=await read_fetched(self._database, delivery.drawn.facts, file.name, raw))
        if not self._loaded:
            delivery = await attachments.load_attachments(delivery, self._messengers, self._maker, room, self._revoked)
            self._loaded = True
            drawn, loaded, missing = delivery.drawn, delivery.loaded, delivery.missing
            self._delivery = replace(self._delivery, drawn=drawn, loaded=loaded, missing=missing)
        self.saying = delivery.says
        try:
            return await self._messenger.deliver(delivery)
        except Rejected as refusal:
            if delivery.private or not delivery.drawn.files or refusal.reason not in OF_FILES:
                raise
            facts = {"event": "files_refused", "outgoing": delivery.rows[0].id, "word": refusal.why}
            log.warning("a team place takes no such file; the words are said without it", extra=facts)
            bare = replace(attachments.without_files(delivery), begun=tuple(refusal.natives) or delivery.begun)
            self._delivery = replace(self._delivery, drawn=bare.drawn, loaded={}, missing=bare.missing)
            self._bare = refusal
            return await self._messenger.deliver(bare)

    # The thread

    async def _threaded(self) -> Delivery:
        """Make the thread that the address needs, and keep its id before anything is said in it."""
        delivery, place = self._delivery, self._delivery.thread
        if place is None or not delivery.threads or place.native is not None:
            return delivery
        self.saying = True  # a thread that is made twice is one too many
        try:
            native = await self._messenger.open_thread(delivery.chat, place)
        except Unreachable as lost:
            if lost.doubt and delivery.doubtful and delivery.says:  # once more was enough
                raise ThreadShut(lost.reason) from None
            raise
        self.saying = False
        # Whatever ends our time now, the thread is there: that is written down, or it is taken away.
        keeping = asyncio.ensure_future(self._keep(place, native))
        if not await asyncio.shield(keeping):
            raise Unreachable("somebody else sends this now", doubt=False)
        return replace(delivery, thread=replace(place, native=native))

    async def _keep(self, place: TicketThread, native: str) -> bool:
        """Write down a thread that was made; one that another sender has made meanwhile is the only one."""
        kept = await self._database.run(partial(self._kept, place=place, native=native))
        if not kept:
            log.warning("a thread was made too late, and is taken away", extra={"event": "late_thread"})
            await self._messenger.drop_thread(self._delivery.chat, native)
        return kept

    def _kept(self, connection: Connection, place: TicketThread, native: str) -> bool:
        talk, rows = Talk(connection), self._delivery.rows
        if len(tries.held_row_ids(connection, rows)) < len(rows):
            return False
        known = talk.thread(place.ticket_id, place.channel_id)
        if known is not None and known.native is not None:
            return False
        talk.set_native(place.ticket_id, place.channel_id, native)
        return True


def beside_thread(delivery: Delivery, begun: tuple[str, ...] = ()) -> Delivery:
    """Return a delivery as it is said outside its thread: it names its request."""
    number = delivery.rows[0].ticket_id
    words = join_lines(bold_text(f"#{number}"), delivery.drawn.words) if number is not None else delivery.drawn.words
    return replace(
        delivery,
        chat=delivery.chat.partition("/")[0],
        drawn=replace(delivery.drawn, words=words),
        thread=None,
        threads=False,
        anchor="",
        root="",
        begun=begun or delivery.begun,
    )
