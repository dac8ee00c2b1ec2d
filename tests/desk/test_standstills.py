"""What operators are told of team channels that take nothing."""

from bot.operations.standstills import examine_standstills, standstill_problems
from storage import models
from storage.queues import standstill
from tests.clock import MONDAY
from tests.storage.rows import SOURCE, transact

PLACE = f"{SOURCE}:-5"


async def test_each_reason_of_a_place_is_told_once_with_its_fix_and_only_of_channels_in_use(database, database_url):
    def story(tx):
        tx.channels.ensure(SOURCE, "-5", language="en", threads=True)
        for address, place, reason in (
            (PLACE, PLACE, "topic_closed"),
            (f"{SOURCE}:#1/1", PLACE, "topic_closed"),
            (f"{PLACE} topics", PLACE, "no_topics"),
            (f"{SOURCE}:-6", f"{SOURCE}:-6", "removed"),  # nobody's any more
        ):
            standstill.begin_standstill(
                tx.connection, address, place=place, reason=reason, word=reason.upper(), now=MONDAY
            )

    assert await standstill_problems(database) == []
    await transact(database, story)
    told = await standstill_problems(database)
    assert [line.count("Telegram says") for line in told] == [1, 1]
    assert "TOPIC_CLOSED" in told[0] + told[1]
    found = [finding async for finding in examine_standstills(database_url)]
    assert [finding.ok for finding in found] == [False, False]
    assert any("manage topics" in finding.fix for finding in found)


async def test_reasons_of_a_place_as_a_whole_are_one_and_end_with_the_first_message_there(database):
    def story(tx):
        def begun(address, reason, **more):
            return standstill.begin_standstill(
                tx.connection, address, place=PLACE, reason=reason, word=reason, now=MONDAY, **more
            ).news

        assert not begun(PLACE, "removed", told=True)  # the admins have just heard it
        assert not begun(PLACE, "archived")
        assert not begun(f"{SOURCE}:#1/1", "no_chat")
        assert begun(f"{SOURCE}:#2/1", "no_rights")
        standstill.end_standstill(tx.connection, f"{SOURCE}:#3/1", PLACE, MONDAY)
        assert [each.reason for each in tx.connection.execute(models.standstill.select())] == ["no_rights"]

    await transact(database, story)
