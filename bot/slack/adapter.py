"""Slack as a messenger of the desk: Socket Mode or signed HTTP in, Web API calls out."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.messengers import deadlines
from bot.messengers.downloads import Room
from bot.messengers.protocol import Accept, Answer, Delivered, Delivery, Forms, Hook, Lead, Rejected, Team, Undelivered
from bot.monitoring.health import Contact
from bot.slack import members, render, socket, start
from bot.slack.acquaintances import UserDirectory
from bot.slack.catchup import CatchUp
from bot.slack.client import Client
from bot.slack.door import OrderedIntake
from bot.slack.errors import OURS, translate_slack_error
from bot.slack.events import SlackContext
from bot.slack.files import token_hosts
from bot.slack.posting import DOWNLOAD, Poster
from bot.slack.receiving import Receiver
from bot.slack.signature import Signature
from handlers.vocabulary.capabilities import Capabilities
from handlers.vocabulary.messages import Event, File, Operation
from storage.engine.database import Database, DatabaseUnavailable
from storage.queues import moved_chats
from storage.queues.outbox import Rate
from storage.tickets.messages import TicketThread

log = logging.getLogger("frontdesk.slack")

PATH = "/slack/events"
NONE = 1000  # messages a second: a rate above it is none
PAGES = Rate(20, timedelta(seconds=15))  # front pages of all people together: Slack takes a hundred a minute
# Edits of a workspace, and as many deletions: Slack's tier 3 takes fifty a minute.
CHANGES = Rate(48, timedelta(minutes=1))


class Slack:
    """One workspace."""

    name = "slack"
    able = Capabilities(
        menus=True, gives=DOWNLOAD, rooted=True, whispers=True, overhears=True, command="/desk ", in_thread="!"
    )
    looks = True
    rooted = True  # a ticket has a thread of its own in its requester's DM
    uploads = True

    def __init__(
        self,
        client: AsyncWebClient,
        forms: Forms,
        database: Database,
        *,
        app_token: str,
        secret: str,
        team: str,
        rate: float,
        clock: Clock,
    ) -> None:
        self.source = ""  # whose account it is only Slack can say
        self.contact = Contact(clock.now)
        self.client = client
        self._database = database
        own = token_hosts(client.base_url)
        self._known = SlackContext("", team_channel=team, hosts=own)
        self._forms = forms
        self._app_token = app_token
        secret = secret or "unused in Socket Mode"
        self._signature = Signature(secret, clock)
        self._rate = rate
        self._poster = Poster(client, self._known, self.contact)
        self._people = UserDirectory(client, self._known)
        self._catching = CatchUp(client, database, self._known, self._people, clock)
        self._receiver = Receiver(self._known, forms, self._people, client.views_update)
        self._app = build_bolt_app(client, self._known, secret)
        self._app.use(self._receiver.keep)

    @classmethod
    def over(cls, token: str, url: str, forms: Forms, database: Database, **settings: Any) -> "Slack":
        """Return Slack at an address, not asked anything yet."""
        session = ClientSession(timeout=ClientTimeout(total=deadlines.CALL))
        return cls(Client(token, url, within=deadlines.CALL, session=session), forms, database, **settings)

    def start_link(self, payload: str) -> str:
        """Return nothing: the app may write to anybody, ``payload`` or not."""
        return ""

    def link_to(self, chat: str, native: str) -> str:
        """Return a link to a message."""
        url = self._known.url
        return f"{url}archives/{chat.partition('/')[0]}/p{native.replace('.', '')}" if url and "." in native else ""

    def on_gap(self, tell: Callable[[], None]) -> None:
        """Call this after something was read back."""
        self._catching.on_gap = tell

    async def fill_group(self, group: str, people: Sequence[str]) -> None:
        """Let these people be all of a user group."""
        try:
            await self.client.usergroups_users_update(usergroup=group, users=list(people))
        except OURS as error:
            raise translate_slack_error(error, says=False) from error

    async def present(self, chat: str, people: Collection[str]) -> Mapping[str, bool]:
        """Return who is in a channel."""
        return await members.channel_presence(self.client, self._people, self._known, chat, people)

    async def prepare(self) -> Team | None:
        """Find out whose token it is, and check the socket's token and the team channel."""
        found = await start.check_bot_token(self.client, self.contact)
        self._known.source, self._known.bot_user, self._known.bot_id = (
            f"slack:{found.team}",
            found.bot_user,
            found.bot_id,
        )
        self._known.url = found.url
        if self._app_token:
            await start.check_socket(self.client, self._app_token, self.contact)
        channel = await self._team_channel()
        self.source = self._known.source
        return channel

    async def _team_channel(self) -> Team | None:
        """Return the team channel by its id of now: Slack may have given it another one since the settings named it."""
        named = self._known.team_channel
        if not named:
            return None
        known = await self._database.run(
            lambda connection: moved_chats.current_chat(connection, self._known.source, named)
        )
        await start.check_channel(self.client, known, self.contact, named)
        self._known.team_channel = known
        return Team(known, threads=False, was=named if known != named else "")

    async def ping(self) -> None:
        """Ask whose token it is."""
        try:
            await self._poster.call(self.client.auth_test())
        except Undelivered as silent:
            self.contact.fail("calls", str(silent))
            raise

    # In

    async def receive(self, accept: Accept, lead: Lead) -> None:
        """Keep a socket open while this process leads; in HTTP mode Slack calls, and only what it gave up is read back."""
        door = self._receiver.door = self._receiver.door or OrderedIntake(accept)
        catching = self._catching

        async def steady() -> None:
            await self._follow()
            failed, door.failed = door.failed, False
            await catching.steady(accept, failed=failed)

        if self._app_token:
            opened = partial(catching.read, accept)
            line = socket.Line(
                self._app, self._app_token, self.client, self.contact, lead=lead, opened=opened, steady=steady
            )
            await line.keep()
        await catching.read(accept)
        while True:
            await asyncio.sleep(socket.PING)
            await steady()

    async def _follow(self) -> None:
        """Know the team channel by its id of now, which another process may have heard of."""
        known = self._known
        with contextlib.suppress(DatabaseUnavailable):
            known.team_channel = await self._database.run(
                lambda connection: moved_chats.current_chat(connection, known.source, known.team_channel)
            )

    def hooks(self, accept: Accept) -> Mapping[str, Hook]:
        """Return what is served over HTTP: signed events, interactions and commands."""
        self._receiver.door = OrderedIntake(accept)
        if self._app_token:
            return {}

        async def hook(request: web.Request) -> web.StreamResponse:
            self._signature.check((await request.read()).decode(errors="replace"), request.headers)
            if not self.source:  # not ready yet: Slack has not told us who we are, and sends it again
                return web.Response(status=503, headers={"Retry-After": "1"})
            self.contact.hear("updates")
            return await to_aiohttp_response(await self._app.async_dispatch(await to_bolt_request(request)))

        return {PATH: hook}

    def read(self, event: Event) -> Event | None:
        """Read again what could not be read when it came."""
        return self._receiver.read(event)

    # Out

    async def deliver(self, delivery: Delivery) -> Delivered:
        """Do it, or raise what went wrong in the desk's words."""
        delivered = await self._deliver(delivery)
        self.contact.speak()
        return delivered

    async def _deliver(self, delivery: Delivery) -> Delivered:
        match delivery.operation:
            case Operation.SEND:
                return await self._poster.send(delivery)
            case Operation.EDIT:
                return await self._poster.edit(delivery)
            case Operation.DELETE:
                await self._poster.take_away(delivery)
            case Operation.THREAD if delivery.drawn.facts.get("mark"):
                return await self._poster.mark(delivery)
            case Operation.HOME:
                user = delivery.chat.rpartition("@")[2]
                try:
                    await self._poster.call(
                        self.client.views_publish(user_id=user, view=render.home_view(delivery.drawn))
                    )
                except Rejected as refused:  # nobody misses it who cannot see it
                    log.info("a front page was not shown: %s", refused, extra={"event": "no_front_page"})
        return Delivered()

    async def fetch(self, file: File, room: Room) -> bytes:
        """Return a file's content."""
        return await self._poster.fetch(file, room)

    async def open_thread(self, chat: str, place: TicketThread) -> str:
        """A thread hangs on its card: there is nothing to open."""
        return ""

    async def drop_thread(self, chat: str, native: str) -> None:
        """There is nothing to take away either."""

    # At once

    async def answer(self, answer: Answer) -> None:
        """Open the window that was asked for, or show a hint that only the actor sees."""
        event = answer.event
        if answer.opening is not None:
            drawn = await self._forms.draw(answer.opening, {})
            if drawn is not None:
                view = render.modal_view(drawn, event.chat, private=event.private)
                await self._poster.call(self.client.views_open(trigger_id=event.interaction, view=view))
        for toast in answer.toasts:
            if toast.vital or answer.opening is None:  # a window is an answer by itself
                await self._poster.hint(event, toast)

    async def busy(self, event: Event) -> None:
        """Slack shows nobody that an app is typing."""

    def rates(self, chat: str, operation: Operation) -> Mapping[str, Rate]:
        """Return a channel's own rate, about a message a second, bursts tolerated; what is no message has the workspace's."""
        if operation is Operation.HOME:
            return {f"{self.source}:home": PAGES}
        if self._rate > NONE:
            return {}
        if operation in (Operation.EDIT, Operation.DELETE, Operation.THREAD):
            return {f"{self.source}:{operation}": CHANGES}
        if operation is not Operation.SEND:
            return {}
        burst = 5
        period = timedelta(seconds=burst / self._rate)
        return {f"{self.source}:{chat.partition('/')[0]}": Rate(burst, period)}

    async def close(self) -> None:
        """Close the connections."""
        await self._poster.close()
        if self.client.session is not None:
            await self.client.session.close()


def build_bolt_app(client: AsyncWebClient, known: SlackContext, secret: str) -> AsyncApp:
    """Return the library's app, told whose account it is: it would ask at the first event, and lose that one."""

    async def authorized() -> AuthorizeResult:
        """Say whose account it is."""
        return AuthorizeResult(
            enterprise_id=None,
            team_id=known.team,
            bot_user_id=known.bot_user,
            bot_id=known.bot_id,
            bot_token=client.token,
        )

    tokenless = AsyncWebClient(base_url=client.base_url)  # else bolt warns that it leaves the token aside
    # Without a name the library reads the source of every caller to find one.
    return AsyncApp(name="frontdesk", client=tokenless, authorize=authorized, signing_secret=secret)
