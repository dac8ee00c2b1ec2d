"""Messages as people see them now."""

from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.slack.kit.draw import Control, Drawer, Drawn
from bot.sandbox.slack.model import Json, Post
from bot.sandbox.slack.mrkdwn import MENTIONS, Active
from bot.sandbox.slack.world import World

LINKS = frozenset({"link", "unknown"})
MARKUP = frozenset({"bold", "italic", "strike", "code", "pre", "quote"})


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file under a message."""

    id: str
    name: str
    title: str
    mimetype: str
    size: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it looks now. ``text`` is what is shown, ``fallback`` what a notification says."""

    ts: str
    channel: str
    author: str
    author_id: str
    from_bot: bool
    subtype: str
    text: str
    fallback: str
    active: tuple[Active, ...]
    controls: tuple[Control, ...]
    thread: str | None
    replies: int
    edited: bool
    reactions: dict[str, list[str]]
    files: tuple[SeenFile, ...]
    only_for: str | None
    at: datetime
    native: Json

    @property
    def buttons(self) -> list[str]:
        """The texts of the buttons, in reading order."""
        return [control.text for control in self.controls if control.kind == "button"]

    @property
    def options(self) -> list[str]:
        """The choices of all menus, in reading order."""
        return [option.text for control in self.controls for option in control.options]

    @property
    def mentions(self) -> list[Active]:
        """Everybody and everything it mentions, and so may notify."""
        return [found for found in self.active if found.kind in MENTIONS]

    @property
    def links(self) -> list[Active]:
        """Its links, those hidden behind other words included; addresses that are just typed are ``bare_url``."""
        return [found for found in self.active if found.kind in LINKS]

    @property
    def markup(self) -> list[Active]:
        """Its bold, italic, struck, quoted and code parts."""
        return [found for found in self.active if found.kind in MARKUP]


def seen(world: World, post: Post, tz: str | None = None) -> Seen:
    """Return a message as it looks now, to a reader in this time zone."""
    native = post.native
    drawn, fallback = _drawn(world, post, tz)
    reactions = {name: [world.name_of(user) for user in users] for name, users in post.reactions.items()}
    return Seen(
        ts=post.ts,
        channel=post.channel,
        author=native.get("username") or world.name_of(native.get("user", "")),
        author_id=post.author,
        from_bot=post.author == world.bot.id,
        subtype=native.get("subtype", ""),
        text=drawn.text,
        fallback=fallback,
        active=drawn.active,
        controls=drawn.controls,
        thread=post.thread,
        replies=len(post.replies),
        edited="edited" in native,
        reactions=reactions,
        files=tuple(
            SeenFile(file["id"], file["name"], file["title"], file["mimetype"], file["size"])
            for file in native.get("files", ())
        ),
        only_for=post.only_for,
        at=post.at,
        native=native,
    )


def _drawn(world: World, post: Post, tz: str | None) -> tuple[Drawn, str]:
    """Draw a message, once for as long as it stays the same."""
    if tz is None and post.drawn is not None and post.drawn[0] is post.native:
        cached: tuple[Drawn, str] = post.drawn[1]
        return cached
    drawer = Drawer(world.name_of, tz or "", link_names=post.parsed[1])
    drawn = drawer.message(post.native, typed=post.author != world.bot.id)
    if tz is None:
        post.drawn = (post.native, drawn)
    return drawn
