"""One workspace with everything that happens in it: the state, and the ways to the bot."""

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock
from bot.sandbox.slack.deliveries import Deliveries
from bot.sandbox.slack.events import Events
from bot.sandbox.slack.pushing import Pusher
from bot.sandbox.slack.rates import Meter, Rates
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.world import APP, Keep, World


class Workspace:
    """What methods and people share."""

    def __init__(
        self, clock: Clock, changes: Changes, *, secret: str, rates: Rates | None, keep: Keep, username: str
    ) -> None:
        self.clock, self.changes = clock, changes
        self.world = World(clock, changes, keep=keep, username=username)
        self.deliveries = Deliveries(clock, changes, keep.deliveries)
        self.events = Events(self.world, self.deliveries)
        self.sockets = Sockets(self.deliveries, changes, APP)
        self.pusher = Pusher(self.deliveries, secret)
        self.meter = Meter(clock, rates)
        self.deliveries.transport = self.sockets

    async def close(self) -> None:
        """Stop everything that is under way."""
        await self.deliveries.close()
        await self.sockets.close()
        await self.pusher.close()
