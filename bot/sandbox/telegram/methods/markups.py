"""Keyboards: what may stand under a message."""

from typing import Any

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.model import Json
from bot.sandbox.telegram.tables import KEYBOARD_BUTTONS, LIMITS
from bot.sandbox.telegram.world import World

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)


def keyboard(world: World, args: Args) -> tuple[Json | None, Json | None]:
    """Return the inline keyboard and the other markup (reply keyboard, its removal, forced reply) of a call."""
    markup: Json | None = args.get("reply_markup")
    if not markup:
        return None, None
    if "inline_keyboard" not in markup:
        return None, markup
    rows = [[_button(world, args, button) for button in row] for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > KEYBOARD_BUTTONS:
        world.violate(args.method, "keyboard", f"more than {KEYBOARD_BUTTONS} buttons")
        raise ApiError(Refusal.MARKUP_TOO_LONG)
    return ({"inline_keyboard": rows} if rows else None), None


def _button(world: World, args: Args, button: Json) -> Json:
    given: dict[str, Any] = {name: value for name, value in button.items() if value is not None}
    if not given["text"].strip() or sum(name in given for name in ACTIONS) != 1:
        world.violate(args.method, "button", f"needs a text and exactly one action: {sorted(given)}")
        raise ApiError(Refusal.BUTTON_TYPE)
    data = given.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= LIMITS["callback_data_bytes"]:
        world.violate(args.method, "callback_data", f"{len(data.encode())} bytes")
        raise ApiError(Refusal.BUTTON_DATA_INVALID)
    if "copy_text" in given and not 1 <= len(given["copy_text"]["text"]) <= LIMITS["copy_text_chars"]:
        world.violate(args.method, "copy_text", "1-256 characters")
        raise ApiError(Refusal.BUTTON_TYPE)
    return given
