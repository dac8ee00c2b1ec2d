"""Slack as a messenger of the desk: Socket Mode or signed HTTP in, Web API calls out."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messenger import Accept, Answer, Delivered, Delivery, Forms, Hook, Lead, Rejected, Team
from bot.slack import render, start, words
from bot.slack.catchup import CatchUp
from bot.slack.errors import Gone, translated
from bot.slack.events import Known
from bot.slack.receiving import Receiver
from handlers.messages import Event, File, Operation, Sender
from storage.database import Database
from storage.outbox import Rate
from storage.talk import Place

log = logging.getLogger("frontdesk.slack")

PATH = "/slack/events"
CALL = 20  # seconds one call may take
DOWNLOAD = 50 * 1024 * 1024  # bytes: what Telegram takes, the smaller of the two


class Slack:
    """One workspace."""

    rooted = True  # a ticket has a thread of its own in its requester's DM
    contact = True

    def __init__(
        self,
        client: AsyncWebClient,
        found: start.Found,
        forms: Forms,
        database: Database,
        *,
        app_token: str,
        secret: str,
        team: str,
        rate: float,
    ) -> None:
        self.source = f"slack:{found.team}"
        self.client = client
        self._known = Known(self.source, found.bot_user, found.bot_id, team)
        self._forms = forms
        self._database = database
        self._app_token = app_token
        self._team = team
        self._rate = rate
        self._homes: dict[str, str] = {}
        self._receiver = Receiver(self._known, forms, self._meet, client.views_update)
        self._app = AsyncApp(client=client, signing_secret=secret or "unused in Socket Mode")
        self._app.use(self._receiver.keep)

    @classmethod
    async def connect(cls, token: str, url: str, forms: Forms, database: Database, **settings: Any) -> "Slack":
        """Find out whose token it is; wait where Slack does not answer. Raises OperatorError for a token it does not take."""
        client = AsyncWebClient(token=token, base_url=url, timeout=CALL)
        return cls(client, await start.who(client), forms, database, **settings)

    async def prepare(self) -> Team | None:
        """Check the socket's token and the team channel."""
        if self._app_token:
            await start.check_socket(self.client, self._app_token)
        if not self._team:
            return None
        await start.check_channel(self.client, self._team)
        return Team(self._team, threads=False)

    # In

    async def receive(self, accept: Accept, lead: Lead) -> None:
        """Keep a socket open for ever; in HTTP mode Slack calls, and there is nothing to keep."""
        self._receiver.accept = accept
        if not self._app_token:
            await asyncio.Event().wait()
        handler = AsyncSocketModeHandler(self._app, self._app_token, web_client=self.client, ping_interval=5)
        catching = CatchUp(self.client, self._database, self._known, self._receiver.introduce)
        tasks: set[asyncio.Task[None]] = set()

        async def greeted(_client: object, message: dict[str, Any], _raw: str | None) -> None:
            """A socket is open, the first one or another after a break: read what nobody heard meanwhile."""
            if message.get("type") == "hello":
                task = asyncio.create_task(catching.read(accept))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

        handler.client.message_listeners.append(greeted)
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]
            await asyncio.Event().wait()
        finally:
            with contextlib.suppress(Exception):
                await handler.close_async()  # type: ignore[no-untyped-call]

    def hooks(self, accept: Accept) -> Mapping[str, Hook]:
        """Return what is served over HTTP: signed events, interactions and commands."""
        self._receiver.accept = accept
        if self._app_token:
            return {}

        async def hook(request: web.Request) -> web.StreamResponse:
            return await to_aiohttp_response(await self._app.async_dispatch(await to_bolt_request(request)))

        return {PATH: hook}

    def read(self, event: Event) -> Event | None:
        """Read again what could not be read when it came: nothing is kept unread here."""
        return event

    async def _meet(self, user: str) -> Sender | None:
        """Learn who somebody is; whoever cannot be looked up now is known by their id."""
        try:
            found = (await self.client.users_info(user=user, include_locale=True))["user"]
        except (TimeoutError, SlackClientError, aiohttp.ClientError):
            return None
        profile = found.get("profile") or {}
        name = (
            profile.get("display_name")
            or profile.get("real_name")
            or found.get("real_name")
            or found.get("name")
            or user
        )
        return Sender(user, str(name), str(found.get("name") or ""), str(found.get("locale") or ""))

    # Out

    async def deliver(self, delivery: Delivery) -> Delivered:
        """Do it, or raise what went wrong in the desk's words."""
        match delivery.operation:
            case Operation.SEND:
                return await self._send(delivery)
            case Operation.EDIT:
                return await self._edit(delivery)
            case Operation.DELETE:
                await self._delete(delivery.chat, delivery.shown)
            case Operation.HOME:
                user = delivery.chat.removeprefix("@")
                await self._call(self.client.views_publish(user_id=user, view=render.home(delivery.drawn)))
        return Delivered()

    async def _where(self, delivery: Delivery) -> tuple[str, str]:
        """Return the channel and the thread: of the ticket, or of the question that was asked in passing."""
        chat, _, thread = delivery.chat.partition("/")
        if chat.startswith("@"):
            chat = await self._home(chat.removeprefix("@"))
        return chat, thread or delivery.root

    async def _home(self, user: str) -> str:
        """Return somebody's DM."""
        if user not in self._homes:
            self._homes[user] = str((await self._call(self.client.conversations_open(users=user)))["channel"]["id"])
        return self._homes[user]

    async def _send(self, delivery: Delivery) -> Delivered:
        channel, thread = await self._where(delivery)
        found = "" if delivery.chat == channel or "/" in delivery.chat else channel
        natives: list[str] = list(delivery.begun)
        if delivery.rows[0].uncertain and not natives and (sent := await self._already(delivery, channel, thread)):
            return Delivered((sent,), found)
        parts = render.messages(delivery.drawn)
        mark = {"event_type": "frontdesk", "event_payload": {"outgoing": delivery.rows[0].id}}
        for message in parts[len(natives) :]:
            post = self.client.chat_postMessage(
                channel=channel,
                thread_ts=thread or None,
                unfurl_links=False,
                unfurl_media=False,
                metadata=mark,
                **message,
            )
            natives.append(str((await self._call(post, natives))["ts"]))
        for file in render.uploads(delivery.drawn.files)[max(0, len(natives) - len(parts)) :]:
            natives.append(await self._upload(file, delivery, channel, thread, natives))
        if not natives:
            raise Rejected("nothing")
        return Delivered(tuple(natives), found)

    async def _already(self, delivery: Delivery, channel: str, thread: str) -> str:
        """Look whether an uncertain post arrived: each carries our own id as metadata."""
        wanted = delivery.rows[0].id
        recent = (
            self.client.conversations_replies(channel=channel, ts=thread, limit=50, include_all_metadata=True)
            if thread
            else self.client.conversations_history(channel=channel, limit=50, include_all_metadata=True)
        )
        for message in (await self._call(recent)).get("messages") or ():
            if ((message.get("metadata") or {}).get("event_payload") or {}).get("outgoing") == wanted:
                return str(message["ts"])
        return ""

    async def _upload(self, file: File, delivery: Delivery, channel: str, thread: str, before: Sequence[str]) -> str:
        """Upload one file into the thread; its id is what we know it by."""
        content = delivery.loaded.get(file.handle)
        if content is None:
            content = await self.fetch(file)
        name = file.name or NAMES.get(file.kind, file.kind)
        target = await self._call(self.client.files_getUploadURLExternal(filename=name, length=len(content)), before)
        async with aiohttp.ClientSession() as session, session.post(str(target["upload_url"]), data=content) as answer:
            if answer.status != 200:
                raise Rejected("refused", before)
        done = self.client.files_completeUploadExternal(
            files=[{"id": target["file_id"], "title": name}], channel_id=channel, thread_ts=thread or None
        )
        await self._call(done, before)
        return str(target["file_id"])

    async def _edit(self, delivery: Delivery) -> Delivered:
        if not delivery.shown:
            return await self._send(delivery)
        channel, _ = await self._where(delivery)
        parts = render.messages(delivery.drawn)
        texts = [native for native in delivery.shown if "." in native]
        try:
            for native, message in zip(texts, parts, strict=False):
                await self._call(self.client.chat_update(channel=channel, ts=native, **message))
        except Gone:  # deleted by somebody: say it anew
            return await self._send(delivery)
        await self._delete(delivery.chat, texts[len(parts) :])
        return Delivered(delivery.shown)

    async def _delete(self, chat: str, natives: Sequence[str]) -> None:
        channel = chat.partition("/")[0]
        for native in natives:
            with contextlib.suppress(Gone):
                if "." in native:
                    await self._call(self.client.chat_delete(channel=channel, ts=native))
                else:
                    await self._call(self.client.files_delete(file=native))

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

    async def _call(self, call: Awaitable[Any], before: Sequence[str] = ()) -> Any:
        try:
            return await call
        except (TimeoutError, SlackClientError, aiohttp.ClientError, OSError) as error:
            raise translated(error, before) from error

    async def open_thread(self, chat: str, place: Place) -> str:
        """A thread hangs on its card: there is nothing to open."""
        return ""

    # At once

    async def answer(self, answer: Answer) -> None:
        """Open the window that was asked for, or show a hint that only the actor sees."""
        event = answer.event
        if answer.opening is not None:
            drawn = await self._forms.draw(answer.opening, {})
            if drawn is not None:
                view = render.modal(drawn, event.chat, private=event.private)
                await self._call(self.client.views_open(trigger_id=event.interaction, view=view))
        for toast in answer.toasts:
            await self._hint(event, toast.text)

    async def busy(self, event: Event) -> None:
        """Slack shows nobody that an app is typing."""

    async def _hint(self, event: Event, text: str) -> None:
        """Show an ephemeral message; where there is no channel for one, say it in the person's DM."""
        channel, _, thread = event.chat.partition("/")
        user = str(event.facts.get("user") or (event.sender.native if event.sender else ""))
        if channel.startswith("@"):
            await self._call(
                self.client.chat_postMessage(channel=await self._home(user), text=render.short(text, render.TEXT))
            )
            return
        await self._call(
            self.client.chat_postEphemeral(
                channel=channel, user=user, text=words.escaped(text), thread_ts=thread or None
            )
        )

    def rates(self, chat: str, operation: Operation) -> Mapping[str, Rate]:
        """Return a channel's own rate: about a message a second, bursts tolerated."""
        if self._rate > 1000 or operation is not Operation.SEND:
            return {}
        burst = 5
        period = timedelta(seconds=burst / self._rate)
        return {f"{self.source}:{chat.partition('/')[0]}": Rate(burst, period)}

    async def close(self) -> None:
        """Close the connections."""


NAMES = {"photo": "photo.jpg", "video": "video.mp4", "animation": "animation.mp4", "voice": "voice.ogg",
         "video_note": "video.mp4", "sticker": "sticker.webp", "audio": "audio.mp3"}  # fmt: skip
