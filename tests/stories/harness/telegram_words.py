"""How Telegram's words and a story's words become each other."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.sandbox.telegram import Seen
from tests.stories.harness.places import Line

FOUND = ("bot_command", "mention", "url", "hashtag", "cashtag", "email", "phone_number")  # marked by Telegram itself
SERVICE = ("forum_topic_", "new_chat_", "left_chat_", "migrate_", "pinned_")
MARKS = {"strikethrough": "strike", "blockquote": "quote", "text_link": "link", "text_mention": "mention"}
NATIVE = {ours: theirs for theirs, ours in MARKS.items()}

INSIDE = "https://t.me/c/"  # how a link to a message of a group begins


def entity(text: str, kind: str, words: str, url: str = "") -> dict[str, Any]:
    """Return the formatting of some words of a text."""
    before = text.partition(words)[0]
    found = {"type": NATIVE.get(kind, kind), "offset": _units(before), "length": _units(words)}
    return {**found, "url": url} if url else found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _marked(text: str, entities: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    units = text.encode("utf-16-le", "surrogatepass")
    return tuple(
        (MARKS.get(e["type"], e["type"]), units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in entities
        if e["type"] not in FOUND
    )


def line(message: Seen) -> Line:
    """Return a message of the sandbox as a story sees it."""
    every = [button for row in message.rows for button in row]
    buttons = [button for button in every if not (button.url or "").startswith(INSIDE)]
    return Line(
        str(message.chat),
        str(message.id),
        message.author,
        message.from_bot,
        message.kind,
        message.text,
        tuple(button.text for button in buttons),
        str(message.reply_to or ""),
        _marked(message.text, message.entities),
        tuple(button.data or "" for button in buttons),
        message.kind.startswith(SERVICE),
        message.media_group or "",
        reactions=message.reactions,
        ways=tuple((button.text, button.url or "") for button in every if button not in buttons),
    )
