"""Files: the bytes that the bot uploads, and those it downloads."""

import mimetypes

from aiohttp import web

from bot.sandbox.slack.calling import Call
from bot.sandbox.slack.model import StoredFile
from bot.sandbox.slack.workspace import Workspace


def new_file(
    space: Workspace,
    owner: str,
    name: str,
    data: bytes | None,
    *,
    size: int | None = None,
    mode: str = "hosted",
    remote: str = "",
) -> StoredFile:
    """Keep a file; ``size`` may claim another number of bytes than are there, a ``remote`` one lies elsewhere."""
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    size = size if size is not None else len(data or b"")
    stored = StoredFile(space.world.id("F"), name, name, mime, size, owner, space.clock.now(), data, mode, remote)
    space.world.files[stored.id] = stored
    return stored


def upload(space: Workspace, call: Call, data: bytes) -> web.Response:
    """Take the bytes of a file that was announced."""
    stored = space.world.files.get(call.args["file"])
    if stored is None or stored.uploaded:
        call.status, call.error = 404, "no upload"
        return web.Response(status=404, text="not found")
    if len(data) != stored.size:
        space.world.violate("upload", "length", f"announced {stored.size} bytes, sent {len(data)}")
    stored.data, stored.size, stored.uploaded = data, len(data), True
    call.ok, call.status = True, 200
    space.changes.touch()
    return web.Response(text=f"OK - {len(data)}")


def download(space: Workspace, call: Call, *, known: bool) -> web.Response | None:
    """Return a file's bytes; None stands for the sign-in page that a stranger gets, with status 200."""
    call.status = 200
    if not known or "files:read" not in space.world.scopes:
        call.error = "sign-in page"
        return None
    stored = space.world.files.get(call.args["file"])
    if stored is None or stored.deleted:
        call.status, call.error = 404, "file_not_found"
        return web.Response(status=404, text="not found", content_type="text/html")
    call.ok = True
    return web.Response(body=stored.data or b"", content_type=stored.mimetype)
