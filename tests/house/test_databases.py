"""The databases that tests are given have the current schema, and one test's rows are no other's."""

from storage.engine.migrate import check_current
from storage.engine.opening import open_database


async def test_it_has_the_current_schema(database_url):
    database = await open_database(database_url)
    await database.run(check_current)
    await database.close()
