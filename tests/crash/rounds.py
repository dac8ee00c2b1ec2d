"""Rounds: a desk starts, serves what its predecessor left, is checked, and is killed in the middle of a burst."""

import asyncio
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.monitoring.failpoints import POINTS
from tests.crash.approvals import problems_of_approvals
from tests.crash.checks import problems
from tests.crash.crowd import Crowd
from tests.crash.desks import Desk, Nursery, Zygote
from tests.crash.guests import problems_of_guests
from tests.crash.plans import problems_of_plans
from tests.crash.program import problems_of_program
from tests.crash.rows import Reader
from tests.crash.side import Side
from tests.crash.town import Town

ANYWHERE = "anywhere"
QUIET = 180.0  # seconds in which all that waits must be done, a dead desk's lease (40 s) and a busy machine in it
MOMENTS = 1.2  # seconds after a burst has begun within which a random kill comes
TOLD_IN = (1.0, 10.0)  # seconds of an announcement within which a kill comes: before or after a dead desk's leases end
MISSED = 3.0  # seconds after which a point counts as not reached
TRIES = 10  # rounds after which a point counts as gone: the desk says no more that it is reached
STOP = 12.0  # seconds a graceful stop may take
FOLLOWED = 0.75  # the share of starts that are given time to recover; the others are killed while they do
JUMPS = (43_200.0, -30.0)  # seconds by which a clock is ahead, or behind: less than a talk may pause
JUMPED = 0.15  # the share of desks whose clock is wrong
DOWN = 0.25  # the share of rounds in which a messenger of two is down
LOOKS = 5  # ends of an announcement's rounds: its card counts on while something is on its way
TELLING = (
    "timer",
    "turn",
    "before_commit",
    "after_commit",
    "before_send",
    "after_send",
)  # on the way of an announcement
OFTEN = {"stored": 4, "before_commit": 8, "after_commit": 8, "turn": 15, "before_send": 15, "after_send": 15}


@dataclass
class Tally:
    """What a run of rounds did and found."""

    name: str
    kills: Counter[str] = field(default_factory=Counter)
    events: int = 0
    sent: int = 0
    refused: int = 0
    uncertain: int = 0
    jumped: int = 0
    down: int = 0
    among: int = 0  # requests that were asked in a request channel
    approved: int = 0  # requests for which a colleague's yes was asked
    planned: int = 0  # requests for which a time was planned
    guests: int = 0  # requests into which somebody was let in
    told: int = 0  # messages that the program took
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Rounds:
    """One database, one town, and desk after desk."""

    name: str
    url: str
    nursery: Nursery
    town: Town
    random: random.Random
    points: Sequence[str] = POINTS  # where half of the kills are to come
    tally: Tally = field(init=False)
    _since: int = 0  # kills since the last look
    _missed: set[str] = field(default_factory=set)  # points that were not reached as often as was wished
    _unsure: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.tally = Tally(self.name)
        self._reader = Reader(self.url)

    @property
    def _environment(self) -> Mapping[str, str]:
        return {**self.town.settings, "DATABASE_URL": self.url}

    async def run(self, rounds: int) -> Tally:
        """Kill so many desks; a last one serves what is left and stops gracefully."""
        begun = time.monotonic()
        try:
            await self._live(rounds)
        except Exception:
            self.tally.problems.append(f"it broke off: {traceback.format_exc()}")  # what was found before is told too
        self.tally.seconds = time.monotonic() - begun
        return self.tally

    async def _live(self, rounds: int) -> None:
        await self._open()
        for point in self._plan(rounds):
            for _ in range(TRIES):
                if await self._round(point):
                    break  # else it was not reached: the desk was killed anywhere
            else:
                raise AssertionError(f"{point!r} was reached in none of {TRIES} rounds: does the desk still say so?")
        await self._close()

    def _plan(self, rounds: int) -> list[str]:
        """Return where to kill: half of the rounds anywhere, half at the points in turn."""
        half = rounds // 2 if isinstance(self.nursery, Zygote) else 0
        points = [self.points[number % len(self.points)] for number in range(half)]
        plan = points + [ANYWHERE] * (rounds - len(points))
        self.random.shuffle(plan)
        return plan

    async def _open(self) -> None:
        """Let the first requests be registered and claimed in peace."""
        desk = await self._start()
        places = [(side.source, str(side.clients.id)) for side in self.town.sides]
        await self._reader.open_channels(places, self._now)
        await self._reader.meet(
            [(one.side.source, one.native, one.chat, one.name) for one in self.town.guests], self._now
        )
        self.town.program.knows(await self._reader.add_program(self.town.program.url, self._now))
        for _ in range(4):
            self.town.come()
        for side, agent in self.town.agents:
            side.greet(agent)
        await self._quiet(desk)
        for request in list(self.town.requests.values()):
            self.town.claim(request)
        await self._quiet(desk)
        self.town.resolve(next(iter(self.town.requests.values())))
        await self._quiet(desk)
        desk.stop()
        await self._stopped(desk)

    async def _round(self, point: str) -> bool:
        """Kill one desk; return whether that was where it was to be."""
        if point == "timer":  # they are due as soon as a desk starts
            await self._make_due()
            await self.town.burst()
            desk = await self.nursery.start(self._environment, point=point, nth=1, at_once=True)
        else:
            nth = self.random.randint(1, OFTEN.get(point, 1)) if point not in self._missed else 1
            down = self._choose_down() if point == ANYWHERE else None
            if down is not None:
                return await self._half(down)
            desk = await self._start(point if point != ANYWHERE else "", nth, ahead=self._choose_jump())
            if self.random.random() < FOLLOWED:
                await self._quiet(desk)
            if point != ANYWHERE:
                desk.arm()
        burst = asyncio.create_task(self.town.burst() if point != "timer" else asyncio.sleep(0))
        await asyncio.wait({desk.ended}, timeout=self.random.uniform(0, MOMENTS) if point == ANYWHERE else MISSED)
        missed = desk.alive and point != ANYWHERE
        desk.kill()
        code = await desk.end(10)
        assert code == -9, f"{desk.log}: it ended by itself with {code}"
        await burst
        self._missed |= {point} if missed else set()
        self.tally.kills[ANYWHERE if missed else point] += 1
        self._since += 1
        return not missed

    def _choose_down(self) -> Side | None:
        """Return the messenger that is down in this round, where there is another."""
        if len(self.town.sides) < 2 or self.random.random() >= DOWN:
            return None
        return self.random.choice(list(self.town.sides))

    def _choose_jump(self) -> float:
        """Return by how many seconds the next desk's clock is ahead."""
        if not isinstance(self.nursery, Zygote) or self.random.random() >= JUMPED:
            return 0.0
        self.tally.jumped += 1
        return self.random.choice(JUMPS)

    async def _half(self, down: Side) -> bool:
        """Kill a desk that began and served with one messenger down; who lives on the other is heard all the same."""
        with down.is_down():
            known = [(side, side.listening) for side in self.town.sides if side is not down]
            desk = await self.nursery.start(self._environment)
            await self._until(desk, lambda: all(side.listening > before for side, before in known))
            await self.town.burst()
            await asyncio.sleep(self.random.uniform(0, MOMENTS))
            desk.kill()
            await desk.end(10)
        self.tally.kills[ANYWHERE] += 1
        self.tally.down += 1
        self._since += 1
        return True

    async def stops(self, rounds: int) -> Tally:
        """Stop so many desks gracefully in the middle of a burst, and look that not even a doubt is left."""
        await self._open()
        for _ in range(rounds):
            desk = await self._start()
            burst = asyncio.create_task(self.town.burst())
            await asyncio.sleep(self.random.uniform(0, MOMENTS))
            desk.stop()
            await self._stopped(desk)
            await burst
        await self._close()
        return self.tally

    async def overlaps(self, rounds: int) -> Tally:
        """Let two desks serve side by side, and kill the elder so many times: the younger one leads from then on."""
        await self._open()
        elder = await self._start()
        for _ in range(rounds):
            younger = await self._join()
            await self.town.burst()
            await self._quiet(younger)
            burst = asyncio.create_task(self.town.burst())
            await asyncio.sleep(self.random.uniform(0, MOMENTS))
            elder.kill()
            await elder.end(STOP)
            self.tally.kills[ANYWHERE] += 1
            self._since += 1
            await burst
            await self._quiet(younger)
            elder = younger
        elder.stop()
        await self._stopped(elder)
        return self.tally

    async def announces(self, people: int) -> Tally:
        """Kill desks, half of them at a named point, until so many people and all who came have been told the same."""
        begun = time.monotonic()
        await self._open()
        crowd = Crowd(self.town.sides, people)
        await crowd.is_known(self._reader, self._now)
        while not await crowd.is_told(self._reader):
            point = self.random.choice((ANYWHERE, self.random.choice(TELLING)))
            desk = await self._start("" if point == ANYWHERE else point, self.random.randint(1, OFTEN.get(point, 1)))
            desk.arm()
            burst = asyncio.create_task(self.town.burst() if not self._since else asyncio.sleep(0))
            await asyncio.wait({desk.ended}, timeout=self.random.uniform(0, self.random.choice(TOLD_IN)))
            self.tally.kills[point if not desk.alive else ANYWHERE] += 1
            desk.kill()
            await desk.end(10)
            self._since += 1
            await burst
        for _ in range(LOOKS):
            await self._close()
            if not await crowd.is_looked_after(self._reader):
                break
        self.tally.problems += await crowd.wrong(self._reader)
        self.tally.seconds = time.monotonic() - begun
        return self.tally

    async def _join(self) -> Desk:
        """Start a desk beside one that polls, and wait until it has introduced itself."""
        known = [side.introduced for side in self.town.sides]
        desk = await self.nursery.start(self._environment)
        await self._until(desk, lambda: _grown(known, [side.introduced for side in self.town.sides]))
        return desk

    async def _close(self) -> None:
        await self._make_due()
        desk = await self._start()
        await self._quiet(desk)
        desk.stop()
        await self._stopped(desk)

    async def _start(self, point: str = "", nth: int = 0, *, ahead: float = 0.0) -> Desk:
        """Start a desk and wait until it listens on every side."""
        known = [side.listening for side in self.town.sides]
        desk = await self.nursery.start(self._environment, point=point, nth=nth, ahead=ahead)
        await self._until(desk, lambda: _grown(known, [side.listening for side in self.town.sides]))
        return desk

    async def _until(self, desk: Desk, seen: Callable[[], bool]) -> None:
        """Return when something is seen; a desk that ends before has a reason, which stands in its log."""
        async with asyncio.timeout(QUIET):
            while not seen():
                assert desk.alive, f"{desk.log}: it ended by itself with {desk.ended.result()}"
                await asyncio.sleep(0.01)

    async def _stopped(self, desk: Desk) -> None:
        code = await desk.end(STOP)
        if code != 0:
            self.tally.problems.append(f"{desk.log}: a graceful stop ended with {code}")

    async def _quiet(self, desk: Desk) -> None:
        """Wait until nothing waits any more, and look whether all is as it must be."""
        waiting, quiet = "", False
        try:
            async with asyncio.timeout(QUIET):
                await self.town.finish_dialogs()
                while waiting := await self._waiting():
                    assert desk.alive, f"{desk.log}: it ended by itself"
                    await asyncio.sleep(0.05)
                quiet = True
        except TimeoutError:
            self.tally.problems.append(
                f"{desk.log}: still not quiet after {QUIET:g} s: {waiting or self.town.waiting()}"
            )
        self.town.rest(quiet=quiet)
        if quiet:  # what is under way cannot be judged; that it took too long is told
            await self._look()

    async def _waiting(self) -> str:
        """Return what waits; nothing where two looks, one after the other, find nothing: a timer may ring during one."""
        return self.town.unheard or await self._reader.waiting(self._now) or await self._reader.waiting(self._now)

    async def _make_due(self) -> None:
        """Let all that was to happen in days happen now."""
        await self._reader.make_due(self._now)

    @property
    def _now(self) -> datetime:
        """Return what the desks' clock shows."""
        return self.nursery.clock.now()

    async def _look(self) -> None:
        rows = await self._reader.rows()
        found = [*problems(self.town, rows, self._since, self._unsure)]
        for each in (problems_of_approvals, problems_of_program, problems_of_plans, problems_of_guests):
            found += each(self.town, rows)
        self.tally.problems += [problem for problem in found if problem not in self.tally.problems]
        self._since, self._unsure = 0, {row.id for row in rows.outgoing.values() if row.uncertain}
        self.tally.events, self.tally.sent = len(rows.inbox), len(rows.posts)
        self.tally.uncertain = len(self._unsure)
        self.tally.among = sum(request.among for request in self.town.requests.values())
        requests = self.town.requests.values()
        self.tally.approved = sum(request.asked is not None for request in requests)
        self.tally.planned = sum(request.planned for request in requests)
        self.tally.guests = sum(request.guest is not None for request in requests)
        self.tally.told = len(self.town.program.taken)
        self.tally.refused = sum(side.refused for side in self.town.sides)


def _grown(was: Sequence[int], now: Sequence[int]) -> bool:
    return all(after > before for before, after in zip(was, now, strict=True))


def table(tallies: list[Tally]) -> Iterator[str]:
    """Yield the lines of a table of what was killed where, and what came of it."""
    yield f"{'':22}" + "".join(f"{tally.name:>22}" for tally in tallies)
    for point in (ANYWHERE, *POINTS):
        yield f"{'killed ' + point:22}" + "".join(f"{tally.kills[point]:>22}" for tally in tallies)
    facts = {
        "events accepted": [tally.events for tally in tallies],
        "asked in a channel": [tally.among for tally in tallies],
        "approvals asked for": [tally.approved for tally in tallies],
        "times planned": [tally.planned for tally in tallies],
        "guests let in": [tally.guests for tally in tallies],
        "webhooks taken": [tally.told for tally in tallies],
        "messages on the wire": [tally.sent for tally in tallies],
        "answered 429": [tally.refused for tally in tallies],
        "with a wrong clock": [tally.jumped for tally in tallies],
        "with a messenger down": [tally.down for tally in tallies],
        "uncertain": [tally.uncertain for tally in tallies],
        "lost, doubled, wrong": [len(tally.problems) for tally in tallies],
        "seconds": [round(tally.seconds) for tally in tallies],
    }
    for name, numbers in facts.items():
        yield f"{name:22}" + "".join(f"{number:>22}" for number in numbers)
