"""What the bot says of itself: its name, descriptions, commands and menu button."""

import json
import re

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.methods.registry import serves
from bot.sandbox.telegram.model import Json
from bot.sandbox.telegram.tables import BOT_NAME_CHARS, LIMITS
from bot.sandbox.telegram.world import World

TEXTS = {
    "name": BOT_NAME_CHARS,
    "description": LIMITS["bot_description_chars"],
    "short_description": LIMITS["bot_short_description_chars"],
}
COMMAND = re.compile(rf"[a-z0-9_]{{1,{LIMITS['command_name_chars']}}}")


@serves("getMe")
def get_me(world: World, args: Args) -> Json:
    """Return who the bot is."""
    return world.bot.user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


@serves("logOut", "close")
def log_out(world: World, args: Args) -> bool:
    """Say yes; on loopback there is nothing to leave."""
    return True


def _field(args: Args) -> str:
    return next(
        name for name in ("short_description", "description", "name") if name.replace("_", "") in args.method.lower()
    )


@serves("setMyName", "setMyDescription", "setMyShortDescription")
def set_text(world: World, args: Args) -> bool:
    """Set the name or a description in one language; empty takes it away."""
    field = _field(args)
    text: str = args.get(field, "")
    if len(text) > TEXTS[field]:
        world.violate(args.method, field, f"{len(text)} characters")
        raise ApiError(Refusal.WRONG_VALUE, what=f"{field} is too long")
    world.profile.texts[field, args.get("language_code", "")] = text
    world.changes.touch()
    return True


@serves("getMyName", "getMyDescription", "getMyShortDescription")
def get_text(world: World, args: Args) -> Json:
    """Return the name or a description, in the language or else the default."""
    field, texts = _field(args), world.profile.texts
    default = texts.get((field, ""), world.bot.first_name if field == "name" else "")
    return {field: texts.get((field, args.get("language_code", ""))) or default}


def _key(args: Args) -> tuple[str, str]:
    scope: Json = args.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), args.get("language_code", "")


@serves("setMyCommands")
def set_my_commands(world: World, args: Args) -> bool:
    """Set the command menu of one scope and language."""
    commands: list[Json] = args["commands"]
    if len(commands) > LIMITS["bot_commands"]:
        world.violate(args.method, "commands", f"{len(commands)} commands")
        raise ApiError(Refusal.WRONG_VALUE, what="BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"]):
            world.violate(args.method, "command", command["command"])
            raise ApiError(Refusal.WRONG_VALUE, what="BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= LIMITS["command_description_chars"]:
            world.violate(args.method, "description", command["command"])
            raise ApiError(Refusal.WRONG_VALUE, what="BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile.commands[_key(args)] = commands
    world.changes.touch()
    return True


@serves("getMyCommands")
def get_my_commands(world: World, args: Args) -> list[Json]:
    """Return the command menu of exactly this scope and language."""
    return world.profile.commands.get(_key(args), [])


@serves("deleteMyCommands")
def delete_my_commands(world: World, args: Args) -> bool:
    """Take a command menu away."""
    world.profile.commands.pop(_key(args), None)
    world.changes.touch()
    return True


@serves("setChatMenuButton")
def set_chat_menu_button(world: World, args: Args) -> bool:
    """Set the button beside the text field, for one chat or all."""
    button: Json = args.get("menu_button") or {"type": "default"}
    if "chat_id" in args:
        world.chat(args["chat_id"]).menu_button = button
    else:
        world.profile.menu_button = button
    world.changes.touch()
    return True


@serves("getChatMenuButton")
def get_chat_menu_button(world: World, args: Args) -> Json:
    """Return the button beside the text field."""
    own = world.chat(args["chat_id"]).menu_button if "chat_id" in args else None
    return own or world.profile.menu_button
