"""The facts of Slack that the sandbox serves: methods, arguments, errors, scopes, rate tiers and limits.

``tables.json`` holds Slack's own words; a closing ``!`` marks a required argument, tier 0 a special rate.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a method."""

    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the Web API."""

    name: str
    arguments: Mapping[str, Argument]
    errors: frozenset[str]
    scopes: frozenset[str]
    tier: int


def _method(name: str, raw: dict[str, Any]) -> Method:
    arguments = {key: Argument(kind.rstrip("!"), kind.endswith("!")) for key, kind in raw["arguments"].items()}
    errors, scopes = frozenset(raw["errors"]), frozenset(raw["scopes"])
    return Method(name, MappingProxyType(arguments), errors, scopes, raw["tier"])


_RAW: dict[str, Any] = json.loads((files("bot.sandbox.slack") / "tables.json").read_text("utf-8"))
METHODS: Mapping[str, Method] = MappingProxyType({name: _method(name, raw) for name, raw in _RAW["methods"].items()})
COMMON_ERRORS: frozenset[str] = frozenset(_RAW["common_errors"])

# Answered by the real service, though its pages do not list them with the method.
SEEN_ERRORS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "chat.postMessage": frozenset({"invalid_thread_ts", "restricted_action", "cannot_dm_bot"}),
        "chat.postEphemeral": frozenset({"invalid_thread_ts", "msg_blocks_too_long"}),
        "chat.update": frozenset({"is_archived", "msg_blocks_too_long"}),
        "reactions.add": frozenset({"not_in_channel"}),
        "views.publish": frozenset({"user_not_found"}),
        "conversations.replies": frozenset({"not_in_channel"}),
        "files.completeUploadExternal": frozenset({"is_archived", "thread_not_found"}),
    }
)
# Sent by every client library, and of no meaning to one workspace.
ALWAYS_ALLOWED = frozenset({"token", "team_id", "container_id", "app_token", "pretty"})
JSON_ARGUMENTS = frozenset({"array", "object"})

LIMITS: Mapping[str, Any] = MappingProxyType(
    {
        "ack_s": 3,
        "event_retries": 3,
        "socket_connections": 10,
        "signature_age_s": 300,
        "text_chars": 40000,
        "update_text_chars": 4000,
        "markdown_text_chars": 12000,
        "blocks_per_message": 50,
        "blocks_per_view": 100,
        "message_blocks_total_chars": 13200,
        "attachments": 100,
        "view_bytes": 256000,
        "section_text": 3000,
        "section_fields": 10,
        "header_text": 150,
        "context_elements": 10,
        "actions_elements": 25,
        "input_label": 2000,
        "block_id": 255,
        "action_id": 255,
        "button_text": 75,
        "button_value": 2000,
        "button_url": 3000,
        "overflow_options": [1, 5],
        "select_options": 100,
        "option_text": 75,
        "option_value": 150,
        "option_description": 75,
        "checkbox_radio_options": 10,
        "plain_text_input_max": 3000,
        "placeholder": 150,
        "confirm": {"title": 100, "text": 300, "confirm": 30, "deny": 30},
        "view_title": 24,
        "callback_id": 255,
        "private_metadata": 3000,
        "external_id": 255,
        "view_stack": 3,
        "trigger_id_s": 3,
        "response_url": {"uses": 5, "minutes": 30},
        "tiers": {"Tier1": 1, "Tier2": 20, "Tier3": 50, "Tier4": 100},
        "file_bytes": 1073741824,
        "conversations_open_users": 8,
        "metadata_bytes": 16384,
    }
)

# Seconds after which an event that nobody acknowledged is sent again.
RETRY_AFTER = (0, 60, 300)
SECTION_FIELD = 2000
FILE_CHANNELS = 100
POST_PER_SECOND, POST_BURST = 1.0, 5
SPECIAL_PER_MINUTE = 600

# Kind of conversation → the word its scopes begin with.
FAMILY: Mapping[str, str] = MappingProxyType({"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"})

# What an app of this kind asks for; a test may take any away.
SCOPES: frozenset[str] = frozenset(_RAW["scopes"])

# Kind of event → what the bot must be allowed to hear it; {family} is the conversation's.
EVENT_SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "message": "{family}:history",
        "app_mention": "app_mentions:read",
        "reaction_added": "reactions:read",
        "reaction_removed": "reactions:read",
        "file_shared": "files:read",
        "file_deleted": "files:read",
        "member_joined_channel": "{family}:read",
        "member_left_channel": "{family}:read",
        "channel_left": "channels:read",
        "group_left": "groups:read",
        "group_archive": "groups:read",
        "group_unarchive": "groups:read",
        "channel_archive": "channels:read",
        "channel_unarchive": "channels:read",
        "channel_id_changed": "{family}:read",
        "team_join": "users:read",
        "user_change": "users:read",
    }
)

# What the app's manifest offers besides messages: docs/slack-manifest.yaml.
COMMANDS: tuple[str, ...] = ("/desk",)
SHORTCUTS: tuple[Mapping[str, str], ...] = (
    {"name": "New request", "kind": "global", "callback_id": "new_request"},
    {"name": "Make a request from this", "kind": "message", "callback_id": "request_from_message"},
)
