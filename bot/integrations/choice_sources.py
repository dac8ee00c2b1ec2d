"""Sources of choices, asked in the background each at its own term: no turn waits for them, and the last good list serves."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from yarl import URL

from bot.clock import Clock
from bot.inbox import Inbox
from bot.integrations.choice_reading import SIZE, BadList, read_choices
from bot.integrations.outward import SETTING, NoAnswer, OutwardCalls, Unfit
from bot.monitoring.admin_alarms import admin_alarm
from bot.monitoring.health import Health
from bot.retry import retry_until_served
from bot.setting_types import HostPort
from handlers.rules.book import RulesBeside, RulesCache
from handlers.rules.choice_source import ChoiceSource
from storage.desk.choice_lists import FRESH, ChoiceLists, Choices, SourceState, is_due
from storage.desk.rules import RulesRevisions
from storage.engine.database import Connection, Database

log = logging.getLogger("frontdesk.choices")

# Until it is looked again which sources the rules name, if nobody has told of new rules before; longer where they name none.
LOOK, IDLE = timedelta(hours=1), timedelta(days=1)
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))  # after a try that gave nothing
TOLD = 3  # tries in a row that gave nothing, after which admins hear of it; at once where there never was a list
LEAD = "choices"  # of several processes on one database, one asks for all
USER_AGENT = "frontdesk-choices"
HERE = ("127.0.0.1", "::1", "localhost")  # what is said to it never leaves this machine, so http will do


class NoList(Exception):
    """A source gave no list; the message says why in a few words of ours, ``fix`` what an operator may do."""

    def __init__(self, why: str, fix: str = "") -> None:
        super().__init__(why)
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Asked:
    """What a source gave when it was asked: its choices, or why there are none."""

    source: ChoiceSource
    choices: Choices
    why: str = ""


def host_of(source: ChoiceSource) -> str:
    """Return what people call a source by: its host; the rest of an address may be more than they are to read."""
    return URL(source.url).host or ""


def token_for(source: ChoiceSource, tokens: Mapping[HostPort, str]) -> str | None:
    """Return the token that was given for exactly this host and port; over http it would be read on the way."""
    url = URL(source.url)
    host = (url.raw_host or "").casefold()
    if url.scheme != "https" and host not in HERE:
        return None
    return tokens.get((host, None if url.is_default_port() else url.port))


def _fix_of_token(source: ChoiceSource) -> str:
    url = URL(source.url)
    if url.scheme != "https" and url.raw_host not in HERE:
        return "let it answer over https, and write that address; a token goes over https alone"
    return f"CHOICES_TOKENS: give the token for {url.authority}"


async def fetch_choices(calls: OutwardCalls, source: ChoiceSource, tokens: Mapping[HostPort, str]) -> Choices:
    """Ask a source once; raise NoList. Nothing of any person goes out, and a token only to where it was given for."""
    host = host_of(source)
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": USER_AGENT}
    if token := token_for(source, tokens):
        headers["Authorization"] = f"Bearer {token}"
    try:
        answer = await calls.get(source.url, headers, SIZE)
    except NoAnswer as silence:
        raise NoList(str(silence), "see whether it can be reached from here, within 10 seconds") from None
    except Unfit as unfit:
        fix = f"{SETTING}: name the host {host}, or give it a public https address"
        raise NoList(f"not called: {unfit.reason}", fix) from None
    if answer.status in (401, 403):
        raise NoList(f"status {answer.status}", _fix_of_token(source))
    if answer.status != 200:
        raise NoList(f"status {answer.status}", "the address has to answer 200 itself; a redirect is not followed")
    if answer.body is None:
        raise NoList(f"more than {SIZE} bytes", "let it give fewer choices")
    try:
        return read_choices(answer.body)
    except BadList as bad:
        raise NoList(str(bad), "docs/integrations.md says what a list looks like") from None


class ChoiceSources:
    """Asks the sources that the rules name, keeps what they give, and lets admins know once of one that gives nothing."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        book: RulesCache,
        calls: OutwardCalls,
        tokens: Mapping[HostPort, str],
        inbox: Inbox,
        health: Health,
    ) -> None:
        self._database = database
        self._clock = clock
        self._beside, self._rules = RulesBeside(book), book.base
        self._calls = calls
        self._tokens = tokens
        self._inbox = inbox
        self._health = health
        self._bell = asyncio.Event()
        loop = asyncio.get_running_loop()
        book.on_change.append(lambda: loop.call_soon_threadsafe(self._bell.set))  # turns run beside the loop

    async def serve(self) -> None:
        """Ask for ever; look again in a minute where the bell rang before what it tells of was committed."""
        while True:
            self._bell.clear()
            await retry_until_served(self.refresh, self._health, "choices")
            due = await retry_until_served(lambda: self._database.read(self._next), self._health, "choices")
            soon = self._clock.now() + PAUSES[0]
            await self._clock.wait(self._bell, min(due, soon) if self._beside.is_behind else due)

    async def refresh(self) -> None:
        """Ask every source that is due, side by side, and keep what they say."""
        due, left = await self._database.read(self._due)
        if not (due or left) or not await self._database.lead(LEAD):
            return
        if left:
            named = self._rules.choice_sources
            await self._database.run(lambda connection: ChoiceLists(connection).forget_others(named))
        for asked in await asyncio.gather(*map(self._ask, due)):
            was, now = await self._database.run(partial(self._keep, asked=asked))
            await self._tell_admins(asked, was, now)

    def _due(self, connection: Connection) -> tuple[list[ChoiceSource], bool]:
        """Return the sources to be asked now, and whether lists are left of others, which the rules name no more."""
        now, lists = self._clock.now(), ChoiceLists(connection)
        self._rules = self._beside.follow(RulesRevisions(connection))
        sources = self._rules.choice_sources
        return [one for key, one in sources.items() if is_due(lists.state(key), now, one.every)], lists.has_others(
            sources
        )

    def _next(self, connection: Connection) -> datetime:
        """Return when it is looked again: when the next source is due, or in an hour; never at once, whoever else asks now."""
        now, lists = self._clock.now(), ChoiceLists(connection)
        states = (lists.state(key)["next"] for key in self._rules.choice_sources)
        if not self._rules.choice_sources:
            return now + IDLE
        soonest = min((datetime.fromisoformat(each) for each in states if each), default=now + LOOK)
        return max(now + PAUSES[0], min(soonest, now + LOOK))

    async def _ask(self, source: ChoiceSource) -> Asked:
        try:
            return Asked(source, await fetch_choices(self._calls, source, self._tokens))
        except NoList as trouble:
            facts = {"event": "choices_failed", "host": host_of(source), "why": str(trouble)}
            log.warning("a source gave no list of choices", extra=facts)
            return Asked(source, {}, str(trouble))

    def _keep(self, connection: Connection, asked: Asked) -> tuple[SourceState, SourceState]:
        """Keep what a source gave; return how it stood, and stands. Whose alarm is not told yet is told after this."""
        lists, now, key = ChoiceLists(connection), self._clock.now(), asked.source.key
        was = lists.state(key)
        if asked.why:
            stands = failed_state(was, now, asked)
        else:
            lists.put(key, asked.choices)
            stands = SourceState(**{**was, "next": (now + asked.source.every).isoformat(), "at": now.isoformat()})
            stands = stands if was["told"] else well_state(stands)
        lists.put_state(key, stands)
        return was, stands

    async def _tell_admins(self, asked: Asked, was: SourceState, stands: SourceState) -> None:
        """Let admins know once that a source gives nothing, and once that it does again; a crash between tells nothing twice."""
        if not asked.why and was["told"]:
            told, after = "choices_well", well_state(stands)
        elif asked.why and not stands["told"] and (stands["tries"] >= TOLD or not stands["at"]):
            told, after = "choices_old" if stands["at"] else "choices_none", SourceState(**{**stands, "told": True})
        else:
            return
        now, name = self._clock.now(), host_of(asked.source)
        key = f"{told}:{asked.source.key}:{stands['since']}"
        await self._inbox.accept([admin_alarm(told, name, asked.why, key, now)])
        await self._database.run(lambda connection: ChoiceLists(connection).put_state(asked.source.key, after))

    async def close(self) -> None:
        """Let go of connections."""
        await self._calls.close()


def well_state(stands: SourceState) -> SourceState:
    """Return how a source stands that gives its list, and of which nothing is to be told."""
    return {**FRESH, "next": stands["next"], "at": stands["at"]}


def failed_state(was: SourceState, now: datetime, asked: Asked) -> SourceState:
    """Return how a source stands that gave nothing once more."""
    pause = min(PAUSES[min(was["tries"], len(PAUSES) - 1)], asked.source.every)
    since = was["since"] or now.isoformat()
    return {**was, "next": (now + pause).isoformat(), "since": since, "tries": was["tries"] + 1, "why": asked.why}
