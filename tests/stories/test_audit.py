"""What was done: filtered by words, page by page, refusals apart, as a spreadsheet."""

import pytest

from storage.models import Role
from tests.stories.harness import QUEUE, Desk, House, Somebody, said_in


async def made_admin(desk: Desk, bob: Somebody) -> None:
    """Bob is an admin by the records."""
    await bob.says("hello", at=QUEUE)
    await desk.settles()

    def grant(tx):
        tx.people.grant(tx.people.named("bob")[0].id, Role.ADMIN)

    await desk.records(grant)


async def test_what_was_done_is_found_again(desk: Desk, ann: Somebody, bob: Somebody):
    await made_admin(desk, bob)
    await ann.says("hello there, is anybody in")
    await ann.catches_up()
    await bob.says("/faq add Where is the office? = In Kyiv", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/ban @ann 7d spam", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.presses("Apply", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.starts()
    await bob.catches_up()
    await bob.says("/audit", at=QUEUE)  # its lines are for admins, and others read here
    await bob.sees("I have answered you in our own chat.", at=QUEUE)
    found = await bob.sees("What was done", "Bob: banned (Ann", "Bob: added an answer")
    assert found.text.index("banned") < found.text.index("added an answer")
    await bob.says("/audit banned")
    assert "answer" not in (await bob.sees("What was done", "banned")).text
    await bob.says("/audit @bob today")
    await bob.sees("banned", "added an answer")
    await bob.says("/audit 01.01")
    await bob.sees("Nothing of this kind was done.")
    await bob.says("/audit elephants")
    await bob.sees("/audit")
    await bob.presses("As a spreadsheet")
    await bob.sees("All of it as a spreadsheet:", kind="document")


async def test_refusals_stand_apart(desk: Desk, ann: Somebody, bob: Somebody):
    await made_admin(desk, bob)
    await ann.says("/audit")
    await ann.sees(said_in("en", "refused.not_yours", role=said_in("en", "role.admin")))
    await bob.says("/audit")
    await bob.sees("Nothing of this kind was done.")
    await bob.says("/audit refused")
    await bob.sees("Refusals", "Ann: was refused")


class TestInUkrainian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="uk")

    async def test_by_its_own_words(self, desk: Desk, ann: Somebody):
        bob = desk.agent("Bob", language="uk")
        await made_admin(desk, bob)
        await ann.says("/audit")
        await ann.catches_up()
        await bob.says("/audit відмови")
        await bob.sees("Відмови", "Ann: відмовлено")
