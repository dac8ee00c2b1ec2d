"""What agents do with a request: claim, release, assign, urge, hold; and the queue they work from."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed, talking


async def test_released_it_waits_for_somebody_again(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await talking(ann, bob)
    await bob.says("/release", at=THREAD(1))
    await bob.sees("#1 is back in the queue.", at=THREAD(1))
    await bob.sees("nobody has it yet", buttons=["Claim", "Reply", "Note", "Resolve", "More…"], at=QUEUE)
    await eve.says("/claim 1", at=QUEUE)
    await eve.sees("#1 is yours.", at=QUEUE)
    await ann.sees("Eve is on your request #1.")
    await bob.says("/release 1", at=QUEUE)
    await bob.sees("#1 is somebody else's; a senior agent can release it.", at=QUEUE)


async def test_assigned_by_name_and_by_button(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await talking(ann, bob)
    await eve.says("hello", at=QUEUE)
    await desk.settles()  # she is known before she is named
    await bob.says("/assign @eve", at=THREAD(1))
    await bob.sees("#1 is Eve's now.", at=THREAD(1))
    await ann.sees("Eve is on your request #1.")
    await bob.sees("open · Eve", at=QUEUE)
    await bob.says("/assign nobody", at=THREAD(1))
    await bob.sees("Nobody of the team is called “nobody”. The team: Bob, Eve.", at=THREAD(1))
    rarer = await eve.unfolds(at=QUEUE)
    named = {name.rpartition(": ")[2] for name in rarer}  # a menu that opens at once says what they are of
    assert {"Release", "Assign", "Put on hold", "urgent", "high", "low", "Close"} < named
    await eve.presses("Assign", at=QUEUE)
    eve.sees_toast("Who takes #1?")
    await eve.sees("#1", buttons=["Bob", "‹ Back"], at=QUEUE)
    await eve.presses("Bob", at=QUEUE)
    eve.sees_toast("#1 is Bob's now.")
    await ann.sees("Bob is on your request #1.")
    await eve.sees("open · Bob", buttons=["Reply", "Note", "Resolve", "More…"], at=QUEUE)


async def test_looking_at_a_waiting_request_opens_no_thread(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    card = await bob.sees("#1", at=QUEUE)
    await bob.unfolds(at=QUEUE)
    await bob.presses("Assign", at=QUEUE)
    bob.sees_toast("Who takes #1?")
    await bob.presses("‹ Back", at=QUEUE)
    again = next(line for line in desk.stage.lines(bob.native, QUEUE) if "More…" in line.buttons)
    await bob.says("/priority high", reply_to=again)
    topics = bob.can(Capability.TOPICS)
    await bob.sees("#1: high.", at=QUEUE if topics else THREAD(1))
    await bob.sees("❗ #1", at=QUEUE)
    assert again.id == card.id
    assert not (topics and desk.stage.lines(bob.native, THREAD(1)))


async def test_priority_by_word_and_by_button(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/priority high", at=THREAD(1))
    await bob.sees("#1: high.", at=THREAD(1))
    await bob.sees("❗ #1", at=QUEUE)
    await bob.says("/priority 1 soon", at=QUEUE)
    await bob.sees("There is no priority “soon”. These are known: urgent, high, normal, low.", at=QUEUE)
    rarer = await bob.unfolds(at=QUEUE)
    await bob.presses(next(name for name in rarer if name.endswith("urgent")), at=QUEUE)
    bob.sees_toast("#1: urgent.")
    await bob.sees("🔥 #1", at=QUEUE)
    await ann.sees_nothing()


async def test_held_and_resumed(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.unfolds(at=QUEUE)
    await bob.presses("Put on hold", at=QUEUE)
    bob.sees_toast("#1 is on hold.")
    await bob.sees("💤 #1", "on hold · Bob", at=QUEUE)
    await bob.unfolds(at=QUEUE)
    await bob.presses("Resume", at=QUEUE)
    bob.sees_toast("#1 is being worked on again.")
    await bob.sees("open · Bob", at=QUEUE)


async def test_a_follow_up_takes_it_off_hold(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.unfolds(at=QUEUE)
    await bob.presses("Put on hold", at=QUEUE)
    await bob.sees("on hold · Bob", at=QUEUE)
    await ann.says("any news?")
    await ann.sees("Bob has your request #1 and sees that you are waiting.")
    await bob.sees("any news?", at=THREAD(1))
    await bob.sees("open · Bob", at=QUEUE)


@pytest.fixture(params=["en", "uk", "ru"])
def spoken(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class TestInEachLanguage:
    @pytest.fixture
    def house(self, spoken: str) -> House:
        return House(team_language=spoken)

    async def test_the_queue_mine_find_and_card(self, desk: Desk, ann: Somebody, spoken: str):
        bob = desk.agent("Bob", language=spoken)
        await bob.says("/queue", at=QUEUE)
        await bob.sees(said_in(spoken, "queue.empty"), at=QUEUE)
        await asked(ann, "Charged twice")
        await asked(ann, "The printer eats paper", ticket=2)
        await claimed(bob, ann, ticket=2, language=spoken)
        await bob.sees("#1 ", at=QUEUE)
        await bob.says("/queue", at=QUEUE)
        await bob.sees(
            said_in(spoken, "queue.title", n=2),
            buttons=["🆕 #1 Charged twice", "💬 #2 The printer eats paper · Bob"],
            at=QUEUE,
        )
        await bob.says("/queue free", at=QUEUE)
        await bob.sees(said_in(spoken, "queue.title", n=1), buttons=["🆕 #1 Charged twice"], at=QUEUE)
        await bob.says("/mine", at=QUEUE)
        await bob.sees(said_in(spoken, "queue.title", n=1), buttons=["💬 #2 The printer eats paper · Bob"], at=QUEUE)
        await bob.presses("💬 #2 The printer eats paper · Bob", at=QUEUE)
        await bob.sees("💬 #2", "The printer eats paper", at=QUEUE)
        await bob.says("/find PRINTER paper", at=QUEUE)
        await bob.sees(said_in(spoken, "queue.found", n=1), at=QUEUE)
        await bob.says("/find elephant", at=QUEUE)
        await bob.sees(said_in(spoken, "queue.nothing_found"), at=QUEUE)
        await bob.says("/card 1", at=QUEUE)
        await bob.sees("🆕 #1", "Charged twice", at=QUEUE)
        await bob.says("/card 7", at=QUEUE)
        await bob.sees(said_in(spoken, "refused.no_ticket", ticket=7), at=QUEUE)
        await bob.says("/queue elephants", at=QUEUE)
        await bob.sees("elephants", at=QUEUE)

    async def test_away_and_back(self, desk: Desk, ann: Somebody, bob: Somebody, spoken: str):
        eve = desk.agent("Eve")
        await asked(ann)
        await claimed(bob, ann, language=spoken)
        await bob.says("/away", at=QUEUE)
        await bob.sees(
            said_in(spoken, "away.since"),
            said_in(spoken, "away.holds", n=1),
            buttons=[said_in(spoken, "button.release_all", n=1)],
            at=QUEUE,
        )
        await bob.presses(said_in(spoken, "button.release_all", n=1), at=QUEUE)
        await bob.sees(said_in(spoken, "away.released"), buttons=[], at=QUEUE)
        await eve.says("/assign 1 bob", at=QUEUE)
        await eve.catches_up(at=QUEUE)
        await eve.catches_up(at=THREAD(1))
        await ann.catches_up()
        await bob.says("/back", at=QUEUE)
        await bob.sees(said_in(spoken, "away.back"), at=QUEUE)


async def test_the_queue_turns_its_pages(desk: Desk, ann: Somebody, bob: Somebody):
    for number in range(1, 12):
        await asked(ann, f"Question {number}", ticket=number)
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue", at=QUEUE)
    first = await bob.sees("11 tickets in the queue:", at=QUEUE)
    assert len(first.buttons) == 9
    await bob.presses("›", on=first)
    second = await bob.sees("11 tickets in the queue:", at=QUEUE)
    assert second.id == first.id
    assert second.buttons == ("🆕 #9 Question 9", "🆕 #10 Question 10", "🆕 #11 Question 11", "‹")
    await bob.presses("‹", on=second)
    assert (await bob.sees("11 tickets in the queue:", at=QUEUE)).buttons == first.buttons


async def test_a_ticket_without_a_number_is_asked_for(desk: Desk, bob: Somebody):
    await bob.says("/claim", at=QUEUE)
    await bob.sees("Which request? Name it, for example: /claim 42", at=QUEUE)
    await bob.says("/me", at=QUEUE)
    await bob.sees("You are Bob, agent.", at=QUEUE)
    await bob.says("/help", at=QUEUE)
    await bob.sees(bob.told("doing.queue"), "/queue", "/claim", at=QUEUE)
    await bob.says("/help all", at=QUEUE)
    await bob.sees("What you can do here:", "/r ", "/queue", "/assign", at=QUEUE)


@pytest.mark.parametrize("word", ["snooze", "/snooze", "Outage"])
async def test_help_about_a_word_is_about_that_alone(desk: Desk, bob: Somebody, word: str):
    await bob.says(f"/help {word}", at=QUEUE)
    named = word.strip("/").casefold()
    shown = await bob.sees(bob.told("help.of", word=named), at=QUEUE)
    assert named in shown.text.casefold().replace(bob.told("help.of", word=named).casefold(), "")
    assert "/claim" not in shown.text


async def test_help_about_what_no_command_does_says_so(desk: Desk, bob: Somebody):
    await bob.says("/help zebra", at=QUEUE)
    await bob.sees(bob.told("help.none", word="zebra"), "/queue", at=QUEUE)
