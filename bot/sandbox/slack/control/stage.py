"""The stage: all that a test, the demo page or a bench does to the workspace and reads from it."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from bot.sandbox.changes import PATIENCE, Changes
from bot.sandbox.clock import Clock
from bot.sandbox.slack.calling import Call
from bot.sandbox.slack.calls import Calls
from bot.sandbox.slack.control.person import Person
from bot.sandbox.slack.control.room import Room
from bot.sandbox.slack.control.screen import Screen
from bot.sandbox.slack.control.view import Seen, seen
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.model import ELSEWHERE, HOME, StoredFile, Violation
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.tables import SCOPES
from bot.sandbox.slack.trouble import Trouble, Where
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import BOT, TEAM, Keep

T = TypeVar("T")
TOKEN, APP_TOKEN, SECRET = "xoxb-sandbox", "xapp-sandbox", "sandbox-signing-secret"


class Stage:
    """The people, the conversations, the logs and the trouble, without the network."""

    def __init__(self, clock: Clock, *, rates: Rates | None, keep: Keep, seed: int, username: str) -> None:
        self.token, self.app_token, self.signing_secret = TOKEN, APP_TOKEN, SECRET
        self.clock, self.changes, self.faults = clock, Changes(), Trouble(seed)
        self._space = Workspace(clock, self.changes, secret=SECRET, rates=rates, keep=keep, username=username)
        self._world = self._space.world
        self._calls = Calls(self._space, TOKEN, APP_TOKEN)
        self.team_id, self.bot_id, self.bot_user_id = TEAM, BOT, self._world.bot.id

    # People and conversations

    def person(
        self,
        name: str,
        *,
        locale: str = "en-US",
        tz: str = "Europe/Kyiv",
        email: str | None = None,
        admin: bool = False,
        guest: bool = False,
        bot: bool = False,
        stranger: bool = False,
        display: str = "",
    ) -> Person:
        """Let somebody be in the workspace, or another app's ``bot``, or a ``stranger`` of another organisation."""
        home = ELSEWHERE if stranger else HOME
        user = self._world.add_user(
            name, locale=locale, tz=tz, email=email, is_admin=admin, guest=guest, is_bot=bot, display=display, team=home
        )
        return Person(self._space, user)

    @property
    def slackbot(self) -> Person:
        """Slack's own voice."""
        return Person(self._space, self._world.slackbot())

    def channel(
        self, name: str, *, members: Iterable[Person] = (), private: bool = False, with_bot: bool = True
    ) -> Room:
        """Make a channel; the first member has created it. Nobody hears of that; ``invite_bot`` later is heard."""
        inside = [person.id for person in members] + ([self._world.bot.id] if with_bot else [])
        return Room(self._space, self._world.add_channel(name, "group" if private else "channel", inside))

    def group_dm(self, members: Iterable[Person]) -> Room:
        """Make a direct message of several people and the bot."""
        inside = [person.id for person in members]
        name = "--".join(self._world.users[number].name for number in inside)
        return Room(self._space, self._world.add_channel(f"mpdm-{name}-1", "mpim", [*inside, self._world.bot.id]))

    @property
    def people(self) -> list[Person]:
        """Everybody."""
        return [Person(self._space, user) for user in self._world.users.values()]

    @property
    def rooms(self) -> list[Room]:
        """Every conversation."""
        return [Room(self._space, channel) for channel in self._world.channels.values()]

    def room(self, channel_id: str) -> Room:
        """Return a conversation by its id."""
        return Room(self._space, self._world.channels[channel_id])

    def message(self, channel_id: str, ts: str) -> Seen:
        """Return a message as it looks now, an ephemeral one too."""
        channel = self._world.channels[channel_id]
        own = next((post for post in channel.ephemerals if post.ts == ts), None)
        return seen(self._world, own or channel.posts[ts])

    def screen(self, person_id: str) -> Screen:
        """Return what a person's app shows them."""
        return Screen(self._space, Person(self._space, self._world.users[person_id]))

    def file(self, file_id: str) -> StoredFile:
        """Return a file, with its bytes in ``data`` and where it was shared."""
        return self._world.files[file_id]

    # What happened

    @property
    def calls(self) -> list[Call]:
        """The calls of late; uploads, downloads and response URLs are ``upload``, ``download``, ``respond``."""
        return list(self._calls.log)

    def calls_of(self, method: str, channel: Where = None) -> list[Call]:
        """Return the calls of one method, perhaps only those about one conversation."""
        wanted = channel if channel is None or isinstance(channel, str) else channel.id
        return [call for call in self._calls.log if call.method == method and wanted in (None, call.channel)]

    @property
    def deliveries(self) -> list[Delivery]:
        """What was sent to the bot of late, each with its attempts, ``acked``, ``lost``, ``latency``, ``answer``."""
        return list(self._space.deliveries.log)

    def deliveries_of(self, name: str) -> list[Delivery]:
        """Return what was sent of one name: ``message``, ``app_mention``, ``block_actions``, ``/desk`` …"""
        return [delivery for delivery in self._space.deliveries.log if delivery.name == name]

    @property
    def unacked(self) -> list[Delivery]:
        """What the bot has not acknowledged, and still may."""
        return list(self._space.deliveries.pending.values())

    @property
    def latencies(self) -> list[float]:
        """Seconds to each acknowledgement of late."""
        return [found.latency for found in self._space.deliveries.log if found.latency is not None]

    @property
    def sockets(self) -> Sockets:
        """The Socket Mode connections: ``count``, ``refresh``, ``cut``, ``silence``, ``refuse``."""
        return self._space.sockets

    @property
    def violations(self) -> list[Violation]:
        """What the bot did that a careful bot never does."""
        return self._world.violations

    # The app and its token

    @property
    def scopes(self) -> frozenset[str]:
        """What the app may do."""
        return self._world.scopes

    def set_scopes(self, scopes: Iterable[str] = SCOPES, *, without: Iterable[str] = ()) -> None:
        """Reinstall the app with these scopes."""
        self._world.scopes = frozenset(scopes) - frozenset(without)

    def opens_group(self) -> str:
        """Make a user group with nobody in it; return its id."""
        group = self._world.id("S")
        self._world.groups[group] = []
        return group

    def group_members(self, group: str) -> Sequence[str]:
        """Return who is in a user group, by id."""
        return self._world.groups[group]

    def lets_change_groups(self, *, everyone: bool) -> None:
        """Set up who may change user groups: everyone, apps too, or the workspace's admins alone."""
        self._world.groups_open = everyone

    def revoke_token(self, error: str = "token_revoked") -> None:
        """Make every call answer ``token_revoked`` (or ``account_inactive``, as after an uninstall)."""
        self._space.events.tell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self._world.bot.id]}})
        self._world.token_error = error

    def restore_token(self) -> None:
        """Make the token good again."""
        self._world.token_error = None

    def subscribe(self, kinds: Iterable[str] | None = None) -> None:
        """Send only these kinds of event; None sends all."""
        self._space.events.wanted = None if kinds is None else frozenset(kinds)

    async def use_http(self, url: str) -> None:
        """Deliver by signed requests to this URL from now on, once it has answered the challenge."""
        await self._space.pusher.verify(url)
        self._space.deliveries.transport = self._space.pusher

    def use_sockets(self) -> None:
        """Deliver by Socket Mode, as at the start."""
        self._space.deliveries.transport = self._space.sockets

    def falsify(self, *, secret: str | None = None, skew: float = 0.0) -> None:
        """Sign requests with another secret, or with a time so far off."""
        self._space.pusher.secret, self._space.pusher.skew = secret or SECRET, skew

    def redeliver(self, delivery: Delivery) -> None:
        """Send once more what the bot has acknowledged already, as Slack does now and then."""
        self._space.deliveries.repeat(delivery)

    def misdirect(self, delivery: Delivery) -> Delivery:
        """Send once more what somebody did, as if it were meant for the app in another workspace."""
        elsewhere = {"team_id": ELSEWHERE, "context_team_id": ELSEWHERE}
        payload = {**delivery.payload, **{name: value for name, value in elsewhere.items() if name in delivery.payload}}
        if "authorizations" in payload:
            payload["authorizations"] = [{**each, "team_id": ELSEWHERE} for each in payload["authorizations"]]
            payload["event_id"] = f"{payload['event_id']}X"
        if "team" in payload:
            payload["team"] = {**payload["team"], "id": ELSEWHERE}
        return self._space.deliveries.send(delivery.kind, delivery.name, payload)

    def set_rates(self, rates: Rates | None) -> None:
        """Enforce these rates from now on; None enforces none."""
        self._space.meter.set(rates)

    # Waiting

    async def until(self, predicate: Callable[[], T | None], within: float = PATIENCE) -> T:
        """Return the first true value of a predicate that is asked at every change."""
        return await self.changes.until(predicate, within, story=self._story)

    async def settled(self, within: float = PATIENCE) -> None:
        """Return when everything sent to the bot has been acknowledged or given up."""
        await self.until(lambda: not self._space.deliveries.pending, within)

    def _story(self) -> str:
        last = [f"{call.method} {call.args} → {call.status} {call.error}" for call in list(self._calls.log)[-8:]]
        waiting = f"{len(self._space.deliveries.pending)} deliveries unacknowledged, {self.sockets.count} sockets"
        return "\n".join([f"{waiting}; the last calls:", *last])
