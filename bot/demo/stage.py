"""A desk on a stage: the simulated messenger, the real desk with example data, and three people."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bot.app import App, build_app
from bot.demo.articles import put_articles
from bot.demo.clock import StageClock
from bot.demo.words import Words
from bot.sandbox.ports import taken
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from bot.settings import Settings, load_settings

T = TypeVar("T")
QUIET = 0.1  # real seconds without a change after which the stage's clock may go on
MOMENT = timedelta(seconds=6)  # what people wait for without noticing
STUCK = 60.0  # real seconds that anything may take
FREELY = 10_000.0  # a sending rate that is none: nobody likes to wait in a demo


class Stage:
    """Everything that runs in the demo."""

    def __init__(self, words: Words, sandbox: TelegramSandbox, clock: StageClock) -> None:
        self.words, self.sandbox, self.clock = words, sandbox, clock
        self.people = {handle: self._person(handle, name) for handle, name in words.names.items()}
        self.team: Group = sandbox.group(words.team, forum=True, members=[self.people["bob"]])
        self.app: App | None = None

    @classmethod
    async def open(cls, words: Words, folder: Path, port: int) -> "Stage":
        """Start the messenger, the desk, and let everybody be there."""
        clock = StageClock()
        try:
            sandbox = await TelegramSandbox.start(port, clock=clock)
        except OSError as error:
            raise taken("--port", port, error) from None
        stage = cls(words, sandbox, clock)
        try:
            await stage._serve(folder)
        except BaseException:
            await stage.close()
            raise
        return stage

    async def close(self) -> None:
        """Stop the desk, then the messenger."""
        if self.app is not None:
            await self.app.stop()
        await self.sandbox.close()

    async def until(self, seen: Callable[[], T | None]) -> T:
        """Return the first thing that is seen; nobody waits for what only the clock keeps back."""
        async with asyncio.timeout(STUCK):
            while not (found := seen()):
                await self._something()
        return found

    async def settle(self) -> None:
        """Return when nothing more happens by itself."""
        assert self.app is not None
        async with asyncio.timeout(STUCK):
            while True:
                await self.app.at_rest()
                if self.sandbox.unconfirmed:
                    await self._something()
                elif not self.clock.hurry(MOMENT):
                    return

    async def passes(self, time: timedelta) -> None:
        """Let time pass; what is due meanwhile happens when it is due."""
        end = self.clock.now() + time
        await self.settle()
        while (due := self.clock.next_due()) is not None and due <= end:
            self.clock.passes(max(due - self.clock.now(), timedelta(0)))
            await self.settle()
        self.clock.passes(max(end - self.clock.now(), timedelta(0)))
        await self.settle()

    async def _something(self) -> bool:
        """Return at the next change; where there is none the clock goes on; return False where that changes nothing."""
        assert self.app is not None
        if self.app.failed.done():
            self.app.failed.result()
        try:
            async with asyncio.timeout(QUIET):
                await self.sandbox.changes.wait()
        except TimeoutError:
            return self.clock.hurry(MOMENT)
        return True

    async def _serve(self, folder: Path) -> None:
        self.app = await build_app(self._settings(folder), clock=self.clock)
        await self.app.database.run(lambda connection: put_articles(connection, self.clock.now()))
        await self.app.start()
        bob = self.people["bob"]
        bob.starts()  # who has started the bot can be asked in private
        await self.until(lambda: bob.chat.texts)

    def _person(self, handle: str, name: str) -> Person:
        return self.sandbox.person(name, username=handle, language=self.words.language)

    def _settings(self, folder: Path) -> Settings:
        """Return the settings of this desk; what the environment says is of another one."""
        nothing = ("telegram_webhook_url", "telegram_webhook_secret", "slack_bot_token", "slack_app_token", "desk_file")
        return load_settings(
            _env_file=None,
            **dict.fromkeys(nothing),
            database_url=f"sqlite+aiosqlite:///{folder}/frontdesk.db",
            telegram_bot_token=self.sandbox.token,
            telegram_api_url=self.sandbox.url,
            telegram_team_chat=self.team.id,
            telegram_per_second=FREELY,
            telegram_group_per_minute=FREELY,
            admins=f"telegram:{self.people['bob'].id}",
            language=self.words.language,
            team_language=self.words.language,
            time_zone="UTC",
            http_host="127.0.0.1",
            http_port=0,
        )
