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
    said = spoken()
    one, two = (OnTelegram(cast, telegram, part.handle) for part in _others(TELEGRAM, cast.language))
    three, four = (OnSlack(cast, slack, part.handle) for part in _others(SLACK, cast.language))
    bob, eve = OnTelegram(cast, telegram, "bob"), OnTelegram(cast, telegram, "eve")
    dana, ivan = OnSlack(cast, slack, "dana"), OnSlack(cast, slack, "ivan")
    languages = [part.language for part in (*_others(TELEGRAM, cast.language), *_others(SLACK, cast.language))]
    first, second, third, fourth = (said[language] for language in languages)

    number = await one.asks(first[0].ask)  # closed, with a rating
    await bob.claims(number)
    await bob.replies(number, first[0].reply)
    await one.says(first[0].back)
    await bob.resolves(number)
    await one.presses("button.confirm")
    await one.presses("5")

    number = await three.asks(third[2].ask)  # resolved, waiting for its requester; across the messengers
    await eve.claims(number)
    await eve.replies(number, third[2].reply)
    await eve.resolves(number)

    number = await two.asks(second[0].ask)  # open, with a talk
    await dana.claims(number)
    await dana.replies(number, second[0].reply)
    await two.says(second[0].back)

    number = await four.asks(fourth[1].ask)  # waiting for its requester
    await ivan.claims(number)
    await ivan.replies(number, fourth[1].reply, "r?")

    number = await two.asks(second[3].ask)  # on hold
    await bob.claims(number)
    await bob.replies(number, second[3].reply)
    await bob.holds(number)

    number = await one.posts(cast.clients, first[4].ask)  # in a client's group, where two speak on it
    await bob.claims(number)
    await bob.replies(number, first[4].reply)
    await two.answers(cast.clients, second[4].back, to=first[4].ask)

    await four.posts(cast.help_it, fourth[4].ask)  # a post among colleagues, new

    await bob.escalates(await two.asks(second[2].ask), SECOND, cast.second_group)  # with the second department
    await one.asks(first[1].ask)  # new
    await three.asks(third[3].ask)


def _others(parts: Sequence[Part], language: str) -> list[Part]:
    """Return the requesters who are not the first to be played."""
    return [part for part in parts if part.role == "requester" and part.language != language]


def spoken() -> dict[str, list[Once]]:
    """Return what people said, by language."""
    text = files("bot.demo").joinpath("past.yaml").read_text("utf-8")
    return {language: [Once(**one) for one in told] for language, told in yaml.safe_load(text).items()}
