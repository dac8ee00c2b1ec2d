"""Formatted text: parse modes, explicit entities, lengths, and what Telegram finds by itself."""

import re
from collections.abc import Sequence

from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.markup import parse_html, units
from bot.sandbox.telegram.model import Json

KINDS = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[A-Za-z]{2,}\b)"
    r"|(?P<mention>(?<![\w@])@\w{3,32}\b)"
    r"|(?P<url>\bhttps?://[^\s<>\"]+[^\s<>\".,!?)])"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
)


def detect(text: str) -> list[Json]:
    """Return the entities that Telegram finds in plain text."""
    if not any(sign in text for sign in "/@#"):
        return []
    return [
        {"type": found.lastgroup, "offset": units(text[: found.start()]), "length": units(found[0])}
        for found in _FOUND.finditer(text)
    ]


def _check(text: str, entities: Sequence[Json]) -> list[Json]:
    total = units(text)
    for entity in entities:
        offset, length = entity["offset"], entity["length"]
        if entity["type"] not in KINDS:
            raise ApiError(Refusal.CANT_PARSE, reason=f'Unsupported type "{entity["type"]}"')
        if offset < 0 or length <= 0 or offset + length > total:
            raise ApiError(Refusal.CANT_PARSE, reason="entity offset or length is out of the text")
        if entity["type"] == "text_link" and not entity.get("url"):
            raise ApiError(Refusal.CANT_PARSE, reason="text_link has no url")
    return [dict(entity) for entity in entities]


def _trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut the white space around a text, and the entities with it."""
    body = text.strip()
    if body == text:
        return text, entities
    lead, total = units(text[: len(text) - len(text.lstrip())]), units(body)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, total)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return body, kept


def formatted(text: str, parse_mode: str | None, entities: Sequence[Json] | None) -> tuple[str, list[Json]]:
    """Return the text as it will be shown, with all its entities."""
    text = text.replace("\r", "")
    if parse_mode:
        if parse_mode.lower() != "html":
            raise ApiError(Refusal.UNSUPPORTED_PARSE_MODE)
        text, marked = parse_html(text)
    else:
        marked = _check(text, entities or ())
    text, marked = _trim(text, marked)
    taken = [(e["offset"], e["offset"] + e["length"]) for e in marked if e["type"] in ("code", "pre", "text_link")]
    for entity in detect(text):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if (
            not any(start < other_end and other_start < end for other_start, other_end in taken)
            and entity not in marked
        ):
            marked.append(entity)
    marked.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, marked
