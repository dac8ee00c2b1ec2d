"""Reading a Bot API request: query, JSON, urlencoded or multipart, as the server does."""

import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, web

from bot.sandbox.telegram.arguments import Upload
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.tables import LIMITS

# Room for the other fields of a multipart request around a file of the greatest size.
MARGIN = 1024 * 1024

Parameters = tuple[dict[str, Any], dict[str, Upload]]


async def parameters(request: web.BaseRequest) -> Parameters:
    """Return the raw parameters and the files of a request."""
    raw: dict[str, Any] = dict(request.query) if request.query_string else {}
    files: dict[str, Upload] = {}
    if (request.content_length or 0) > LIMITS["upload_bytes"] + MARGIN:
        raise ApiError(Refusal.TOO_LARGE)
    kind = request.content_type
    if kind.startswith("multipart/"):
        await _multipart(request, raw, files)
    elif request.can_read_body:
        body = await request.content.read()
        if kind == "application/json":
            raw |= _object(body)
        elif kind == "application/x-www-form-urlencoded":
            raw |= parse_qsl(body.decode(), keep_blank_values=True)
    return raw, files


def _object(body: bytes) -> dict[str, Any]:
    try:
        loaded = json.loads(body or b"{}")
    except ValueError:
        loaded = None
    if not isinstance(loaded, dict):
        raise ApiError(Refusal.WRONG_VALUE, what="can't parse JSON object")
    return loaded


async def _multipart(request: web.BaseRequest, raw: dict[str, Any], files: dict[str, Upload]) -> None:
    room = LIMITS["upload_bytes"] + MARGIN
    async for part in MultipartReader(request.headers, request.content):
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read())
        room -= len(data)
        if room < 0:
            raise ApiError(Refusal.TOO_LARGE)
        if part.filename is None:
            raw[part.name] = data.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(part.filename, mime, data)
