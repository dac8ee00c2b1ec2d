"""A group becomes a supergroup: its new id is kept, and live cards are posted anew."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Somebody, needs
from tests.stories.harness.given import asked

pytestmark = needs(team=Capability.UPGRADES)


@pytest.fixture
def house() -> House:
    return House(forum=False, supergroup=False)


async def test_live_cards_are_posted_anew(desk: Desk, ann: Somebody, bob: Somebody):
    olha = desk.requester("Ольга", language="uk")
    await asked(ann, "Charged twice")
    await asked(olha, "Принтер жує папір", ticket=2)
    one = await bob.sees("#1", at=QUEUE)
    await bob.sees("#2", at=QUEUE)
    await bob.presses("Claim", on=one)
    await ann.sees("Bob is on your request #1.")
    desk.stage.team = desk.stage.team.upgrade()
    one = await bob.sees("#1", "Charged twice", "open · Bob", at=QUEUE)
    two = await bob.sees("#2", "Принтер жує папір", at=QUEUE)
    await bob.presses("Claim", on=two)
    await olha.sees("Вашою заявкою #2 займається Bob.")
    await ann.says("any news?")
    await ann.sees("sees that you are waiting")
    theirs = await bob.sees("any news?", at=THREAD(1), reply_to=one)
    await bob.says("soon", reply_to=theirs)
    await ann.sees("soon")
    await bob.sees("✓ delivered", at=QUEUE)
    await desk.restarts()
    await ann.says("how soon?")
    await bob.sees("how soon?", at=THREAD(1))


async def test_noticed_at_the_next_word_where_nobody_said_so(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann, "Charged twice")
    await bob.sees("#1", at=QUEUE)
    await desk.stops()
    old = desk.stage.team
    desk.stage.team = old.upgrade()
    desk.stage.sandbox._world.updates.drop_all()
    await desk.starts()
    await ann.says("any news?")
    await ann.sees("sees that you are waiting")
    await bob.sees("#1", "Charged twice", "1 new message", at=QUEUE)


async def test_a_report_that_is_subscribed_to_goes_on_in_it(desk: Desk, bob: Somebody):
    await bob.says("/report subscribe day", at=QUEUE)
    await bob.sees("comes here every day", at=QUEUE)
    desk.stage.team = desk.stage.team.upgrade()
    await bob.says("Good evening", at=QUEUE)
    await desk.passes(days=1)
    await bob.sees("It comes every day.", kind="photo", at=QUEUE)
    await desk.passes(days=1)
    await bob.sees("It comes every day.", kind="photo", at=QUEUE)


async def test_what_is_said_to_the_group_itself_goes_on(desk: Desk, ann: Somebody, bob: Somebody):
    """Cards follow by themselves; what was promised to the chat, or changes what stands there, has to find the new one too."""
    await asked(ann, "The login to the site fails")
    await bob.catches_up(at=QUEUE)
    await bob.says("/outage login, site: We know", at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    desk.stage.team = desk.stage.team.upgrade()
    await ann.says("any news?")
    await desk.settles()
    await bob.catches_up(at=QUEUE)
    await bob.says("/outage", at=QUEUE)
    await bob.presses("It is over", at=QUEUE)
    await desk.passes(minutes=2)
    waiting = await desk.look(lambda c: c.exec_driver_sql("select lane from outgoing where done_at is null").all())
    assert waiting == []
    await bob.catches_up(at=QUEUE)
    await ann.catches_up()
