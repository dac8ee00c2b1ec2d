"""Telegram as a messenger of the desk: updates in, Bot API calls out."""

import contextlib
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from aiogram import Bot, methods
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError
from aiohttp import ClientError

from bot.clock import Clock, WallClock
from bot.health import Contact
from bot.messenger import Accept, Answer, Delivered, Delivery, Hook, Lead, Rejected, Team, ThreadLost, Undelivered
from bot.telegram import redraw, render, start
from bot.telegram.errors import NOT_MODIFIED, Gone, Misshapen, translated
from bot.telegram.receiving import Receiver
from bot.telegram.session import Posted, Session
from bot.telegram.threads import ICONS, icon_ids
from bot.telegram.webhook import Webhook
from handlers.able import Able
from handlers.messages import Event, File, Operation
from storage.outbox import Rate
from storage.talk import Place

log = logging.getLogger("frontdesk.telegram")

UPLOAD = 50 * 1024 * 1024  # bytes (Bot API, the send methods)
DOWNLOAD = 20 * 1024 * 1024  # bytes (Bot API, getFile)
CALL = 20  # seconds one call may take: shorter than an address is leased for
NONE = 1000  # messages a second: a rate above it is none
PRIVATE = 5  # messages in as many seconds to one private chat: one a second, short bursts allowed (Bots FAQ)


class Telegram:
    """One bot."""

    name = "telegram"
    able = Able(gives=DOWNLOAD, takes=UPLOAD)
    rooted = False

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
        self.source = f"telegram:{self.bot.id}"
        self._receiver = Receiver(self.bot, self.source, webhook, self.contact)
        self._webhook = webhook
        self._language = language
        self._rates = _rates(self.source, per_second, group_per_minute)
        self._team = team
        self._icons: dict[str, str] = {}

    async def prepare(self) -> Team | None:
        """Check the token and the team's group, and put up the command menus."""
        found = await start.prepare(self.bot, self._team, self._webhook, self._language, self.contact)
        self._receiver.username = found.username
        return found.team

    async def ping(self) -> None:
        """Ask who we are."""
        try:
            await self._call(methods.GetMe())
        except Undelivered as silent:
            self.contact.fail("calls", str(silent))
            raise

    def start_link(self, payload: str) -> str:
        """Return a link that opens a chat with the bot and tells it this."""
        return f"https://t.me/{self._receiver.username}?start={payload}"

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
        delivered = await self._deliver(delivery, self._where(delivery))
        self.contact.speak()
        return delivered

    async def _deliver(self, delivery: Delivery, where: render.Where) -> Delivered:
        match delivery.operation:
            case Operation.SEND:
                return await self._send(delivery, where)
            case Operation.EDIT:
                return await self._edit(delivery, where)
            case Operation.DELETE:
                await self._delete(delivery.chat, delivery.shown)
            case Operation.THREAD:
                await self._shape(delivery)
        return Delivered()

    async def _send(self, delivery: Delivery, where: render.Where) -> Delivered:
        natives: list[str] = []
        for call in render.send(delivery.drawn, where, delivery.loaded):
            size = len(getattr(call, "media", "1"))
            if len(natives) + size <= len(delivery.begun):  # an earlier try got this part through
                natives += delivery.begun[len(natives) : len(natives) + size]
                continue
            natives += await self._sent(call, where, natives)
        if not natives:
            raise Rejected("nothing")
        return Delivered(tuple(natives))

    async def _sent(self, call: render.Call, where: render.Where, before: Sequence[str]) -> list[str]:
        """Send one message or album; a topic that is gone may let it fall into General, which is noticed and undone."""
        answer = await self._call(call, before)
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
        redrawn = redraw.edit(delivery.drawn, where, delivery.shown)
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
            natives += await self._sent(call, where, natives)
        await self._delete(delivery.chat, redrawn.surplus)
        return Delivered(tuple(natives))

    async def _delete(self, chat: str, natives: Sequence[str]) -> None:
        if natives:
            with contextlib.suppress(Gone):
                await self._call(methods.DeleteMessages(chat_id=int(chat), message_ids=[int(n) for n in natives]))

    async def _call(self, call: render.Call, before: Sequence[str] = ()) -> Any:
        """Make one call; a repeated edit is no error."""
        try:
            return await self.bot(call, request_timeout=CALL)
        except (TimeoutError, AiogramError, OSError) as error:
            if NOT_MODIFIED in str(error):
                return None
            raise translated(error, before) from error

    def _where(self, delivery: Delivery) -> render.Where:
        native = delivery.thread.native if delivery.thread is not None and delivery.threads else None
        return render.Where(delivery.chat, native or "", delivery.anchor)

    async def fetch(self, file: File) -> bytes:
        """Return a file's content; Telegram lets a bot download 20 MB."""
        if file.size > DOWNLOAD:
            raise Rejected("too_big")
        found = await self._call(methods.GetFile(file_id=file.ref))
        try:
            content = await self.bot.download_file(found.file_path, timeout=CALL)
        except (TimeoutError, AiogramError, OSError, ClientError) as error:
            raise translated(error) from error
        assert content is not None
        return content.read()

    # Threads

    async def open_thread(self, chat: str, place: Place) -> str:
        """Make a forum topic; return its id."""
        await self._load_icons()
        call = methods.CreateForumTopic(
            chat_id=int(chat), name=place.title[:128], icon_custom_emoji_id=self._icons.get(place.icon)
        )
        return str((await self._call(call)).message_thread_id)

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
            await self.bot(call, request_timeout=CALL)
        except (TimeoutError, AiogramError, OSError) as error:
            if "not_modified" not in str(error).lower().replace(" ", "_"):
                raise translated(error) from error

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


def _rates(source: str, per_second: float, group_per_minute: float) -> dict[str, Rate]:
    """Return the rates; over 1,000 a second means that whoever asks wants none (a local server, a bench)."""
    if per_second > NONE:
        return {}
    found = {
        "all": Rate(max(int(per_second), 1), timedelta(seconds=1)),
        "private": Rate(PRIVATE, timedelta(seconds=PRIVATE)),
    }
    if group_per_minute <= NONE * 60:
        found["group"] = Rate(max(int(group_per_minute), 1), timedelta(minutes=1))
    return found
