"""Formatting between Telegram's entities (offsets in UTF-16 units) and our words (offsets in code points)."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Literal, get_args

from aiogram.types import MessageEntity, User

from handlers.vocabulary.messages import RichText, Span

Style = Literal["bold", "italic", "underline", "strike", "spoiler", "code", "pre", "quote", "link", "notify"]
OURS: dict[str, Literal[Style, "mention"]] = {
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
    "text_mention": "mention",
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
    "notify": "text_mention",  # only we notify somebody: a mention of theirs is drawn as the name it is
}
SCHEMES = ("http://", "https://", "mailto:", "tel:", "tg://")
assert set(THEIRS) == set(get_args(Style))  # a date is plain words with their zone, and a mention is a plain name


def utf16_length(text: str) -> int:
    """Return a text's length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def rich_text_from_telegram(text: str | None, entities: Iterable[MessageEntity] | None) -> RichText:
    """Return what a person wrote as our words."""
    if not text:
        return RichText()
    text = text.replace("\x00", "\ufffd")  # no database keeps it, and nobody can see it
    if not entities:
        return RichText(text)
    points = _points(text)
    spans = [
        Span(OURS[e.type], points.get(e.offset, len(text)), points.get(e.offset + e.length, len(text)), _where(e))
        for e in entities
        if e.type in OURS
    ]
    return RichText(text, tuple(span for span in spans if span.start < span.end))


def _where(entity: MessageEntity) -> str:
    """Return where a span leads: a link's address, or the native id of whom a mention means."""
    return entity.url or (str(entity.user.id) if entity.user else "")


def _points(text: str) -> dict[int, int]:
    """Return the code point that starts at each UTF-16 offset."""
    offsets = accumulate((2 if ord(letter) > 0xFFFF else 1 for letter in text), initial=0)
    return {offset: point for point, offset in enumerate(offsets)}


def message_entities(said: RichText) -> list[MessageEntity]:
    """Return our spans as Telegram's entities."""
    if not said.spans:
        return []
    text = said.text
    if text.isascii():
        starts: Sequence[int] = range(len(text) + 1)
    else:
        starts = list(accumulate((2 if ord(letter) > 0xFFFF else 1 for letter in text), initial=0))
    return [
        _entity(s, starts[s.start], starts[s.end] - starts[s.start])
        for s in said.spans
        if s.start < s.end <= len(text) and s.kind in THEIRS and _leads(s)
    ]


def rich_text_with_zones(said: RichText) -> RichText:
    """Return words with the zone behind each time: whoever reads them may be elsewhere."""
    for span in sorted((s for s in said.spans if s.kind == "date"), key=lambda s: -s.end):
        zone = span.url.partition(" ")[2]
        said = said.cut(0, span.end) + RichText(f" {zone}" if zone else "") + said.cut(span.end, len(said.text))
    return said


def _leads(span: Span) -> bool:
    """Return whether a span that leads somewhere says where; a link to ``tg://user`` would be a mention."""
    if span.kind == "notify":
        return span.url.isdecimal()
    url = span.url.lower()
    return span.kind != "link" or (url.startswith(SCHEMES) and not url.startswith("tg://user"))


def _entity(span: Span, offset: int, length: int) -> MessageEntity:
    if span.kind == "notify":
        user = User(id=int(span.url), is_bot=False, first_name="")
        return MessageEntity(type="text_mention", offset=offset, length=length, user=user)
    return MessageEntity(type=THEIRS[span.kind], offset=offset, length=length, url=span.url or None)


def split_for_telegram(said: RichText, limit: int) -> list[RichText]:
    """Cut words into parts of at most ``limit`` UTF-16 units: at paragraph ends, else line ends, else spaces, else anywhere.

    No part is blank, for nobody can send one; blank words have no parts.
    """
    parts: list[RichText] = []
    rest = said
    while utf16_length(rest.text) > limit:
        cut = _cut(rest.text, limit)
        parts.append(rest.cut(0, cut).strip())
        rest = rest.cut(cut, len(rest.text)).strip()
    parts.append(rest)
    return [part for part in parts if part.text.strip()]


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
