"""Which groups the bot is in before any is the team's: each is told its own id, and nothing is acknowledged."""

import time
from typing import Any, NamedTuple

import aiohttp

from bot.settings import Settings
from bot.telegram.checks import PATIENCE, Api, Refusal
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import Locale, Translator

MOST = 3  # groups that are told in one start
# Seconds since something happened in a group: a container that is started again each minute must not tell it all day.
LATELY = 120


class GroupSeen(NamedTuple):
    """A group that the bot is in, and when something happened there last, in seconds since 1970."""

    title: str
    at: int


async def tell_groups_their_ids(settings: Settings) -> dict[int, str]:
    """Tell groups in which something happened just now which id to write; return the titles of all that are seen, by id.

    What Telegram keeps for the desk stays there: it is looked at, and asked for again once the desk is open.
    """
    assert settings.telegram_bot_token is not None
    url = f"{settings.telegram_api_url.rstrip('/')}/bot{settings.telegram_bot_token.get_secret_value()}"
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
        api = Api(session, url)
        try:
            groups = groups_in(await api.ask("getUpdates", timeout=0))
            for number in (number for number, seen in groups.items() if time.time() - seen.at < LATELY):
                said = phrase("start.group_id", setting=f"TELEGRAM_TEAM_CHAT={number}")
                text = Translator().say(said, Locale(settings.language))
                await api.ask("sendMessage", chat_id=number, text=text)
        except (aiohttp.ClientError, TimeoutError, ValueError, LookupError, Refusal):
            return {}
    return {number: seen.title for number, seen in groups.items()}


def groups_in(updates: list[dict[str, Any]]) -> dict[int, GroupSeen]:
    """Return the groups that updates come from and the bot is still in, the latest last."""
    found: dict[int, GroupSeen] = {}
    for update in updates:
        change = update.get("my_chat_member") or {}
        told = change or update.get("message") or {}
        chat = told.get("chat") or {}
        if chat.get("type") not in ("group", "supergroup"):
            continue
        found.pop(chat["id"], None)
        if (change.get("new_chat_member") or {}).get("status") not in ("left", "kicked") and not told.get(
            "migrate_to_chat_id"
        ):
            found[int(chat["id"])] = GroupSeen(str(chat.get("title") or ""), int(told.get("date") or 0))
    return dict(list(found.items())[-MOST:])
