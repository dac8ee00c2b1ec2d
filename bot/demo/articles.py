"""The example answers in three languages, brought into a desk that is about to open."""

from datetime import UTC, datetime

from kb.files.examples import LANGUAGES, example_articles
from storage.desk.articles_import import Brought, bring_in
from storage.engine import migrate
from storage.engine.database import Connection
from storage.engine.opening import open_database


async def articles(url: str) -> None:
    """Make the database, and bring the example articles in."""
    database = await open_database(url)
    try:
        await migrate.prepare_schema(database)
        await database.run(lambda connection: put_articles(connection, datetime.now(UTC)))
    finally:
        await database.close()


def put_articles(connection: Connection, now: datetime) -> None:
    """Bring in the example articles of every language."""
    brought = [
        Brought(None, one.section, one.language, one.question, one.answer, one.keywords, one.aliases)
        for language in LANGUAGES
        for one in example_articles(language)
    ]
    bring_in(connection, brought, by=None, at=now)
