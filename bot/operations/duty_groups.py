"""User groups of Slack that follow a rota: their members are whoever is on duty, so that a mention of the group reaches them."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, runtime_checkable

from bot.clock import Clock
from bot.inbox import Inbox
from bot.messengers.protocol import Messenger, Rejected, Revoked, Undelivered
from bot.monitoring.admin_alarms import admin_alarm
from bot.monitoring.health import Health
from bot.retry import retry_until_served
from handlers.rules.book import RulesBeside, RulesCache
from handlers.tickets.on_duty import TICK, Duties
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.translations import Translator
from storage.desk.rules import RulesRevisions
from storage.engine.database import Connection, Database
from storage.transaction import Transaction

log = logging.getLogger("frontdesk.duty")

# Until it is looked again; longer where no rota has a group, unless the rules change.
LOOK, IDLE = timedelta(minutes=1), timedelta(days=1)
AGAIN = timedelta(hours=1)  # after a refusal: somebody has to change something first
LEAD = "duty_groups"  # of several processes on one database, one fills them


@runtime_checkable
class HasUserGroups(Protocol):
    """A messenger with groups of people that can be mentioned as one."""

    source: str

    async def fill_group(self, group: str, people: Sequence[str]) -> None:
        """Let these people, by native id, be all of a group; raise Undelivered, or Revoked."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who shall be in a group, by native id; nobody, where nobody who is on duty has an account there."""

    rota: str
    group: str
    people: tuple[str, ...]


class DutyGroups:
    """Looks each minute who is on duty, and tells the messenger where that has changed."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        book: RulesCache,
        messengers: Mapping[str, Messenger],
        inbox: Inbox,
        health: Health,
    ) -> None:
        self._database, self._clock, self._messengers, self._inbox = database, clock, messengers, inbox
        self._rules, self._health = RulesBeside(book), health
        self._filled: dict[str, tuple[str, ...]] = {}  # by group, as this process has filled them
        self._refused: dict[str, datetime] = {}  # by group, until when it is not tried again
        self.bell = asyncio.Event()  # rings when a messenger is there
        loop = asyncio.get_running_loop()
        book.on_change.append(lambda: loop.call_soon_threadsafe(self.bell.set))  # turns run beside the loop

    async def serve(self) -> None:
        """Look for ever."""
        while True:
            self.bell.clear()
            soon = await retry_until_served(self.follow, self._health, "duty")
            await self._clock.wait(self.bell, self._clock.now() + (LOOK if soon else IDLE))

    async def follow(self) -> bool:
        """Fill each group that others are to be in than were put there last; return whether to look again soon.

        That is where a rota has a group, or the bell rang before what it tells of was committed.
        """
        sources = [each for each in self._messengers.values() if isinstance(each, HasUserGroups)]
        soon = False
        for messenger in sources:
            wanted = await self._database.read(partial(self._wanted, source=messenger.source))
            soon |= bool(wanted) or self._rules.is_behind
            changed = [one for one in wanted if one.people and self._filled.get(one.group) != one.people]
            if changed and not await self._database.lead(LEAD):
                self._filled.clear()  # another process fills them now, and this one knows no more who is there
                continue
            for one in changed:
                await self._fill(messenger, one)
        return soon

    def _wanted(self, connection: Connection, source: str) -> list[Wanted]:
        rules, now = self._rules.follow(RulesRevisions(connection)), self._clock.now()
        rotas = [rota for rota in rules.rota.values() if rota.slack_group]
        if not rotas:
            return []
        nobody = Event(Kind.TIMER, "desk", "", "", now)
        turn = Turn(nobody, Transaction(connection), now, rules, Translator(rules.texts), Knowledge())
        people: dict[str, set[str]] = {}  # by group, which several rotas may share
        for rota in rotas:
            on = Duties(turn, rota, now, now + TICK).at(now).people
            accounts = (account for person in on for account in turn.tx.people.by_account(person.id))
            natives = {account.native for account in accounts if account.source == source}
            people.setdefault(rota.slack_group, set()).update(natives)
        names = {rota.slack_group: rota.name for rota in reversed(rotas)}
        return [Wanted(names[group], group, tuple(sorted(natives))) for group, natives in people.items()]

    async def _fill(self, messenger: HasUserGroups, one: Wanted) -> None:
        now = self._clock.now()
        if (until := self._refused.get(one.group)) is not None and now < until:
            return
        try:
            await messenger.fill_group(one.group, one.people)
        except Rejected as refusal:
            self._refused[one.group] = now + AGAIN
            await self._tell_admins(one, refusal, now)
        except (Undelivered, Revoked) as trouble:  # it is looked again in a minute
            log.info("a group was not filled: %s", type(trouble).__name__, extra={"event": "duty_unfilled"})
        else:
            self._filled[one.group] = one.people
            self._refused.pop(one.group, None)

    async def _tell_admins(self, one: Wanted, refusal: Rejected, now: datetime) -> None:
        """Let admins know what is refused, once a day."""
        word = refusal.word or refusal.reason
        log.warning("a group was refused: %s", word, extra={"event": "duty_refused", "group": one.group})
        key = f"duty_group:{one.group}:{word}:{now:%Y%m%d}"
        await self._inbox.accept([admin_alarm("duty_group", one.rota, word, key, now)])
