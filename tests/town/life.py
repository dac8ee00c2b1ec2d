"""The life of the town's desk: started, killed, started again on the same file, and waited for until it rests."""

import asyncio
import contextlib
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import bot.monitoring.failpoints
import storage.engine.postgres
import storage.engine.sqlite_writer
from bot.app import App, build_app
from bot.settings import load_settings
from tests.stories.harness.house import House
from tests.stories.harness.slack import SlackStage
from tests.stories.harness.stage import Stage
from tests.town.clock import DeskClock, TownClock
from tests.town.database import OPENED, Home, Homes, Killed, TownDatabase
from tests.town.loop import OWNER, TownLoop
from tests.town.people import sides

MOMENT = timedelta(seconds=6)  # what people wait for without noticing: an album's end, a burst's fold, a second try
CALM = 180.0  # seconds of waiting after which a desk without trouble is stuck
PATIENCE = 65.0  # seconds that are waited for a desk in trouble, before the town goes on
AWAKE = timedelta(seconds=60)  # of a time that passes, in which whatever sleeps a little wakes as often as it would
FALLS = 3  # ends by itself after which nobody starts it any more
WAITS = 3  # settlings in which what is due cannot be done, before the rest of a time passes at once
TURNS = 800  # steps of one settling: more is a desk that runs in circles


class Stuck(AssertionError):
    """The desk has something to do and does not do it."""


class Process:
    """One life of the desk, from its start to its stop or its death."""

    def __init__(self) -> None:
        self.dead = False
        self.app: App | None = None
        self.starting: asyncio.Task[None] | None = None
        self.database: TownDatabase | None = None

    def die(self, loop: TownLoop) -> None:
        """End at once: the next line of it is never reached."""
        self.dead = True
        if self.database is not None:
            self.database.die()
        loop.cut(self)


def settle_in(homes: Homes) -> None:
    """Let every desk of this process open its database as the town has it."""
    storage.engine.sqlite_writer.SqliteDatabase = homes.opens  # type: ignore[assignment,misc]
    storage.engine.postgres.PostgresDatabase = homes.opens  # type: ignore[assignment,misc]


class Life:
    """Keeps one desk alive on a stage, as a supervisor does."""

    def __init__(self, stage: Stage, clock: TownClock, house: House, home: Home, **settings: Any) -> None:
        self.loop = cast(TownLoop, asyncio.get_running_loop())
        self.stage, self.house = stage, house
        self.town, self.clock = clock, DeskClock(clock)
        self.url, self.settings = home.url, settings
        self.sides = sides(stage)
        self.process = Process()
        self.reader = home.reader()
        self.troubled: Callable[[], bool] = lambda: False  # whether somebody makes trouble now
        self.healed: Callable[[], None] = lambda: None  # lets the database be written again
        self.killed: list[str] = []  # where it was killed
        self.fell: list[str] = []  # what it ended of by itself
        self._armed: tuple[str, int] | None = None
        self.loop.leapt = self._leapt
        bot.monitoring.failpoints.set_failpoint_hook(self._reached)

    def _leapt(self, seconds: float) -> None:
        """Let both times go on together."""
        self.town.set(self.town.now() + timedelta(seconds=seconds))

    # Starting and ending

    async def start(self) -> None:
        """Start the desk; where something is in its way, it goes on with that by itself."""
        process = self.process = Process()
        context = copy_context()
        context.run(OWNER.set, process)
        process.starting = self.loop.create_task(self._starts(process), context=context)
        waited = 0.0
        await self.loop.rest()
        while not process.starting.done() and not process.dead and waited < (PATIENCE if self.troubled() else CALM):
            waited += await self.loop.sleep_over()
        if process.starting.done() and not process.dead and (error := process.starting.exception()) is not None:
            self.fell.append(f"at its start: {error!r}")
            process.die(self.loop)

    async def _starts(self, process: Process) -> None:
        chosen = {"team_language": self.house.team_language, **self.stage.settings, **self.settings}
        chosen = {name: value for name, value in chosen.items() if value is not None}
        before = len(OPENED)
        try:
            process.app = app = await build_app(
                load_settings(_env_file=None, database_url=self.url, **chosen), clock=self.clock
            )
        finally:
            process.database = OPENED[-1] if len(OPENED) > before else None
        app.book.base = replace(app.book.base, digest="off")  # the town asks for reports itself
        self.stage.joined_by(app)
        try:
            await app.start()
            await app.introduced()
        except Killed:
            return
        with contextlib.suppress(TimeoutError):  # a messenger that lets nobody in is somebody's trouble
            await self.stage.ready()

    async def stop(self) -> None:
        """Stop the desk gracefully."""
        process, self.process = self.process, Process()
        if process.starting is None or not process.starting.done() or process.dead:
            process.die(self.loop)
            await self.loop.rest()
            if process.database is not None:
                process.database.let_go()
        elif process.app is not None:
            context = copy_context()
            context.run(OWNER.set, process)
            await self.loop.create_task(process.app.stop(), context=context)
            self.loop.cut(process)

    async def restart(self) -> None:
        """Stop it and start it again, as an upgrade does."""
        await self.stop()
        await self.start()

    def arm(self, point: str, times: int) -> None:
        """Let the desk die when it reaches a point for the so-manieth time."""
        self._armed = (point, times)

    def disarm(self) -> None:
        """Let it live."""
        self._armed = None

    def _reached(self, point: str) -> None:
        process = OWNER.get()
        if not isinstance(process, Process):
            process = self.process
        if process.dead:
            raise Killed
        if self._armed is None or self._armed[0] != point:
            return
        left = self._armed[1] - 1
        self._armed = (point, left)
        if left <= 0:
            self._armed = None
            self.killed.append(point)
            process.die(self.loop)
            raise Killed

    def kill(self) -> None:
        """Let it die now, between two steps."""
        self.killed.append("idle")
        self.process.die(self.loop)

    async def _revive(self) -> None:
        """Start again after a death: what the dead one held is let go of, as the system does."""
        await self.loop.rest()
        if self.process.database is not None:
            self.process.database.let_go()
        self.healed()
        await self.start()

    async def end(self) -> None:
        """Close everything."""
        self.disarm()
        if self.process.dead:
            await self._revive()
        await self.stop()
        await self.stage.close()
        self.reader.close()

    # Time

    async def settle(self) -> None:
        """Return when the desk has done all it can do now, moments that nobody notices included."""
        waited = 0.0
        for _ in range(TURNS):
            await self.loop.rest()
            if len(self.fell) > FALLS:
                raise Stuck(f"it does not live: {self.fell[-1]}")
            if self.process.dead:
                await self._revive()
                continue
            app = self.process.app
            if app is not None and app.failed.done():
                self.fell.append(repr(app.failed.exception()))
                self.process.die(self.loop)
                continue
            if why := self.busy():
                if waited > (PATIENCE if self.troubled() else CALM):
                    if self.troubled():
                        return
                    raise Stuck(f"after {waited:.0f} s without trouble: {why}")
                waited += await self.loop.sleep_over()
                continue
            due = self.next_due()
            if due is None or due - self.clock.now() > MOMENT:
                return
            self.clock.set(due)
        raise Stuck(f"it runs in circles: {self.busy()}, next due {self.next_due()}, now {self.clock.now()}")

    async def passes(self, time: timedelta) -> None:
        """Let time pass; what is due meanwhile happens when it is due."""
        end = self.town.now() + time
        await self.settle()
        last = min(end, self.town.now() + AWAKE)
        while self.town.now() < last and not self.process.dead:
            if not await self.loop.sleep_over(upto=(last - self.town.now()).total_seconds()):
                break
        await self.settle()
        waits = 0
        while (due := self.next_due()) is not None and due - self.clock.skew <= end and waits < WAITS:
            waits += due <= self.clock.now()
            self.clock.set(due)
            await self.settle()
        self.town.set(end)
        await self.settle()

    def busy(self) -> str:
        """Return what is to be done now, as it can be seen from outside; nothing where the desk rests."""
        now = self.reader.moment(self.clock.now())
        if self.process.starting is not None and not self.process.starting.done():
            return "it is starting"
        if any(unheard(side) for side in self.sides):
            return "something was not heard"
        found = self.reader.one(
            "SELECT name || ' (' || side || ')' FROM lane"
            " WHERE ready_at <= ?1 AND (leased_until IS NULL OR leased_until <= ?1) LIMIT 1",
            now,
        )
        if found:
            return f"{found} waits"
        if name := self.reader.one("SELECT lane FROM outgoing WHERE state = 'sending' AND done_at IS NULL LIMIT 1"):
            return f"{name} is being sent"
        if name := self.reader.one("SELECT name FROM timer WHERE fired_at IS NULL AND due_at <= ? LIMIT 1", now):
            return f"timer {name} is due"
        return ""

    def next_due(self) -> datetime | None:
        """Return the next moment for which anything waits."""
        found = self.reader.one(
            "SELECT min(at) FROM (SELECT min(CASE WHEN leased_until > ready_at THEN leased_until ELSE ready_at END) AS at"
            " FROM lane WHERE ready_at IS NOT NULL UNION ALL SELECT min(due_at) FROM timer WHERE fired_at IS NULL)"
        )
        return None if found is None else self.reader.time(found)


def unheard(side: Stage) -> bool:
    """Return whether something that people did is on its way to the desk; what the messenger tries again later is not."""
    if isinstance(side, SlackStage):
        under_way = (each.attempts[-1] for each in side.sandbox.unacked if each.attempts)
        return any(not attempt.failed for attempt in under_way)
    return side.unheard
