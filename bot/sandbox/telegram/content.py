"""What a file looks like inside a ``Message``, whoever sends it."""

from collections.abc import Mapping

from bot.sandbox.telegram.model import Json, StoredFile

# The fields of each kind that Telegram always fills, with what the sandbox says when nobody did.
SHAPES: Mapping[str, Json] = {
    "document": {},
    "video": {"width": 640, "height": 360, "duration": 3},
    "animation": {"width": 320, "height": 240, "duration": 2},
    "audio": {"duration": 60},
    "voice": {"duration": 4},
    "video_note": {"length": 240, "duration": 5},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"},
}
NAMED = frozenset({"document", "video", "animation", "audio"})
CAPTIONED = frozenset({"photo", "document", "video", "animation", "audio", "voice"})
KINDS = (*SHAPES, "photo")
# Said by people in ways that no method of ours can repeat.
RARE = ("story", "paid_media", "invoice", "game", "checklist", "giveaway", "live_photo", "rich_message")


def file_content(file: StoredFile, *, facts: Mapping[str, object] | None = None) -> Json:
    """Return the message field of a stored file; an animation also travels as a document."""
    body: Json = {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size}
    if file.kind == "photo":
        small = {**body, "file_id": f"{file.id}s", "file_unique_id": f"{file.unique_id}s", "width": 90, "height": 67}
        small["file_size"] = min(file.size, 1200)
        return {"photo": [small, {**body, "width": 800, "height": 600}]}
    shape = SHAPES[file.kind]
    body |= {name: (facts or {}).get(name) or value for name, value in shape.items()}
    if file.kind in NAMED:
        body |= {"file_name": file.name}
    if file.kind not in ("video_note", "sticker"):
        body |= {"mime_type": file.mime}
    for name in ("title", "performer"):
        if file.kind == "audio" and facts and facts.get(name):
            body[name] = facts[name]
    if file.kind == "animation":
        names = ("file_id", "file_unique_id", "file_size", "file_name", "mime_type")
        return {"animation": body, "document": {name: body[name] for name in names}}
    return {file.kind: body}


def kind_of(data: Json) -> str:
    """Return what a message is: text, one of the file kinds, or the name of its only other content."""
    for kind in ("animation", "photo", "text", "venue", *SHAPES, "location", "contact", "dice", "poll", *RARE):
        if kind in data:
            return kind
    for name in data:
        if name.startswith(("forum_topic_", "new_chat_", "left_chat_", "migrate_", "pinned_")):
            return name
    return "unknown"


def file_id_of(data: Json) -> str | None:
    """Return the id of the file in a message, in full size."""
    kind = kind_of(data)
    if kind == "photo":
        found: str = data["photo"][-1]["file_id"]
        return found
    return data[kind]["file_id"] if kind in SHAPES else None
