"""Where a contestant plays: a messenger on loopback with a team, and people who each have a ticket with a thread."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.sandbox.slack import Keep as SlackKeep
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import Keep, TelegramSandbox
from tests.bench.path_fill import Story

LIFTED = 10_000  # messages a second: as good as no limit


class Stage(Protocol):
    """What a contestant asks of a messenger."""

    messenger: str
    story: Story

    @property
    def settings(self) -> Mapping[str, object]:
        """The settings of a desk here; the team's rate is lifted, since no real team takes 20 messages a second."""
        ...

    @property
    def echo(self) -> Sequence[str]:
        """The command of the least bot there can be."""
        ...

    @property
    def heard(self) -> bool:
        """Whether somebody listens and has heard all that was said."""
        ...

    def now(self) -> datetime:
        """Return the present moment here."""
        ...

    def says(self, number: int, text: str) -> datetime:
        """Let somebody speak; return when that arrived."""
        ...

    def sent(self, since: datetime) -> list[tuple[str, datetime]]:
        """Return what was sent since then, each with its time."""
        ...

    async def close(self) -> None:
        """Let go."""
        ...


class OnTelegram:
    """A forum with a topic for each; long polling."""

    messenger = "telegram"

    def __init__(self, sandbox: TelegramSandbox, chats: int) -> None:
        self.sandbox = sandbox
        self.bob = sandbox.person("Bob")
        self.group = sandbox.group("Team", forum=True, members=[self.bob])
        self.people = [sandbox.person(f"Ann {number}") for number in range(chats)]
        native = [(str(person.id), str(person.id), person.name) for person in self.people]
        topics = [str(self.group.open_topic(person.name)) for person in self.people]
        source = f"telegram:{sandbox.token.partition(':')[0]}"
        self.story = Story(source, str(self.group.id), native, topics, threads=True)

    @classmethod
    async def open(cls, chats: int) -> "OnTelegram":
        """Set the stage."""
        return cls(await TelegramSandbox.start(keep=Keep(calls=4000, updates=4000, messages=400)), chats)

    @property
    def settings(self) -> Mapping[str, object]:
        return {
            "telegram_bot_token": self.sandbox.token,
            "telegram_api_url": self.sandbox.url,
            "telegram_team_chat": self.group.id,
            "telegram_per_second": LIFTED,
            "telegram_group_per_minute": 60 * LIFTED,
        }

    @property
    def echo(self) -> Sequence[str]:
        return "tests.bench.echo", self.sandbox.url, self.sandbox.token

    @property
    def heard(self) -> bool:
        return self.sandbox.polled and not self.sandbox.unconfirmed

    def now(self) -> datetime:
        return self.sandbox.clock.now()

    def says(self, number: int, text: str) -> datetime:
        self.people[number].says(text)
        return self.sandbox.updates[-1].at

    def sent(self, since: datetime) -> list[tuple[str, datetime]]:
        return [(_said(call.args), call.at) for call in self.sandbox.calls_of("sendMessage") if call.at >= since]

    async def close(self) -> None:
        await self.sandbox.close()


class OnSlack:
    """A channel with a card for each; Socket Mode."""

    messenger = "slack"

    def __init__(self, sandbox: SlackSandbox, chats: int) -> None:
        self.sandbox = sandbox
        bob = sandbox.person("Bob")
        self.team = sandbox.channel("helpdesk", members=[bob])
        self.people = [sandbox.person(f"Ann {number}") for number in range(chats)]
        native = [(person.id, person.chat.id, person.name) for person in self.people]
        sandbox.subscribe(())  # nobody is to hear of the cards
        cards = [bob.says(person.name, at=self.team).ts for person in self.people]
        sandbox.subscribe()
        self.story = Story(f"slack:{sandbox.team_id}", self.team.id, native, cards, threads=False)

    @classmethod
    async def open(cls, chats: int) -> "OnSlack":
        """Set the stage."""
        return cls(await SlackSandbox.start(keep=SlackKeep(calls=4000, deliveries=4000)), chats)

    @property
    def settings(self) -> Mapping[str, object]:
        return {
            "slack_bot_token": self.sandbox.token,
            "slack_app_token": self.sandbox.app_token,
            "slack_api_url": self.sandbox.api_url,
            "slack_team_channel": self.team.id,
            "slack_per_channel_per_second": LIFTED,
        }

    @property
    def echo(self) -> Sequence[str]:
        return "tests.bench.echo_slack", self.sandbox.api_url, self.sandbox.token, self.sandbox.app_token

    @property
    def heard(self) -> bool:
        return self.sandbox.sockets.count > 0 and not self.sandbox.unacked

    def now(self) -> datetime:
        return self.sandbox.clock.now()

    def says(self, number: int, text: str) -> datetime:
        self.people[number].says(text)
        return self.sandbox.deliveries[-1].at

    def sent(self, since: datetime) -> list[tuple[str, datetime]]:
        return [(_said(call.args), call.at) for call in self.sandbox.calls_of("chat.postMessage") if call.at >= since]

    async def close(self) -> None:
        await self.sandbox.close()


STAGES: Mapping[str, Callable[[int], Any]] = {"telegram": OnTelegram.open, "slack": OnSlack.open}


def _said(args: Mapping[str, Any]) -> str:
    """Return what a person said in what was sent: the last line."""
    return str(args["text"]).rpartition("\n")[2]
