"""What is checked and put up before Telegram is served: the token, the group, the menus."""

import asyncio
import logging
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ChatMemberAdministrator,
    ChatMemberOwner,
)

from bot.errors import OperatorError
from bot.telegram.webhook import Webhook, put
from handlers import conversation  # noqa: F401 - its import registers the commands that stand in the menus
from handlers.messages import phrase
from handlers.phrases import LANGUAGES, Reader, Speech
from handlers.router import on
from storage.models import Role

log = logging.getLogger("frontdesk.telegram")

PAUSES = (1, 2, 5, 10, 30)  # seconds between tries while Telegram does not answer


@dataclass(frozen=True, slots=True)
class Found:
    """What Telegram said of us."""

    username: str
    forum: bool


async def prepare(bot: Bot, team: int | None, webhook: Webhook | None) -> Found:
    """Check the token and the team's group, and put up the menus; wait where Telegram does not answer."""
    tries = 0
    while True:
        try:
            return await _prepared(bot, team, webhook)
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise OperatorError(
                "TELEGRAM_BOT_TOKEN", "Telegram does not know this token; copy it anew from @BotFather"
            ) from None
        except (TimeoutError, AiogramError, OSError) as error:
            pause = PAUSES[min(tries, len(PAUSES) - 1)]
            log.warning(
                "Telegram does not answer (%s); again in %d s",
                type(error).__name__,
                pause,
                extra={"event": "unreachable"},
            )
            await asyncio.sleep(pause)
            tries += 1


async def _prepared(bot: Bot, team: int | None, webhook: Webhook | None) -> Found:
    me = await bot.get_me()
    forum = await _team(bot, team) if team is not None else False
    await menus(bot, team)
    await put(bot, webhook)
    return Found(me.username or "", forum)


async def _team(bot: Bot, team: int) -> bool:
    """Return whether the team's group is a forum the bot may keep topics in; refuse a group it is not in."""
    try:
        chat = await bot.get_chat(team)
        mine = await bot.get_chat_member(team, bot.id)
    except (TelegramBadRequest, TelegramForbiddenError):
        raise OperatorError(
            "TELEGRAM_TEAM_CHAT", f"the bot is not in the group {team}; add it there as an admin"
        ) from None
    if not chat.is_forum:
        return False
    if isinstance(mine, ChatMemberOwner) or (isinstance(mine, ChatMemberAdministrator) and mine.can_manage_topics):
        return True
    log.warning(
        "the bot may not manage topics in the team's forum, so each ticket is a reply chain under its card; "
        "make it an admin with that right",
        extra={"event": "no_topics"},
    )
    return False


async def menus(bot: Bot, team: int | None) -> None:
    """Put up the command menus: requesters' in private chats, agents' in the team's group, in each language."""
    speech = Speech()
    for language in (None, *LANGUAGES):
        for role, scope in (
            (Role.REQUESTER, BotCommandScopeAllPrivateChats()),
            (
                Role.AGENT,
                BotCommandScopeChat(chat_id=team) if team is not None else BotCommandScopeAllChatAdministrators(),
            ),
        ):
            reader = Reader(language or "en")
            commands = [
                BotCommand(command=route.name, description=speech.say(phrase(route.help), reader)[:256])
                for route in on.commands(role)
                if route.name.isidentifier() and (role is Role.REQUESTER or route.role is not Role.REQUESTER)
            ]
            await bot.set_my_commands(commands, scope=scope, language_code=language)
