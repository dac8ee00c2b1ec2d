"""Who is it: one command tells an agent all about a person, whichever request they came with."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.slips import ann, bob, eve, house, language

__all__ = ["ann", "bob", "eve", "house", "language"]


async def known(desk: Desk, ann: Somebody, bob: Somebody) -> None:
    """Ann has two requests: the first noted on, worked on for half an hour, resolved and rated; the second open."""
    await asked(ann)
    await claimed(bob, ann, language=bob.language)
    await bob.says("/r We look into it", at=THREAD(1))
    await bob.says("She prefers to be called", at=THREAD(1))
    await bob.says("/time 30m", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.says("/resolve 1", at=QUEUE)
    await ann.catches_up()
    await ann.presses(said_in(ann.language, "button.confirm"))
    await ann.presses("4", on=await ann.sees(said_in(ann.language, "rate.ask")))
    await ann.catches_up()
    await asked(ann, "The card again", ticket=2)
    for at in (QUEUE, THREAD(1)):
        await bob.catches_up(at=at)


async def test_all_about_one_person(desk: Desk, ann: Somebody, bob: Somebody, language: str):
    await known(desk, ann, bob)
    await bob.says("/who ann", at=QUEUE)
    told = await bob.sees(
        "👤 Ann",
        said_in(language, "who.requests", n=2, active=1),
        said_in(language, "who.rating", n=1, rating="4.0"),
        said_in(language, "who.time", time="30m"),
        at=QUEUE,
    )
    assert [button.split()[1] for button in told.buttons[:2]] == ["#2", "#1"]
    await ann.sees_nothing()
    await bob.says("/who 1", at=QUEUE)
    await bob.sees("👤 Ann", at=QUEUE)


async def test_what_was_noted_is_read_by_whoever_presses(desk: Desk, ann: Somebody, bob: Somebody):
    await known(desk, ann, bob)
    await bob.starts()
    await bob.says("/who ann", at=QUEUE)
    await bob.presses(said_in(bob.language, "who.notes", n=1), at=QUEUE)
    await bob.reads("📝 Bob · #1", "She prefers to be called")
    await bob.catches_up(at=QUEUE)
    await bob.catches_up()
    await ann.sees_nothing()


async def test_nobody_else_asks_and_who_nobody_knows_is_said(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await ann.says("/who bob")
    await ann.sees(said_in(ann.language, "refused.not_yours", role=said_in(ann.language, "role.agent")))
    await bob.catches_up(at=QUEUE)
    await bob.says("/who nobody", at=QUEUE)
    await bob.sees("nobody", at=QUEUE)
    await bob.says("/who", at=QUEUE)
    await bob.sees("/who", at=QUEUE)


async def test_a_first_or_a_last_name_is_enough_to_read(desk: Desk, bob: Somebody):
    olia = desk.requester("Оля Ткачук", language=bob.language)
    await asked(olia)
    await bob.catches_up(at=QUEUE)
    for name in ("оля", "Ткачук", "оля ткачук"):
        await bob.says(f"/who {name}", at=QUEUE)
        await bob.sees("👤 Оля Ткачук", at=QUEUE)
    await asked(desk.requester("Оля Бойко", language=bob.language), ticket=2)
    await bob.catches_up(at=QUEUE)
    await bob.says("/who оля", at=QUEUE)
    await bob.sees("Оля Ткачук", "Оля Бойко", at=QUEUE)
    await bob.says("/who ля", at=QUEUE)
    await bob.sees(said_in(bob.language, "refused.whom", name="ля"), at=QUEUE)
