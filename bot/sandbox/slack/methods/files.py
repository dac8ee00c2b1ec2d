"""Files: announcing, sharing, describing and deleting them."""

from typing import Any

from bot.sandbox.slack import natives, posting
from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.content import blocks
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.methods.registry import serves
from bot.sandbox.slack.methods.where import TS, inside, reachable
from bot.sandbox.slack.model import Json, StoredFile
from bot.sandbox.slack.storage import new_file
from bot.sandbox.slack.tables import FILE_CHANNELS, LIMITS
from bot.sandbox.slack.workspace import Workspace


@serves("files.getUploadURLExternal")
def get_upload_url(space: Workspace, args: Args) -> Json:
    """Announce a file: its name and length."""
    if args["length"] <= 0:
        raise ApiError("missing_argument")
    if args["length"] > LIMITS["file_bytes"]:
        raise ApiError("file_upload_size_restricted")
    stored = new_file(space, space.world.bot.id, args["filename"], None, size=args["length"])
    return {"upload_url": f"{space.world.url}/upload/{stored.id}", "file_id": stored.id}


@serves("files.completeUploadExternal")
def complete_upload(space: Workspace, args: Args) -> Json:
    """Share uploaded files; the message comes by itself, its ``ts`` is not in the answer."""
    if not isinstance(args["files"], list) or not args["files"]:
        raise ApiError("invalid_arguments", "[ERROR] must provide an array [json-pointer:/files]")
    stored = [_uploaded(space, item) for item in args["files"]]
    places = [args["channel_id"]] if args.get("channel_id") else [c for c in args.get("channels", "").split(",") if c]
    if len(places) > FILE_CHANNELS:
        raise ApiError("channels_limit_exceeded")
    channels = [reachable(space, place) for place in places]
    for channel in channels:
        inside(space, channel)
        if args.get("thread_ts") and not TS.fullmatch(args["thread_ts"]):
            raise ApiError("thread_not_found")
    if "blocks" in args:
        blocks(space, args["blocks"])
    for item, file in zip(args["files"], stored, strict=True):
        file.title, file.complete = item.get("title") or file.name, True
    for channel in channels:
        root = channel.posts.get(args.get("thread_ts", ""))
        thread = None if root is None else root.thread or root.ts
        comment, bot = args.get("initial_comment", ""), space.world.bot.id
        posting.share(space, channel, bot, [file.id for file in stored], comment, thread)
    return {"files": [natives.file(space.world, file) for file in stored]}


def _uploaded(space: Workspace, item: Any) -> StoredFile:
    stored = space.world.files.get(item.get("id", "") if isinstance(item, dict) else "")
    if stored is None or stored.complete or stored.owner != space.world.bot.id:
        raise ApiError("file_not_found")
    if not stored.uploaded:
        raise ApiError("file_update_failed")
    return stored


def _known(space: Workspace, args: Args) -> StoredFile:
    stored = space.world.files.get(args["file"])
    if stored is None:
        raise ApiError("file_not_found")
    if stored.deleted:
        raise ApiError("file_deleted")
    return stored


@serves("files.info")
def info(space: Workspace, args: Args) -> Json:
    """Describe a file, and where it was shared."""
    return {"file": natives.file(space.world, _known(space, args)), "comments": []}


@serves("files.delete")
def delete(space: Workspace, args: Args) -> Json:
    """Delete a file of the bot's own."""
    stored = _known(space, args)
    if stored.owner != space.world.bot.id:
        raise ApiError("cant_delete_file")
    stored.deleted = True
    return {}
