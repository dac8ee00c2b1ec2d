"""What waits is not forgotten: a requester who was asked is reminded and let go kindly, an agent is reminded of what lies."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.rules.approving import at_home
from tests.stories.rules.ruled import present
from tests.stories.slips import ann, bob, eve, language, on_it

__all__ = ["ann", "bob", "eve", "language"]


@pytest.fixture
def house(language: str) -> House:
    """Return the desk of a team that is reminded of what lies."""
    return House(team_language=language, recalled=True)


SUMMARY = "My card was charged twice"


async def everything_is_read(*people: Somebody) -> None:
    """All there is, is read."""
    for each in people:
        await each.catches_up()
        if each.is_agent:
            await each.catches_up(at=QUEUE)
            await each.catches_up(at=THREAD(1))


async def test_a_requester_who_does_not_answer_is_reminded_and_let_go(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    await bob.says("/r? Which card was it?", at=THREAD(1))
    await ann.sees("Which card was it?")
    await bob.sees(bob.told("receipt.delivered"), at=THREAD(1))
    await desk.passes(days=3)
    await ann.sees(
        ann.told("told.asked_again", ticket=1, asked=ann.told("asked_again.words", words="Which card was it?"))
    )
    await desk.passes(days=3)
    await ann.sees_nothing()
    await desk.passes(days=1)
    await ann.sees(
        ann.told("told.lapsed", ticket=1, summary=SUMMARY),
        buttons=[ann.told("button.confirm"), ann.told("button.reopen")],
    )
    await bob.sees(bob.told("thread.lapsed"), at=THREAD(1))
    await everything_is_read(bob)
    await ann.presses(ann.told("button.reopen"))
    await ann.sees(ann.told("own.reopened", ticket=1))
    await everything_is_read(bob)


async def test_who_answers_in_time_is_left_alone(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    await bob.says("/r? Which card was it?", at=THREAD(1))
    await ann.sees("Which card was it?")
    await desk.passes(hours=20)
    await ann.says("The blue one")
    await bob.sees("The blue one", at=THREAD(1))
    await bob.says("/r? Since when?", at=THREAD(1))
    await ann.sees("Since when?")
    await desk.passes(days=2)
    await ann.sees_nothing()
    await desk.passes(days=1)
    await ann.sees(ann.told("told.asked_again", ticket=1, asked=ann.told("asked_again.words", words="Since when?")))
    await everything_is_read(bob, ann)


async def test_whoever_has_it_is_reminded_and_then_everybody(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    await desk.passes(hours=20)
    await everything_is_read(bob)
    await ann.says("Any news?")
    await everything_is_read(bob)
    await desk.passes(hours=20)
    await bob.sees_nothing(at=THREAD(1))
    await desk.passes(hours=5)
    reminded = await bob.sees("⏰", at=THREAD(1))
    assert "#1" in reminded.text
    assert "Bob" in reminded.text
    await bob.sees_nothing(at=QUEUE)
    await desk.passes(hours=24)
    await bob.sees("⏰", SUMMARY, "Bob", at=QUEUE)
    await everything_is_read(bob, ann)


async def test_nobody_is_let_go_while_the_team_waits_for_a_yes(desk: Desk, ann: Somebody, bob: Somebody, eve: Somebody):
    await present(bob, eve)
    await at_home(bob, eve)
    await on_it(ann, bob)
    await bob.says("/r? Which card was it?", at=THREAD(1))
    await bob.says("/approval 1 Eve 900 back", at=QUEUE)
    question = await eve.reads("900 back")
    await desk.passes(days=8)
    assert (await desk.records(lambda tx: tx.tickets.get(1))).active
    await eve.presses(eve.told("button.approve"), on=question)
    await desk.passes(days=7)
    await ann.reads(ann.told("told.lapsed", ticket=1, summary=SUMMARY))
    await everything_is_read(ann, bob, eve)
