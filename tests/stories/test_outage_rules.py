"""When the desk asks about an outage is in its rules: whether, from how many people, within how long."""

import pytest

from tests.stories.harness import LANGUAGES, QUEUE, Desk, House, Somebody
from tests.stories.rules.ruled import admin, changes_setting, ruled
from tests.stories.test_outage import QUESTIONS


@pytest.fixture
def house() -> House:
    """Ask every form step by step: the rules are changed one by one."""
    return House(windows=False)


async def ask_alike(desk: Desk, how_many: int) -> None:
    """So many people ask alike."""
    for n, question in enumerate(QUESTIONS[:how_many]):
        person = desk.requester(f"Guest{n}")
        await person.says(question)
        await person.catches_up()
    await desk.passes(minutes=2)


async def test_fewer_ring_where_the_rules_say_so(desk: Desk, bob: Somebody):
    await ruled(desk, outages={"people": 3, "within": "20m"})
    await ask_alike(desk, 8)
    await bob.sees("Is there an outage?", "8 people ask alike", "20 minutes", buttons=["Yes, there is", "No"], at=QUEUE)
    await bob.catches_up(at=QUEUE)


async def test_it_asks_nothing_where_it_is_not_to(desk: Desk, bob: Somebody):
    await ruled(desk, outages={"notice": False})
    await ask_alike(desk, len(QUESTIONS))
    await bob.sees_no("Is there an outage?", at=QUEUE)
    await bob.catches_up(at=QUEUE)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_admin_says_so_in_chat(desk: Desk, language: str):
    bob = desk.agent("Bob", language=language)
    await admin(desk, bob)
    await changes_setting(bob, "outages", "alike", "12")
    rules = await desk.records(lambda tx: desk.app.book.follow(tx.rules))
    assert (rules.outages.people, rules.outages.notice) == (12, True)
