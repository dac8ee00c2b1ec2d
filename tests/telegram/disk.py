"""A disk that is full: the file may not grow by a page, which is what SQLite says of a full disk."""

import contextlib

from sqlalchemy import Connection

from bot.app import App
from storage.engine.database import DatabaseUnavailable


async def full(app: App) -> None:
    """Let the disk be full."""

    def fill(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    await app.database.run(fill)


async def emptied(app: App) -> None:
    """Let there be room again; whoever shares a commit with what finds no room is undone with it, so it is tried until done."""
    while True:
        with contextlib.suppress(DatabaseUnavailable):
            await app.database.run(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1000000"))
            return
