"""The alarm that asks no database: when that is damaged, the admins hear so in their private chats, at once and once."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.messengers.protocol import Delivery, Messenger, Revoked, Undelivered
from bot.monitoring.health import Health
from handlers.rules.book import RulesCache
from handlers.vocabulary.messages import Operation, RenderedMessage, phrase
from handlers.vocabulary.translations import Locale, known_language
from storage.engine.database import Connection, Database, DatabaseDamaged, DatabaseUnavailable
from storage.models import Sending
from storage.people.people import People, Person
from storage.queues.outbox import Outgoing

log = logging.getLogger("frontdesk.alarm")

EVERY = timedelta(hours=1)  # who is an admin is read again: it cannot be once the database is damaged
AGAIN = timedelta(seconds=30)  # for whom a messenger did not serve


class DamageAlarm:
    """Knows whom to tell while that can still be read. Promises nothing: there is nowhere to write a promise down."""

    def __init__(
        self, database: Database, clock: Clock, messengers: Mapping[str, Messenger], book: RulesCache, health: Health
    ) -> None:
        self.bell = asyncio.Event()
        self._database, self._clock, self._messengers = database, clock, messengers
        self._book, self._health = book, health
        self._admins: list[Person] = []
        self._left: list[Person] | None = None  # who is still to be told; None while nothing is damaged
        health.on_damage = self.bell.set

    async def serve(self) -> None:
        """Learn who the admins are, and tell them when the bell rings for a damage, for ever."""
        while True:
            damage = self._health.trouble
            if isinstance(damage, DatabaseDamaged):
                self._left = await self._tell(self._admins if self._left is None else self._left, str(damage))
            else:
                self._left = None
                await self._learn()
            await self._clock.wait(self.bell, self._clock.now() + (AGAIN if self._left else EVERY))

    async def _learn(self) -> None:
        try:
            self._admins = await self._database.read(self._reachable)
        except DatabaseUnavailable:  # whom it told of last is told
            return

    def _reachable(self, connection: Connection) -> list[Person]:
        found = People(connection).admins(self._book.rules.all_admins)
        return [person for person in found if person.chat and not person.blocked_at]

    async def _tell(self, admins: list[Person], why: str) -> list[Person]:
        """Tell each; return those whom no messenger could be asked to tell."""
        left: list[Person] = []
        for admin in admins:
            if (messenger := self._messengers.get(admin.source)) is None:
                left.append(admin)
                continue
            try:
                await messenger.deliver(self._said(admin, why))
            except (Undelivered, Revoked) as trouble:
                facts = {"event": "damage_untold", "person": admin.id}
                log.warning("an admin could not be told of the damage: %s", type(trouble).__name__, extra=facts)
                left.append(admin)
        return left

    def _said(self, admin: Person, why: str) -> Delivery:
        rules, now = self._book.rules, self._clock.now()
        language = admin.language or known_language(admin.account_language, rules.language)
        reader = Locale(language, admin.time_zone or rules.zone, self._messengers[admin.source].able.command)
        words = self._book.speech.words(phrase("alarm.damaged", why=why), reader, now)
        return Delivery((_row(now),), Operation.SEND, admin.source, admin.chat, RenderedMessage(words))


def _row(now: datetime) -> Outgoing:
    """Return the promise that would be written down if it could be."""
    return Outgoing(
        id=0,
        lane="",
        rank=0,
        operation=Operation.SEND,
        payload="",
        fold="",
        edits=None,
        anchor_message=None,
        anchor_outgoing=None,
        message_id=None,
        ticket_id=None,
        receipt=False,
        state=Sending.QUEUED,
        ready_at=now,
        tries=1,
        uncertain=False,
        error=None,
        created_at=now,
        done_at=None,
    )
