"""Formatting between Slack's rich text and our words.

Out goes rich text, which parses nothing: no requester's word can become a mention, a link or markup. In comes rich text
where the client sent it, else the older mark-up of plain ``text``.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from handlers.vocabulary.messages import RichText, Span

STYLES = {"bold": "bold", "italic": "italic", "strike": "strike", "code": "code"}
WHEN = "{date_short_pretty}, {time}"
FALLBACK = 3900  # characters; chat.update refuses over 4,000
_USER = re.compile(r"[UW][A-Z0-9]{5,}")
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")

Block = dict[str, Any]
Names = Mapping[str, str]  # user id → name, for mentions


def escaped_text(text: str) -> str:
    """Return text with the three characters that begin Slack's mark-up disarmed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fallback_text(said: RichText) -> str:
    """Return words for notifications and screen readers: plain, disarmed text, as much as ``chat.update`` takes."""
    text = said.text
    while len(escaped_text(text)) > FALLBACK:
        text = text[: len(text) * FALLBACK // (len(escaped_text(text)) + 1)].rstrip() + "…"
    return escaped_text(text)


# Out


def rich_text(said: RichText) -> Block:
    """Return words as one rich text block."""
    elements: list[Block] = []
    for start, end, box in _boxes(said):
        inner = _section(said, start, end, box)
        if inner:
            elements.append({"type": _BOX[box], "elements": inner})
    return {"type": "rich_text", "elements": elements or [{"type": "rich_text_section", "elements": []}]}


_BOX = {"": "rich_text_section", "pre": "rich_text_preformatted", "quote": "rich_text_quote"}


def _boxes(said: RichText) -> list[tuple[int, int, str]]:
    """Return the stretches of a text that stand in a section, a quote or a preformatted box."""
    found: list[tuple[int, int, str]] = []
    at = 0
    for span in sorted((s for s in said.spans if s.kind in ("pre", "quote")), key=lambda s: s.start):
        if span.start < at:
            continue
        if span.start > at:
            found.append((at, span.start, ""))
        found.append((span.start, span.end, span.kind))
        at = span.end
    if at < len(said.text):
        found.append((at, len(said.text), ""))
    return found


def _section(said: RichText, start: int, end: int, box: str) -> list[Block]:
    """Return a stretch as text and link elements, cut where the formatting changes."""
    spans = [s for s in said.spans if s.kind not in ("pre", "quote")]
    edges = sorted({start, end, *(min(max(edge, start), end) for s in spans for edge in (s.start, s.end))})
    elements = [_piece(said, a, b, spans, box) for a, b in pairwise(edges)]
    return [element for element in elements if element]


def _piece(said: RichText, start: int, end: int, spans: Sequence[Span], box: str) -> Block:
    text = said.text[start:end]
    if not text:
        return {}
    here = [s for s in spans if s.start <= start and s.end >= end]
    style = {} if box == "pre" else {STYLES[s.kind]: True for s in here if s.kind in STYLES}
    url = next((s.url for s in here if s.kind == "link" and s.url.startswith(("http://", "https://", "mailto:"))), "")
    known = next((s.url for s in here if s.kind == "notify" and _USER.fullmatch(s.url)), "")
    date = next((s.url.partition(" ")[0] for s in here if s.kind == "date"), "")
    if date.isdecimal():  # shown in the zone of whoever looks; the words are for where that cannot be
        return {"type": "date", "timestamp": int(date), "format": WHEN, "fallback": text}
    if known:  # only we notify people: a mention in anybody's words is drawn as the name it is
        return {"type": "user", "user_id": known} if said.text[start:end] else {}
    element: Block = {"type": "link", "url": url, "text": text} if url else {"type": "text", "text": text}
    return {**element, "style": style} if style else element


# In


def rich_text_from_slack(message: Mapping[str, Any], names: Names) -> RichText:
    """Return what a person wrote as our words."""
    blocks = [block for block in message.get("blocks") or () if block.get("type") == "rich_text"]
    if blocks:
        writer = _Writer(names)
        for block in blocks:
            writer.boxes(block.get("elements") or ())
        return RichText(writer.text, tuple(writer.spans)).strip()  # which drops spans of nothing, too
    return rich_text_from_mrkdwn(str(message.get("text") or ""), names)


def shared_messages(message: Mapping[str, Any], names: Names) -> list[tuple[str, RichText]]:
    """Return what a message passes on: whose words, and where they were said, with the words; a link's preview is nobody's."""
    found: list[tuple[str, RichText]] = []
    for each in message.get("attachments") or ():
        if isinstance(each, Mapping) and each.get("is_share"):
            said = rich_text_from_mrkdwn(str(each.get("text") or ""), names)
            author = " ".join(str(each.get("author_subname") or each.get("author_name") or "…").split())
            channel = str(each.get("channel_name") or "")
            if said:
                found.append((f"{author} · #{channel}" if channel else author, said))
    return found


def pasted_table_rows(message: Mapping[str, Any]) -> list[str]:
    """Return the rows of pasted tables, a line each, wherever they stand in a message."""
    attached = [each for each in message.get("attachments") or () if isinstance(each, Mapping)]
    blocks = [
        block for part in (message, *attached) for block in part.get("blocks") or () if isinstance(block, Mapping)
    ]
    rows = [row for block in blocks if block.get("type") == "table" for row in block.get("rows") or ()]
    return [" · ".join(_letters(cell) for cell in row if isinstance(cell, Mapping)) for row in rows]


def _letters(part: Any) -> str:
    """Return every run of letters below a cell, in order."""
    if isinstance(part, Mapping):
        own = part.get("text")
        return own if isinstance(own, str) else "".join(_letters(each) for each in (own, *(part.get("elements") or ())))
    return "".join(_letters(each) for each in part) if isinstance(part, list | tuple) else ""


class _Writer:
    """Walks rich text once."""

    def __init__(self, names: Names) -> None:
        self.text = ""
        self.spans: list[Span] = []
        self._names = names

    def boxes(self, elements: Sequence[Mapping[str, Any]]) -> None:
        """Write sections, quotes, preformatted boxes and lists."""
        for element in elements:
            match element.get("type"):
                case "rich_text_list":
                    self._list(element)
                case "rich_text_quote":
                    self._box(element, "quote")
                case "rich_text_preformatted":
                    self._box(element, "pre")
                case _:
                    self.line(element.get("elements") or ())

    def _list(self, element: Mapping[str, Any]) -> None:
        indent = "  " * int(element.get("indent") or 0)
        for number, item in enumerate(element.get("elements") or (), 1 + int(element.get("offset") or 0)):
            self._newline()
            self.text += indent + (f"{number}. " if element.get("style") == "ordered" else "• ")
            self.line(item.get("elements") or ())
        self._newline()

    def _box(self, element: Mapping[str, Any], kind: Any) -> None:
        self._newline()
        start = len(self.text)
        self.line(element.get("elements") or ())
        self.spans.append(Span(kind, start, len(self.text)))
        self._newline()

    def _newline(self) -> None:
        if self.text and not self.text.endswith("\n"):
            self.text += "\n"

    def line(self, elements: Sequence[Mapping[str, Any]]) -> None:
        """Write text, links, mentions and emoji."""
        for element in elements:
            start = len(self.text)
            self.text += self._shown(element)
            for name, kind in STYLES.items():
                if (element.get("style") or {}).get(name):
                    self.spans.append(Span(kind, start, len(self.text)))  # type: ignore[arg-type]
            if element.get("type") == "link" and element.get("text"):
                self.spans.append(Span("link", start, len(self.text), str(element["url"])))
            if element.get("type") == "user":
                self.spans.append(Span("mention", start, len(self.text), str(element.get("user_id") or "")))

    def _shown(self, element: Mapping[str, Any]) -> str:
        match element.get("type"):
            case "text":
                return str(element.get("text") or "")
            case "link":
                return str(element.get("text") or element.get("url") or "")
            case "user":
                return f"@{self._names.get(str(element.get('user_id')), str(element.get('user_id')))}"
            case "channel":
                return f"#{element.get('channel_id')}"
            case "broadcast":
                return f"@{element.get('range')}"
            case "usergroup":
                return f"@{element.get('usergroup_id')}"
            case "emoji":
                return _emoji(element)
            case "date":
                return str(element.get("fallback") or "")
        return ""


def _emoji(element: Mapping[str, Any]) -> str:
    """Return an emoji as itself where Slack gives its code, else by its name."""
    code = str(element.get("unicode") or "")
    try:
        return "".join(chr(int(point, 16)) for point in code.split("-")) if code else f":{element.get('name')}:"
    except ValueError:
        return f":{element.get('name')}:"


def rich_text_from_mrkdwn(text: str, names: Names) -> RichText:
    """Return Slack's plain ``text`` as words: links kept as links, mentions as names, escapes decoded last."""
    said, at = RichText(), 0
    for found in _LINK.finditer(text):
        said = said + RichText(_decoded(text[at : found.start()])) + _reference(found[1], found[2], names)
        at = found.end()
    return (said + RichText(_decoded(text[at:]))).strip()


def _reference(target: str, label: str | None, names: Names) -> RichText:
    if target.startswith("@"):
        shown = f"@{names.get(target[1:], label or target[1:])}"
        return RichText(shown, (Span("mention", 0, len(shown), target[1:]),))
    if target.startswith("#"):
        return RichText(f"#{label or target[1:]}")
    if target.startswith("!"):
        return RichText(f"@{label or target[1:].partition('^')[0]}")
    shown = _decoded(label or target)
    return RichText(shown, (Span("link", 0, len(shown), _decoded(target)),) if label else ())


def _decoded(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def split_for_slack(said: RichText, limit: int) -> list[RichText]:
    """Cut words into parts of at most ``limit`` characters: at paragraph ends, else line ends, else spaces."""
    parts: list[RichText] = []
    rest = said
    while len(rest.text) > limit:
        marks = (rest.text.rfind(mark, limit // 2, limit) for mark in ("\n\n", "\n", " "))
        cut = next((at for at in marks if at > 0), limit)
        parts.append(rest.cut(0, cut).strip())
        rest = rest.cut(cut, len(rest.text)).strip()
    return [*parts, rest] if rest or not parts else parts
