"""In: updates become events in the inbox, by long polling or by webhook. Telegram is told "received" when they are stored."""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramConflictError
from aiogram.methods import GetUpdates
from aiogram.methods.base import TelegramMethod
from aiohttp import web

from bot.messengers.protocol import Accept, CallRefused, Hook, Lead, Revoked
from bot.messengers.wire import json_object, matches_shape
from bot.monitoring.health import Contact
from bot.telegram.errors import translate_telegram_error
from bot.telegram.events import event_from_update
from bot.telegram.salvage import readable_update
from bot.telegram.webhook import ALLOWED, Webhook, ensure_webhook
from handlers.vocabulary.messages import Event, Kind
from storage.engine import storable
from storage.engine.database import DatabaseUnavailable

log = logging.getLogger("frontdesk.telegram")

PATH = "/telegram"
SECRET = "X-Telegram-Bot-Api-Secret-Token"
POLL = 25  # seconds a long poll waits; the server cuts at 50
STANDBY = 1.0  # seconds until a process that does not lead asks again
WATCH = 60.0  # seconds between looks at how the webhook fares
PAUSES = (1.0, 30.0)  # seconds between tries while Telegram or the database does not answer: at first, at most
GAP = 3600.0  # seconds of silence after which it is asked who is in the team's group: Telegram keeps updates for a day at most

SERVICE = {"forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"}

Raw = Mapping[str, Any]


class Receiver:
    """The way in of one bot."""

    def __init__(self, bot: Bot, source: str, webhook: Webhook | None, contact: Contact) -> None:
        self._contact = contact
        self.username = ""
        self.team, self.open = "", False  # the team's group, and whether others than its members can write there
        self.on_gap: Callable[[], None] = lambda: None
        self._bot = bot
        self._source = source
        self._webhook = webhook
        self._offset: int | None = None
        self._tidying: set[asyncio.Task[None]] = set()

    async def receive(self, accept: Accept, lead: Lead) -> None:
        """Receive for ever. Raises Revoked where the token is not valid any more."""
        pause, silent = PAUSES[0], 0.0
        while True:
            try:
                await (self._watch() if self._webhook else self._poll(accept, lead))
                pause = PAUSES[0]
                if silent > GAP:
                    self.on_gap()
                silent = 0.0
            except (TimeoutError, AiogramError, OSError, DatabaseUnavailable) as error:
                trouble = translate_telegram_error(error)
                if not isinstance(trouble, DatabaseUnavailable):
                    self._contact.fail("updates", str(trouble))
                if isinstance(trouble, Revoked):
                    raise trouble from error
                wait = getattr(trouble, "seconds", pause)
                if not isinstance(trouble, DatabaseUnavailable):  # which is told where all of it is
                    log.warning("receiving paused for %g s: %s", wait, trouble, extra={"event": "receiving_paused"})
                await asyncio.sleep(wait)
                silent += wait
                pause = min(pause * 2, PAUSES[1])

    # Long polling

    async def _poll(self, accept: Accept, lead: Lead) -> None:
        """Store a batch, and only then ask for what follows it, which tells Telegram that it was received."""
        if not await lead():
            self._contact.expect_nothing("updates")
            await asyncio.sleep(STANDBY)
            return
        ask: TelegramMethod[Any] = GetUpdates(offset=self._offset, timeout=POLL, allowed_updates=ALLOWED)
        try:
            raws: Sequence[Raw] = await self._bot(ask, request_timeout=POLL + 10)
        except TelegramConflictError:  # another program polls too, or has set a webhook
            await ensure_webhook(self._bot, None)
            raise
        self._contact.hear("updates")
        await accept(self.events(raws))
        self._tidy(raws)
        if raws:
            self._offset = raws[-1]["update_id"] + 1

    # Webhook

    async def _watch(self) -> None:
        """See that Telegram still calls us, and what it says of it."""
        assert self._webhook is not None
        await ensure_webhook(self._bot, self._webhook)
        self._contact.hear("updates")
        await asyncio.sleep(WATCH)

    def hooks(self, accept: Accept) -> Mapping[str, Hook]:
        """Return the webhook, where there is one."""
        webhook = self._webhook
        if webhook is None:
            return {}

        async def hook(request: web.Request) -> web.Response:
            given = request.headers.get(SECRET, "")
            if not hmac.compare_digest(given.encode(), webhook.secret.encode()):
                raise CallRefused("telegram", "secret", 401)
            if not self.username:  # not ready yet: Telegram has not told us who we are
                return web.Response(status=503, headers={"Retry-After": "1"})
            raw = json_object(await request.read())
            if raw is None or not matches_shape({"update_id": int}, raw):
                raise CallRefused("telegram", "unreadable", 400)
            self._contact.hear("updates")
            await accept(self.events([raw]))
            self._tidy([raw])
            return web.Response()

        return {PATH: hook}

    # The bot's own service lines

    def _tidy(self, raws: Sequence[Raw]) -> None:
        """Delete the lines that Telegram writes when we change a topic: its icon shows the same."""
        lines = [message for raw in raws if (message := raw.get("message")) and SERVICE & message.keys()]
        for line in lines:
            if line.get("from", {}).get("id") == self._bot.id:
                task = asyncio.create_task(self._delete(line["chat"]["id"], line["message_id"]))
                self._tidying.add(task)
                task.add_done_callback(self._tidying.discard)

    async def _delete(self, chat: int, message: int) -> None:
        try:
            await self._bot.delete_message(chat, message)
        except (TimeoutError, AiogramError, OSError) as error:
            log.info("a service line stays: %s", type(error).__name__, extra={"event": "service_line"})

    # From an update to an event

    def events(self, raws: Sequence[Raw]) -> list[Event]:
        """Return the events of a batch, in order; what cannot be read is kept as it came, and stops nobody."""
        return [found for raw in raws if (found := self._event(raw))]

    def _event(self, raw: Raw) -> Event | None:
        try:
            found = self._read(raw)
        except Exception as error:
            key = str(raw["update_id"])
            log.error(
                "update %s cannot be read: %s", key, type(error).__name__, extra={"event": "unread", "update": key}
            )
            kept = storable.raw_json_text(raw)  # as text: whatever is wrong with it, a text can be kept
            return Event(Kind.RAW, self._source, key, _chat(raw) or "unread", datetime.now(UTC), raw=kept)
        if found is not None and found.name == "bot_removed":
            log.error("the bot was taken out of the group %s", found.chat, extra={"event": "bot_removed"})
        return found

    def read(self, unread: Event) -> Event | None:
        """Read an update that was kept as it came; raise what keeps us from it."""
        return self._read(json.loads(unread.raw))

    def _read(self, raw: Raw) -> Event | None:
        found = event_from_update(readable_update(storable.storable_data(raw)), self._source, self.username)
        if found is None or found.private or self._known_as_closed(raw, found):
            return found
        return replace(found, open_chat=True)

    def _known_as_closed(self, raw: Raw, found: Event) -> bool:
        """Return whether members alone can write there: it was asked at the start of the settings' group, of no other.

        A group that was made public since shows its name with each message.
        """
        return found.chat == self.team and not self.open and not any(chat.get("username") for chat in _chats(raw))


def _chat(raw: Raw) -> str:
    """Return the chat of an update as far as it can be seen, for its place in the order of things."""
    return next((str(chat["id"]) for chat in _chats(raw) if isinstance(chat.get("id"), int)), "")


def _chats(raw: Raw) -> Iterator[dict[str, Any]]:
    """Yield what an update says of its chat: its own, or that of the message that was pressed."""
    for part in raw.values():
        if isinstance(part, dict):
            inner = part.get("message")
            for holder in (part, inner if isinstance(inner, dict) else {}):
                if isinstance(chat := holder.get("chat"), dict):
                    yield chat
