"""What became of messages meanwhile, as their chat's history tells it: edits, deletions, emoji. Pure, with live events' keys."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.slack.events import VERBS, SlackContext, edit_event, message_event, parse_timestamp, reaction_event
from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.payloads import Among

Emoji = tuple[str, str]  # who, and which


def missed_message_events(message: Mapping[str, Any], known: SlackContext, since: datetime) -> list[Event]:
    """Return what a message of a chat's history tells: that it was said since then, or was edited since then."""
    found: list[Event | None] = []
    if parse_timestamp(str(message["ts"])) >= since:
        found.append(message_event(message, known))
    at = str((message.get("edited") or {}).get("ts") or "0")
    if parse_timestamp(at) >= since:
        found.append(edit_event(message, known))
    return [event for event in found if event is not None]


def deletion_event(chat: str, native: str, user: str, known: SlackContext, now: datetime) -> Event:
    """Return that somebody's message is gone."""
    channel = chat.partition("/")[0]
    return Event(
        Kind.DELETE, known.source, f"m:{channel}:{native}:deleted", channel if "/" in chat else chat, now, chat=chat,
        private=chat.startswith("D"), sender=known.sender(user), message=native,
        among=Among() if "/" in chat else None,
    )  # fmt: skip


def missed_reaction_events(
    card: Mapping[str, Any], heard: Iterable[Sequence[str]], known: SlackContext, since: datetime, now: datetime
) -> list[Event]:
    """Return which emoji were put on a card or taken away unheard; ``heard`` are the keys of those that were, in order."""
    last: dict[Emoji, str] = {}
    for _, _, native, user, name, sign, _ in heard:
        if native == card["ts"]:
            last[user, name] = sign
    there = {
        (str(user), name)
        for each in card.get("reactions") or ()
        for user in each.get("users") or ()
        if (name := str(each.get("name")).partition("::")[0]) in VERBS and user != known.bot_user
    }
    missed = [(who, "+") for who in sorted(there) if last.get(who) != "+"]
    missed += [(who, "-") for who, sign in sorted(last.items()) if sign == "+" and who not in there]
    stamp = f"{since.timestamp():.6f}"
    return [
        reaction_event(known, str(card["channel"]), str(card["ts"]), user, name, sign, stamp, now)
        for (user, name), sign in missed
    ]
