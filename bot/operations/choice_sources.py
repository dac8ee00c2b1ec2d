"""The addresses that give forms their choices, as `frontdesk doctor` finds them: each is asked once, now."""

from collections.abc import AsyncIterator

from bot.integrations.choice_sources import NoList, fetch_choices, host_of
from bot.integrations.outward import OutwardCalls
from bot.monitoring.finding import Finding
from bot.operations.rules_apply import rules_of
from bot.settings import Settings
from handlers.rules.book import RulesCache
from handlers.rules.choice_source import ChoiceSource
from storage.desk.rules import RulesRevisions
from storage.engine import schema
from storage.engine.database import Connection, DatabaseUnavailable
from storage.engine.opening import open_reading


async def examine_choice_sources(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what each source of the rules in force says."""
    calls = OutwardCalls(settings.private_hosts)
    try:
        for source in await _sources(settings):
            name = f"choices from {host_of(source)}"
            try:
                found = await fetch_choices(calls, source, settings.tokens_of_hosts)
            except NoList as trouble:
                yield Finding(name, f"no list: {trouble}", trouble.fix)
            else:
                yield Finding(name, f"{len(found)} choices")
    finally:
        await calls.close()


async def _sources(settings: Settings) -> list[ChoiceSource]:
    book = RulesCache(rules_of(settings))

    def named(connection: Connection) -> list[ChoiceSource]:
        if not schema.schema_fits(connection):
            return []
        return list(book.follow(RulesRevisions(connection)).choice_sources.values())

    async with open_reading(settings.database_url) as database:
        try:
            return await database.read(named)
        except DatabaseUnavailable:  # of which the doctor speaks elsewhere
            return []
