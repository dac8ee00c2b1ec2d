"""What Telegram shows of us without our saying it: the command menus, and what stands in an empty chat and in the profile."""

import logging
from collections.abc import Iterator, Sequence
from functools import cache

from aiogram import Bot, methods
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.methods.base import TelegramMethod
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from handlers.contents import CONTENTS
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator
from storage.models import Role

log = logging.getLogger("frontdesk.telegram")

HELP, SHORT, LONG = 256, 120, 512  # characters of a command's line, of the profile's and of the empty chat's (Bot API)


async def put_up(bot: Bot, team: int | None, language: str) -> None:
    """Put up the menus in each language, and the descriptions where the operator has written none."""
    for menu in command_menus(team, language):
        await _unless_refused(bot, menu)
    await set_bot_descriptions(bot, language)


def command_menus(team: int | None, language: str) -> Iterator[TelegramMethod[bool]]:
    """Yield requesters' menus in private chats and agents' in the team's group; who has another language sees the desk's."""
    scopes = {
        Role.REQUESTER: BotCommandScopeAllPrivateChats(),
        Role.AGENT: BotCommandScopeAllChatAdministrators() if team is None else BotCommandScopeChat(chat_id=team),
    }
    for code in (None, *LANGUAGES):
        reader = Locale(code or language)
        for role, scope in scopes.items():
            yield methods.SetMyCommands(commands=list(_commands(role, reader)), scope=scope, language_code=code)


@cache
def _commands(role: Role, reader: Locale) -> Sequence[BotCommand]:
    speech = Translator()
    return [
        BotCommand(command=route.name, description=speech.say(phrase(route.help), reader)[:HELP])
        for route in CONTENTS.router.commands(role)
        if route.name.isidentifier() and (role is Role.REQUESTER or route.role is not Role.REQUESTER)
    ]


async def set_bot_descriptions(bot: Bot, language: str) -> None:
    """Say who we are where nothing is said yet; what an operator wrote at @BotFather stays."""
    speech = Translator()
    long = {code: speech.say(phrase("bot.description"), Locale(code))[:LONG] for code in LANGUAGES}
    short = {code: speech.say(phrase("bot.short"), Locale(code))[:SHORT] for code in LANGUAGES}
    for code in (None, *LANGUAGES):
        said = (await bot.get_my_description(code)).description
        wanted = long[code or language]
        if said != wanted and said in ("", *long.values()):  # without one of its own a language shows the default
            await _unless_refused(bot, methods.SetMyDescription(description=wanted, language_code=code))
        said = (await bot.get_my_short_description(code)).short_description
        wanted = short[code or language]
        if said != wanted and said in ("", *short.values()):
            await _unless_refused(bot, methods.SetMyShortDescription(short_description=wanted, language_code=code))


async def _unless_refused(bot: Bot, call: TelegramMethod[bool]) -> None:
    """Make a call that a desk can do without."""
    try:
        await bot(call)
    except (TelegramBadRequest, TelegramRetryAfter) as error:
        log.warning("%s was refused: %s", type(call).__name__, error.message, extra={"event": "menu_refused"})
