"""The demo in a browser: both simulated messengers, the real desk in a process of its own, and people to play."""

import asyncio
import contextlib
import errno
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.demo.articles import fill_database
from bot.demo.past import play
from bot.demo.rooms import put_rooms
from bot.demo.run import folder
from bot.errors import OperatorError
from bot.sandbox.cast import Cast
from bot.sandbox.page.drawer import Drawer
from bot.sandbox.page.page import Page
from bot.sandbox.page.process import Desk
from bot.sandbox.page.switches import Switches
from bot.sandbox.ports import taken
from bot.sandbox.serve import messengers, until_stopped
from bot.settings import desk_environment, has_desktop
from storage.engine.database import Connection, DatabaseUnavailable, DatabaseUnusable

SQLITE, FILE = "sqlite+aiosqlite:///", "frontdesk.db"
FREELY = "10000"  # a sending rate that is none: nobody likes to wait in a demo
TOLD = """\
Both messengers on this page are simulated; nothing leaves this machine.

    {url}

Play somebody who needs help on one side, and the team on the other. Ctrl-C ends it.
"""


async def show(language: str, port: int) -> None:
    """Serve the page until Ctrl-C or SIGTERM."""
    stopped = asyncio.create_task(until_stopped().wait())
    try:
        with folder() as made:
            async with served(language, port, made) as (page, opening):
                sys.stdout.write(TOLD.format(url=page.url))
                sys.stdout.flush()
                if has_desktop():
                    threading.Thread(target=webbrowser.open, args=(page.url,), daemon=True).start()  # some wait for it
                await asyncio.wait((stopped, opening), return_when=asyncio.FIRST_COMPLETED)
                if opening.done():
                    opening.result()  # raises what kept the desk from opening
                    await stopped
    finally:
        stopped.cancel()


@contextlib.asynccontextmanager
async def served(language: str, port: int, folder: Path) -> AsyncIterator[tuple[Page, "asyncio.Task[None]"]]:
    """Serve the page, and behind it the messengers and the desk, which come up while it is looked at."""
    async with messengers() as (telegram, slack):
        cast = Cast(telegram, slack, language)
        desk = Desk(folder, _environment(cast, folder))
        page = Page(telegram, slack, cast, Drawer(Switches(telegram, slack), desk, folder / FILE))
        try:
            await page.start(port)
        except OSError as error:
            raise await _taken(port, error) from None
        rooms = partial(put_rooms, cast=cast, telegram=telegram, slack=slack)
        opening = asyncio.create_task(_open(folder, desk, partial(play, cast, telegram, slack), rooms))
        try:
            yield page, opening
        finally:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            await page.close()
            await desk.stop()


async def _open(
    folder: Path, desk: Desk, past: Callable[[], Awaitable[None]], *fill: Callable[[Connection, datetime], None]
) -> None:
    """Fill the desk's records, let it run, and let people have their first requests."""
    try:
        await fill_database(f"{SQLITE}{folder / FILE}", *fill)
    except (DatabaseUnavailable, DatabaseUnusable) as error:
        raise OperatorError("TMPDIR", f"the demo's database cannot be written there ({error})") from None
    desk.start()
    try:
        await past()
    except (
        TimeoutError,
        LookupError,
        ValueError,
    ) as error:  # somebody plays along, or kills the desk: then this is all there is
        desk.note("warning", f"the example requests ended early: {type(error).__name__}")


async def _taken(port: int, error: OSError) -> OperatorError:
    """Return what to do about a port that cannot be had; perhaps a demo is there already."""
    if error.errno == errno.EADDRINUSE and await _is_ours(port):
        return OperatorError(
            "--port", f"a demo runs already at http://127.0.0.1:{port}/; open it, or choose another port"
        )
    return taken("--port", port, error)


async def _is_ours(port: int) -> bool:
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET /desk/cast HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            told = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return False
    return b'"telegram"' in told and b'"slack"' in told


def _environment(cast: Cast, folder: Path) -> dict[str, str]:
    """Return what the desk's process is started with; settings of another desk in ours are not passed on."""
    return desk_environment(
        **cast.settings,
        DATABASE_URL=f"{SQLITE}{folder / FILE}",
        LANGUAGE=cast.language,
        TEAM_LANGUAGE=cast.language,
        TELEGRAM_PER_SECOND=FREELY,
        TELEGRAM_GROUP_PER_MINUTE=FREELY,
        SLACK_PER_CHANNEL_PER_SECOND=FREELY,
        HTTP_PORT="0",
        LOG_FORMAT="json",
    )
