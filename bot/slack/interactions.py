"""What people press, submit and command becomes an event. Pure, as events are."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.slack.events import SlackContext, conversation_key, parse_timestamp
from bot.slack.files import shared_files
from bot.slack.words import rich_text_from_slack
from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.modals import NOTHING
from handlers.vocabulary.payloads import Among, Submission
from handlers.vocabulary.stored_text import FILES

Payload = Mapping[str, Any]


def interaction_event(body: Payload, known: SlackContext, now: datetime) -> Event | None:
    """Return the event of a press, a shortcut or a modal's submission."""
    match body.get("type"):
        case "block_actions" if (body.get("view") or {}).get("type") != "modal":
            return _press(body, known)
        case "shortcut" | "message_action":
            return _shortcut(body, known, now)
        case "view_submission":
            return _submission(body, known, now)
    return None


def _press(body: Payload, known: SlackContext) -> Event | None:
    action = body["actions"][0]
    chosen = action.get("value") or (action.get("selected_option") or {}).get("value") or ""
    name, _, value = str(chosen).partition(":")
    place = body.get("container") or {}
    channel, message = str(place.get("channel_id") or ""), str(place.get("message_ts") or "")
    user = str(body["user"]["id"])
    private = not channel or channel.startswith("D")
    passing = not private and channel != known.team_channel
    chat = f"{channel}/{place.get('thread_ts') or message}" if passing else channel or f"@{user}"
    return Event(
        Kind.PRESS, known.source, f"p:{body.get('trigger_id')}:{action.get('action_ts')}",
        conversation_key(channel, message) if channel == known.team_channel else channel or chat,
        parse_timestamp(str(action["action_ts"])), chat=chat, private=private,
        sender=known.sender(user, channel if channel.startswith("D") else ""), message=message, name=name, value=value,
        interaction=str(body.get("trigger_id") or ""), passing=passing, modal=True, native_user=user,
        hung_on=str(place.get("thread_ts") or ""),
        menu=action.get("type") == "static_select", among=Among(thread=message) if passing else None,
    )  # fmt: skip


def _shortcut(body: Payload, known: SlackContext, now: datetime) -> Event:
    user = str(body["user"]["id"])
    message = body.get("message")
    quoted = rich_text_from_slack(message, known.names).text if message else ""
    return Event(
        Kind.COMMAND, known.source, f"s:{body.get('trigger_id')}", f"@{user}", now, chat=f"@{user}",
        sender=known.sender(user), name="new", interaction=str(body.get("trigger_id") or ""), modal=True, quoted=quoted,
        native_user=user,
    )  # fmt: skip


def _submission(body: Payload, known: SlackContext, now: datetime) -> Event:
    view, user = body["view"], str(body["user"]["id"])
    about = json.loads(view.get("private_metadata") or "{}")
    return Event(
        Kind.SUBMIT, known.source, f"v:{view['id']}:{view.get('hash')}", f"@{user}", now,
        chat=str(about.get("chat") or f"@{user}"),
        private=bool(about.get("private", True)), sender=known.sender(user),
        name=str(view.get("callback_id")),
        value=str(about.get("draft") or ""), submission=Submission(modal_answers(view, known)), native_user=user,
    )  # fmt: skip


def modal_answers(view: Payload, known: SlackContext) -> dict[str, Any]:
    """Return what a modal holds now, by field."""
    found: dict[str, Any] = {}
    for block, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            found[block] = _answer(element, known)
    return found


def _answer(element: Payload, known: SlackContext) -> Any:
    match element.get("type"):
        case "static_select" | "radio_buttons":
            chosen = str((element.get("selected_option") or {}).get("value") or "")
            return "" if chosen == NOTHING else chosen
        case "checkboxes":
            return ",".join(str(option["value"]) for option in element.get("selected_options") or ())
        case "datepicker":
            return str(element.get("selected_date") or "")
        case "file_input":
            return FILES.dump_python(shared_files(element, known.source, known.hosts), mode="json")
    return str(element.get("value") or "")


def command_event(body: Payload, known: SlackContext, now: datetime) -> Event:
    """Return the event of ``/desk …``: the first word is the command."""
    name, _, value = str(body.get("text") or "").strip().partition(" ")
    channel, user = str(body.get("channel_id") or ""), str(body["user_id"])
    team = channel == known.team_channel
    private = channel.startswith("D") or not channel
    chat = channel if team or (private and channel) else f"@{user}"
    said = rich_text_from_slack({"text": value.strip()}, known.names)
    return Event(
        Kind.COMMAND, known.source, f"c:{body.get('trigger_id')}", chat, now, chat=chat, private=not team,
        sender=known.sender(user, channel if channel.startswith("D") else ""), name=(name or "help").lower(), value=said.text,
        words=said, interaction=str(body.get("trigger_id") or ""), modal=True, native_user=user,
        among=None if team or private else Among(asked_in=channel, title=str(body.get("channel_name") or "")),
    )  # fmt: skip
