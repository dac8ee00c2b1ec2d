"""What happened before the page was opened: people play some requests through, so that there is one in each state."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import yaml

from bot.demo.hands import OnSlack, OnTelegram
from bot.demo.rooms import SECOND
from bot.sandbox.cast import SLACK, TELEGRAM, Cast, Part
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import TelegramSandbox


@dataclass(frozen=True, slots=True)
class Once:
    """A request as people spoke of it."""

    ask: str
    reply: str
    back: str


async def play(cast: Cast, telegram: TelegramSandbox, slack: SlackSandbox) -> None:
    """Let everybody but those whom a newcomer plays first have their requests, one after the other."""
    past = Past(cast, telegram, slack)
    await past.play_own_chats()
    await past.play_rooms()


class Past:
    """Two requesters on each messenger, and whoever answers them."""

    def __init__(self, cast: Cast, telegram: TelegramSandbox, slack: SlackSandbox) -> None:
        said, on_telegram, on_slack = spoken(), _others(TELEGRAM, cast.language), _others(SLACK, cast.language)
        self.cast = cast
        self.one, self.two = (OnTelegram(cast, telegram, part.handle) for part in on_telegram)
        self.three, self.four = (OnSlack(cast, slack, part.handle) for part in on_slack)
        self.bob, self.eve = OnTelegram(cast, telegram, "bob"), OnTelegram(cast, telegram, "eve")
        self.dana, self.ivan = OnSlack(cast, slack, "dana"), OnSlack(cast, slack, "ivan")
        self.first, self.second, self.third, self.fourth = (said[part.language] for part in (*on_telegram, *on_slack))

    async def play_own_chats(self) -> None:
        """Leave a request in each state, asked in people's own chats with the bot."""
        number = await self.one.asks(self.first[0].ask)  # closed, with a rating
        await self.bob.claims(number)
        await self.bob.replies(number, self.first[0].reply)
        await self.one.says(self.first[0].back)
        await self.bob.resolves(number)
        await self.one.presses("button.confirm")
        await self.one.presses("5")

        number = await self.three.asks(self.third[2].ask)  # resolved, waiting for its requester; across the messengers
        await self.eve.claims(number)
        await self.eve.replies(number, self.third[2].reply)
        await self.eve.resolves(number)

        number = await self.two.asks(self.second[0].ask)  # open, with a talk
        await self.dana.claims(number)
        await self.dana.replies(number, self.second[0].reply)
        await self.two.says(self.second[0].back)

        number = await self.four.asks(self.fourth[1].ask)  # waiting for its requester
        await self.ivan.claims(number)
        await self.ivan.replies(number, self.fourth[1].reply, "r?")

        number = await self.two.asks(self.second[3].ask)  # on hold
        await self.bob.claims(number)
        await self.bob.replies(number, self.second[3].reply)
        await self.bob.holds(number)

    async def play_rooms(self) -> None:
        """Let people speak where several are, and leave some requests that nobody has taken."""
        number = await self.one.posts(
            self.cast.clients, self.first[4].ask
        )  # in a client's group, where two speak on it
        await self.bob.claims(number)
        await self.bob.replies(number, self.first[4].reply)
        await self.two.answers(self.cast.clients, self.second[4].back, to=self.first[4].ask)

        await self.four.posts(self.cast.help_it, self.fourth[4].ask)  # among colleagues, new
        number = await self.two.asks(self.second[2].ask)  # with the second department
        await self.bob.escalates(number, SECOND, self.cast.second_group)
        await self.one.asks(self.first[1].ask)  # new
        await self.three.asks(self.third[3].ask)


def _others(parts: Sequence[Part], language: str) -> list[Part]:
    """Return the requesters who are not the first to be played."""
    return [part for part in parts if part.role == "requester" and part.language != language]


def spoken() -> dict[str, list[Once]]:
    """Return what people said, by language."""
    text = files("bot.demo").joinpath("past.yaml").read_text("utf-8")
    return {language: [Once(**one) for one in told] for language, told in yaml.safe_load(text).items()}
