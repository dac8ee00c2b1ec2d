"""Those who want the same ticket at the same moment, on either messenger."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from tests.crash.on_slack import SlackSide
from tests.crash.on_telegram import TelegramSide
from tests.crash.side import Side

PATIENCE = 30.0
YOURS = "#1 is yours."


class Racer(Protocol):
    """An agent, by what a race asks of them."""

    side: Any

    @property
    def name(self) -> str:
        """What the others are told, in small letters."""
        ...

    @property
    def told(self) -> list[str]:
        """What they alone were told, in small letters, the oldest first."""
        ...

    def claims(self) -> None:
        """Press Claim."""
        ...

    async def releases(self) -> None:
        """Put the ticket back, and see it in the queue again."""
        ...


@dataclass
class OnTelegram:
    """An agent in the forum."""

    side: TelegramSide
    agent: Any

    @property
    def name(self) -> str:
        return str(self.agent.name).lower()

    @property
    def told(self) -> list[str]:
        return [toast.text.lower() for toast in self.agent.toasts if toast.answered]

    def claims(self) -> None:
        self.agent.presses(data="claim:1", on=self.side.team.general[0])

    async def releases(self) -> None:
        self.agent.presses(data="release:1", on=self.side.team.general[0])


@dataclass
class OnSlack:
    """An agent in the channel."""

    side: SlackSide
    agent: Any

    @property
    def name(self) -> str:
        return str(self.agent.name).lower()

    @property
    def told(self) -> list[str]:
        return [seen.text.lower() for seen in self.agent.ephemerals]

    def claims(self) -> None:
        self.agent.presses("Claim", at=self.side.team)

    async def releases(self) -> None:
        self.agent.runs("/desk release 1", at=self.side.team)


def racers(sides: Sequence[Side]) -> list[Racer]:
    """Return everybody who works on these sides."""
    found: list[Racer] = []
    for side in sides:
        if isinstance(side, TelegramSide):
            found += [OnTelegram(side, agent) for agent in side.agents]
        elif isinstance(side, SlackSide):
            found += [OnSlack(side, agent) for agent in side.agents]
    return found


async def offered(sides: Sequence[Side]) -> None:
    """Return when everybody can see that the ticket waits."""
    for side in sides:
        await side.sandbox.until(partial(side.offers, "Claim", 1), within=PATIENCE)


async def all_told(each: Sequence[Racer], known: Sequence[int]) -> list[str]:
    """Return what each was told last, when all were told something new."""
    for racer, before in zip(each, known, strict=True):
        await racer.side.sandbox.until(partial(_told_more, racer, before), within=PATIENCE)
    return [racer.told[-1] for racer in each]


def _told_more(racer: Racer, known: int) -> bool:
    return len(racer.told) > known
