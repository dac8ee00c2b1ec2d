"""Out: what the desk says becomes calls of Slack's Web API."""

import contextlib
from collections.abc import Awaitable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from aiohttp import ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messengers import deadlines
from bot.messengers.downloads import HTML, Downloads, Room
from bot.messengers.protocol import Delivered, Delivery, Rejected, ThreadShut, Undelivered, Unreachable, Wait
from bot.messengers.wire import matches_shape, retry_after
from bot.monitoring.health import Contact
from bot.slack import render
from bot.slack.client import NoAnswer
from bot.slack.errors import OURS, Gone, slack_error_code, translate_slack_error
from bot.slack.events import SlackContext
from bot.slack.reading import slack_time
from handlers.vocabulary.messages import Event, File, Toast

MARGIN = timedelta(minutes=10)  # that our clock and Slack's may differ
DOWNLOAD = 50 * 1024 * 1024  # bytes: what Telegram takes, the smaller of the two
NAMES = {"photo": "photo.jpg", "video": "video.mp4", "animation": "animation.mp4", "voice": "voice.ogg",
         "video_note": "video.mp4", "sticker": "sticker.webp", "audio": "audio.mp3"}  # fmt: skip
MARKS = {"note": "memo"}

OUTSIDE = "user_not_in_channel"


class Poster:
    """Posts, edits, deletes, uploads and downloads in one workspace."""

    def __init__(self, client: AsyncWebClient, known: SlackContext, contact: Contact) -> None:
        self.client = client
        self._downloads = Downloads(known.hosts, DOWNLOAD, proxy=client.proxy)
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
            opened = await self._asked(self.client.conversations_open(users=user))
            self._homes[user] = str(opened["channel"]["id"])
        return self._homes[user]

    async def send(self, delivery: Delivery) -> Delivered:
        """Post it, its files too; what was begun before is gone on with."""
        channel, thread = await self._where(delivery)
        found = "" if delivery.chat == channel or "/" in delivery.chat else channel
        begun, looked = list(delivery.begun), False
        if delivery.doubtful:
            there, looked = await self._already(delivery, channel, thread)
            begun = max(begun, there, key=len)
        try:
            natives = await self._say(delivery, channel, thread, begun)
        except Gone as gone:  # somebody deleted what the thread hung on
            if not thread:
                raise Rejected("refused", gone.natives, word=gone.reason) from None
            raise ThreadShut(gone.reason, gone.natives) from None
        except Unreachable as lost:
            raise Unreachable(lost.reason, lost.natives or begun, doubt=lost.doubt, looked=looked) from None
        if not natives:
            raise Rejected("nothing")
        uploaded = [native for native in natives[len(begun) :] if "." not in native]
        return Delivered(tuple(natives), found, certain=not uploaded)  # of a file uploaded twice nobody can be sure

    async def _say(self, delivery: Delivery, channel: str, thread: str, begun: Sequence[str]) -> list[str]:
        natives = list(begun)
        parts = render.message_arguments(delivery.drawn)
        for message in parts[len(natives) :]:
            natives.append(await self._post(delivery, channel, thread, message, natives))
        for file in render.files_to_upload(delivery.drawn.files)[max(0, len(natives) - len(parts)) :]:
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
        return str((await self.call(post, before, says=True))["ts"])

    async def _already(self, delivery: Delivery, channel: str, thread: str) -> tuple[list[str], bool]:
        """Look which parts of an uncertain post arrived: each carries our own id as metadata, and its files follow it.

        Return them, and whether what is not among them is not there.
        """
        wanted, promised = delivery.rows[0].id, delivery.rows[0].created_at
        where: dict[str, Any] = {"channel": channel, "limit": 200, "include_all_metadata": True}
        ask: Any = self.client.conversations_history
        if thread:
            ask = partial(self.client.conversations_replies, ts=thread)
        answer = await self.call(ask(**where, oldest=f"{(promised - MARGIN).timestamp():.6f}"))
        there = slack_time(answer)
        if there is not None and promised > there + MARGIN:  # our clock was ahead: it may have been said before that
            answer = await self.call(ask(**where))
        said = [each for each in answer["messages"] if matches_shape({"ts": str}, each)]
        said = sorted(said, key=lambda message: str(message["ts"]))
        ours = [message for message in said if _promise(message) == wanted]
        looked = bool(render.message_arguments(delivery.drawn)) and not answer.get("has_more")
        if not ours:
            return [], looked
        after = said[said.index(ours[-1]) + 1 :]
        mine = self._known.bot_user
        files = [str(file["id"]) for m in after for file in m.get("files") or () if file.get("user") == mine]
        return [
            *(str(message["ts"]) for message in ours),
            *files[: len(render.files_to_upload(delivery.drawn.files))],
        ], looked

    async def _upload(self, file: File, delivery: Delivery, channel: str, thread: str, before: Sequence[str]) -> str:
        """Upload one file into the thread; its id is what we know it by."""
        content = delivery.loaded[file.handle]
        name = file.name or NAMES.get(file.kind, file.kind)
        asked = self.client.files_getUploadURLExternal(filename=name, length=len(content))
        target = await self._asked(asked, before)
        await self._asked(self._put(str(target["upload_url"]), content), before)
        done = self.client.files_completeUploadExternal(
            files=[{"id": target["file_id"], "title": name}], channel_id=channel, thread_ts=thread or None
        )
        await self.call(done, before, says=True)
        return str(target["file_id"])

    async def _put(self, address: str, content: bytes) -> None:
        """Bring a file's bytes to where Slack wants them, which is a place of Slack's; the token is not needed there."""
        url = self._downloads.hosts.own(address)
        session = self.client.session
        if url is None or session is None:
            raise NoAnswer("an upload to somewhere else")
        limit = ClientTimeout(total=deadlines.call_timeout(len(content)))
        posted = session.post(url, data=content, allow_redirects=False, proxy=self.client.proxy, timeout=limit)
        async with posted as answer:
            if answer.status == 429:
                raise Wait(retry_after(answer.headers))
            if answer.status == 413:
                raise Rejected("too_big")
            if answer.status != 200 or answer.content_type in HTML:
                raise NoAnswer(f"status {answer.status}")

    async def edit(self, delivery: Delivery) -> Delivered:
        """Change what is shown; what has grown by a part gets another message, what has shrunk loses one."""
        if not delivery.shown:
            return await self.send(delivery)
        channel, thread = await self._where(delivery)
        parts = render.message_arguments(delivery.drawn)
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

    async def mark(self, delivery: Delivery) -> Delivered:
        """React to a message of somebody's; where we may not, a line under it says the same."""
        channel, native = delivery.chat.partition("/")[0], delivery.anchor
        if not native or native == delivery.root:
            return Delivered()
        facts, client = delivery.drawn.facts, self.client
        react = client.reactions_add if facts["on"] else client.reactions_remove
        try:
            await self.call(react(channel=channel, timestamp=native, name=MARKS[facts["mark"]]))
        except Gone:
            return Delivered()
        except Rejected as refused:
            if facts["on"] and refused.word != "already_reacted":
                return await self.send(delivery)
        return Delivered()

    async def take_away(self, delivery: Delivery) -> None:
        """Delete what is shown; what the workspace does not let us delete says instead that it was taken back."""
        channel, said = delivery.chat.partition("/")[0], render.message_arguments(delivery.drawn)
        for native in delivery.shown:
            try:
                await self._delete(channel, native)
            except Gone:
                with contextlib.suppress(Gone):
                    if "." in native and said:
                        await self.call(self.client.chat_update(channel=channel, ts=native, **said[0]))

    async def delete(self, chat: str, natives: Sequence[str]) -> None:
        """Take messages and files away; what is gone already is no fault."""
        channel = chat.partition("/")[0]
        for native in natives:
            with contextlib.suppress(Gone):
                await self._delete(channel, native)

    async def _delete(self, channel: str, native: str) -> None:
        if "." in native:
            await self.call(self.client.chat_delete(channel=channel, ts=native))
        else:
            await self.call(self.client.files_delete(file=native))

    async def fetch(self, file: File, room: Room) -> bytes:
        """Return a file's content: only with the token, or Slack answers with its sign-in page."""
        if file.size > DOWNLOAD:
            raise Rejected("too_big")
        return await self._downloads.bring(file.ref, file, room, {"Authorization": f"Bearer {self.client.token}"})

    async def call(self, call: Awaitable[Any], before: Sequence[str] = (), *, says: bool = False) -> Any:
        """Make a call, or raise what went wrong in the desk's words; one that ``says`` something may be in doubt."""
        try:
            answer = await call
        except OURS as error:
            raise translate_slack_error(error, before, says=says) from error
        self._contact.answer()
        return answer

    async def _asked(self, call: Awaitable[Any], before: Sequence[str] = ()) -> Any:
        """Make a call that nobody sees anything of: whatever becomes of it, nothing has arrived by it."""
        try:
            return await self.call(call, before)
        except Unreachable as unreachable:
            raise Unreachable(unreachable.reason, before, doubt=False) from unreachable
        except Undelivered as trouble:
            trouble.natives = tuple(before)
            raise

    async def close(self) -> None:
        """Let go of the connections to files."""
        await self._downloads.close()

    async def hint(self, event: Event, toast: Toast) -> None:
        """Show an ephemeral message; where there is no channel for one, or no longer, say it in the person's DM."""
        channel, _, thread = event.chat.partition("/")
        thread = thread or event.hung_on or ("" if event.private else event.reply_to)
        user = event.native_user or (event.sender.native if event.sender else "")
        said = render.ephemeral_message(toast)
        if not channel.startswith("@"):
            shown = self.client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread or None, **said)
            try:
                await self.call(shown)
                return
            except Rejected as refused:
                if not (
                    isinstance(refused.__cause__, SlackApiError) and slack_error_code(refused.__cause__) == OUTSIDE
                ):
                    raise
        await self.call(self.client.chat_postMessage(channel=await self.home(user), mrkdwn=False, **said))


def _promise(message: Mapping[str, Any]) -> object:
    """Return our own id for what a message of ours says."""
    return ((message.get("metadata") or {}).get("event_payload") or {}).get("outgoing")
