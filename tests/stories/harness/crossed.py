"""Two messengers with one desk: who needs help is on the one, the team on the other; both team channels show the same."""

import asyncio
import re
from collections.abc import Awaitable, Collection, Iterable, Mapping
from typing import Any

from bot.app import App
from tests.stories.harness.capabilities import Capability
from tests.stories.harness.places import QUEUE, Line, Place
from tests.stories.harness.stage import Native, Stage, Trouble

CLOCKS = ("⏱", "⚠️", "🔴", "⏰")
CARD = re.compile(
    r"[^\w#🙋]+#(\d+) "
)  # a reminder of a request begins in the same way, and may be said first where cards have to wait


class CrossedStage:
    """Joins the stage of the requesters and the stage of the team."""

    def __init__(self, requesters: Stage, team: Stage) -> None:
        self.requesters, self.side = requesters, team
        self.sandbox, self.founder = team.sandbox, team.founder
        self._stages: dict[int, Stage] = {}
        self._others = {id(requesters): team, id(team): requesters}

    def of(self, person: Native | None) -> Stage:
        """Return the stage somebody is on; the team's, where it is nobody."""
        return self.side if person is None else self._stages[id(person)]

    @property
    def team(self) -> Any:
        """The channel where the story's agents are."""
        return self.side.team

    @team.setter
    def team(self, moved: Any) -> None:
        self.side.team = moved

    @property
    def both(self) -> tuple[Stage, Stage]:
        """The two of them."""
        return self.requesters, self.side

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of a desk on both."""
        return {**self.requesters.settings, **self.side.settings}

    @property
    def teams(self) -> set[str]:
        """The rooms of the team that the story's agents are in."""
        return self.side.teams

    # The desk

    def joined_by(self, app: App) -> None:
        """Watch a program that is about to start."""
        for stage in self.both:
            stage.joined_by(app)

    async def ready(self) -> None:
        """Return when a started program can be talked to."""
        for stage in self.both:
            await stage.ready()

    async def close(self) -> None:
        """Close both."""
        for stage in self.both:
            await stage.close()

    def stirs(self) -> Awaitable[object]:
        """Return what is done when something changes on either."""
        waiting = [stage.stirs() for stage in self.both]
        return asyncio.wait([asyncio.ensure_future(each) for each in waiting], return_when=asyncio.FIRST_COMPLETED)

    def touch(self) -> None:
        """Say that something has changed."""
        self.requesters.touch()

    @property
    def unheard(self) -> bool:
        """Whether something that people did has not been received yet."""
        return any(stage.unheard for stage in self.both)

    @property
    def complaints(self) -> list[str]:
        """Everything the desk did that a careful program never does, on either; and cards that differ."""
        return [*self.requesters.complaints, *self.side.complaints, *self.differing()]

    def differing(self, *, but: Collection[str] = ()) -> list[str]:
        """Return the cards that one team channel shows otherwise than the other, ``but`` those of these numbers."""
        here, there = (cards(stage) for stage in self.both)
        numbers = sorted(here.keys() | there.keys())
        return [
            f"the team channels differ: {here.get(number)!r}, {there.get(number)!r}"
            for number in numbers
            if here.get(number) != there.get(number) and number not in but
        ]

    # What people do

    def person(self, name: str, *, language: str, username: str | None, agent: bool, outside: bool) -> Native:
        """Let somebody exist: an agent on the team's side, everybody else on the other."""
        stage = self.side if agent else self.requesters
        made = stage.person(name, language=language, username=username, agent=agent, outside=outside)
        self._stages[id(made)] = stage
        return made

    def beside(self, name: str) -> Native:
        """Let an agent exist on the requesters' side."""
        made = self.requesters.person(name, language="en", username=name.lower(), agent=True, outside=False)
        self._stages[id(made)] = self.requesters
        return made

    def neighbour(self, name: str, language: str) -> Native:
        """Let somebody who may need help exist on the team's side."""
        made = self.side.person(name, language=language, username=None, agent=False, outside=False)
        self._stages[id(made)] = self.side
        return made

    def source(self, person: Native) -> str:
        """Return the account of the desk that a person talks to."""
        return self.of(person).source(person)

    def says(self, person: Native, text: str, at: Place | None, reply_to: Line | None, **more: Any) -> Line:
        """Let somebody say something."""
        return self.of(person).says(person, text, at, reply_to, **more)

    def sends(
        self, person: Native, kind: str, caption: str, at: Place | None, reply_to: Line | None, **more: Any
    ) -> Line:
        """Let somebody send a file of a kind."""
        return self.of(person).sends(person, kind, caption, at, reply_to, **more)

    def sends_album(self, person: Native, kinds: tuple[str, ...], caption: str, at: Place | None) -> list[Line]:
        """Let somebody send several files at once."""
        return self.of(person).sends_album(person, kinds, caption, at)

    def edits(self, person: Native, line: Line, text: str) -> None:
        """Let somebody change their own words."""
        self.of(person).edits(person, line, text)

    def presses(self, person: Native, name: str, line: Line) -> None:
        """Let somebody press what a button would send."""
        self.of(person).presses(person, name, line)

    def opens_room(self, name: str, people: list[Native], *, forum: bool = False, private: bool = False) -> str:
        """Let people have a room where they are."""
        return self.of(people[0]).opens_room(name, people, forum=forum, private=private)

    def bot_in_room(self, name: str, *, there: bool) -> None:
        """Let the bot be thrown out of a room, or let in again."""
        self.requesters.bot_in_room(name, there=there)

    def another_bot(self, name: str, room: str) -> Native:
        """Let another bot be in a room."""
        made = self.requesters.another_bot(name, room)
        self._stages[id(made)] = self.requesters
        return made

    def mentions(self, person: Native, text: str, at: Place | None, reply_to: Line | None) -> Line:
        """Let somebody name the bot."""
        return self.of(person).mentions(person, text, at, reply_to)

    def reacts(self, person: Native, emoji: str, line: Line) -> None:
        """Let somebody put an emoji on a message."""
        self.of(person).reacts(person, emoji, line)

    def deletes(self, person: Native, line: Line) -> None:
        """Let somebody delete a message of their own."""
        self.of(person).deletes(person, line)

    def joins(self, person: Native) -> None:
        """Let somebody join the team."""
        self.of(person).joins(person)

    def leaves(self, person: Native, *, heard: bool = True) -> None:
        """Let somebody leave the team."""
        self.of(person).leaves(person, heard=heard)

    def trouble(self, person: Native | None) -> Trouble:
        """Return what may go wrong on the way to somebody, or to the team's channel."""
        return self.of(person).trouble(person)

    # What people see

    def lines(self, person: Native, at: Place | None) -> list[Line]:
        """Return what is seen in a place now, oldest first."""
        return self.of(person).lines(person, at)

    def everything(self) -> dict[str, list[Line]]:
        """Return the lines of every room but the team's where nobody of the story is."""
        theirs = self.requesters.everything()
        return {room: theirs[room] for room in theirs.keys() - self.requesters.teams} | self.side.everything()

    def content(self, person: Native, line: Line) -> tuple[str, bytes]:
        """Return the name and the content of a file that is seen."""
        return self.of(person).content(person, line)

    def home(self, person: Native) -> str:
        """Return the room of somebody's own chat with the bot."""
        return self.of(person).home(person)

    def toasts(self, person: Native) -> list[str]:
        """Return the short answers that only this person saw, oldest first."""
        return self.of(person).toasts(person)

    def answered(self, person: Native) -> bool:
        """Return whether the last press of a person has been answered."""
        return self.of(person).answered(person)

    def shown_as(self, person: Native, kind: str) -> str:
        """Return what a file of a kind looks like where this person reads."""
        return self.of(person).shown_as(person, kind)

    def can(self, person: Native, capability: Capability) -> bool:
        """Return whether there is something where this person is that not every messenger has."""
        return self.of(person).can(person, capability)

    # Windows

    def window(self, person: Native) -> list[str] | None:
        """Return the fields of the window that is open before somebody, if one is."""
        return self.of(person).window(person)

    def fill(self, person: Native, name: str, answer: str) -> None:
        """Fill one field of the window."""
        self.of(person).fill(person, name, answer)

    def submit(self, person: Native) -> None:
        """Submit the window."""
        self.of(person).submit(person)

    def shut(self, person: Native) -> None:
        """Close the window without submitting it."""
        self.of(person).shut(person)

    def problems(self, person: Native) -> dict[str, str]:
        """Return what the window says is wrong, by field."""
        return self.of(person).problems(person)


def words(card: Line) -> str:
    """Return what a card says, but for white space at its end, and for its clock, which is told in each reader's own way."""
    return "\n".join(line for line in card.text.strip().splitlines() if not line.startswith(CLOCKS))


def cards(stage: Stage) -> dict[str, str]:
    """Return what each ticket's card says in the first channel of a team."""
    return cards_among(stage.lines(stage.founder, QUEUE))


def cards_among(lines: Iterable[Line]) -> dict[str, str]:
    """Return what each ticket's card says; its later copies, asked for once, show what was so then."""
    found: dict[str, str] = {}
    for line in lines:
        number = CARD.match(line.text)
        if line.by_desk and number is not None:
            found.setdefault(number[1], words(line))
    return found
