"""A table of companies is taken as a whole, or refused as a whole."""

from collections.abc import AsyncIterator

import pytest

from handlers.admin import companies_import
from handlers.vocabulary.messages import Kind
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.lifecycle import Refused
from storage.models import Role
from tests.desk.test_request_channels import Room, played


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; what a table says asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


@pytest.mark.parametrize("head", ["name,contract,contract", "name,name", "contract", "name,,contract"])
async def test_a_table_of_companies_whose_columns_cannot_be_told_apart_is_refused(database, head):
    def story(room: Room) -> None:
        admin = room.person("Eve", Role.ADMIN)
        turn = room.turn(room.event(admin, Kind.TEXT))
        with pytest.raises(Refused, match="company_file"):
            companies_import.read_company_table(turn, f"{head}\nAcme,A-1,A-2\n".encode())

    await database.run(played(story))
