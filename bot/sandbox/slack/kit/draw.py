"""How a message or view looks: its words, what of them is active, and what can be pressed."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from bot.sandbox.slack import mrkdwn, richtext
from bot.sandbox.slack.dates import formatted
from bot.sandbox.slack.kit.check import elements
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.mrkdwn import Active, Names, Run


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a menu."""

    text: str
    value: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A button, menu or input: ``text`` is its label or placeholder."""

    kind: str
    text: str
    block_id: str
    action_id: str
    value: str | None = None
    url: str | None = None
    style: str | None = None
    options: tuple[Option, ...] = ()
    confirm: str | None = None
    native: Json = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Words, active parts and controls."""

    text: str
    active: tuple[Active, ...]
    controls: tuple[Control, ...]


def plain(value: Json | None) -> str:
    """Return the words of a text object, without reading any markup."""
    return str(value["text"]) if value else ""


class Drawer:
    """Draws for one reader."""

    def __init__(self, names: Names, tz: str = "", *, link_names: bool = False) -> None:
        self._names, self._reader, self._tz, self._link_names = names, tz, tz or "UTC", link_names

    def text(self, words: str, *, verbatim: bool = False, marks: bool = True) -> list[Run]:
        """Return an mrkdwn text in pieces."""
        reader = mrkdwn.Reader(self._names, verbatim=verbatim, link_names=self._link_names, tz=self._tz)
        return list(reader.blocks(words) if marks else reader.controls(words, frozenset()))

    def blocks(self, blocks: list[Json]) -> Drawn:
        """Return blocks as they look, one a line."""
        lines = [runs for block in blocks for runs in self._lines(block)]
        words = "\n".join(mrkdwn.shown(runs) for runs in lines)
        active = tuple(found for runs in lines for found in mrkdwn.actives(runs))
        return Drawn(words, active, tuple(control for block in blocks for control in controls(block)))

    def message(self, native: Json, *, typed: bool) -> tuple[Drawn, str]:
        """Return a message as it looks, and the words of its notification; what is active in either counts.

        What people type comes with rich text that says the same as its text: the text is enough.
        """
        runs = self.text(native.get("text") or "", marks=native.get("mrkdwn", True))
        fallback, active = mrkdwn.shown(runs), mrkdwn.actives(runs)
        blocks = [] if typed else list(native.get("blocks") or ())
        parts = [self.blocks(blocks)] if blocks else [Drawn(fallback, (), ())]
        parts += [self._attachment(attachment) for attachment in native.get("attachments") or ()]
        text = "\n".join(part.text for part in parts if part.text)
        found = [one for part in parts for one in part.active]
        return Drawn(text, (*active, *found), tuple(c for part in parts for c in part.controls)), fallback

    def _attachment(self, native: Json) -> Drawn:
        if native.get("blocks"):
            return self.blocks(native["blocks"])
        lines = [self.text(native[name]) for name in ("pretext", "title", "text", "footer") if native.get(name)]
        words = "\n".join(mrkdwn.shown(runs) for runs in lines)
        return Drawn(words, tuple(found for runs in lines for found in mrkdwn.actives(runs)), ())

    def _lines(self, block: Json) -> Iterator[list[Run]]:
        match block["type"]:
            case "section":
                yield from self._objects([block["text"]] if block.get("text") else [])
                yield from self._objects(block.get("fields") or [])
            case "header":
                yield from self._objects([block["text"]])
            case "context":
                yield [run for runs in self._objects(block["elements"]) for run in (*runs, Run("text", " "))][:-1]
            case "input":
                yield from self._objects([block["label"]])
                yield from self._objects([block["hint"]] if block.get("hint") else [])
            case "image":
                yield [Run("text", f"[{block['alt_text']}]")]
            case "markdown":
                yield self.text(block["text"])
            case "rich_text":
                yield [self._dated(run) for run in richtext.runs(block, self._names)]

    def _dated(self, run: Run) -> Run:
        """Return a time as it is for this reader; for nobody in particular it is what stands for it."""
        if run.kind != "date" or not self._reader:
            return run
        return replace(run, shown=formatted(run.value, run.shown, self._reader))

    def _objects(self, objects: list[Json]) -> Iterator[list[Run]]:
        for item in objects:
            if item["type"] == "mrkdwn":
                yield self.text(item["text"], verbatim=item.get("verbatim", False))
            elif item["type"] == "plain_text":
                yield [Run("text", item["text"])]
            else:
                yield [Run("text", f"[{item.get('alt_text', '')}]")]


def controls(block: Json) -> Iterator[Control]:
    """Return what can be acted on in a block."""
    for element in elements(block):
        if element["type"] == "image":
            continue
        label = element.get("text") if element["type"] == "button" else element.get("placeholder")
        yield Control(
            kind=element["type"],
            text=plain(label) or plain(block.get("label")),
            block_id=block["block_id"],
            action_id=element["action_id"],
            value=element.get("value"),
            url=element.get("url"),
            style=element.get("style"),
            options=tuple(_options(element)),
            confirm=plain(element["confirm"]["text"]) if element.get("confirm") else None,
            native=element,
        )


def _options(element: Json) -> Iterator[Option]:
    groups: list[Any] = element.get("option_groups") or [{"options": element.get("options") or ()}]
    for group in groups:
        for option in group["options"]:
            yield Option(plain(option["text"]), option["value"], plain(option.get("description")))
