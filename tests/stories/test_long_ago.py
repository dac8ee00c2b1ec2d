"""What was said long ago can still be changed and taken back where it is shown, and no number of then means anything else now."""

from sqlalchemy import Connection, text

from storage.engine import migrate
from storage.engine.opening import open_database
from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody, needs
from tests.stories.harness.given import asked, resolves, talking


async def passes_quietly(desk: Desk, *people: Somebody, days: int = 40) -> None:
    """Let days pass; what is said by itself meanwhile (reminders, alarms) is read."""
    await desk.passes(days=days)
    for person in people:
        await person.catches_up()
        await person.catches_up(at=THREAD(1))
        await person.catches_up(at=QUEUE)


async def test_an_old_reply_is_changed_in_place(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    reply = await bob.says("/r It comes on Munday", at=THREAD(1))
    shown = await ann.sees("Bob", "It comes on Munday")
    await bob.sees("✓ delivered", at=THREAD(1))
    await passes_quietly(desk, bob)
    await ann.catches_up()
    await bob.edits(reply, "/r It comes on Monday")
    changed = await ann.sees("Bob", "It comes on Monday")
    assert changed.id == shown.id


async def test_old_words_are_changed_under_what_they_were(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    words = await ann.says("It was on Monday")
    await bob.sees("It was on Monday", at=THREAD(1))
    await passes_quietly(desk, bob)
    await ann.catches_up()
    await ann.edits(words, "It was on Tuesday")
    await bob.sees("✏️ Ann", "It was on Tuesday", "It was on Monday", at=THREAD(1), reply_to="Monday")


@needs(requesters=Capability.DELETIONS)
async def test_old_words_are_taken_away_or_say_that_they_were(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    words = await ann.says("My PIN is 1234")
    await bob.sees("My PIN is 1234", at=THREAD(1))
    await passes_quietly(desk, bob)
    await ann.catches_up()
    await ann.deletes(words)
    await bob.catches_up(at=THREAD(1))
    await bob.sees_no("My PIN is 1234", at=THREAD(1))


@needs(team=Capability.DELETIONS)
async def test_an_agent_is_told_that_an_old_reply_stays(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    reply = await bob.says("/r wrong person", at=THREAD(1))
    await ann.sees("wrong person")
    await bob.sees("✓ delivered", at=THREAD(1))
    await passes_quietly(desk, bob)
    await ann.catches_up()
    await bob.deletes(reply)
    await bob.sees("It is over 48 hours old", at=THREAD(1))
    await ann.sees_nothing()


async def test_a_desk_that_the_version_before_has_filled_goes_on(desk: Desk, ann: Somebody, bob: Somebody):
    """Its retention had deleted what changes go by, and SQLite gave the numbers again: one is mended, the other at an end."""
    await talking(ann, bob)
    words = await ann.says("It was on Monday")
    await bob.sees("It was on Monday", at=THREAD(1))
    reply = await bob.says("/r It comes on Munday", at=THREAD(1))
    shown = await ann.sees("Bob", "It comes on Munday")
    await bob.sees("✓ delivered", at=THREAD(1))
    await passes_quietly(desk, bob)
    await ann.catches_up()

    def as_before(connection: Connection) -> None:
        migrate.downgrade(connection, "0001")
        connection.execute(text("DELETE FROM outgoing WHERE done_at IS NOT NULL"))

    await desk.stops()
    database = await open_database(desk._url)
    await database.run(as_before)
    await database.close()
    await migrate.migrate_database(desk._url)
    await desk.starts()
    eve = desk.requester("Eve")
    trouble = desk.stage.trouble(eve.native)
    trouble.begins()
    for _ in range(20):
        await eve.says("hello")
    await bob.edits(reply, "/r It comes on Monday")
    changed = await ann.sees("Bob", "It comes on Monday")
    assert changed.id == shown.id
    await ann.edits(words, "It was on Tuesday")
    await bob.sees("✏️ Ann", "It was on Tuesday", "It was on Monday", at=THREAD(1), reply_to="Monday")
    card = next(line for line in desk.stage.lines(bob.native, QUEUE) if "#1 " in line.text)
    await resolves(bob, on=card)
    await ann.sees("#1")
    assert (await bob.sees("#1 ", "resolved", at=QUEUE)).id == card.id
    await bob.catches_up(at=THREAD(1))
    trouble.ends()
    await desk.passes(minutes=10)
    said = [line.text for line in await eve.catches_up()]
    assert said
    assert all("Hello, Eve!" in line for line in said), said


async def test_the_card_of_a_quiet_request_is_still_its_own(desk: Desk, ann: Somebody, bob: Somebody):
    """Every promise of the first request is deleted meanwhile, and a new one of another requester waits to be sent."""
    eve = desk.requester("Eve")
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await passes_quietly(desk, bob)
    await ann.catches_up()
    await desk.restarts()
    trouble = desk.stage.trouble(eve.native)
    trouble.begins()
    for _ in range(12):  # more than ever were promised before: with old numbers one would have the card's
        await eve.says("hello")
    await bob.presses("Claim", at=QUEUE)
    await ann.sees("Bob is on your request")
    await bob.sees("#1 ", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    trouble.ends()
    await desk.passes(minutes=10)
    said = [line.text for line in await eve.catches_up()]
    assert said
    assert all("Hello, Eve!" in line for line in said), said
