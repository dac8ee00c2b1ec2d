"""The desk of a story: the real program on a stage, with a clock that the story moves."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from bot.app import App, build_app
from bot.settings import load_settings
from storage.queues import inbox, undelivered
from storage.transaction import Transaction
from tests.clock import HandClock, Watch
from tests.stories.harness.capabilities import CAN, SIDES, Capability
from tests.stories.harness.crossed import CrossedStage
from tests.stories.harness.house import House
from tests.stories.harness.people import Somebody
from tests.stories.harness.places import Line, Place
from tests.stories.harness.slack import SlackStage
from tests.stories.harness.stage import Stage
from tests.stories.harness.telegram import TelegramStage

T = TypeVar("T")
A_MOMENT = timedelta(seconds=6)  # what people wait for without noticing: an album's end, a burst's fold, a second try
STUCK = 30.0  # real seconds without which no work of the desk takes, even on a busy machine


async def open_stage(name: str, clock: HandClock, house: House) -> Stage:
    """Open a stage by its name."""
    match name:
        case "telegram":
            return await TelegramStage.start(clock, house)
        case "slack":
            return await SlackStage.start(clock, house)
        case "crossed":
            return CrossedStage(await TelegramStage.start(clock, house), await SlackStage.start(clock, house))
        case "reversed":
            return CrossedStage(await SlackStage.start(clock, house), await TelegramStage.start(clock, house))
    raise LookupError(f"there is no stage {name!r}")


class Desk:
    """The program under story. Time passes only by ``passes``, or by moments that nobody notices."""

    def __init__(self, name: str, stage: Stage, clock: HandClock, house: House, database_url: str) -> None:
        self.name, self.stage, self.clock, self.house = name, stage, clock, house
        self.watch = Watch(clock)  # the desk's own clock: right, unless a story says otherwise
        self.moment = timedelta(0) if house.paced else A_MOMENT
        self.lost_letters = 0  # replies that a story lets fail for good
        self.people: list[Somebody] = []
        self.rooms: dict[str, str] = {}  # ids of the rooms where others talk
        self._read: dict[str, dict[str, object]] = {}
        self._url = database_url
        self._app: App | None = None
        self._kept = TemporaryDirectory()

    @classmethod
    async def open(cls, name: str, database_url: str, house: House) -> "Desk":
        """Open a desk where people talk on this stage."""
        clock = HandClock()
        opened = await open_stage(name, clock, house)
        clock.rested = opened.touch
        desk = cls(name, opened, clock, house, database_url)
        await desk.starts()
        return desk

    async def starts(self) -> None:
        """Start the program."""
        measure = {} if self.house.measured else {"person_per_minute": 10**6}
        erased = Path(self._kept.name) / "erased"
        chosen = {
            "erased_file": erased,
            "team_language": self.house.team_language,
            **measure,
            **self.stage.settings,
            **self.house.settings,
        }
        self._app = await build_app(load_settings(_env_file=None, database_url=self._url, **chosen), clock=self.watch)
        book = self._app.book
        if not self.house.digest:
            book.base = replace(book.base, digest="off")
        if not self.house.recalled:
            book.base = book.rules = replace(book.base, idle_reminder=timedelta(0))
        self.stage.joined_by(self._app)
        await self._app.start()
        await self._app.introduced()
        await self.stage.ready()

    async def stops(self) -> None:
        """Stop the program gracefully."""
        if self._app is not None:
            await self._app.stop()
        self._app = None

    async def restarts(self) -> None:
        """Stop the program and start it again, as an upgrade does."""
        await self.stops()
        await self.starts()

    @property
    def app(self) -> App:
        """The running program."""
        assert self._app is not None, "the desk is not open"
        return self._app

    def everywhere(self, capability: Capability) -> bool:
        """Return whether both who need help and the team have something that not every messenger has."""
        return all(capability in CAN[side] for side in SIDES[self.name])

    # People

    def requester(self, name: str, *, language: str = "en", username: str | None = None) -> Somebody:
        """Let somebody exist who may need help."""
        return self._person(name, language, username, agent=False)

    def neighbour(self, name: str, *, language: str = "en") -> Somebody:
        """Let somebody exist who may need help, across messengers on the team's side."""
        if not isinstance(self.stage, CrossedStage):
            return self.requester(name, language=language)
        made = Somebody(self, name, self.stage.neighbour(name, language), language=language, agent=False)
        self.people.append(made)
        return made

    def agent(self, name: str, *, language: str = "en", username: str | None = None, outside: bool = False) -> Somebody:
        """Let somebody be of the team, or where the team is and still ``outside`` it."""
        return self._person(name, language, username or name.lower(), agent=True, outside=outside)

    def agent_among_requesters(self, name: str) -> Somebody:
        """Let somebody be of the team where the requesters are: across messengers that team channel is on their side."""
        if not isinstance(self.stage, CrossedStage):
            return self.agent(name)
        native = self.stage.beside(name)
        made = Somebody(self, name, native, language="en", agent=True)
        self.people.append(made)
        return made

    def _person(
        self, name: str, language: str, username: str | None, *, agent: bool, outside: bool = False
    ) -> Somebody:
        native = self.stage.person(name, language=language, username=username, agent=agent, outside=outside)
        made = Somebody(self, name, native, language=language, agent=agent)
        self.people.append(made)
        return made

    def room(self, name: str, *people: Somebody, forum: bool = False, private: bool = False) -> Place:
        """Let people of one messenger have a channel or group of their own, with the bot in it."""
        stage = self.stage.of(people[0].native)
        self.rooms[name] = stage.opens_room(name, [each.native for each in people], forum=forum, private=private)
        return Place(room=name)

    # Time

    async def settles(self) -> None:
        """Return when the desk has done all it can do now, moments that nobody notices included."""
        while True:
            await self._quiet()
            due = self._next_due()
            if due is None or due - self.clock.now() > self.moment:
                return
            self.clock.set(due)

    async def passes(self, **time: float) -> None:
        """Let time pass: ``days``, ``hours``, ``minutes``, ``seconds``; what is due meanwhile happens when it is due."""
        end = self.clock.now() + timedelta(**time)
        await self.settles()
        while (due := self._next_due()) is not None and due <= end:
            self.clock.set(due)
            await self._quiet()
        self.clock.set(end)
        await self.settles()

    def _next_due(self) -> datetime | None:
        return self.clock.next_due(but=(self.app.retention._never, self.app.damage.bell, self.app.duty_groups.bell))

    async def _quiet(self) -> None:
        async with asyncio.timeout(STUCK):
            while True:
                stirred = asyncio.ensure_future(self.stage.stirs())
                await self._at_rest()
                if not self.stage.unheard:
                    return
                await stirred

    async def _at_rest(self) -> None:
        await self.app.at_rest()

    # What is seen, and what was not

    def unread(self, person: Somebody, at: Place | None) -> list[Line]:
        """Return what the desk has said in a place and nobody has seen yet."""
        return [line for line in self.stage.lines(person.native, at) if self._news(line)]

    def read(self, line: Line) -> None:
        """Remember that a line was seen as it is now."""
        self._read.setdefault(line.room, {})[line.id] = line.look

    def _news(self, line: Line) -> bool:
        return line.by_desk and not line.service and self._read.get(line.room, {}).get(line.id) != line.look

    def known(self, line: Line) -> bool:
        """Return whether a line was seen before, whatever it showed then."""
        return line.id in self._read.get(line.room, {})

    def unseen(self) -> list[str]:
        """Return what nobody has seen: in private chats every line, in the team's every line that is new."""
        found: list[str] = []
        for room, lines in self.stage.everything().items():
            team = room in self.stage.teams
            news = [line for line in lines if self._news(line) and not line.passing]
            found += [str(line) for line in news if not (team and self.known(line))]
        return found

    # The end

    async def closes(self) -> None:
        """Close the desk, and say what was wrong with the story as a whole."""
        try:
            await self.settles()
            unseen = self.unseen()
            wrong = [*self.stage.complaints, *await self.look(self._letters)]
        finally:
            await self.leaves()
        assert not wrong, "\n".join(wrong)
        assert not unseen, "nobody has seen:\n" + "\n".join(unseen)

    async def leaves(self) -> None:
        """Close the desk without a word."""
        await self.stops()
        self._kept.cleanup()
        await self.stage.close()

    def _letters(self, connection: Any) -> list[str]:
        dead = [f"incident {row.incident}: {row.payload}" for row in inbox.dead_letters(connection)]
        failed = [f"undelivered: {row}" for row in undelivered.all_undelivered(connection)]
        return [*dead, *(failed if len(failed) != self.lost_letters else [])]

    async def look(self, work: Callable[[Any], T]) -> T:
        """Return what a function reads in the desk's records."""
        return await self.app.database.run(work)

    async def records(self, read: Callable[[Transaction], T]) -> T:
        """Return what a function reads in the records, by the words of the storage."""
        return await self.look(lambda connection: read(Transaction(connection)))
