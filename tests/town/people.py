"""Who lives in the town, on which messengers, and what they can see and press there."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.stories.harness.crossed import CrossedStage
from tests.stories.harness.places import QUEUE, Line
from tests.stories.harness.slack import SlackStage
from tests.stories.harness.stage import Stage
from tests.stories.harness.telegram import TelegramStage
from tests.town.words import letters

REQUESTER, LINKED, STRANGER, AGENT, ADMIN, BOT, ANONYMOUS, GUEST, DESERTER, SPECIALIST = (
    *("requester", "linked", "stranger", "agent", "admin", "bot", "anonymous admin", "guest", "deserter"),
    "specialist",  # is in a group's own channel, and not in the first
)
NAMES = ("Ann", "Zoe", "Mia", "Lea", "Ivy", "Bob", "Eve", "Tom", "Max", "Kim", "Sam", "Joy")
LANGUAGES = ("en", "uk", "ru")


@dataclass(eq=False, slots=True)
class Resident:
    """Somebody with one account on one messenger; who has two is one human."""

    name: str
    mark: str  # the part of the name that nobody else has
    sort: str
    side: Stage
    native: Any
    human: int
    language: str
    username: str = ""
    granted: str = ""  # a role that an admin has given
    blocked: bool = False
    pasts: list[tuple[Line, str]] = field(default_factory=list)  # buttons they have ever seen
    rooms: list[str] = field(default_factory=list)  # what they read besides their own chat and the first channel

    def __repr__(self) -> str:
        return f"{self.name} ({self.sort})"

    @property
    def home(self) -> str:
        """Return their own chat with the bot."""
        return self.side.home(self.native)

    @property
    def here(self) -> bool:
        """Return whether they are in the team's channel now, by the messenger's own book."""
        return self.native.id in self.side.team.members

    @property
    def of_team(self) -> bool:
        """Return whether they may read what the team reads now."""
        always = self.sort in (ADMIN, SPECIALIST) or bool(self.granted)
        return always or (self.here and self.sort not in (BOT, ANONYMOUS, GUEST))

    def lines(self, *, team: bool = False) -> list[Line]:
        """Return what the desk shows them at home, or in the team's channel."""
        if team and not self.here:
            return []
        if team:
            rooms = self.side.everything()
            return [line for room in sorted(self.side.teams) for line in rooms.get(room, ())]
        return self.side.lines(self.native, None)


def sides(stage: Stage) -> list[Stage]:
    """Return the messengers of a stage."""
    return list(stage.both) if isinstance(stage, CrossedStage) else [stage]


def on_telegram(side: Stage) -> bool:
    """Return whether a side is Telegram."""
    return isinstance(side, TelegramStage)


class Census:
    """Lets a town's people exist."""

    def __init__(self, random: Random) -> None:
        self._random, self._number = random, 0

    def settle(self, found: list[Stage]) -> list[Resident]:
        """Return people of every sort, on each side."""
        people: list[Resident] = []
        for side in found:
            sorts = (REQUESTER, REQUESTER, REQUESTER, STRANGER, AGENT, AGENT, DESERTER, ADMIN, SPECIALIST)
            people += [self._one(side, sort) for sort in sorts]
            people += self._odd(side)
        if len(found) == 2:
            linked = [self._one(side, LINKED) for side in found]
            linked[1].human = linked[0].human
            people += linked
        return people

    def _one(self, side: Stage, sort: str) -> Resident:
        self._number += 1
        mark = f"Qz{letters(self._number)}"
        name = f"{NAMES[self._number % len(NAMES)]} {mark}"
        language = self._random.choice(LANGUAGES)
        username = f"user_{self._number}" if self._random.random() < 0.7 else None
        agent = sort in (AGENT, DESERTER, ADMIN)
        native = side.person(name, language=language, username=username, agent=agent, outside=False)
        return Resident(name, mark, sort, side, native, self._number, language, username or "")

    def _odd(self, side: Stage) -> list[Resident]:
        """Let those be in the team's channel who are nobody's agent."""
        if isinstance(side, TelegramStage):
            masked = self._one(side, ANONYMOUS)
            masked.native.becomes("administrator", side.team, anonymous=True)
            return [masked, self._robot(side)]
        assert isinstance(side, SlackStage)
        robot = self._robot(side)
        robot.native.joins(side.team)
        return [robot]

    def _robot(self, side: Any) -> Resident:
        """Let another app's bot exist."""
        self._number += 1
        mark = f"Qz{letters(self._number)}"
        named = {"username": f"robot_{self._number}_bot"} if isinstance(side, TelegramStage) else {}
        native = side.sandbox.person(f"Robot {mark}", bot=True, **named)
        return Resident(f"Robot {mark}", mark, BOT, side, native, self._number, "en")


def buttons(line: Line) -> list[str]:
    """Return what could be pressed or chosen on a line."""
    return [name for name in (*line.names, *(name for _, name in line.menu)) if name]


__all__ = ["QUEUE", "Census", "Resident", "buttons", "on_telegram", "sides"]
