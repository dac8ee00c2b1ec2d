"""The people of a crash test: they write, answer, press and send while desks come and go, and remember what they did."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

from tests.crash.clock import FastClock
from tests.crash.on_slack import SlackSide
from tests.crash.on_telegram import TelegramSide
from tests.crash.side import Side
from tests.receiver import Receiver

BURST = 0.6  # seconds over which a burst is spread
AMONG = 3  # every so-manieth who comes asks in the request channel
TALKING = 6  # requests that are talked on at a time
AHEAD = timedelta(days=30)  # until what is planned
AGE = 7 * 86_400  # seconds: a desk whose clock is wrong signs with another time
FAILING = 0.3  # the share of bursts that begin with a program that does not take what it is told, or forgets it
MEANT = "Resolve all the same"  # what is asked where nobody has answered
SURE = 1000  # how often it is looked for: a desk may die meanwhile


class Living(StrEnum):
    """Where the people of a town live. Crossed: requesters and an agent on each side, and each ticket shown on both."""

    TELEGRAM = "telegram"
    SLACK = "slack"
    CROSSED = "crossed"


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Somebody who has written to the bot on an earlier day: where they are, and their id and private chat there."""

    side: Side
    person: Any
    native: str
    chat: str
    name: str

    @classmethod
    def of(cls, side: Side, name: str) -> Self:
        """Let somebody of this name exist on a side."""
        return cls(side, *side.wrote_before(name), name)


@dataclass(eq=False)
class Request:
    """A request as its people know it."""

    number: int
    home: Side
    requester: Any
    among: bool  # asked in the request channel, where it is talked on
    said: list[str]  # the requester's words, in order
    pressed: bool = False  # somebody pressed Claim
    over: bool = False  # somebody pressed Resolve
    ready: bool = False  # its threads are there
    asked: tuple[tuple[Side, Any], tuple[Side, Any]] | None = None  # who asked whom for a yes, each where they are
    planned: bool = False  # an agent has planned a time
    guest: tuple[Side, Any, str] | None = None  # who was let in, where they are, and what was said to them
    busy: bool = False  # something was done about it since all was quiet
    replies: dict[str, tuple[Side, Any]] = field(default_factory=dict)  # words → where an agent wrote them, and as what
    notes: dict[str, Side] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Town:
    """Everybody, and what they did."""

    sides: Sequence[Side]
    random: random.Random
    program: Receiver  # another one, which a webhook leads to
    clock: FastClock
    guests: list[Acquaintance] = field(default_factory=list)
    requests: dict[int, Request] = field(default_factory=dict)
    dialogs: set[asyncio.Task[None]] = field(default_factory=set)
    _words: int = 0
    _people: int = 0

    @classmethod
    @asynccontextmanager
    async def stands(
        cls, living: Living, seed: int, clock: FastClock, agents: Sequence[str] = ("Bob", "Eve")
    ) -> AsyncIterator["Town"]:
        """Yield a town with agents and nobody else; crossed, every other one of them is on Slack."""
        async with AsyncExitStack() as stack:
            sides: list[Side] = []
            crossed = living is Living.CROSSED
            if living is not Living.SLACK:
                names = agents[::2] if crossed else agents
                sides.append(await stack.enter_async_context(TelegramSide.open(seed, names)))
            if living is not Living.TELEGRAM:
                names = agents[1::2] if crossed else agents
                sides.append(await stack.enter_async_context(SlackSide.open(seed, names, clock)))
            program = Receiver(lambda: clock.now().timestamp())
            program.sample["AGE"] = AGE
            stack.push_async_callback(await program.listens())
            town = cls(sides, random.Random(seed), program, clock)
            town.guests = [Acquaintance.of(side, f"Gus{n}") for n, side in enumerate(sides * 2)]
            try:
                yield town
            finally:
                for dialog in town.dialogs:
                    dialog.cancel()
                await asyncio.gather(*town.dialogs, return_exceptions=True)

    @property
    def settings(self) -> Mapping[str, str]:
        """Return the environment of a desk that serves this town."""
        chosen = {
            "HTTP_PORT": "0",
            "LOG_LEVEL": "warning",
            "PERSON_PER_MINUTE": "1000000",  # they are quicker than people
            "PRIVATE_HOSTS": "127.0.0.1",
        }
        return {**chosen, **{name: value for side in self.sides for name, value in side.settings.items()}}

    @property
    def agents(self) -> list[tuple[Side, Any]]:
        """Return the agents, each with the side they work on."""
        return [(side, agent) for side in self.sides for agent in side.agents]

    @property
    def unheard(self) -> str:
        """What people did that has not been taken yet."""
        return "; ".join(f"{side.source} was not heard: {said}" for side in self.sides if (said := side.unheard))

    def words(self, kind: str) -> str:
        """Return words that nobody has said before."""
        self._words += 1
        return f"{kind}-{self._words:06d}"

    # What people do

    def come(self) -> None:
        """Somebody new comes with a request."""
        self._people += 1
        side, words = self.sides[self._people % len(self.sides)], self.words("first")
        if self._people % AMONG == 0:
            self._begin(self._asks(side, side.come_among_others(f"Dan{self._people}"), words))
        else:
            self._begin(self._registers(side, side.come(f"Ann{self._people}"), words))

    def _begin(self, dialog: Awaitable[None]) -> None:
        self.dialogs.add(asyncio.ensure_future(dialog))

    async def _registers(self, side: Side, person: Any, words: str) -> None:
        number = await side.register(person, words)
        self.requests[number] = Request(number, side, person, among=False, said=[words])

    async def _asks(self, side: Side, person: Any, words: str) -> None:
        number = await side.ask(person, words)
        self.requests[number] = Request(number, side, person, among=True, said=[words])

    def claim(self, request: Request) -> None:
        """Both agents press Claim on their card."""
        for side, agent in self.random.sample(self.agents, 2):
            self._begin(side.press(agent, "Claim", request.number))
        request.pressed = request.busy = True

    def resolve(self, request: Request) -> None:
        """An agent presses Resolve."""
        side, agent = self.random.choice(self.agents)
        self._begin(self._resolves(side, agent, request.number))
        request.over = request.busy = True

    async def _resolves(self, side: Side, agent: Any, number: int) -> None:
        """Press Resolve and, where nobody has answered yet, say that it is meant."""
        await side.press(agent, "Resolve", number)
        for _ in range(SURE):
            if side.offers(MEANT, number):
                await side.press(agent, MEANT, number)
            if side.offers(MEANT, number) or not side.offers("Resolve", number):
                return
            await asyncio.sleep(0.05)

    def say(self, request: Request) -> None:
        """The requester says more."""
        words = self.words("more")
        request.home.say(request.requester, words, request.number)
        request.said.append(words)
        request.busy = True

    def reply(self, request: Request) -> None:
        """An agent answers."""
        words, (side, agent) = self.words("reply"), self.random.choice(self.agents)
        request.replies[words] = (side, side.reply(agent, words, request.number))
        request.busy = True

    def note(self, request: Request) -> None:
        """An agent says something that the requester must not read."""
        words, (side, agent) = self.words("note"), self.random.choice(self.agents)
        side.note(agent, words, request.number)
        request.notes[words] = side
        request.busy = True

    def approval(self, request: Request) -> None:
        """An agent asks a colleague for their yes, who gives it."""
        (side, agent), (other_side, other) = self.random.sample(self.agents, 2)
        request.asked = (side, agent), (other_side, other)
        side.command(agent, f"approval {other.name} may they?", request.number)
        self._begin(other_side.approve(other, request.number))
        request.busy = True

    def plan(self, request: Request) -> None:
        """An agent says when somebody comes."""
        side, agent = self.random.choice(self.agents)
        day = self.clock.now() + AHEAD
        side.command(agent, f"plan {day:%d.%m.%Y} 10:00-12:00", request.number)
        request.planned = request.busy = True

    def let_in(self, request: Request) -> None:
        """An agent lets somebody in who is no client, and says a word to them."""
        guest, (side, agent) = self.random.choice(self.guests), self.random.choice(self.agents)
        words = self.words("guest")
        side.command(agent, f"guest {guest.name} {words}", request.number)
        request.guest = (guest.side, guest.person, words)
        request.busy = True

    def album(self, request: Request) -> None:
        """The requester sends several files at once."""
        request.files += request.home.send_files(request.requester, self.words("file"), request.number)
        request.busy = True

    # Bursts

    async def burst(self) -> None:
        """Do a little of everything, all at once."""
        talking = [r for r in self.requests.values() if r.ready and not r.over]
        fresh = [r for r in self.requests.values() if not r.pressed and self._offered(r)]
        quiet = [r for r in talking if not r.busy]
        acts: list[Callable[[], None]] = [self.come]
        if len(talking) > TALKING // 2 and quiet:
            done = quiet[0]
            talking.remove(done)
            acts.append(lambda: self.resolve(done))
        for request in talking[:TALKING]:
            acts += [_of(self.say, request)] * 3 + [_of(self.reply, request)] * 2 + [_of(self.note, request)]
        for request in fresh:
            acts += [_of(self.say, request), _of(self.claim, request)]
        if alone := [request for request in talking if not request.among]:
            acts.append(_of(self.album, self.random.choice(alone)))
        if unasked := [request for request in talking if request.asked is None]:
            acts.append(_of(self.approval, self.random.choice(unasked)))
        if unplanned := [request for request in alone if not request.planned]:
            acts.append(_of(self.plan, self.random.choice(unplanned)))
        if by_themselves := [request for request in talking if request.guest is None]:
            acts.append(_of(self.let_in, self.random.choice(by_themselves)))
        if self.random.random() < FAILING:
            self.program.failing, self.program.forgets = self.random.randint(1, 3), self.random.randint(0, 1)
        self.random.shuffle(acts)
        await asyncio.gather(*(self._later(act) for act in acts))

    def _offered(self, request: Request) -> bool:
        return all(side.offers("Claim", request.number) for side in self.sides)

    async def _later(self, act: Callable[[], None]) -> None:
        await asyncio.sleep(self.random.random() * BURST)
        act()

    async def finish_dialogs(self) -> None:
        """Return when everybody who came has a number, and everybody who presses was heard."""
        while self.dialogs:
            done, _ = await asyncio.wait(self.dialogs, return_when=asyncio.FIRST_COMPLETED)
            self.dialogs -= done
            for dialog in done:
                dialog.result()

    def waiting(self) -> str:
        """Return where everybody stands who waits for the desk."""
        return "; ".join(" > ".join(_path(dialog.get_coro())) for dialog in self.dialogs)

    def rest(self, *, quiet: bool = True) -> None:
        """See what there is now; where all is quiet, what was claimed has its threads."""
        for side in self.sides:
            side.rest()
        for request in self.requests.values():
            request.ready, request.busy = request.pressed if quiet else request.ready, False

    def wrong(self, keys: set[tuple[str, str]]) -> Iterator[str]:
        """Yield what is wrong on any side; ``keys`` are those of all stored events, by source."""
        for side in self.sides:
            yield from side.wrong({key for source, key in keys if source == side.source})


def _of(act: Callable[[Request], None], request: Request) -> Callable[[], None]:
    return lambda: act(request)


def _path(waits: Any) -> Iterator[str]:
    """Yield what a coroutine waits for, from the outside in."""
    while frame := getattr(waits, "cr_frame", None):
        yield f"{frame.f_code.co_name}:{frame.f_lineno} {frame.f_locals.get('person', '')}"
        waits = waits.cr_await
