"""What is chosen for a request channel, and where each choice comes from: the channel itself, or the desk."""

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from handlers.turns.turn import Turn
from storage.desk.request_channels import RequestChannel


class Opens(StrEnum):
    """What opens a request in a channel."""

    MENTION = "mention"  # whoever addresses the bot
    EVERY = "every"  # each post that asks for something
    EMOJI = "emoji"  # an emoji that somebody puts on a message
    OFFER = "offer"  # the bot asks the author whether it should


class Origin(StrEnum):
    """Where a choice comes from."""

    CHANNEL = "channel"
    COMPANY = "company"
    DESK = "desk"


DEFAULTS: dict[str, Any] = {
    "opens": [Opens.MENTION.value],
    "type": "",
    "group": "",
    "answer": True,  # a sure answer is given at once
    "quiet": "",  # hours in which the bot says nothing by itself: 20:00-08:00
    "together": 2,  # minutes in which what one person posts is one request
    "again": 24,  # hours before somebody is offered a request again
    "language": "",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice and where it comes from."""

    value: Any
    origin: Origin


def channel_choice(turn: Turn, channel: RequestChannel, name: str) -> Choice:
    """Return what is chosen for a channel under a name."""
    if name in channel.settings:
        return Choice(channel.settings[name], Origin.CHANNEL)
    return Choice(DEFAULTS[name], Origin.DESK)


def channel_setting(turn: Turn, channel: RequestChannel, name: str) -> Any:
    """Return what is chosen for a channel under a name, wherever that comes from."""
    return channel_choice(turn, channel, name).value


def opens_requests_by(turn: Turn, channel: RequestChannel, how: Opens) -> bool:
    """Return whether requests are opened in a channel in this way."""
    return channel.active and how.value in channel_setting(turn, channel, "opens")


def same_request_window(turn: Turn, channel: RequestChannel) -> timedelta:
    """Return for how long one person's posts are one request."""
    return timedelta(minutes=float(channel_setting(turn, channel, "together")))


def in_quiet_hours(turn: Turn, channel: RequestChannel) -> bool:
    """Return whether the bot says nothing by itself in a channel now."""
    hours = str(channel_setting(turn, channel, "quiet"))
    if not hours:
        return False
    begins, ends = (time.fromisoformat(each.strip()) for each in hours.split("-"))
    now = turn.now.astimezone(ZoneInfo(turn.rules.zone)).time()
    return begins <= now < ends if begins < ends else now >= begins or now < ends
