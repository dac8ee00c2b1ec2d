"""Who people are: names and languages, asked of Slack once in a while and never waited for long."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import OURS
from bot.slack.events import SLACKBOT, SlackContext
from handlers.vocabulary.messages import Sender
from storage.engine import storable

PATIENCE = 1.0  # seconds an arrival waits for a name: it has to be acknowledged within three
OUTSIDE = ("is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "deleted")
FRESH, AGAIN = 3600.0, 30.0  # seconds until a name is looked up anew, and after a look-up that failed

Keep = Callable[[Sender], None]
Look = Callable[[str], Awaitable[Sender | None]]


class UserDirectory:
    """Looks people up, each once at a time."""

    def __init__(self, client: AsyncWebClient, known: SlackContext) -> None:
        self._client = client
        self._workspace, self._known, self._bots = known, known.people, known.bots
        self._due: dict[str, float] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}

    async def introduce(self, users: Iterable[str]) -> None:
        """Learn who these people are. Whoever is known already, or was asked for in vain just now, is not waited for."""
        now = asyncio.get_running_loop().time()
        wanted = {user for user in users if user}
        for user in wanted:
            if self._due.get(user, 0.0) <= now:
                self._due[user] = now + AGAIN
                self._looking[user] = asyncio.create_task(self._look(user))
        strangers = [task for user, task in self._looking.items() if user in wanted and user not in self._known]
        if strangers:
            await asyncio.wait(strangers, timeout=PATIENCE)

    async def _look(self, user: str) -> None:
        try:
            found = (await self._client.users_info(user=user, include_locale=True))["user"]
        except OURS:
            return
        finally:
            self._looking.pop(user, None)
        self._bots.discard(user)
        if found.get("is_bot"):
            self._bots.add(user)
        self._known[user] = slack_sender(storable.storable_data(found), self._workspace.team)
        self._due[user] = asyncio.get_running_loop().time() + FRESH

    async def look_again(self, users: Iterable[str]) -> None:
        """Look people up anew, one after the other, however lately that was done."""
        for user in users:
            await self._look(user)


def slack_sender(user: dict[str, Any], team: str) -> Sender:
    """Return a person as ``users.info`` describes them to a workspace."""
    profile = found if isinstance(found := user.get("profile"), dict) else {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"), user["id"])
    name = next(str(name) for name in names if name)
    username, language = str(user.get("name") or ""), str(user.get("locale") or "")
    return Sender(
        str(user["id"]),
        name,
        username,
        language,
        zone=known_time_zone(str(user.get("tz") or "")),
        outsider=is_outsider(user, team),
    )


def is_outsider(user: dict[str, Any], team: str) -> bool:
    """Return whether somebody is no full member of a workspace: a bot, a guest, of another organisation, or gone."""
    if any(user.get(mark) for mark in OUTSIDE) or user["id"] == SLACKBOT:
        return True
    home = str(user.get("team_id") or team)
    return home != team and team not in (user.get("enterprise_user") or {}).get("teams", ())


def known_time_zone(name: str) -> str:
    """Return a time zone's name if it is one that we know."""
    try:
        return ZoneInfo(name).key if name else ""
    except (ValueError, ZoneInfoNotFoundError):
        return ""
