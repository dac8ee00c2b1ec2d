"""Out: what the desk says becomes calls of Slack's Web API."""

import contextlib
from collections.abc import Awaitable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.health import Contact
from bot.messenger import Delivered, Delivery, Rejected
from bot.slack import render
from bot.slack.errors import Gone, translated
from bot.slack.events import Known
from handlers.messages import Event, File

MARGIN = timedelta(minutes=10)  # that our clock and Slack's may differ
DOWNLOAD = 50 * 1024 * 1024  # bytes: what Telegram takes, the smaller of the two
NAMES = {"photo": "photo.jpg", "video": "video.mp4", "animation": "animation.mp4", "voice": "voice.ogg",
         "video_note": "video.mp4", "sticker": "sticker.webp", "audio": "audio.mp3"}  # fmt: skip


class Poster:
    """Posts, edits, deletes, uploads and downloads in one workspace."""

    def __init__(self, client: AsyncWebClient, known: Known, contact: Contact) -> None:
        self.client = client
        self._known = known  # whose files are ours
        self._contact = contact
        self._homes: dict[str, str] = {}

    async def _where(self, delivery: Delivery) -> tuple[str, str]:
        """Return the channel and the thread: of the ticket, or of the question that was asked in passing."""
        chat, _, thread = delivery.chat.partition("/")
        if chat.startswith("@"):
            chat = await self.home(chat.removeprefix("@"))
        return chat, thread or delivery.root

    async def home(self, user: str) -> str:
        """Return somebody's DM."""
        if user not in self._homes:
            self._homes[user] = str((await self.call(self.client.conversations_open(users=user)))["channel"]["id"])
        return self._homes[user]

    async def send(self, delivery: Delivery) -> Delivered:
        """Post it, its files too; what was begun before is gone on with."""
        channel, thread = await self._where(delivery)
        found = "" if delivery.chat == channel or "/" in delivery.chat else channel
        begun = list(delivery.begun)
        if delivery.rows[0].uncertain:
            begun = max(begun, await self._already(delivery, channel, thread), key=len)
        try:
            natives = await self._say(delivery, channel, thread, begun)
        except Gone as gone:  # somebody deleted what the thread hung on: better beside it than nowhere
            if not thread or gone.natives:
                raise Rejected("refused", gone.natives) from None
            natives = await self._say(delivery, channel, "", begun)
        if not natives:
            raise Rejected("nothing")
        uploaded = [native for native in natives[len(begun) :] if "." not in native]
        return Delivered(tuple(natives), found, certain=not uploaded)  # of a file uploaded twice nobody can be sure

    async def _say(self, delivery: Delivery, channel: str, thread: str, begun: Sequence[str]) -> list[str]:
        natives = list(begun)
        parts = render.messages(delivery.drawn)
        for message in parts[len(natives) :]:
            natives.append(await self._post(delivery, channel, thread, message, natives))
        for file in render.uploads(delivery.drawn.files)[max(0, len(natives) - len(parts)) :]:
            natives.append(await self._upload(file, delivery, channel, thread, natives))
        return natives

    async def _post(
        self, delivery: Delivery, channel: str, thread: str, message: Mapping[str, Any], before: Sequence[str]
    ) -> str:
        post = self.client.chat_postMessage(
            channel=channel,
            thread_ts=thread or None,
            unfurl_links=False,
            unfurl_media=False,
            mrkdwn=False,
            metadata={"event_type": "frontdesk", "event_payload": {"outgoing": delivery.rows[0].id}},
            **message,
        )
        return str((await self.call(post, before))["ts"])

    async def _already(self, delivery: Delivery, channel: str, thread: str) -> list[str]:
        """Look which parts of an uncertain post arrived: each carries our own id as metadata, and its files follow it."""
        wanted = delivery.rows[0].id
        where: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{(delivery.rows[0].created_at - MARGIN).timestamp():.6f}",
            "limit": 200,
            "include_all_metadata": True,
        }
        history, replies = self.client.conversations_history, self.client.conversations_replies
        said = (await self.call(replies(ts=thread, **where) if thread else history(**where))).get("messages") or ()
        said = sorted(said, key=lambda message: str(message["ts"]))
        ours = [message for message in said if _promise(message) == wanted]
        if not ours:
            return []
        after = said[said.index(ours[-1]) + 1 :]
        files = [
            str(file["id"]) for m in after for file in m.get("files") or () if file.get("user") == self._known.bot_user
        ]
        return [*(str(message["ts"]) for message in ours), *files[: len(render.uploads(delivery.drawn.files))]]

    async def _upload(self, file: File, delivery: Delivery, channel: str, thread: str, before: Sequence[str]) -> str:
        """Upload one file into the thread; its id is what we know it by."""
        content = delivery.loaded.get(file.handle)
        if content is None:
            content = await self.fetch(file)
        name = file.name or NAMES.get(file.kind, file.kind)
        target = await self.call(self.client.files_getUploadURLExternal(filename=name, length=len(content)), before)
        async with aiohttp.ClientSession() as session, session.post(str(target["upload_url"]), data=content) as answer:
            if answer.status != 200:
                raise Rejected("refused", before)
        done = self.client.files_completeUploadExternal(
            files=[{"id": target["file_id"], "title": name}], channel_id=channel, thread_ts=thread or None
        )
        await self.call(done, before)
        return str(target["file_id"])

    async def edit(self, delivery: Delivery) -> Delivered:
        """Change what is shown; what has grown by a part gets another message, what has shrunk loses one."""
        if not delivery.shown:
            return await self.send(delivery)
        channel, thread = await self._where(delivery)
        parts = render.messages(delivery.drawn)
        texts = [native for native in delivery.shown if "." in native]
        files = [native for native in delivery.shown if "." not in native]
        try:
            for native, message in zip(texts, parts, strict=False):
                await self.call(self.client.chat_update(channel=channel, ts=native, **message))
        except Gone:  # deleted by somebody: say it anew
            return await self.send(delivery)
        texts += [await self._post(delivery, channel, thread, message, ()) for message in parts[len(texts) :]]
        await self.delete(delivery.chat, texts[len(parts) :])
        return Delivered((*texts[: len(parts)], *files))

    async def delete(self, chat: str, natives: Sequence[str]) -> None:
        """Take messages and files away; what is gone already is no fault."""
        channel = chat.partition("/")[0]
        for native in natives:
            with contextlib.suppress(Gone):
                if "." in native:
                    await self.call(self.client.chat_delete(channel=channel, ts=native))
                else:
                    await self.call(self.client.files_delete(file=native))

    async def fetch(self, file: File) -> bytes:
        """Return a file's content: only with the token, or Slack answers with its sign-in page."""
        if file.size > DOWNLOAD:
            raise Rejected("too_big")
        head = {"Authorization": f"Bearer {self.client.token}"}
        try:
            async with aiohttp.ClientSession() as session, session.get(file.ref, headers=head) as answer:
                if answer.status != 200 or (answer.content_type == "text/html" and "html" not in file.mime):
                    raise Rejected("no_file")
                return await answer.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise translated(error) from error

    async def call(self, call: Awaitable[Any], before: Sequence[str] = ()) -> Any:
        """Make a call, or raise what went wrong in the desk's words."""
        try:
            answer = await call
        except (TimeoutError, SlackClientError, aiohttp.ClientError, OSError) as error:
            raise translated(error, before) from error
        self._contact.answer()
        return answer

    async def hint(self, event: Event, text: str) -> None:
        """Show an ephemeral message; where there is no channel for one, say it in the person's DM."""
        channel, _, thread = event.chat.partition("/")
        user = str(event.facts.get("user") or (event.sender.native if event.sender else ""))
        said = render.hint(text)
        if channel.startswith("@"):
            await self.call(self.client.chat_postMessage(channel=await self.home(user), mrkdwn=False, **said))
            return
        await self.call(self.client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread or None, **said))


def _promise(message: Mapping[str, Any]) -> object:
    """Return our own id for what a message of ours says."""
    return ((message.get("metadata") or {}).get("event_payload") or {}).get("outgoing")
