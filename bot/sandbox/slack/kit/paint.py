"""Blocks as an app puts them on the screen: as they are, but every text in pieces, so that nobody has to read markup."""

from typing import Any

from bot.sandbox.slack import richtext
from bot.sandbox.slack.kit.draw import Drawer
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.mrkdwn import Names, Run

INSIDE = {"rich_text_quote": "quote", "rich_text_preformatted": "pre", "rich_text_section": "section"}


class Painter:
    """Paints for one reader, in their time zone."""

    def __init__(self, names: Names, tz: str, *, link_names: bool = False) -> None:
        self._names, self._drawer = names, Drawer(names, tz, link_names=link_names)

    def message(self, native: Json, *, typed: bool) -> list[Json]:
        """Return the blocks of a message; a text without blocks is one block of its own kind."""
        own = [] if typed else list(native.get("blocks") or ())
        said = self._drawer.text(native.get("text") or "", marks=native.get("mrkdwn", True))
        painted = self.blocks(own) if own else [{"type": "text", "text": _plain(said)}]
        for attachment in native.get("attachments") or ():
            lines = [{"type": "mrkdwn", "text": attachment[name]} for name in ("title", "text") if attachment.get(name)]
            painted += self.blocks(attachment.get("blocks") or [{"type": "text", "text": line} for line in lines])
        return painted

    def blocks(self, blocks: list[Json]) -> list[Json]:
        """Return blocks with their texts in pieces."""
        return [self._block(block) for block in blocks]

    def _block(self, block: Json) -> Json:
        match block["type"]:
            case "rich_text":
                return {**block, "elements": [self._part(part) for part in block["elements"]]}
            case "markdown":
                return {**block, "text": _plain(self._drawer.text(block["text"]))}
        return {name: self._inner(value) for name, value in block.items()}

    def _part(self, part: Json) -> Json:
        """Return a part of rich text: a list with its items, or one run of pieces."""
        if part["type"] == "rich_text_list":
            about = {name: part.get(name, 0) for name in ("style", "indent", "offset")}
            return {"type": "list", **about, "items": [self._pieces(item) for item in part["elements"]]}
        return {
            "type": INSIDE.get(part["type"], "section"),
            "text": self._pieces({**part, "type": "rich_text_section"}),
        }

    def _pieces(self, part: Json) -> list[Json]:
        return _plain(list(richtext.runs(part, self._names)))

    def _inner(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._inner(one) for one in value]
        if not isinstance(value, dict):
            return value
        match value.get("type"):
            case "mrkdwn":
                return _plain(self._drawer.text(value["text"], verbatim=value.get("verbatim", False)))
            case "plain_text":
                return [{"kind": "text", "shown": value["text"]}]
        return {name: self._inner(inner) for name, inner in value.items()}


def _plain(runs: list[Run]) -> list[Json]:
    """Return pieces as JSON, without what is empty."""
    return [
        {"kind": run.kind, "shown": run.shown}
        | ({"value": run.value} if run.value else {})
        | ({"styles": sorted(run.styles)} if run.styles else {})
        for run in runs
    ]
