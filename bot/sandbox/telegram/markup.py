"""Telegram's HTML: tags in, text and entities out, with the server's own words for mistakes."""

import re
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType

from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.model import Json

TAGS: Mapping[str, str] = MappingProxyType(
    {
        "b": "bold",
        "strong": "bold",
        "i": "italic",
        "em": "italic",
        "u": "underline",
        "ins": "underline",
        "s": "strikethrough",
        "strike": "strikethrough",
        "del": "strikethrough",
        "tg-spoiler": "spoiler",
        "span": "spoiler",
        "a": "text_link",
        "tg-emoji": "custom_emoji",
        "code": "code",
        "pre": "pre",
        "blockquote": "blockquote",
    }
)
_TOKEN = re.compile(r"""<(/?)([^\s>]*)((?:"[^"]*"|'[^']*'|[^>"'])*)(>?)|&(?:#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot);?""")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>/"']+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


def units(text: str) -> int:
    """Return the length as Telegram counts it: in UTF-16 code units."""
    return len(text) + sum(char > "\uffff" for char in text)


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.text: list[str] = []
        self.offset = 0
        self.open: list[tuple[str, Json, int]] = []
        self.entities: list[Json] = []

    def fail(self, reason: str, at: int | None = None) -> ApiError:
        if at is not None:
            reason = f"{reason} at byte offset {len(self.source[:at].encode())}"
        return ApiError(Refusal.CANT_PARSE, reason=reason)

    def write(self, text: str) -> None:
        self.text.append(text)
        self.offset += units(text)

    def parse(self) -> tuple[str, list[Json]]:
        position = 0
        for token in _TOKEN.finditer(self.source):
            self.write(self.source[position : token.start()])
            position = token.end()
            if token[0].startswith("&"):
                self.write(unescape(token[0]))
            elif token[1]:
                self.close(token)
            else:
                self.start(token)
        self.write(self.source[position:])
        if self.open:
            raise self.fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.text), self.entities

    def start(self, token: re.Match[str]) -> None:
        name = token[2].lower()
        if not token[4]:
            raise self.fail("Unclosed start tag", token.start())
        if name not in TAGS:
            raise self.fail(f'Unsupported start tag "{name}"', token.start())
        attributes: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(token[3]):
            attributes[found[1].lower()] = unescape(found[2] or found[3] or found[4] or "")
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self.fail('Tag "span" must have class "tg-spoiler"', token.start())
        self.open.append((name, self.entity(name, attributes), self.offset))

    @staticmethod
    def entity(name: str, attributes: Mapping[str, str]) -> Json:
        entity: Json = {"type": TAGS[name]}
        if name == "a":
            entity["url"] = attributes.get("href", "")
        elif name == "tg-emoji":
            entity["custom_emoji_id"] = attributes.get("emoji-id", "")
        elif name == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif name == "code" and attributes.get("class", "").startswith("language-"):
            entity["language"] = attributes["class"].removeprefix("language-")
        return entity

    def close(self, token: re.Match[str]) -> None:
        if not self.open:
            raise self.fail("Unexpected end tag", token.start())
        if not token[4]:
            raise self.fail("Unclosed end tag", token.start())
        name, entity, offset = self.open.pop()
        found = token[2].lower()
        if found and found != name:
            at = len(self.source[: token.start()].encode())
            raise self.fail(f'Unmatched end tag at byte offset {at}, expected "</{name}>", found "</{found}>"')
        if self.offset > offset:
            self.add({**entity, "offset": offset, "length": self.offset - offset})

    def add(self, entity: Json) -> None:
        """Keep an entity; ``<pre><code class=…>`` is one block with a language, a link to nowhere is text."""
        span = (entity["offset"], entity["length"])
        last = self.entities[-1] if self.entities else {}
        if entity["type"] == "pre" and last.get("type") == "code" and span == (last["offset"], last["length"]):
            self.entities.pop()
            if "language" in last:
                entity["language"] = last["language"]
        if entity["type"] == "text_link" and not entity["url"]:
            return
        self.entities.append(entity)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return text and entities of an HTML source, or refuse it as the server does."""
    return _Parser(source).parse()
