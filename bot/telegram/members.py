"""Who is in the team's group. Telegram tells it of one person at a time, and never of all."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from aiogram import methods

from bot.messengers.protocol import Rejected
from bot.telegram import render
from bot.telegram.events import is_chat_member as is_here

log = logging.getLogger("frontdesk.telegram")

PAUSE = 0.05  # seconds between two questions: messages have the same limit

Call = Callable[[render.Call], Awaitable[Any]]


async def group_presence(call: Call, chat: int, people: Collection[str]) -> Mapping[str, bool]:
    """Ask of each, one after the other; whoever Telegram says nothing of is left out."""
    found: dict[str, bool] = {}
    for number, native in enumerate(
        native for native in people if native.isdecimal()
    ):  # no guests: they have no account
        if number:
            await asyncio.sleep(PAUSE)
        try:
            found[native] = is_here(await call(methods.GetChatMember(chat_id=chat, user_id=int(native))))
        except Rejected:
            log.info("Telegram does not say whether somebody is in the group", extra={"event": "roster_unsaid"})
    return found
