"""Team channels that take nothing now, as operators are told: by `/readyz` and `frontdesk doctor`."""

from collections.abc import AsyncIterator

from bot.monitoring.finding import Finding
from handlers.system.admin_alerts import fix_of
from handlers.vocabulary.translations import Locale, Translator
from storage.engine import schema
from storage.engine.database import Connection, Database, DatabaseUnavailable
from storage.engine.opening import open_reading
from storage.queues import standstill


async def standstill_problems(database: Database) -> list[str]:
    """Return what stands still, a line each; nothing where the database cannot say."""
    try:
        return [f"{found.about}: {found.said}; {found.fix}" for found in await database.read(_found)]
    except DatabaseUnavailable:
        return []


async def examine_standstills(url: str) -> AsyncIterator[Finding]:
    """Yield what stands still, as a desk that ran on this database found it."""
    async with open_reading(url) as database:
        try:
            for found in await database.read(_known):
                yield found
        except DatabaseUnavailable:  # of which the doctor speaks elsewhere
            return


def _known(connection: Connection) -> list[Finding]:
    return _found(connection) if schema.schema_fits(connection) else []


def _found(connection: Connection) -> list[Finding]:
    """Return each reason of each place once, since it began."""
    found: dict[tuple[str, str], Finding] = {}
    for each in standstill.current_standstills(connection):
        messenger, since = each.place.partition(":")[0].capitalize(), f"{each.since:%Y-%m-%d %H:%M}Z"
        said = f"it takes nothing since {since}: {messenger} says {each.word}; what is meant for it waits"
        mended = Translator().say(fix_of(each.reason), Locale())
        found.setdefault((each.place, each.reason), Finding(f"{messenger} team channel", said, mended))
    return list(found.values())
