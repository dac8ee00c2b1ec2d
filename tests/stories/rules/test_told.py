"""Rules say who hears of what: for the desk, for a type, for a role; live from the next event on."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed, resolved, talking
from tests.stories.rules.ruled import account, ruled


async def test_a_type_tells_its_requesters_what_the_desk_does_not(desk: Desk, ann: Somebody, bob: Somebody):
    await ruled(
        desk,
        notify=[
            {"event": "claimed", "tell": []},
            {"event": "held", "type": "billing", "tell": ["requester"]},
        ],
    )
    await asked(ann)
    await bob.sees("#1", at=QUEUE)
    await bob.presses("Claim", at=QUEUE)
    await bob.sees("open · Bob", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await ann.sees_nothing()
    await bob.presses("More…", at=QUEUE)
    await bob.presses("Put on hold", at=QUEUE)
    await ann.sees("Request #1 is on hold: we will go on as soon as we can.")
    await bob.sees("on hold · Bob", at=QUEUE)


async def test_a_role_hears_less_than_others(desk: Desk, ann: Somebody, bob: Somebody):
    eve, kim = desk.agent("Eve"), desk.agent("Kim")
    for each in (eve, kim):
        await each.starts()
        await each.sees("Hello")
    await ruled(
        desk,
        roles={"seniors": [account(eve)]},
        notify=[{"event": "follow_up", "role": "senior", "tell": []}],
    )
    await talking(ann, bob)
    for each in (eve, kim):
        await each.says("/watch 1", at=QUEUE)
        await each.sees("You watch #1", at=QUEUE)
    await bob.sees("👀 Eve, Kim", at=QUEUE)
    await ann.says("Any news?")
    await ann.sees("Bob has your request #1 and sees that you are waiting.")
    await bob.sees("Any news?", at=THREAD(1))
    await kim.sees("💬 #1 Ann: Any news?")
    await eve.sees_nothing()


@pytest.mark.parametrize("language", ["uk", "ru"])
class TestInTheTeamsLanguage:
    @pytest.fixture
    def house(self, language: str) -> House:
        return House(team_language=language)

    async def test_the_team_channel_hears_of_what_it_asked_for(self, desk: Desk, language: str):
        bob, iryna = desk.agent("Bob", language=language), desk.requester("Iryna", language=language)
        await ruled(desk, notify=[{"event": "reopened", "tell": ["channel"]}])
        await asked(iryna)
        await claimed(bob, iryna, language=language)
        await bob.says("/resolve", at=THREAD(1))
        await bob.presses(said_in(language, "button.resolve_now"), at=THREAD(1))
        await iryna.sees(said_in(language, "told.resolved", ticket=1, summary="My card was charged twice"))
        await bob.catches_up(at=QUEUE)
        await bob.catches_up(at=THREAD(1))
        await iryna.presses(said_in(language, "button.reopen"))
        await iryna.sees(said_in(language, "own.reopened", ticket=1))
        facts = {"ticket": 1, "summary": "My card was charged twice", "name": "Iryna"}
        await bob.sees(said_in(language, "notice.reopened", **facts), at=QUEUE)
        await bob.catches_up(at=THREAD(1))
        await bob.catches_up(at=QUEUE)


async def test_thanks_for_a_resolved_request_reopens_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await resolved(bob, ann)
    await ann.says("thank you!")
    await ann.sees(said_in("en", "courtesy.thanks"))
    await bob.sees_nothing(at=THREAD(1))
    await ann.presses("Yes, it is solved")
    await ann.sees("Thank you: request #1 is closed.", buttons=[])
    await ann.sees("How was it?")
    await bob.sees("closed", at=QUEUE)
    await ann.says("thanks")
    await ann.sees(said_in("en", "courtesy.thanks"))
    await bob.sees_nothing(at=QUEUE)
