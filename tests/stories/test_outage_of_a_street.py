"""A street loses its internet: two hundred people, from the first question to what it was; each hears each thing once."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked

pytestmark = pytest.mark.full
SAYS = ("Немає інтернету, будинок {n}", "зник інтернет, будинок {n}", "інтернет не працює, будинок {n}")
REQUESTS, ACROSS, OTHERS, STOPPED, WAITING = 60, 10, 5, 3, 122


@pytest.fixture
def house() -> House:
    return House(team_language="uk")


def says(number: int) -> str:
    return SAYS[number % len(SAYS)].format(n=number)


async def told(who: Somebody, words: str) -> int:
    """Return how many of the lines that somebody has not read say this."""
    return sum(words in line.text for line in await who.catches_up())


async def asks(who: Somebody, number: int, press: str) -> None:
    """Somebody asks, reads at once that it is known, and says whether theirs is the same."""
    await who.says(says(number))
    known = await who.sees(said_in(who.language, "outage.known"))
    await who.presses(said_in(who.language, press), on=known)
    await who.catches_up()


async def noticed(desk: Desk, bob: Somebody) -> list[Somebody]:
    """Those who make requests come first; the team is asked by itself, and declares it in two presses."""
    people = [desk.requester(f"Req{n}", language="uk") for n in range(REQUESTS)]
    for number, who in enumerate(people, 1):
        await asked(who, says(number), ticket=number)
    await desk.passes(minutes=2)
    question = await bob.sees(said_in("uk", "outage.ask_title"), at=QUEUE)
    await bob.presses(said_in("uk", "outage.yes"), on=question, at=QUEUE)
    await bob.presses(said_in("uk", "outage.declare"), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    for who in people:
        await who.catches_up()
    return people


async def linked(bob: Somebody, people: list[Somebody]) -> None:
    """Their requests are linked after a look, so many at once; each reads once what is known."""
    for count in (50, REQUESTS - 50):
        await bob.presses(said_in("uk", "outage.alikes"), at=QUEUE)
        listed = await bob.sees(said_in("uk", "outage.alike", n=count), at=QUEUE)
        await bob.presses(said_in("uk", "outage.link", n=count), on=listed, at=QUEUE)
        await bob.catches_up(at=QUEUE)
    for who in people:
        assert await told(who, said_in("uk", "outage.known")) == 1


async def writes(bob: Somebody, key: str, words: str) -> None:
    """Bob presses what asks him for words, and writes them."""
    await bob.presses(said_in("uk", key), at=QUEUE)
    place = None if bob.desk.stage.window(bob.native) else QUEUE
    await bob.fills(words=words, review=False, at=place)
    await bob.desk.passes(minutes=2)
    await bob.catches_up(at=QUEUE)


async def test_two_hundred_people(desk: Desk):
    bob = desk.agent("Bob", language="uk")
    with_requests = await noticed(desk, bob)
    across = [desk.neighbour(f"Nei{n}", language="uk") for n in range(ACROSS)]
    waiting, stopped, others = (
        [desk.requester(f"{name}{n}", language="uk") for n in range(count)]
        for name, count in (("Wai", WAITING), ("Sto", STOPPED), ("Oth", OTHERS))
    )
    for number, who in enumerate((*across, *waiting, *stopped, *others), REQUESTS):
        await asks(who, number, "outage.different" if who in others else "outage.wait")
    for who in stopped:
        if who.can(Capability.BLOCKING):
            who.native.blocks()
    await bob.catches_up(at=QUEUE)
    await linked(bob, with_requests)
    for key, words, heard in (
        ("outage.tell_news", "Перебито кабель", "Перебито кабель"),
        ("outage.it_is_over", "", said_in("uk", "outage.over")),
    ):
        if words:
            await writes(bob, key, words)
        else:
            await bob.presses(said_in("uk", key), at=QUEUE)
            await desk.passes(minutes=2)
        assert {await told(who, heard) for who in (*with_requests, *across, *waiting)} == {1}
        assert {await told(who, heard) for who in others} == {0}
    kinds = await desk.records(lambda tx: {tx.tickets.get(number).kind for number in range(1, REQUESTS + 1)})
    assert kinds == {"resolved"}
    await bob.catches_up(at=QUEUE)
    await bob.presses(said_in("uk", "outage.say_cause"), at=QUEUE)
    await bob.fills(cause="Екскаватор", review=False, at=None if desk.stage.window(bob.native) else QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/outage", at=QUEUE)
    figures = said_in("uk", "outage.figures", spared=ACROSS + WAITING + STOPPED, waits=0, linked=REQUESTS)
    await bob.sees(said_in("uk", "outage.over_title"), figures, "Екскаватор", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    for who in stopped:  # who could not stop the bot has heard it all
        await who.catches_up()
    for number in range(1, REQUESTS + 1):
        await bob.catches_up(at=THREAD(number))
