"""A desk as a process: served until it is told to stop."""

import asyncio
import contextlib
import logging
import signal

from bot.app import build_app
from bot.clock import Clock
from bot.errors import OperatorError
from bot.interpreter import spare_startup_objects, switch_threads_often
from bot.settings import Settings

log = logging.getLogger("frontdesk")


async def serve_desk(settings: Settings, *, clock: Clock | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C, then stop gracefully; a desk that still waits for a messenger stops at once."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopped.set)
    serving = asyncio.create_task(_serve(settings, clock))
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if stopped.is_set():
        serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def naming_groups(problem: OperatorError, settings: Settings) -> OperatorError:
    """Return what keeps the desk from opening; where only the team's group is missing, with the ids of those the bot is in."""
    if problem.name != "TELEGRAM_TEAM_CHAT" or settings.telegram_bot_token is None or settings.telegram_team_chat:
        return problem
    from bot.telegram.groups_seen import tell_groups_their_ids

    groups = await tell_groups_their_ids(settings)
    named = "; ".join(f"the bot is in {title!r}: write {number}" for number, title in groups.items())
    return OperatorError(problem.name, f"{problem.fix}; {named}") if named else problem


async def _serve(settings: Settings, clock: Clock | None) -> None:
    try:
        app = await build_app(settings, clock=clock)
    except OperatorError as problem:
        raise await naming_groups(problem, settings) from None
    try:
        await app.start()
        await app.introduced(some=1)
        switch_threads_often()
        spare_startup_objects()
        log.info("the desk is open", extra={"event": "started", "messengers": [m.name for m in app.configured]})
        await app.failed
    finally:
        await app.stop()
        log.info("the desk is closed", extra={"event": "stopped"})
