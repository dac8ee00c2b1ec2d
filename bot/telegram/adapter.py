"""Telegram as a messenger of the desk: updates in, Bot API calls out."""

import asyncio
import contextlib
import logging
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from aiogram import Bot, methods
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError
from aiogram.types import ReactionTypeEmoji, ReactionTypeUnion
from aiohttp import ClientSession

from bot.clock import Clock, WallClock
from bot.messengers import deadlines
from bot.messengers.downloads import Downloads, Hosts, Room
from bot.messengers.protocol import (
    Accept,
    Answer,
    Delivered,
    Delivery,
    Hook,
    Lead,
    Rejected,
    Team,
    ThreadLost,
    ThreadShut,
    Undelivered,
    Unreachable,
)
from bot.monitoring.health import Contact
from bot.telegram import members, rates, redraw, render, start
from bot.telegram.errors import NOT_MODIFIED, Gone, Misshapen, is_non_idempotent, translate_telegram_error
from bot.telegram.receiving import Receiver
from bot.telegram.session import Posted, Session
from bot.telegram.threads import ICONS, icon_ids
from bot.telegram.webhook import Webhook
from handlers.vocabulary.capabilities import Capabilities
from handlers.vocabulary.messages import Event, File, Operation
from storage.queues.outbox import Rate
from storage.tickets.messages import TicketThread

log = logging.getLogger("frontdesk.telegram")

UPLOAD = 50 * 1024 * 1024  # bytes (Bot API, the send methods)
OFFICIAL = "https://api.telegram.org"
DOWNLOAD = 20 * 1024 * 1024  # bytes (Bot API, getFile)
MARKS = {"note": "✍"}  # of the emoji that Telegram lets bots react with, the one that says it is written down


def read_at_most(path: str, most: int) -> bytes:
    """Return the content of a file; of a larger one a byte more than the most, so that it is known."""
    with open(path, "rb") as content:
        return content.read(most + 1)


class Telegram:
    """One bot."""

    name = "telegram"
    able = Capabilities(gives=DOWNLOAD, takes=UPLOAD, handles=True, takes_away=True, request_emoji="✍")
    rooted = looks = False
    uploads = False

    def __init__(
        self,
        token: str,
        url: str,
        *,
        team: int | None,
        per_second: float,
        group_per_minute: float,
        webhook: Webhook | None = None,
        language: str = "en",
        clock: Clock | None = None,
    ) -> None:
        self.contact = Contact((clock or WallClock()).now)
        session = Session(api=TelegramAPIServer.from_base(url), limit=200, answered=self.contact.answer)
        self.bot = Bot(token, session=session)
        self._downloads = Downloads(Hosts.of(url), DOWNLOAD, session=self._connections)
        self._local = url.rstrip("/") != OFFICIAL
        self.source = f"telegram:{self.bot.id}"
        self._receiver = Receiver(self.bot, self.source, webhook, self.contact)
        self._webhook = webhook
        self._language = language
        self._rates = rates.allowed_rates(per_second, group_per_minute)
        self._team = team
        self._chat = ""  # the team's group, by its id of now
        self._icons: dict[str, str] = {}

    async def prepare(self) -> Team | None:
        """Check the token and the team's group, and put up the command menus."""
        found = await start.prepare_telegram(self.bot, self._team, self._webhook, self._language, self.contact)
        self._receiver.username = found.username
        self._chat = self._receiver.team = found.team.chat if found.team else ""
        self._receiver.open = found.open
        return found.team

    async def ping(self) -> None:
        """Ask who we are."""
        try:
            await self._call(methods.GetMe())
        except Undelivered as silent:
            self.contact.fail("calls", str(silent))
            raise

    def on_gap(self, tell: Callable[[], None]) -> None:
        """Call this after a long silence."""
        self._receiver.on_gap = tell

    async def present(self, chat: str, people: Collection[str]) -> Mapping[str, bool]:
        """Return who is in a group."""
        return await members.group_presence(self._call, int(chat), people)

    def start_link(self, payload: str) -> str:
        """Return a link that opens a chat with the bot and tells it this."""
        return f"https://t.me/{self._receiver.username}?start={payload}"

    def link_to(self, chat: str, native: str) -> str:
        """Return a link to a message of a supergroup; other groups have none."""
        inner = chat.removeprefix("-100")
        return f"https://t.me/c/{inner}/{native}" if inner != chat else ""

    # In

    def hooks(self, accept: Accept) -> Mapping[str, Hook]:
        """Return what is served over HTTP: the webhook, where it is set."""
        return self._receiver.hooks(accept)

    async def receive(self, accept: Accept, lead: Lead) -> None:
        """Bring updates to the inbox for ever."""
        await self._receiver.receive(accept, lead)

    def read(self, event: Event) -> Event | None:
        """Read again what could not be read when it came."""
        return self._receiver.read(event)

    # Out

    async def deliver(self, delivery: Delivery) -> Delivered:
        """Do it, or raise what went wrong in the desk's words."""
        if delivery.chat.startswith("@"):  # somebody who has never written to the bot
            raise Rejected("never_wrote")
        where = self._where(delivery)
        if delivery.says and delivery.doubtful:
            await self._reach(where)
        try:
            delivered = await self._deliver(delivery, where)
        except ThreadLost:
            if not delivery.topic:
                raise
            delivered = await self._deliver(delivery, replace(where, thread=""))  # their topic is gone: beside it
        except ThreadShut as shut:
            if where.thread:
                raise
            raise Rejected("topic_closed", shut.natives, word=shut.reason) from None
        self.contact.speak()
        return delivered

    async def _reach(self, where: render.Where) -> None:
        """See that Telegram answers in a chat before something is said there once more; all that is seen of it is "typing…"."""
        thread = int(where.thread) if where.thread else None
        await self._call(methods.SendChatAction(chat_id=int(where.chat), message_thread_id=thread, action="typing"))

    async def _deliver(self, delivery: Delivery, where: render.Where) -> Delivered:
        match delivery.operation:
            case Operation.SEND:
                return await self._send(delivery, where)
            case Operation.EDIT:
                return await self._edit(delivery, where)
            case Operation.DELETE:
                await self._take_away(delivery)
            case Operation.THREAD if delivery.drawn.facts.get("mark"):
                return await self._mark(delivery, where)
            case Operation.THREAD:
                await self._shape(delivery)
        return Delivered()

    async def _send(self, delivery: Delivery, where: render.Where) -> Delivered:
        natives: list[str] = []
        for call in render.message_calls(delivery.drawn, where, delivery.loaded):
            size = len(getattr(call, "media", "1"))
            if len(natives) + size <= len(delivery.begun):  # an earlier try got this part through
                natives += delivery.begun[len(natives) : len(natives) + size]
                continue
            natives += await self._sent(call, where, natives, delivery)
        if not natives:
            raise Rejected("nothing")
        return Delivered(tuple(natives))

    async def _sent(
        self, call: render.Call, where: render.Where, before: Sequence[str], delivery: Delivery
    ) -> list[str]:
        """Send one message or album; a topic that is gone may let it fall into General, which is noticed and undone."""
        size = sum(len(content) for content in delivery.loaded.values())
        answer = await self._call(call, before, seconds=deadlines.call_timeout(size))
        messages: list[Posted] = answer if isinstance(answer, list) else [answer]
        natives = [str(message.message_id) for message in messages]
        if where.thread and str(messages[0].message_thread_id or "") != where.thread:
            with contextlib.suppress(Undelivered):
                await self._delete(where.chat, natives)
            raise ThreadLost("the topic is gone: Telegram put the message into General")
        return natives

    async def _edit(self, delivery: Delivery, where: render.Where) -> Delivered:
        if not delivery.shown:
            return await self._send(delivery, where)
        redrawn = redraw.edit_plan(delivery.drawn, where, delivery.shown)
        try:
            if redrawn is None:
                raise Misshapen()
            for change in redrawn.edits:
                await self._call(change)
        except Misshapen:  # its parts were of other kinds: say it anew in their place
            anew = await self._send(delivery, where)
            await self._delete(delivery.chat, delivery.shown)
            return anew
        except Gone:
            return await self._send(delivery, where)
        natives = list(redrawn.stay)
        for call in redrawn.more:
            natives += await self._sent(call, where, natives, delivery)
        await self._delete(delivery.chat, redrawn.surplus)
        return Delivered(tuple(natives))

    async def _mark(self, delivery: Delivery, where: render.Where) -> Delivered:
        """React to a message of somebody's; where nobody may react so, a line under it says the same."""
        if not where.reply:
            return Delivered()
        facts = delivery.drawn.facts
        reaction: list[ReactionTypeUnion] = [ReactionTypeEmoji(emoji=MARKS[facts["mark"]])] if facts["on"] else []
        call = methods.SetMessageReaction(chat_id=int(where.chat), message_id=int(where.reply), reaction=reaction)
        try:
            await self._call(call)
        except Rejected as refused:
            if facts["on"] and "not found" not in refused.word:
                return await self._send(delivery, where)
        return Delivered()

    async def _take_away(self, delivery: Delivery) -> None:
        """Delete what is shown; what Telegram does not delete any more says instead that it was taken back."""
        ids = [int(native) for native in delivery.shown]
        try:
            await self._call(methods.DeleteMessages(chat_id=int(delivery.chat), message_ids=ids))
        except Gone:
            where, text = render.Where(delivery.chat), delivery.drawn.words
            for native in delivery.shown if text else ():
                with contextlib.suppress(Gone):
                    await self._call_either(*redraw.text_and_caption_edits(text, where, native))

    async def _call_either(self, call: render.Call, other: render.Call) -> None:
        """Make a call, or the other one where the message has a caption and no text."""
        try:
            await self._call(call)
        except Misshapen:
            await self._call(other)

    async def _delete(self, chat: str, natives: Sequence[str]) -> None:
        if natives:
            with contextlib.suppress(Gone):
                await self._call(methods.DeleteMessages(chat_id=int(chat), message_ids=[int(n) for n in natives]))

    async def _call(self, call: render.Call, before: Sequence[str] = (), *, seconds: float = deadlines.CALL) -> Any:
        """Make one call; a repeated edit is no error."""
        try:
            return await self.bot(call, request_timeout=math.ceil(seconds))
        except (TimeoutError, AiogramError, OSError) as error:
            if NOT_MODIFIED in str(error):
                return None
            raise translate_telegram_error(error, before, says=is_non_idempotent(call)) from error

    def _where(self, delivery: Delivery) -> render.Where:
        native = delivery.thread.native if delivery.thread is not None and delivery.threads else delivery.topic
        return render.Where(delivery.chat, native or "", delivery.anchor)

    async def fetch(self, file: File, room: Room) -> bytes:
        """Return a file's content; Telegram lets a bot download 20 MB."""
        if file.size > DOWNLOAD:
            raise Rejected("too_big")
        path = (await self._call(methods.GetFile(file_id=file.ref))).file_path
        if not path:
            raise Unreachable("a file without a path", doubt=False)
        if PurePosixPath(path).is_absolute():
            return await self._from_disk(path, room)
        # The token stands in the address itself: nobody else is ever given it.
        return await self._downloads.bring(self.bot.session.api.file_url(self.bot.token, path), file, room, {})

    async def _from_disk(self, path: str, room: Room) -> bytes:
        """Return a file that a local Bot API server has put on this machine's disk: in the bot's own folder, and nowhere else."""
        parts = PurePosixPath(path).parts
        if not self._local or ".." in parts or self.bot.token not in parts:
            raise Rejected("no_file")
        try:
            content = await asyncio.to_thread(read_at_most, path, DOWNLOAD)
        except OSError as error:
            said = "TELEGRAM_API_URL: let the desk read the local server's folder, or start that without --local"
            log.error(said, extra={"event": "local_file", "error": type(error).__name__})
            raise Rejected("no_file") from error
        if len(content) > DOWNLOAD:
            raise Rejected("too_big")
        await room.take(len(content))
        return content

    async def _connections(self) -> ClientSession:
        session = self.bot.session
        assert isinstance(session, Session)
        return await session.create_session()

    # Threads

    async def open_thread(self, chat: str, place: TicketThread) -> str:
        """Make a forum topic; return its id."""
        await self._load_icons()
        call = methods.CreateForumTopic(
            chat_id=int(chat), name=place.title[:128], icon_custom_emoji_id=self._icons.get(place.icon)
        )
        return str((await self._call(call)).message_thread_id)

    async def drop_thread(self, chat: str, native: str) -> None:
        """Delete a topic that is not needed; where the bot may not, close it."""
        where: dict[str, Any] = {"chat_id": int(chat), "message_thread_id": int(native)}
        try:
            await self._call(methods.DeleteForumTopic(**where))
        except Undelivered:
            with contextlib.suppress(Undelivered):
                await self._call(methods.CloseForumTopic(**where))

    async def _shape(self, delivery: Delivery) -> None:
        """Make a topic look as its row says: name, icon, open or closed."""
        place = delivery.thread
        if place is None or place.native is None or not delivery.threads:
            return
        await self._load_icons()
        where: dict[str, Any] = {"chat_id": int(delivery.chat), "message_thread_id": int(place.native)}
        facts = delivery.drawn.facts
        if facts.get("look"):
            call = methods.EditForumTopic(
                **where, name=place.title[:128], icon_custom_emoji_id=self._icons.get(place.icon)
            )
            await self._unless_so(call)
        if facts.get("open") is not None:
            kind = methods.ReopenForumTopic if place.open else methods.CloseForumTopic
            await self._unless_so(kind(**where))

    async def _unless_so(self, call: render.Call) -> None:
        """Make a call whose effect may be there already."""
        try:
            await self.bot(call, request_timeout=math.ceil(deadlines.CALL))
        except (TimeoutError, AiogramError, OSError) as error:
            if "not_modified" not in str(error).lower().replace(" ", "_"):
                raise translate_telegram_error(error, says=False) from error

    async def _load_icons(self) -> None:
        if not self._icons:
            stickers = await self._call(methods.GetForumTopicIconStickers())
            self._icons = icon_ids(stickers) or dict.fromkeys(ICONS, "")

    # At once

    async def answer(self, answer: Answer) -> None:
        """Answer a press: with the toast, or with nothing so that the button stops spinning."""
        toast = answer.toasts[-1] if answer.toasts else None
        call = methods.AnswerCallbackQuery(
            callback_query_id=answer.event.interaction,
            text=toast.text[:200] if toast else None,
            show_alert=bool(toast and toast.alert) or None,
        )
        await self._call(call)

    async def busy(self, event: Event) -> None:
        """Show "typing…", which lasts five seconds."""
        await self._call(methods.SendChatAction(chat_id=int(event.chat), action="typing"))

    def rates(self, chat: str, operation: Operation) -> Mapping[str, Rate]:
        """Return the bot's own rate and the chat's: a group has its minute, a private chat its seconds.

        What nobody reads anew costs nothing of a chat's rate: deletions, and edits in a private chat.
        """
        if not self._rates or operation is Operation.DELETE:
            return {}
        group = chat.startswith("-")
        mine = {self.source: self._rates["all"]}
        if operation is Operation.EDIT and not group:
            return mine
        rate = self._rates.get("group" if group else "private")
        return {**mine, f"{self.source}:{chat}": rate} if rate else mine

    async def close(self) -> None:
        """Close the connections."""
        await self.bot.session.close()
