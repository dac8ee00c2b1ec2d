"""So many requests go on as one and no more: what happens to it is told to each of its requesters in one turn."""

import pytest

from handlers.agent import merge
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked
from tests.stories.rules.ruled import account, ruled


async def test_beyond_that_requests_are_linked_to_a_problem(desk: Desk, bob: Somebody, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(merge, "PARTS", 2)
    await ruled(desk, roles={"seniors": [account(bob)]})
    people = [desk.requester(name) for name in ("Ann", "Zoe", "Kim")]
    for number, person in enumerate(people, 1):
        await asked(person, "The Wi-Fi is down", ticket=number)
    await bob.says("/merge 1 2", at=QUEUE)
    await bob.presses(said_in("en", "rules.apply"), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/merge 3 2", at=QUEUE)
    await bob.sees("#2 would go on for more than 2 requests", "/problem 2", at=QUEUE)
    for person in people:
        await person.catches_up()
    for place in (QUEUE, THREAD(1), THREAD(2)):
        await bob.catches_up(at=place)
