"""How Slack's words and a story's words become each other."""

from collections.abc import Iterator

from bot.sandbox.slack import Seen
from bot.sandbox.slack.kit.draw import Drawer
from bot.sandbox.slack.mrkdwn import escape
from tests.stories.harness.places import Line

MARKUP = ("bold", "italic", "strike", "code", "pre", "quote", "link")


def typed(text: str) -> str:
    """Return what is typed here in the place of a command: a slash is the client's own."""
    return f"!{text[1:]}" if text[:1] == "/" and text[1:2].isalpha() else text


def marked(text: str, *marks: tuple[str, ...]) -> str:
    """Return a text as it is stored when some of its words are formatted."""
    signs = {"bold": "*", "italic": "_", "strike": "~", "code": "`"}
    for kind, words, *url in marks:
        before, _, after = text.partition(words)
        inner = f"<{url[0]}|{escape(words)}>" if url else f"{signs[kind]}{escape(words)}{signs[kind]}"
        text = before + inner + after
    return text


def _kind(message: Seen) -> str:
    if not message.files:
        return "text"
    return {"image": "photo", "video": "video", "audio": "audio"}.get(
        message.files[0].mimetype.partition("/")[0], "document"
    )


def _marks(message: Seen) -> Iterator[tuple[str, str]]:
    """Yield the formatting that is seen: that of the blocks, where there are blocks; neighbours of a kind are one."""
    blocks = message.native.get("blocks") if message.from_bot else None
    active = Drawer(str).blocks(blocks).active if blocks else message.active
    for kind in MARKUP:
        together = ""
        for shown in (found.shown for found in active if found.kind == kind):
            if together and together + shown not in message.text:
                yield kind, together
                together = ""
            together += shown
        if together:
            yield kind, together


def line(message: Seen) -> Line:
    """Return a message of the sandbox as a story sees it; what is in its menu is behind "More…", as buttons are elsewhere."""
    buttons = [(control.text, control.value or "") for control in message.controls if control.kind == "button"]
    menus = [control for control in message.controls if control.kind in ("static_select", "overflow")]
    buttons += [(menu.text, menu.action_id.partition(".")[0]) for menu in menus if menu.kind == "static_select"]
    return Line(
        message.channel,
        message.ts,
        message.author,
        message.from_bot,
        _kind(message),
        message.text,
        tuple(text for text, _ in buttons),
        message.thread or "",
        tuple(_marks(message)),
        tuple(name for _, name in buttons),
        bool(message.subtype) and message.subtype not in ("file_share", "thread_broadcast"),
        passing=message.only_for is not None,
        menu=tuple((option.text, option.value) for control in menus for option in control.options),
        thread=message.thread or "",
        reactions=tuple(message.reactions),
    )
