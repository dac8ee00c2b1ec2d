"""Put aside until a time: a request comes back by itself, once, or by its requester's word."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed, talking


async def test_snoozed_for_two_hours_it_wakes_by_itself_after_a_restart(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/snooze 2h", at=THREAD(1))
    await bob.sees("#1 is put aside until", at=THREAD(1))
    await bob.sees("💤 #1", "⏰ until", "on hold · Bob", at=QUEUE)
    await desk.passes(hours=1)
    await desk.restarts()
    await bob.sees_nothing(at=THREAD(1))
    await desk.passes(minutes=61)
    await bob.sees("The time this was put aside until has come.", at=THREAD(1))
    card = await bob.sees("💬 #1", "open · Bob", at=QUEUE)
    assert "⏰" not in card.text
    await desk.restarts()
    await desk.passes(days=2)
    await bob.sees_nothing(at=THREAD(1))
    await ann.sees_nothing()
    await bob.catches_up(at=QUEUE)  # that nobody has answered her yet


async def test_its_requesters_word_wakes_it_and_the_timer_finds_nothing_to_do(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.presses("More…", at=QUEUE)
    await bob.presses("Snooze", at=QUEUE)
    await bob.presses("for four hours", at=QUEUE)
    bob.sees_toast("#1 is put aside until")
    await bob.sees("💤 #1", "⏰ until", at=QUEUE)
    await ann.says("It works again")
    await bob.sees("It works again", at=THREAD(1))
    await bob.sees("💬 #1", "open · Bob", at=QUEUE)
    await desk.passes(hours=5)
    await bob.sees_nothing(at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_snoozed_again_only_the_last_time_counts(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    for length in ("1h", "3h"):
        await bob.says(f"/snooze {length}", at=THREAD(1))
        await bob.sees("is put aside until", at=THREAD(1))
    await desk.passes(hours=2)
    await bob.sees_nothing(at=THREAD(1))
    await desk.passes(hours=2)
    await bob.sees("has come", at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_what_is_no_time_or_no_request_under_way_is_refused(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/snooze 1 soon", at=QUEUE)
    await bob.sees("“soon” is no time to come. Write for example 2h", at=QUEUE)
    await bob.says("/close 1", at=QUEUE)
    await bob.sees("#1 is closed.", at=QUEUE)
    await ann.sees("Request #1 is closed.")
    await bob.says("/snooze 1 2h", at=QUEUE)
    await bob.sees("“snooze” is not possible while the request is closed", at=QUEUE)


@pytest.mark.parametrize(("language", "tomorrow"), [("uk", "завтра о 9:00"), ("ru", "завтра в 9:00")])
class TestInTheTeamsLanguage:
    @pytest.fixture
    def house(self, language: str) -> House:
        return House(team_language=language)

    async def test_until_tomorrow_morning(self, desk: Desk, ann: Somebody, bob: Somebody, language: str, tomorrow: str):
        await asked(ann)
        await claimed(bob, ann, language=language)
        await bob.says(f"/snooze {tomorrow}", at=THREAD(1))
        before = said_in(language, "done.snoozed", ticket=1, until="\0").partition("\0")[0].strip()
        await bob.sees(before, "9:00", at=THREAD(1))
        await bob.sees("💤 #1", at=QUEUE)
        await desk.passes(days=1)
        await bob.sees(said_in(language, "thread.woken"), at=THREAD(1))
        await bob.sees("💬 #1", at=QUEUE)
        await bob.catches_up(at=QUEUE)
