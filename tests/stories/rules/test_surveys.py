"""Surveys: a while after the end requesters are asked how it was, once of a request, by day, where the rules say so."""

from typing import Any

import pytest

from tests.stories.channels import takes_requests
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.capabilities import CAN, SIDES, Capability
from tests.stories.harness.given import asked, claimed, resolves
from tests.stories.rules.ruled import present, ruled


async def surveyed(desk: Desk, bob: Somebody, **rule: Any) -> None:
    """The rules ask how it was, and Bob is there."""
    await ruled(desk, desk={"team_language": bob.language, "unclaimed_reminder": "9d"}, surveys=rule)
    await present(bob)


async def ended(desk: Desk, ann: Somebody, bob: Somebody, *, ticket: int = 1) -> None:
    """A request of Ann's is claimed, solved, and over by her own word."""
    await asked(ann, "My card was charged twice", ticket=ticket)
    await claimed(bob, ann, ticket=ticket, language=bob.language)
    await resolves(bob)
    await ann.presses(said_in(ann.language, "button.confirm"))
    await ann.catches_up()
    await rests(bob, ticket=ticket)


async def rests(bob: Somebody, *, ticket: int = 1) -> None:
    """Bob has read all."""
    for place in (None, QUEUE, *(THREAD(number) for number in range(1, ticket + 1))):
        await bob.catches_up(at=place)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_who_is_asked_a_day_later_says_it_once_and_adds_a_word(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    await surveyed(desk, bob, after="1d", scale="nps")
    await ended(desk, ann, bob)
    await desk.passes(hours=23)
    await ann.sees_nothing()  # not yet
    await desk.restarts()
    await desk.passes(hours=2)
    question = await ann.sees(say("survey.nps", ticket=1, summary="My card was charged twice"))
    names = dict(zip(question.buttons, question.names, strict=True))
    assert list(names) == [str(score) for score in range(11)]
    await ann.presses("9", on=question)
    await ann.sees(say("survey.thanks", score=9))
    await ann.fills(text="Quick and kind", review=False)
    await ann.catches_up()
    await bob.reads("Quick and kind", at=THREAD(1))
    await ann.presses_name(names["0"], question)  # once is all, and what was said first stands
    await ann.catches_up()
    ann.sees_toast(say("refused.rated", ticket=1))
    await rests(bob)
    await bob.says("/report ratings today", at=QUEUE)
    await bob.sees(say("report_kind.ratings"), kind="photo", at=QUEUE)
    await bob.presses(say("report_as.txt"), at=QUEUE)
    await bob.reads("NPS: 100", f"{say('recommend.promoters')}", at=QUEUE)
    await rests(bob)
    await desk.passes(days=9)
    await ann.sees_nothing()


async def test_it_waits_for_the_morning_and_not_twice_in_a_while(desk: Desk, ann: Somebody, bob: Somebody):
    await surveyed(desk, bob, after="16h", once_in="30d")
    await ended(desk, ann, bob)  # a little after nine: it would come after one at night
    await ended(desk, ann, bob, ticket=2)
    await desk.passes(hours=21)
    await ann.sees_nothing()
    await desk.passes(hours=2)
    question = await ann.sees("How was it with #1")
    await ann.presses("5", on=question)
    await ann.sees("You rated")
    await ann.catches_up()
    await desk.passes(days=3)
    await ann.sees_nothing()  # of the other one she is not asked
    await rests(bob, ticket=2)


async def test_nobody_is_asked_about_what_goes_on_or_was_none(desk: Desk, ann: Somebody, bob: Somebody):
    await surveyed(desk, bob, after="1d")
    await asked(ann)
    await bob.presses("More…", at=QUEUE)
    await bob.presses("Spam", at=QUEUE)
    await ended(desk, ann, bob, ticket=2)
    await bob.says("/reopen 2", at=QUEUE)
    await ann.catches_up()
    await rests(bob, ticket=1)
    await desk.passes(days=2)
    await ann.sees_nothing()
    await rests(bob, ticket=1)


async def test_who_asked_in_a_channel_is_asked_alone_where_the_bot_writes_first(
    desk: Desk, ann: Somebody, bob: Somebody
):
    room = await takes_requests(desk, "help-it", ann)
    await surveyed(desk, bob, after="1d")
    await ann.mentions("my screen is dark", at=room)
    await ann.catches_up(at=room)
    await bob.says("/close 1", at=QUEUE)
    await rests(bob)
    await desk.passes(days=1, hours=1)
    if Capability.LINKS not in CAN[SIDES[desk.name][0]]:  # she has never written to the bot herself
        await ann.presses("4", on=await ann.sees("How was it with #1"))
        await ann.catches_up()
        assert await desk.records(lambda tx: tx.tickets.get(1).rating) == 4
    await ann.catches_up(at=room)
    await ann.sees_nothing()


async def test_without_the_rule_it_is_asked_at_once(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    await asked(ann)
    await claimed(bob, ann)
    await resolves(bob)
    await ann.presses(said_in("en", "button.confirm"))
    await ann.sees(said_in("en", "own.confirmed", ticket=1))
    await ann.sees(said_in("en", "rate.ask"))
    await desk.passes(days=30)
    await ann.sees_nothing()
    await rests(bob)
