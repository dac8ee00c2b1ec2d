"""Reading mrkdwn as Slack's apps do: what is shown, and what of it is active (mentions, links, markup)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bot.sandbox.slack.dates import formatted

Kind = Literal["text", "user", "channel", "usergroup", "broadcast", "date", "link", "bare_url", "emoji", "unknown"]
Names = Callable[[str], str]
MENTIONS = frozenset({"user", "channel", "usergroup", "broadcast"})
BROADCASTS = frozenset({"channel", "here", "everyone", "group"})

CONTROL = re.compile(r"<([^<>\n]+)>")
BARE_URL = re.compile(r"\bhttps?://[^\s<>|\"'`*~]+[^\s<>|\"'`*~.,;:!?)\]}]|\bmailto:\S+@\S+\w")
EMOJI = re.compile(r"(?<![\w:]):([a-z0-9_+'-]+):(?![\w:])")
LINKED_NAME = re.compile(r"(?<![\w@#])([@#])([a-z0-9][a-z0-9._-]*)", re.IGNORECASE)
MARKS: Mapping[str, str] = MappingProxyType({"*": "bold", "_": "italic", "~": "strike"})
STYLED = re.compile(r"(?<!\w)([*_~])(?=\S)([^\n]*?\S)\1(?!\w)")
CODE = re.compile(r"```(.+?)```|(?<!`)`([^`\n]+)`(?!`)", re.DOTALL)
QUOTE = re.compile(r"^(?:&gt;|>){1,3} ?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one kind and one set of styles."""

    kind: Kind
    shown: str
    value: str = ""
    styles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Active:
    """Something in a message that does more than stand there: ``kind`` is a mention, a link, a style, a date, an emoji."""

    kind: str
    value: str
    shown: str


def unescape(text: str) -> str:
    """Return escaped text as it is shown."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """Return what was typed as Slack's apps send it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def parse(text: str, names: Names = str) -> list[Run]:
    """Return the pieces of an mrkdwn text, as an app draws them."""
    return list(Reader(names).blocks(text))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads for one reader: by their time zone; ``link_names`` makes mentions of plain words, ``verbatim`` no links."""

    names: Names = str
    verbatim: bool = False
    link_names: bool = False
    tz: str = "UTC"

    def blocks(self, text: str) -> Iterator[Run]:
        """Cut code out first: nothing else is read inside it."""
        at = 0
        for found in CODE.finditer(text):
            yield from self.quotes(text[at : found.start()])
            style = "pre" if found[1] is not None else "code"
            inside = found[1] if found[1] is not None else found[2]
            yield from self.controls(inside, frozenset({style}))
            at = found.end()
        yield from self.quotes(text[at:])

    def quotes(self, text: str) -> Iterator[Run]:
        """Take the marks of quotations away, line by line."""
        for line in text.splitlines(keepends=True):
            mark = QUOTE.match(line)
            if mark is None:
                yield from self.styled(line, frozenset())
            else:
                yield from self.styled(line[mark.end() :], frozenset({"quote"}))

    def styled(self, text: str, styles: frozenset[str]) -> Iterator[Run]:
        """Find what stands between marks, outside control sequences."""
        masked = CONTROL.sub(lambda found: "\x00" * len(found[0]), text)
        found = STYLED.search(masked)
        if found is None:
            yield from self.controls(text, styles)
            return
        yield from self.controls(text[: found.start()], styles)
        yield from self.styled(text[found.start(2) : found.end(2)], styles | {MARKS[found[1]]})
        yield from self.styled(text[found.end() :], styles)

    def controls(self, text: str, styles: frozenset[str]) -> Iterator[Run]:
        """Find what stands between angle brackets."""
        at = 0
        for found in CONTROL.finditer(text):
            yield from self.plain(text[at : found.start()], styles)
            yield self.control(found[1], styles)
            at = found.end()
        yield from self.plain(text[at:], styles)

    def control(self, inside: str, styles: frozenset[str]) -> Run:
        """Read what stands between angle brackets."""
        value, _, label = inside.partition("|")
        label = unescape(label)
        match value[:1]:
            case "@":
                return Run("user", f"@{self.names(value[1:])}", value[1:], styles)
            case "#":
                return Run("channel", f"#{label or self.names(value[1:])}", value[1:], styles)
            case "!":
                return self.special(value[1:], label, styles)
        known = re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", value)
        return Run("link" if known else "unknown", label or unescape(value), unescape(value), styles)

    def special(self, value: str, label: str, styles: frozenset[str]) -> Run:
        """Read what begins with an exclamation mark."""
        word, _, rest = value.partition("^")
        if word in BROADCASTS:
            return Run("broadcast", f"@{word}", word, styles)
        if word == "subteam":
            return Run("usergroup", label or f"@{rest}", rest, styles)
        if word == "date":
            return Run("date", formatted(rest, label, self.tz), value, styles)
        return Run("unknown", label or f"<!{value}>", value, styles)

    def plain(self, text: str, styles: frozenset[str]) -> Iterator[Run]:
        """Find what Slack itself makes of plain words: emoji, bare addresses, and names where asked."""
        pieces: list[tuple[int, int, Run]] = []
        if not self.verbatim:
            pieces += [
                (m.start(), m.end(), Run("bare_url", unescape(m[0]), unescape(m[0]), styles))
                for m in BARE_URL.finditer(text)
            ]
        pieces += [(m.start(), m.end(), Run("emoji", m[0], m[1], styles)) for m in EMOJI.finditer(text)]
        if self.link_names:
            pieces += [(m.start(), m.end(), self._name(m, styles)) for m in LINKED_NAME.finditer(text)]
        at = 0
        for start, end, run in sorted(pieces, key=lambda piece: piece[:2]):
            if start >= at:
                if start > at:
                    yield Run("text", unescape(text[at:start]), "", styles)
                yield run
                at = end
        if at < len(text):
            yield Run("text", unescape(text[at:]), "", styles)

    @staticmethod
    def _name(found: re.Match[str], styles: frozenset[str]) -> Run:
        kind: Kind = "channel" if found[1] == "#" else "broadcast" if found[2].lower() in BROADCASTS else "user"
        return Run(kind, found[0], found[2], styles)


def shown(runs: list[Run]) -> str:
    """Return the words a reader sees."""
    return "".join(run.shown for run in runs)


def actives(runs: list[Run]) -> list[Active]:
    """Return everything in the pieces that is more than plain words."""
    found: list[Active] = []
    for run in runs:
        if run.kind != "text":
            found.append(Active(run.kind, run.value, run.shown))
        found += [Active(style, "", run.shown) for style in sorted(run.styles)]
    return found
