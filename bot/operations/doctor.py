"""Is everything fit to serve? Settings, database, and rights on each messenger; every failure names its fix."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from bot.errors import OperatorError
from bot.monitoring.finding import Finding
from bot.operations import choice_sources, standstills
from bot.registry import examine_messengers
from bot.settings import load_settings, settings_problems
from storage.engine.database import DatabaseUnusable
from storage.engine.health import database_file
from storage.engine.health import examine_database as examine_database
from storage.engine.private_files import open_to_others


async def examine_desk() -> AsyncIterator[Finding]:
    """Yield what is found, one thing after the other; what cannot be looked at for want of settings is left out."""
    try:
        settings = load_settings()
    except OperatorError as error:
        yield Finding(error.name, "wrong", error.fix)
        return
    wrong = list(settings_problems(settings))
    for problem in wrong:
        yield Finding(problem.name, "does not serve", problem.fix)
    if not wrong:
        yield Finding("settings", "complete")
    yield (database := await _database(settings.database_url))
    for finding in _files(settings.database_url):
        yield finding
    file = database_file(settings.database_url)
    if database.ok and (file is None or file.exists()):
        async for finding in standstills.examine_standstills(settings.database_url):
            yield finding
        async for finding in choice_sources.examine_choice_sources(settings):
            yield finding
    async for finding in examine_messengers(settings):
        yield finding


async def _database(url: str) -> Finding:
    try:
        return Finding("database", await examine_database(url))
    except DatabaseUnusable as error:
        name, _, told = str(error).partition(": ")
        said, _, fix = told.rpartition("; ")
        return Finding(name, said or "unusable", fix)


def _files(url: str) -> Iterator[Finding]:
    """Yield the files that somebody else on this machine may read."""
    file = database_file(url)
    kept = [] if file is None else [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]
    for path in (Path(".env"), *kept):
        if open_to_others(path):
            yield Finding(str(path), "others on this machine may read it", f"run: chmod 600 {path}", warning=True)
