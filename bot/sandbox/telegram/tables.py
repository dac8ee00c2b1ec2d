"""The facts of the Bot API that the sandbox serves: methods, arguments, nested types and limits.

``tables.json`` holds Telegram's own wording of each type; a closing ``!`` marks what is required.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """One argument of a method, or one field of a nested type."""

    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its name in Telegram's spelling, its arguments, what it returns."""

    name: str
    arguments: Mapping[str, Field]
    returns: str


def _fields(raw: Mapping[str, str]) -> Mapping[str, Field]:
    return MappingProxyType({name: Field(kind.rstrip("!"), kind.endswith("!")) for name, kind in raw.items()})


def _load() -> dict[str, Any]:
    text = (files("bot.sandbox.telegram") / "tables.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


_RAW = _load()
METHODS: Mapping[str, Method] = MappingProxyType(
    {name.lower(): Method(name, _fields(raw["arguments"]), raw["returns"]) for name, raw in _RAW["methods"].items()}
)
TYPES: Mapping[str, Mapping[str, Field]] = MappingProxyType({name: _fields(raw) for name, raw in _RAW["types"].items()})

# Valid in the Bot API, but of features that the sandbox does not play.
NOT_PLAYED = frozenset(
    {
        "business_connection_id",
        "direct_messages_topic_id",
        "ephemeral_message_parameters",
        "inline_message_id",
        "rich_message",
        "suggested_post_parameters",
    }
)

LIMITS: Mapping[str, Any] = MappingProxyType(
    {
        "message_text_chars": 4096,
        "caption_chars": 1024,
        "callback_data_bytes": 64,
        "answer_callback_text_chars": 200,
        "copy_text_chars": 256,
        "start_payload_chars": 64,
        "bot_commands": 100,
        "command_name_chars": 32,
        "command_description_chars": 256,
        "bot_description_chars": 512,
        "bot_short_description_chars": 120,
        "media_group_items": (2, 10),
        "download_bytes": 20 * 1024 * 1024,
        "upload_bytes": 50 * 1024 * 1024,
        "bulk_messages_per_second": 30,
        "messages_per_second_per_chat": 1,
        "messages_per_minute_per_group": 20,
        "forum_topic_name_chars": 128,
        "general_topic_id": 1,
        "delete_message_hours": 48,
        "get_updates_limit": 100,
        "get_updates_timeout_s": 50,
        "update_retention_s": 86400,
        "webhook_ports": (443, 80, 88, 8443),
        "webhook_max_connections": (1, 100),
        "chat_action_s": 5,
        "message_entities": 100,
    }
)

# Not in any table of Telegram's: from the method texts and the server's source.
PHOTO_BYTES = 10 * 1024 * 1024
BOT_NAME_CHARS = 64
SECRET_CHARS = 256
KEYBOARD_BUTTONS = 100
FILE_LINK_S = 3600
CALLBACK_S = 15
CHAT_ACTIONS: frozenset[str] = frozenset(_RAW["chat_actions"])
TOPIC_COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
DICE = ("🎲", "🎯", "🏀", "⚽", "🎳", "🎰")
REACTIONS: frozenset[str] = frozenset(_RAW["reactions"])
ASKED_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
RIGHTS: frozenset[str] = frozenset(_RAW["rights"])
