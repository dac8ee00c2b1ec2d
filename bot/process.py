"""A desk as a process: served until it is told to stop."""

import asyncio
import contextlib
import logging
import signal

from bot.app import build_app
from bot.clock import Clock
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


async def _serve(settings: Settings, clock: Clock | None) -> None:
    app = await build_app(settings, clock=clock)
    try:
        await app.start()
        await app.introduced(some=1)
        log.info("the desk is open", extra={"event": "started", "messengers": [m.name for m in app.configured]})
        await app.failed
    finally:
        await app.stop()
        log.info("the desk is closed", extra={"event": "stopped"})
