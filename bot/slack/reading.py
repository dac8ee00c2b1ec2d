"""Reading Slack's own memory: the chats the app can hear, what was said there, and whether something is there still."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messengers.protocol import Revoked, Unreachable, Wait
from bot.slack.errors import GONE, slack_error_code, translate_slack_error

log = logging.getLogger("frontdesk.slack")

PAGE = 200
MOST = 10_000  # messages of one chat that are read back
TRIES = 5

Said = dict[str, Any]


def slack_time(answer: Any) -> datetime | None:
    """Return what Slack's clock showed when it answered, to the second; None where the answer does not say."""
    try:
        return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return None


class Reader:
    """Reads one workspace; where Slack says to wait, it waits."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def time(self) -> datetime | None:
        """Ask what time it is there: the messages have times of that clock, and ours may be off by a day."""
        return slack_time(await self._client.auth_test())

    async def chats(self) -> AsyncIterator[str]:
        """Yield every chat the app can hear: direct messages and the channels it is in."""
        pages = self.pages(
            self._client.conversations_list, types="im,public_channel,private_channel", exclude_archived=True
        )
        async for page in pages:
            for channel in filter(_is_object, page["channels"]):
                if channel.get("id") and (channel.get("is_im") or channel.get("is_member")):
                    yield str(channel["id"])

    async def said(self, chat: str, root: str, since: datetime) -> list[Said] | None:
        """Return what was said in a chat or one of its threads since then; None where it cannot be read any more."""
        read = self._client.conversations_replies if root else self._client.conversations_history
        where: Said = {"channel": chat, "oldest": f"{since.timestamp():.6f}", **({"ts": root} if root else {})}
        found: list[Said] = []
        try:
            async for page in self.pages(read, **where):
                found += filter(_is_object, page["messages"])
                if len(found) >= MOST:
                    log.warning("only the newest of a chat are read", extra={"event": "catch_up_bounded", "chat": chat})
                    break
        except SlackApiError as error:  # the thread's root was deleted, or somebody threw the app out
            if isinstance(told := translate_slack_error(error), Unreachable | Wait | Revoked):
                raise
            log.info("%s could not be read back: %s", chat, told, extra={"event": "catch_up_skipped"})
            return None
        return found

    async def gone(self, chat: str, native: str) -> bool:
        """Return whether a message was deleted: Slack does not know it, or shows a stone in its place."""
        try:
            page = await self._patiently(self._client.conversations_replies, channel=chat, ts=native, limit=1)
        except SlackApiError as error:
            if isinstance(translate_slack_error(error), Unreachable | Wait | Revoked):
                raise
            return slack_error_code(error) in GONE
        first: Said = next(filter(_is_object, page["messages"]), {})
        return first.get("ts") == native and first.get("subtype") == "tombstone"

    async def pages(self, call: Any, **arguments: Any) -> AsyncIterator[Said]:
        """Yield the pages of what a method lists."""
        cursor = ""
        while True:
            page = await self._patiently(call, limit=PAGE, cursor=cursor or None, **arguments)
            yield page
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def _patiently(self, call: Any, **arguments: Any) -> Said:
        for _ in range(TRIES):
            try:
                answer: Said = (await call(**arguments)).data
                return answer
            except SlackApiError as error:
                told = translate_slack_error(error)
                if not isinstance(told, Wait):
                    raise
                await asyncio.sleep(told.seconds)
        raise TimeoutError


def _is_object(found: object) -> bool:
    return isinstance(found, dict)
