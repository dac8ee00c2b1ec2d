"""Text with its formatting as data: never markup, so nobody's words can become any."""

from dataclasses import dataclass, replace
from typing import Literal

Style = Literal[
    "bold", "italic", "underline", "strike", "spoiler", "code", "pre", "quote", "link", "mention", "notify", "date"
]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of formatted characters: ``start`` and ``end`` count Unicode code points, ``end`` excluded."""

    kind: Style
    start: int
    end: int
    url: str = ""  # a link's; whose native id a mention has; a date's seconds since 1970, then its zone


@dataclass(frozen=True, slots=True)
class RichText:
    """Text with its formatting as data: never markup, so nobody's words can become any."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def __add__(self, other: "RichText") -> "RichText":
        moved = tuple(replace(s, start=s.start + len(self.text), end=s.end + len(self.text)) for s in other.spans)
        return RichText(self.text + other.text, self.spans + moved)

    def cut(self, start: int, end: int) -> "RichText":
        """Return the characters from ``start`` to ``end`` with the formatting that falls on them."""
        kept = (replace(s, start=max(s.start, start) - start, end=min(s.end, end) - start) for s in self.spans)
        return RichText(self.text[start:end], tuple(s for s in kept if s.start < s.end))

    def strip(self) -> "RichText":
        """Return the words without white space at either end."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(start, len(self.text.rstrip())))

    def apart_from_call(self) -> tuple["RichText", "RichText | None"]:
        """Return the words without a last line that only calls somebody, and that line, where there is one."""
        end = len(self.text)
        start = self.text.rfind("\n") + 1
        calls = [s for s in self.spans if s.kind == "notify" and s.start >= start]
        if not calls or sum(s.end - s.start + 1 for s in calls) - 1 != end - start:  # names with spaces between them
            return self, None
        return self.cut(0, max(0, start - 1)), self.cut(start, end)

    def __bool__(self) -> bool:
        return bool(self.text)


SILENCE = RichText()


def beginning_of(text: str, most: int) -> str:
    """Return the beginning of a text in whole words, at most so many characters; … says that there is more."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    whole = kept if text[most - 1].isspace() else kept.rpartition(" ")[0]
    return (whole if len(whole) * 2 > most else kept).rstrip(" ,.;:–—-") + "…"


def bold_text(text: str) -> RichText:
    """Return bold words."""
    return RichText(text, (Span("bold", 0, len(text)),) if text else ())


def join_lines(*parts: RichText) -> RichText:
    """Return the parts that say anything, one a line."""
    whole = RichText()
    for part in filter(None, parts):
        whole = whole + RichText("\n") + part if whole else part
    return whole
