"""Webhooks as the outbox knows them: each is an address of one messenger, with its own order, pauses and dead letters."""

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.integrations.body import webhook_body
from bot.integrations.outward import SETTING, NoAnswer, OutwardCalls, Unfit
from bot.integrations.signature import signed_headers
from bot.messengers.protocol import (
    Accept,
    Answer,
    Delivered,
    Delivery,
    Hook,
    Lead,
    Rejected,
    Team,
    Unreachable,
    Wait,
)
from bot.monitoring.admin_alarms import admin_alarm
from bot.monitoring.health import Contact
from handlers.rules.book import RulesBeside, RulesCache
from handlers.rules.webhooks import Webhook
from handlers.vocabulary.capabilities import Capabilities
from handlers.vocabulary.messages import Event, File, Operation
from storage.desk.webhooks import SOURCE
from storage.engine.database import Connection, Database
from storage.queues.outbox import Outgoing, Rate
from storage.tickets.messages import TicketThread
from storage.transaction import Transaction

if TYPE_CHECKING:
    from bot.messengers.downloads import Room

log = logging.getLogger("frontdesk.webhooks")

LATE = timedelta(hours=24)  # since it happened: what is older is not waited with any longer
STILL = timedelta(minutes=5)  # that it is tried all the same, where it waited behind something else until now
SHUT = 5  # answers in a row that were none, after which what is late is tried once and no more
TOLD = 6  # tries after which admins hear that a program does not take what is meant for it: about a minute
OF_MESSAGE = (400, 410, 413, 415, 422)  # what it says of this message, or for good: nothing behind it waits for that
USER_AGENT = "frontdesk-webhooks"
PING = "ping."  # begins the address of a test, which waits behind nothing


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is about to be sent."""

    webhook: Webhook
    body: bytes
    headers: Mapping[str, str]


class WebhookSender:
    """Sends what is promised to webhooks; a try that is repeated has the same id, so that a receiver can know it."""

    name = "webhook"
    source = SOURCE
    able = Capabilities()
    rooted = False
    uploads = False
    looks = True  # told again with the same id, it is there once

    def __init__(self, database: Database, clock: Clock, book: RulesCache, calls: OutwardCalls) -> None:
        self.contact = Contact(clock.now)
        self.accept: Callable[[list[Event]], Awaitable[None]] | None = None  # who hears what admins are to be told
        self._database = database
        self._clock = clock
        self._rules = RulesBeside(book)
        self._calls = calls
        self._failures: dict[str, int] = {}  # in a row, by webhook

    async def deliver(self, delivery: Delivery) -> Delivered:
        """Send one event; raise what becomes of it where it is not taken."""
        row = delivery.rows[0]
        if not delivery.drawn.facts.get("body"):
            raise Rejected("nothing")
        ready = await self._database.read(partial(self._prepare, delivery=delivery))
        try:
            await self._send(ready)
        except Unreachable as trouble:
            await self._failed(delivery.chat, row, trouble.reason)
            raise
        except Wait:
            await self._failed(delivery.chat, row, "status 429")
            raise
        except Rejected as refused:
            await self._tell_admins("webhook_refused", delivery.chat, refused.word or refused.reason)
            raise
        self._failures.pop(delivery.chat, None)
        return Delivered(certain=True)

    async def _send(self, ready: Prepared) -> None:
        """Send it; raise Rejected, Wait or Unreachable where it is not taken."""
        try:
            answer = await self._calls.post(ready.webhook.url, ready.body, ready.headers)
        except NoAnswer as silence:
            raise Unreachable(str(silence), doubt=False) from None
        except Unfit as unfit:
            self._explain(ready.webhook, unfit)
            raise Unreachable(f"not called: {unfit.reason}", doubt=False) from None
        if 200 <= answer.status < 300:
            return
        if answer.status == 429 and answer.pause is not None:
            raise Wait(answer.pause)
        if answer.status in OF_MESSAGE:
            raise Rejected("refused", word=f"status {answer.status}")
        raise Unreachable(f"status {answer.status}", doubt=False)

    def _prepare(self, connection: Connection, delivery: Delivery) -> Prepared:
        """Return a delivery as it is sent now: the rules say where to, and what was erased meanwhile is not in it."""
        tx, now = Transaction(connection), self._clock.now()
        webhook = self._webhooks(tx).get(delivery.chat.removeprefix(PING))
        secrets = tx.webhooks.signs_with(webhook.name, now) if webhook else []
        if webhook is None or not secrets:
            raise Rejected("gone")
        body = webhook_body(connection, delivery.drawn.facts, words=webhook.words)
        return self._signed(webhook, body, message_id(delivery.rows[0]), secrets)

    def _webhooks(self, tx: Transaction) -> Mapping[str, Webhook]:
        """Return the webhooks of the rules."""
        return self._rules.follow(tx.rules).webhooks

    def _signed(self, webhook: Webhook, body: bytes, message: str, secrets: list[str]) -> Prepared:
        headers = signed_headers(message, body, secrets, self._clock.now())
        return Prepared(
            webhook, body, {**headers, "Content-Type": "application/json; charset=utf-8", "User-Agent": USER_AGENT}
        )

    async def _failed(self, name: str, row: Outgoing, why: str) -> None:
        """Count it; give up what is too late to be waited with, and let admins know of a program that takes nothing."""
        self._failures[name] = self._failures.get(name, 0) + 1
        now = self._clock.now()
        late = now - row.created_at >= LATE
        tried = row.tried_at is not None and now - row.tried_at >= STILL
        over = late and (tried or self._failures[name] >= SHUT)
        facts = {"event": "webhook_failed", "webhook": name, "outgoing": row.id, "why": why}
        log.warning("a webhook did not take what was sent to it", extra=facts)
        if row.tries == TOLD or over:
            await self._tell_admins("webhook_dead" if over else "webhook_silent", name, why)
        if over:
            raise Rejected("unreachable", word=why)

    async def _tell_admins(self, told: str, name: str, why: str) -> None:
        """Let admins know of a program that does not take what is meant for it, once a day."""
        if self.accept is not None:
            now = self._clock.now()
            await self.accept([admin_alarm(told, name, why, f"webhook:{name}:{told}:{now:%Y-%m-%d}", now)])

    def _explain(self, webhook: Webhook, unfit: Unfit) -> None:
        facts = {"event": "webhook_unfit", "webhook": webhook.name, "why": unfit.reason}
        log.warning(
            "%s: name the host of the webhook's address, or give it a public https address", SETTING, extra=facts
        )

    # A test

    async def fetch(self, file: File, room: "Room") -> bytes:
        """Send a test to a webhook, and return as JSON what it answered: {"webhook", "said", "ms"}."""
        began = perf_counter()
        try:
            await self._send(await self._database.read(partial(self._ping, file=file)))
            said = "taken"
        except (Rejected, Wait, Unreachable) as trouble:
            said = trouble.word if isinstance(trouble, Rejected) and trouble.word else trouble.reason
        return json.dumps({"webhook": file.ref, "said": said, "ms": round((perf_counter() - began) * 1000)}).encode()

    def _ping(self, connection: Connection, file: File) -> Prepared:
        tx, now = Transaction(connection), self._clock.now()
        webhook = self._webhooks(tx).get(file.ref)
        secrets = tx.webhooks.signs_with(webhook.name, now) if webhook else []
        if webhook is None or not secrets:
            raise Rejected("gone")
        body = json.dumps({"type": "ping", "timestamp": now.isoformat(timespec="seconds"), "data": {}}).encode()
        return self._signed(webhook, body, f"msg_{file.unique}", secrets)

    # What only messengers do

    def rates(self, chat: str, operation: Operation) -> Mapping[str, Rate]:
        """Return no rate: a receiver that wants one says so."""
        return {}

    def start_link(self, payload: str) -> str:
        """Return nothing: nobody chats here."""
        return ""

    def link_to(self, chat: str, native: str) -> str:
        """Return nothing: nothing is shown here."""
        return ""

    async def ping(self) -> None:
        """Ask nobody."""

    def on_gap(self, tell: Callable[[], None]) -> None:
        """Miss nothing."""

    async def present(self, chat: str, people: Collection[str]) -> Mapping[str, bool]:
        """Return nobody."""
        return {}

    async def prepare(self) -> Team | None:
        """Check nothing: what is wrong with an address shows when it is called."""
        return None

    async def receive(self, accept: Accept, lead: Lead) -> None:
        """Hear nothing."""

    def hooks(self, accept: Accept) -> Mapping[str, Hook]:
        """Serve nothing."""
        return {}

    def read(self, event: Event) -> Event | None:
        """Read nothing."""
        return None

    async def open_thread(self, chat: str, place: TicketThread) -> str:
        """Have no threads."""
        raise Rejected("nothing")

    async def drop_thread(self, chat: str, native: str) -> None:
        """Have no threads."""

    async def answer(self, answer: Answer) -> None:
        """Answer nobody."""

    async def busy(self, event: Event) -> None:
        """Show nothing."""

    async def close(self) -> None:
        """Let go of connections."""
        await self._calls.close()


def message_id(row: Outgoing) -> str:
    """Return the id of what a row says: the same at each try of it, and of nothing else, a restored backup's rows included."""
    told = f"{row.lane}|{row.id}|{row.created_at.isoformat()}"
    return "msg_" + hashlib.sha256(told.encode()).hexdigest()[:32]
