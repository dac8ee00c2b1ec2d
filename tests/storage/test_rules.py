"""The rules' revisions: whoever changes them changes the newest, however many do at once."""

import asyncio

from storage.transaction import Transaction
from tests.clock import MONDAY

HANDS = 8


async def test_nobodys_change_is_lost_where_many_change_at_once(database):
    def change(name):
        def work(connection):
            tx = Transaction(connection)
            newest = tx.rules.hold()
            known = newest.data["canned"] if newest else {}
            tx.rules.put({"canned": {**known, name: "Hello"}}, act="test", by=None, at=MONDAY)

        return work

    await database.run(change("first"))
    await asyncio.gather(*(database.run(change(f"hand{number}")) for number in range(HANDS)))
    newest = await database.run(lambda connection: Transaction(connection).rules.newest())
    assert sorted(newest.data["canned"]) == sorted(["first", *(f"hand{number}" for number in range(HANDS))])
