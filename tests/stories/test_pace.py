"""The limits of a messenger are obeyed: everything arrives, in order, however much there is."""

from datetime import timedelta

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import asked, talking


async def test_told_to_wait_in_the_middle_it_goes_on_in_order(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    desk.stage.trouble(None).makes_wait(40)
    for number in range(1, 5):
        await ann.says(f"word {number}")
        await desk.passes(seconds=3)
    await bob.sees_nothing(at=THREAD(1))
    await desk.passes(seconds=40)
    words = [line.text for line in await bob.catches_up(at=THREAD(1))]
    told = "\n".join(words)
    places = [told.index(f"word {number}") for number in range(1, 5)]
    assert places == sorted(places)
    assert told.count("word 1") == 1
    assert desk.stage.complaints == []


async def test_a_burst_is_one_post(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    desk.moment = timedelta(milliseconds=50)
    for number in range(1, 6):
        await ann.says(f"word {number}")
        await desk.passes(seconds=0.3)
    desk.moment = timedelta(seconds=6)
    await desk.settles()
    posts = await bob.catches_up(at=THREAD(1))
    told = "\n".join(post.text for post in posts)
    assert [f"word {number}" in told for number in range(1, 6)] == [True] * 5
    assert len(posts) <= 2
    await bob.says("/r I read all of it", reply_to=posts[-1])
    await ann.sees("I read all of it")
    await bob.sees("✓ delivered", at=THREAD(1))


class TestAtTheRatesOfARealDesk:
    @pytest.fixture
    def house(self) -> House:
        return House(paced=True)

    async def test_many_words_of_many_people_spend_no_more_than_the_groups_minute(self, desk: Desk, bob: Somebody):
        people = [desk.requester(name) for name in ("Ann", "Olha", "Petro")]
        for ticket, person in enumerate(people, 1):
            await asked(person, f"I am {person.name}", ticket=ticket)
            await desk.passes(seconds=20)
        await bob.catches_up(at=QUEUE)
        for ticket, person in enumerate(people, 1):
            await bob.says(f"/claim {ticket}", at=QUEUE)
            await desk.passes(minutes=1)
            await person.sees(f"Bob is on your request #{ticket}.")
        for number in range(8):
            for person in people:
                await person.says(f"{person.name} says {number}")
            await desk.passes(seconds=4)
        await desk.passes(minutes=3)
        for ticket, person in enumerate(people, 1):
            told = "\n".join(line.text for line in await bob.catches_up(at=THREAD(ticket)))
            places = [told.index(f"{person.name} says {number}") for number in range(8)]
            assert places == sorted(places)
        await bob.catches_up(at=QUEUE)


async def test_a_flood_is_kept_and_folded(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    for number in range(60):
        await ann.says(f"word {number}")
    await bob.sees("#1", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await ann.sees_nothing()
    await bob.presses("Claim", at=QUEUE)
    await ann.sees("Bob is on your request #1.")
    told = "\n".join(line.text for line in await bob.catches_up(at=THREAD(1)))
    assert "21 earlier messages stand in" in told  # the question is one of them
    assert [number for number in range(20, 60) if f"word {number}\n" not in f"{told}\n"] == []
    kept = await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1)])
    assert [number for number in range(60) if kept.count(f"word {number}") != 1] == []
