"""Forum topics: a ticket's status shows in the topic's icon, chosen among those Telegram offers to every bot."""

from collections.abc import Iterable

from aiogram.types import Sticker

# The status a topic shows, and the emoji looked for among getForumTopicIconStickers, best first.
ICONS = {
    "new": ("🆕", "❗", "❗️", "⭐", "⭐️"),
    "open": ("💬", "🗣", "📣"),
    "pending": ("⏳", "⏰", "💭", "❓"),
    "on_hold": ("💤", "🛑", "🏖", "📁"),
    "resolved": ("✅", "✔", "👍"),
    "closed": ("📁", "🔒", "🏁", "✅"),
}


def icon_ids(stickers: Iterable[Sticker]) -> dict[str, str]:
    """Return a custom emoji id for each status; a status that none fits has none."""
    offered = {s.emoji: s.custom_emoji_id for s in stickers if s.emoji and s.custom_emoji_id}
    found = {
        status: next((offered[emoji] for emoji in wanted if emoji in offered), None) for status, wanted in ICONS.items()
    }
    return {status: icon for status, icon in found.items() if icon}
