"""The wire to the Web API: Slack's library, believing only what is an answer of Slack's own.

What a proxy, a captive portal or a broken server says in Slack's place is no answer: it may have been done, or not.
"""

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientSession, ClientTimeout
from multidict import CIMultiDict
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messengers.wire import Shape, json_object, matches_shape, read_body, retry_after

TOO_MANY = "ratelimited"
# What an answer promises, as far as the desk builds on it.
PROMISED: Mapping[str, Shape] = {
    "auth.test": {"team_id": str, "user_id": str},
    "apps.connections.open": {"url": str},
    "chat.delete": {"ts": str},
    "chat.postEphemeral": {"message_ts": str},
    "chat.postMessage": {"ts": str},
    "chat.update": {"ts": str},
    "conversations.history": {"messages": list},
    "conversations.info": {"channel": {"id": str}},
    "conversations.list": {"channels": list},
    "conversations.members": {"members": [str]},
    "conversations.open": {"channel": {"id": str}},
    "conversations.replies": {"messages": list},
    "files.completeUploadExternal": {"files": [{"id": str}]},
    "files.getUploadURLExternal": {"upload_url": str, "file_id": str},
    "usergroups.users.update": {"usergroup": {"id": str}},
    "users.info": {"user": {"id": str}},
    "views.open": {"view": {"id": str}},
    "views.publish": {"view": {"id": str}},
    "views.update": {"view": {"id": str}},
}


class NoAnswer(SlackClientError):
    """Somebody answered, and it was not Slack."""


class Client(AsyncWebClient):
    """Slack's client with another transport: nothing is followed elsewhere, everything is judged."""

    def __init__(self, token: str, url: str, *, within: float, session: ClientSession | None = None) -> None:
        # Left to itself the library opens a connection for each call, and repeats a post whose answer was lost: nobody but
        # the outbox knows how to do that.
        super().__init__(token=token, base_url=url, timeout=int(within), retry_handlers=[], session=session)

    async def _request(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        """Make one call; raise NoAnswer for what Slack does not say."""
        method = api_url.rpartition("/")[2]
        if self.session is not None and not self.session.closed:
            return await self._called(self.session, http_verb, api_url, method, req_args)
        async with ClientSession() as session:
            return await self._called(session, http_verb, api_url, method, req_args)

    async def _called(
        self, session: ClientSession, verb: str, url: str, method: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        # A redirect would take the token, or the words, to wherever somebody names.
        within = ClientTimeout(total=self.timeout)
        async with session.request(verb, url, **{**arguments, "allow_redirects": False, "timeout": within}) as answer:
            return validated_answer(method, answer.status, answer.headers, await read_body(answer))


def validated_answer(method: str, status: int, headers: Mapping[str, str], body: bytes | None) -> dict[str, Any]:
    """Return Slack's own answer as its library wants it; raise NoAnswer for anybody else's."""
    told = CIMultiDict(headers)
    if status == 429:  # whoever says it, and whatever else it says
        told["Retry-After"] = f"{retry_after(told):.0f}"
        return {"data": {"ok": False, "error": TOO_MANY}, "headers": told, "status_code": status}
    found = json_object(body)
    ok = found.get("ok") if found is not None else None
    done = ok is True and status == 200 and matches_shape(PROMISED.get(method, {}), found)
    refused = (
        ok is False and status in (200, *range(400, 600)) and status != 407 and matches_shape({"error": str}, found)
    )
    if not (done or refused):
        raise NoAnswer(f"status {status}, and not Slack's words")
    return {"data": found, "headers": told, "status_code": status}
