"""Messages with a file: one by one, and as albums."""

from typing import Any

from bot.sandbox.telegram.arguments import Args, Upload
from bot.sandbox.telegram.content import CAPTIONED, file_content
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.methods.access import formatted_fields, place, text_of, writable
from bot.sandbox.telegram.methods.registry import serves
from bot.sandbox.telegram.methods.sending import deliver
from bot.sandbox.telegram.model import Json, StoredFile
from bot.sandbox.telegram.posting import post
from bot.sandbox.telegram.tables import LIMITS, PHOTO_BYTES
from bot.sandbox.telegram.world import World

FIELDS = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendAudio": "audio",
    "sendVoice": "voice",
    "sendVideoNote": "video_note",
    "sendSticker": "sticker",
}
FLAGS = {"show_caption_above_media": "show_caption_above_media", "has_spoiler": "has_media_spoiler"}


@serves(*FIELDS)
def send_file(world: World, args: Args) -> Json:
    """Send a file of the method's own kind."""
    kind = FIELDS[args.method]
    content = file_content(resolve(world, args, kind, args[kind]), facts=args.values)
    if kind in CAPTIONED:
        content |= text_of(world, args, "caption", "caption_entities")
    content |= {field: True for name, field in FLAGS.items() if args.get(name)}
    return deliver(world, args, content).data


def resolve(world: World, args: Args, kind: str, given: Any) -> StoredFile:
    """Return the stored file that a call names: uploaded now, or sent before."""
    if isinstance(given, str) and given.startswith("attach://"):
        given = args.files.get(given.removeprefix("attach://"))
    if isinstance(given, Upload):
        return _upload(world, args, kind, given)
    if given is None:
        raise ApiError(Refusal.WRONG_FILE)
    if given.startswith(("http://", "https://")):
        world.violate(args.method, "not played by the sandbox", "a file by URL")
        return world.files.add(kind, b"", name=given.rpartition("/")[2] or None)
    file = world.files.get(given)
    if file.kind != kind and {file.kind, kind} != {"document", "animation"}:
        had, wanted = (name.replace("_", " ").title().replace(" ", "") for name in (file.kind, kind))
        raise ApiError(Refusal.WRONG_FILE_KIND, had=had, wanted=wanted)
    return file


def _upload(world: World, args: Args, kind: str, upload: Upload) -> StoredFile:
    limit = PHOTO_BYTES if kind == "photo" else LIMITS["upload_bytes"]
    if len(upload.data) > limit:
        world.violate(args.method, "upload", f"{len(upload.data)} bytes")
        raise ApiError(Refusal.FILE_TOO_BIG)
    if not upload.data:
        raise ApiError(Refusal.FILE_EMPTY)
    return world.files.add(kind, upload.data, name=upload.name, mime=upload.mime)


@serves("sendMediaGroup")
def send_media_group(world: World, args: Args) -> list[Json]:
    """Send an album: messages of their own with one group id."""
    items: list[Json] = args["media"]
    _check_group(world, args, [item["type"] for item in items])
    contents = [input_media(world, args, item) for item in items]
    chat = writable(world, args["chat_id"])
    spot = place(world, chat, args)
    world.meter.take(chat, len(items))
    group = {"media_group_id": str(13500000 + world.number("other"))}
    return [
        post(world, chat, world.bot, group | content, thread=spot.thread, reply=spot.reply).data for content in contents
    ]


def _check_group(world: World, args: Args, kinds: list[str]) -> None:
    least, most = LIMITS["media_group_items"]
    if not least <= len(kinds) <= most:
        world.violate(args.method, "album", f"{len(kinds)} items")
        raise ApiError(Refusal.GROUP_SIZE)
    for kind in set(kinds) - {"photo", "video"}:
        if kind not in ("document", "audio") or len(set(kinds)) > 1:
            world.violate(args.method, "album", f"{kind} among others")
            raise ApiError(Refusal.GROUP_MIX, kind=kind)


def input_media(world: World, args: Args, item: Json) -> Json:
    """Return the message fields of an ``InputMedia``."""
    if item["type"] not in FIELDS.values():
        raise ApiError(Refusal.WRONG_VALUE, what=f"{item['type']} is not played by the sandbox")
    content = file_content(resolve(world, args, item["type"], item["media"]), facts=item)
    content |= {field: True for name, field in FLAGS.items() if item.get(name)}
    caption = item.get("caption") or ""
    entities = item.get("caption_entities")
    return content | formatted_fields(world, args.method, "caption", caption, item.get("parse_mode"), entities)
