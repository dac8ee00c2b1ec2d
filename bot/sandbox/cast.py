"""Everybody who can be played: requesters of three languages, two agents and an admin on either messenger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.sandbox.slack import Person as SlackPerson
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.telegram import TelegramSandbox


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody who can be played; without a language of their own they speak the desk's."""

    handle: str
    name: str
    role: str
    language: str = ""


TELEGRAM = (
    Part("ann", "Ann Lee", "requester", "en"),
    Part("olia", "Оля Ткачук", "requester", "uk"),
    Part("timur", "Тимур Алиев", "requester", "ru"),
    Part("bob", "Bob Stone", "agent"),
    Part("eve", "Єва Новак", "agent", "uk"),
    Part("max", "Max Berg", "admin"),
)
SLACK = (
    Part("cid", "Cid Moore", "requester", "en"),
    Part("nadia", "Надія Гук", "requester", "uk"),
    Part("rita", "Рита Орлова", "requester", "ru"),
    Part("dana", "Dana Fox", "agent"),
    Part("ivan", "Іван Мельник", "agent", "uk"),
    Part("max", "Max Berg", "admin"),
)
LOCALES = MappingProxyType({"en": "en-US", "uk": "uk-UA", "ru": "ru-RU"})
TEAM = MappingProxyType({"en": "The help desk team", "uk": "Команда підтримки", "ru": "Команда поддержки"})
CLIENTS = MappingProxyType({"en": "Acme & us", "uk": "Acme і ми", "ru": "Acme и мы"})
SECOND = MappingProxyType({"en": "Second line", "uk": "Друга лінія", "ru": "Вторая линия"})


class Cast:
    """The people of both messengers, the rooms in which the team works, and those that it shares with whoever asks."""

    def __init__(self, telegram: TelegramSandbox, slack: SlackSandbox, language: str = "en") -> None:
        self.language = language
        self._telegram, self._slack = telegram, slack
        self.telegram: dict[str, TelegramPerson] = {
            part.handle: telegram.person(part.name, username=part.handle, language=part.language or language)
            for part in TELEGRAM
        }
        self.slack: dict[str, SlackPerson] = {
            part.handle: slack.person(
                part.name,
                display=part.name,
                locale=LOCALES[part.language or language],
                admin=part.role == "admin",
            )
            for part in SLACK
        }
        team = [self.telegram[part.handle] for part in TELEGRAM if part.role != "requester"]
        self.group = telegram.group(TEAM[language], forum=True, members=team)
        staff = [self.slack[part.handle] for part in SLACK if part.role != "requester"]
        self.channel = slack.channel("help-desk", members=staff, private=True)
        self.lobby = slack.channel("general", members=self.slack.values())
        # Where people already talk: a client's group and a channel in which each post is a request; a second department's own.
        self.clients = telegram.group(CLIENTS[language], members=self.telegram.values())
        self.help_it = slack.channel("help-it", members=self.slack.values())
        second = [self.telegram[handle] for handle in ("max", "eve")]
        self.second_group = telegram.group(SECOND[language], forum=True, members=second)
        lines = [self.slack[handle] for handle in ("max", "ivan")]
        self.second_channel = slack.channel("second-line", members=lines, private=True)

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a desk that serves both messengers."""
        return {
            "TELEGRAM_BOT_TOKEN": self._telegram.token,
            "TELEGRAM_API_URL": self._telegram.url,
            "TELEGRAM_TEAM_CHAT": str(self.group.id),
            "SLACK_BOT_TOKEN": self._slack.token,
            "SLACK_APP_TOKEN": self._slack.app_token,
            "SLACK_API_URL": self._slack.api_url,
            "SLACK_TEAM_CHANNEL": self.channel.id,
            "ADMINS": f"telegram:{self.telegram['max'].id},slack:{self.slack['max'].id}",
        }

    def told(self) -> dict[str, Any]:
        """Return it all as the page wants it."""
        return {
            "language": self.language,
            "telegram": {"people": self._parts(TELEGRAM, self.telegram), "team": self.group.id, "rooms": self._rooms()},
            "slack": {"people": self._parts(SLACK, self.slack), "team": self.channel.id},
        }

    def _rooms(self) -> dict[str, int]:
        """Return the groups on Telegram by the names that the page has for them, the team's first."""
        return {"team": self.group.id, "second": self.second_group.id, "clients": self.clients.id}

    def _parts(self, parts: Sequence[Part], people: Mapping[str, TelegramPerson | SlackPerson]) -> list[dict[str, Any]]:
        return [
            {
                "handle": part.handle,
                "name": part.name,
                "role": part.role,
                "language": part.language or self.language,
                "id": people[part.handle].id,
            }
            for part in parts
        ]
