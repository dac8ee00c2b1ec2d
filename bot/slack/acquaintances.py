"""Who people are: names and languages, asked of Slack once in a while and never waited for long."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import OURS
from handlers.messages import Sender
from storage import storable

PATIENCE = 1.0  # seconds an arrival waits for a name: it has to be acknowledged within three
FRESH, AGAIN = 3600.0, 30.0  # seconds until a name is looked up anew, and after a look-up that failed

Keep = Callable[[Sender], None]
Look = Callable[[str], Awaitable[Sender | None]]


class Acquaintances:
    """Looks people up, each once at a time."""

    def __init__(self, client: AsyncWebClient, known: dict[str, Sender]) -> None:
        self._client = client
        self._known = known
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
        self._known[user] = sender(storable.data(found))
        self._due[user] = asyncio.get_running_loop().time() + FRESH


def sender(user: dict[str, Any]) -> Sender:
    """Return a person as ``users.info`` describes them."""
    profile = found if isinstance(found := user.get("profile"), dict) else {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"), user["id"])
    name = next(str(name) for name in names if name)
    username, language = str(user.get("name") or ""), str(user.get("locale") or "")
    return Sender(str(user["id"]), name, username, language, zone=zone(str(user.get("tz") or "")))


def zone(name: str) -> str:
    """Return a time zone's name if it is one that we know."""
    try:
        return ZoneInfo(name).key if name else ""
    except (ValueError, ZoneInfoNotFoundError):
        return ""
