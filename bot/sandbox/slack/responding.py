"""Response URLs, and what an acknowledgement says by itself: answers without a token."""

import json
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.sandbox.slack import content, posting
from bot.sandbox.slack.calling import Call
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.model import Json, ResponseUrl
from bot.sandbox.slack.tables import LIMITS
from bot.sandbox.slack.workspace import Workspace


def respond(space: Workspace, call: Call, token: str) -> web.Response:
    """Serve a post to a response URL."""
    right = space.world.response_urls.get(token)
    try:
        if right is None:
            raise ApiError("invalid_url")
        if space.clock.now() - right.at > timedelta(minutes=LIMITS["response_url"]["minutes"]):
            raise ApiError("expired_url")
        if right.uses >= LIMITS["response_url"]["uses"]:
            raise ApiError("used_url")
        right.uses += 1
        said(space, right, call.args)
    except ApiError as error:
        call.error, call.status = error.code, 404 if error.code.endswith("_url") else 400
        return _answer(error.answer(), call.status)
    call.ok, call.status = True, 200
    space.changes.touch()
    return web.Response(text="ok")


def said(space: Workspace, right: ResponseUrl, fields: Json) -> None:
    """Write, replace or delete what an answer says; it is for one person unless it says ``in_channel``."""
    channel = space.world.channels[right.channel]
    known = right.post is not None and (right.post.ts in channel.posts or right.post in channel.ephemerals)
    if fields.get("delete_original"):
        if known and right.post is not None:
            posting.erase(space, right.post)
        return
    words = content.message(space, "respond", fields, most=LIMITS["text_chars"], cut=True)
    if fields.get("replace_original") and known and right.post is not None:
        words.setdefault("blocks", None)
        posting.change(space, right.post, words, by=space.world.bot.id, flag="blocks" not in words)
        return
    only_for = None if fields.get("response_type") == "in_channel" else right.user
    thread = fields.get("thread_ts") or right.thread
    posting.post(space, channel, space.world.bot.id, words, thread=thread, only_for=only_for)


def acknowledged(space: Workspace, right: ResponseUrl, answer: Any) -> None:
    """Show what the acknowledgement of a slash command says, if it says anything."""
    if not isinstance(answer, dict) or not (answer.get("text") or answer.get("blocks")):
        return
    try:
        said(space, right, answer)
    except ApiError as error:
        space.world.violate("slash_commands", "bad answer", f"{error.code} {' '.join(error.messages)}")


def _answer(body: Json, status: int) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json")
