"""Formatting between Telegram's entities (offsets in UTF-16 units) and our words (offsets in code points)."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Literal, get_args

from aiogram.types import MessageEntity

from handlers.messages import Span, Words

Style = Literal["bold", "italic", "underline", "strike", "spoiler", "code", "pre", "quote", "link"]
OURS: dict[str, Style] = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strike",
    "spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "quote",
    "expandable_blockquote": "quote",
    "text_link": "link",
}
THEIRS = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strike": "strikethrough",
    "spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "quote": "blockquote",
    "link": "text_link",
}
assert set(THEIRS) == set(get_args(Style))


def units(text: str) -> int:
    """Return a text's length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def words(text: str | None, entities: Iterable[MessageEntity] | None) -> Words:
    """Return what a person wrote as our words."""
    if not text:
        return Words()
    if not entities:
        return Words(text)
    points = _points(text)
    spans = [
        Span(OURS[e.type], points.get(e.offset, len(text)), points.get(e.offset + e.length, len(text)), e.url or "")
        for e in entities
        if e.type in OURS
    ]
    return Words(text, tuple(span for span in spans if span.start < span.end))


def _points(text: str) -> dict[int, int]:
    """Return the code point that starts at each UTF-16 offset."""
    offsets = accumulate((2 if ord(letter) > 0xFFFF else 1 for letter in text), initial=0)
    return {offset: point for point, offset in enumerate(offsets)}


def entities(said: Words) -> list[MessageEntity]:
    """Return our spans as Telegram's entities."""
    if not said.spans:
        return []
    text = said.text
    if text.isascii():
        starts: Sequence[int] = range(len(text) + 1)
    else:
        starts = list(accumulate((2 if ord(letter) > 0xFFFF else 1 for letter in text), initial=0))
    return [
        MessageEntity(
            type=THEIRS[s.kind], offset=starts[s.start], length=starts[s.end] - starts[s.start], url=s.url or None
        )
        for s in said.spans
        if s.start < s.end <= len(text)
    ]


def split(said: Words, limit: int) -> list[Words]:
    """Cut words into parts of at most ``limit`` UTF-16 units: at paragraph ends, else line ends, else spaces, else anywhere."""
    parts: list[Words] = []
    rest = said
    while units(rest.text) > limit:
        cut = _cut(rest.text, limit)
        parts.append(rest.cut(0, cut).strip())
        rest = rest.cut(cut, len(rest.text)).strip()
    parts.append(rest)
    return [part for part in parts if part] or [said]


def _cut(text: str, limit: int) -> int:
    """Return where to cut so that at most ``limit`` units stand before."""
    end = 0
    spent = 0
    for letter in text:
        spent += 2 if ord(letter) > 0xFFFF else 1
        if spent > limit:
            break
        end += 1
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, end // 2, end)
        if at > 0:
            return at
    return end
