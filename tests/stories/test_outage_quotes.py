"""The question whether there is an outage quotes what people asked; what they take back stands there no more."""

from sqlalchemy import select, update

from handlers.rules import Rules
from handlers.tickets.outage_question import forget_quotes
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.translations import Translator
from storage.models import outgoing, verdict
from storage.transaction import Transaction
from tests.stories.harness import QUEUE, Capability, Desk, Line, Somebody
from tests.stories.test_outage import QUESTIONS
from tests.stories.test_privacy import erase

BUTTONS = ["Yes, there is", "No"]


async def noticed(desk: Desk, bob: Somebody) -> Line:
    """Many have asked alike, and the team is asked whether there is an outage."""
    people = [desk.requester(f"Guest{n}") for n in range(len(QUESTIONS))]
    for person, question in zip(people, QUESTIONS, strict=True):
        await person.says(question)
        await person.catches_up()
    await desk.passes(minutes=2)
    return await bob.sees("Is there an outage?", buttons=BUTTONS, at=QUEUE)


async def takes_back(desk: Desk, question: str) -> None:
    """Let whoever has asked it have taken it back."""

    def work(tx: Transaction) -> None:
        gone = update(verdict).where(verdict.c.question == question).values(question="", said={})
        person = tx.connection.scalar(gone.returning(verdict.c.person_id))
        event = Event(Kind.TIMER, "desk", "1", "1", desk.clock.now())
        forget_quotes(Turn(event, tx, desk.clock.now(), Rules(), Translator(), Knowledge()), person)

    await desk.records(work)
    await desk.passes(seconds=10)


def quoted(asking: Line) -> list[str]:
    """Return the questions that stand in the post."""
    return [line.removeprefix("• ") for line in asking.text.splitlines() if line.startswith("• ")]


async def test_a_question_that_is_taken_back_is_quoted_no_more(desk: Desk, bob: Somebody):
    asking = await noticed(desk, bob)
    first, *others = quoted(asking)
    await takes_back(desk, first)
    left = await bob.sees("12 people ask alike", "Usually: about 0", buttons=BUTTONS, at=QUEUE)
    assert quoted(left) == others
    kept = await desk.records(lambda tx: tx.connection.scalars(select(outgoing.c.payload)).all())
    assert not any(first in payload for payload in kept)
    for each in others:
        await takes_back(desk, each)
    left = await bob.sees("12 people ask alike", buttons=BUTTONS, at=QUEUE)
    assert quoted(left) == []

    await bob.presses("Yes, there is", at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await bob.sees("We know of it and are working on it.", "waiting for the end: 0", at=QUEUE)
    await bob.catches_up(at=QUEUE)


async def test_a_question_that_is_deleted_or_erased_is_quoted_no_more(desk: Desk, bob: Somebody):
    asking = await noticed(desk, bob)
    first, second, *others = quoted(asking)
    authors = {line.text: (who, line) for who in desk.people for line in desk.stage.lines(who.native, None)}
    who, said = authors[first]
    await who.deletes(said) if who.can(Capability.DELETIONS) else await erase(desk, who)
    await erase(desk, authors[second][0])
    left = [line for line in desk.stage.lines(bob.native, QUEUE) if "Is there an outage?" in line.text]
    assert [quoted(line) for line in left] == [others]
    await bob.catches_up(at=QUEUE)
    for person in desk.people:
        await person.catches_up()


async def test_where_it_was_answered_nothing_comes_back(desk: Desk, bob: Somebody):
    asking = await noticed(desk, bob)
    await bob.presses("No", at=QUEUE)
    await bob.sees("Bob says it is none", buttons=["It is one after all"], at=QUEUE)
    await takes_back(desk, quoted(asking)[0])
    await bob.sees_nothing(at=QUEUE)


async def test_where_it_is_known_its_buttons_are_gone(desk: Desk, bob: Somebody):
    asking = await noticed(desk, bob)
    await bob.presses("Yes, there is", at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    first, *others = quoted(asking)
    await takes_back(desk, first)
    left = await bob.sees("Is there an outage?", buttons=[], at=QUEUE)
    assert quoted(left) == others
