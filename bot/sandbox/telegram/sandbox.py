"""Telegram on loopback: the one object that tests, the demo and benches hold."""

from bot.sandbox.clock import Clock, SystemClock
from bot.sandbox.telegram.control.http import ControlPaths
from bot.sandbox.telegram.control.stage import Stage
from bot.sandbox.telegram.rates import Rates
from bot.sandbox.telegram.server import Server
from bot.sandbox.telegram.world import Keep

TOKEN = "42:TEST"


class TelegramSandbox(Stage):
    """A Bot API server and the people behind it. Start it with ``await TelegramSandbox.start()``."""

    def __init__(self, token: str, clock: Clock, *, rates: Rates | None, keep: Keep, seed: int, username: str) -> None:
        super().__init__(token, clock, rates=rates, keep=keep, seed=seed, username=username)
        self.control = ControlPaths(self)
        self._server = Server(token, self._calls, self.faults, self.control.handle)

    @classmethod
    async def start(
        cls,
        port: int = 0,
        *,
        token: str = TOKEN,
        clock: Clock | None = None,
        rates: Rates | None = None,
        keep: Keep | None = None,
        seed: int = 0,
        username: str = "frontdesk_bot",
    ) -> "TelegramSandbox":
        """Listen on loopback; without ``rates`` the bot may speak as fast as it can."""
        sandbox = cls(token, clock or SystemClock(), rates=rates, keep=keep or Keep(), seed=seed, username=username)
        await sandbox._server.start(port)
        return sandbox

    async def close(self) -> None:
        """Stop, letting go of every poll and held call."""
        await self._server.close()

    async def __aenter__(self) -> "TelegramSandbox":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def url(self) -> str:
        """What TELEGRAM_API_URL is to be."""
        return f"http://127.0.0.1:{self._server.port}"
