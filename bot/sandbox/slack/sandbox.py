"""Slack on loopback: the one object that tests, the demo and benches hold."""

from bot.sandbox.clock import Clock, SystemClock
from bot.sandbox.slack.control.http import ControlPaths
from bot.sandbox.slack.control.stage import Stage
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.server import Server
from bot.sandbox.slack.world import Keep


class SlackSandbox(Stage):
    """A workspace with its Web API, and the people in it. Start it with ``await SlackSandbox.start()``."""

    def __init__(self, clock: Clock, *, rates: Rates | None, keep: Keep, seed: int, username: str) -> None:
        super().__init__(clock, rates=rates, keep=keep, seed=seed, username=username)
        self.control = ControlPaths(self)
        self._server = Server(self._calls, self.faults, self.control.handle)

    @classmethod
    async def start(
        cls,
        port: int = 0,
        *,
        clock: Clock | None = None,
        rates: Rates | None = None,
        keep: Keep | None = None,
        seed: int = 0,
        username: str = "frontdesk",
    ) -> "SlackSandbox":
        """Listen on loopback; without ``rates`` the bot may call as fast as it can."""
        sandbox = cls(clock or SystemClock(), rates=rates, keep=keep or Keep(), seed=seed, username=username)
        await sandbox._server.start(port)
        return sandbox

    async def close(self) -> None:
        """Stop, letting go of every connection and held call."""
        await self._server.close()

    async def __aenter__(self) -> "SlackSandbox":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def url(self) -> str:
        """Where it listens; what SLACK_API_URL is to be ends in ``/api/``."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, as clients want it."""
        return f"{self.url}/api/"
