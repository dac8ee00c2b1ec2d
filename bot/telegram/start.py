"""What is checked and put up before Telegram is served: the token, the group, the menus."""

import asyncio
import logging
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberOwner,
)

from bot.errors import OperatorError
from bot.messengers.protocol import Team, Wait
from bot.monitoring.health import Contact
from bot.telegram.errors import translate_telegram_error
from bot.telegram.menus import put_up
from bot.telegram.webhook import Webhook, apply_webhook

log = logging.getLogger("frontdesk.telegram")

PAUSES = (1, 2, 5, 10, 30)  # seconds between tries while Telegram does not answer


@dataclass(frozen=True, slots=True)
class Found:
    """What Telegram said of us."""

    username: str
    team: Team | None
    open: bool = False  # others than members can write in the team's group


async def prepare_telegram(
    bot: Bot, team: int | None, webhook: Webhook | None, language: str, contact: Contact
) -> Found:
    """Check the token and the team's group, and put up the menus; wait where Telegram does not answer."""
    tries = 0
    while True:
        try:
            return await _prepared(bot, team, webhook, language)
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise OperatorError(
                "TELEGRAM_BOT_TOKEN", "Telegram does not know this token; copy it anew from @BotFather"
            ) from None
        except (TimeoutError, AiogramError, OSError) as error:
            contact.fail("calls", type(error).__name__)
            trouble = translate_telegram_error(error)
            pause = max(PAUSES[min(tries, len(PAUSES) - 1)], trouble.seconds if isinstance(trouble, Wait) else 0)
            log.warning(
                "Telegram does not answer (%s); again in %d s",
                type(error).__name__,
                pause,
                extra={"event": "unreachable"},
            )
            await asyncio.sleep(pause)
            tries += 1


async def _prepared(bot: Bot, team: int | None, webhook: Webhook | None, language: str) -> Found:
    me = await bot.get_me()
    found, anybody = await _team(bot, team, team) if team is not None else (None, False)
    await put_up(bot, int(found.chat) if found else None, language)
    await apply_webhook(bot, webhook)
    return Found(me.username or "", found, anybody)


async def _team(bot: Bot, team: int, named: int) -> tuple[Team, bool]:
    """Return the team's group, by its id of now, and whether the bot may keep topics in it; then whether it is open."""
    try:
        chat = await bot.get_chat(team)
        mine = await bot.get_chat_member(team, bot.id)
    except TelegramMigrateToChat as moved:
        log.warning(
            "the team's group has another id since its upgrade; write TELEGRAM_TEAM_CHAT=%d",
            moved.migrate_to_chat_id,
            extra={"event": "moved"},
        )
        return await _team(bot, moved.migrate_to_chat_id, named)
    except (TelegramBadRequest, TelegramForbiddenError):
        raise _absent(team) from None
    if isinstance(mine, ChatMemberLeft | ChatMemberBanned):
        raise _absent(team)
    may = isinstance(mine, ChatMemberOwner) or (isinstance(mine, ChatMemberAdministrator) and mine.can_manage_topics)
    if not isinstance(mine, ChatMemberOwner | ChatMemberAdministrator):
        log.warning(
            "the bot is no admin of the team's group, so it hears of nobody who joins or leaves, and with privacy mode on "
            "of little else; make it an admin",
            extra={"event": "no_admin"},
        )
    elif chat.is_forum and not may:
        log.warning(
            "the bot may not manage topics in the team's forum, so each ticket is a reply chain under its card; "
            "make it an admin with that right",
            extra={"event": "no_topics"},
        )
    was = str(named) if named != team else ""
    anybody = bool((chat.username or chat.linked_chat_id) and not chat.join_to_send_messages)
    if anybody:
        log.warning(
            "people who are not of the team can write in the team's group; make it private and link no channel to it",
            extra={"event": "open_team"},
        )
    return Team(str(team), bool(chat.is_forum and may), was), anybody


def _absent(team: int) -> OperatorError:
    return OperatorError("TELEGRAM_TEAM_CHAT", f"the bot is not in the group {team}; add it there as an admin")
