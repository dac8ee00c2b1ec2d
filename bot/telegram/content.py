"""What is in a message: its words, its files, and what Telegram itself says in it. Pure."""

from collections.abc import Callable, Iterator
from typing import Any

from aiogram.enums import ContentType
from aiogram.types import Checklist, Message, RichMessage

from bot.telegram.words import rich_text_from_telegram
from handlers.vocabulary.messages import File, RichText

PLAIN_FILES = ("document", "video", "animation", "audio", "voice", "video_note", "sticker")
# Said by Telegram, not by a person; of these only the upgrade of a group is news to us.
SERVICE = frozenset(
    kind
    for kind in ContentType
    if kind
    not in (
        *PLAIN_FILES,
        "text",
        "photo",
        "location",
        "venue",
        "contact",
        "dice",
        "poll",
        "story",
        "game",
        "invoice",
        "paid_media",
        "giveaway",
        "giveaway_winners",
        "checklist",
        "live_photo",
        "rich_message",
        "unknown",
    )
)


def message_rich_text(message: Message) -> RichText:
    """Return the words of a message, whatever they stand in."""
    if message.rich_message is not None:
        return rich_text_from_telegram("\n".join(_rich(message.rich_message)), None)
    if message.checklist is not None:
        return rich_text_from_telegram("\n".join(_listed(message.checklist)), None)
    return rich_text_from_telegram(message.text or message.caption, message.entities or message.caption_entities)


def _rich(message: RichMessage) -> Iterator[str]:
    """Yield the text of each block: its look does not cross, its words do."""
    for block in message.model_dump(exclude_none=True).get("blocks", ()):
        if text := "".join(_letters(block)).strip():
            yield text


def _letters(part: Any) -> Iterator[str]:
    """Yield every run of letters below a part of a rich message, in order."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for below in part:
            yield from _letters(below)
    elif isinstance(part, dict):
        for name in (
            "label",
            "title",
            "text",
            "caption",
            "summary",
            "blocks",
            "items",
            "cells",
            "credit",
            "expression",
        ):
            if name in part:
                yield from _letters(part[name])


def _listed(checklist: Checklist) -> Iterator[str]:
    yield checklist.title
    for task in checklist.tasks:
        yield f"{'☑' if task.completion_date else '☐'} {task.text}"


def message_files(message: Message) -> tuple[File, ...]:
    """Return everything in a message that is not text."""
    if message.photo:
        photo = max(message.photo, key=lambda size: size.width * size.height)
        return (File("photo", photo.file_id, size=photo.file_size or 0, unique=photo.file_unique_id),)
    for kind in PLAIN_FILES if not message.animation else ("animation",):
        if (found := getattr(message, kind)) is not None:
            return (
                File(
                    kind,
                    found.file_id,
                    getattr(found, "file_name", None) or "",
                    found.file_size or 0,
                    getattr(found, "mime_type", None) or "",
                    _facts(found),
                    unique=found.file_unique_id,
                ),
            )
    for kind, read in _READ.items():
        if getattr(message, kind) is not None:
            return (File(kind, facts=read(getattr(message, kind))),)
    return (
        () if message.text is not None else (File("other", facts={"content": ContentType(message.content_type).value}),)
    )


def _facts(found: Any) -> dict[str, Any]:
    return {
        name: value for name in ("duration", "title", "performer", "emoji") if (value := getattr(found, name, None))
    }


_READ: dict[str, Callable[[Any], dict[str, Any]]] = {
    "venue": lambda v: {
        "latitude": v.location.latitude,
        "longitude": v.location.longitude,
        "title": v.title,
        "address": v.address,
    },
    "location": lambda at: {"latitude": at.latitude, "longitude": at.longitude},
    "contact": lambda c: {"phone": c.phone_number, "first": c.first_name, "last": c.last_name or ""},
    "dice": lambda d: {"emoji": d.emoji, "value": d.value},
    "poll": lambda p: {"question": p.question, "options": [option.text for option in p.options]},
}
