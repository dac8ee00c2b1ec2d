"""Known errors: a problem has a cause and a workaround, which answers whoever asks while the problem is open."""

import pytest

from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, claimed, resolves
from tests.stories.rules.ruled import account, present, ruled

WORKAROUND = "Print from the tray on the left"


async def known(bob: Somebody, *, question: str) -> None:
    """Bob writes down what is known of the problem."""
    await bob.says("/known 1", at=QUEUE)
    await bob.fills(cause="A worn roller", question=question, workaround=WORKAROUND)
    await bob.sees(said_in(bob.language, "known.done", ticket=1))
    await bob.catches_up()
    await bob.catches_up(at=QUEUE)


async def problem(on: Desk, ann: Somebody, bob: Somebody, *, role: str = "admins") -> None:
    """Bob, who may write answers, has the problem that the printer is about."""
    await present(bob)
    await ruled(on, roles={role: [account(bob)]}, desk={"team_language": bob.language, "unclaimed_reminder": "9d"})
    await bob.starts()
    await bob.catches_up()
    await asked(ann, "The printer on floor 2 jams")
    await claimed(bob, ann, language=bob.language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_workaround_answers_as_long_as_the_problem_is_open(desk: Desk, language: str):
    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    dan = desk.requester("Dan", language=language)
    await problem(desk, ann, bob)
    await known(bob, question="Why does the printer on floor 2 jam?")
    await bob.sees("A worn roller", WORKAROUND, at=THREAD(1))
    await dan.says("Why does the printer on floor 2 jam?")
    await dan.sees(WORKAROUND)
    await bob.says("/known", at=QUEUE)
    shown = await bob.sees(
        "#1 The printer on floor 2 jams", "A worn roller", f"→ {WORKAROUND}", buttons=["#1"], at=QUEUE
    )
    await bob.presses("#1", on=shown)
    await bob.sees(said_in(language, "known.of_cause", cause="A worn roller"), WORKAROUND, at=QUEUE)
    await resolves(bob)
    await ann.catches_up()
    eve = desk.requester("Eve", language=language)
    await eve.says("Why does the printer on floor 2 jam?")
    await eve.sees(said_in(language, "answer.unknown"))
    await bob.says("/known", at=QUEUE)
    await bob.sees(said_in(language, "known.none"), at=QUEUE)
    await ann.presses(said_in(language, "button.reopen"))
    await ann.catches_up()
    oleh = desk.requester("Oleh", language=language)
    await oleh.says("Why does the printer on floor 2 jam?")
    await oleh.sees(WORKAROUND)
    for somebody in (bob, ann, dan, eve, oleh):
        await somebody.catches_up()
    for somebody, place in ((bob, QUEUE), (bob, THREAD(1))):
        await somebody.catches_up(at=place)


async def test_whoever_is_linked_to_the_problem_hears_what_helps(desk: Desk, ann: Somebody, bob: Somebody):
    await problem(desk, ann, bob)
    await known(bob, question="The printer jams")
    dan = desk.requester("Dan")
    await asked(dan, "Paper gets stuck again and again", ticket=2)
    await bob.says("/problem 2 1", at=QUEUE)
    await dan.sees("Until #2 is solved, this may help:", WORKAROUND)
    await bob.sees("#1 ", "Cause: A worn roller", at=QUEUE)
    for somebody, place in ((bob, QUEUE), (bob, THREAD(1)), (ann, None), (dan, None)):
        await somebody.catches_up(at=place)


async def test_an_agent_who_may_write_no_answers_writes_down_the_cause_alone(desk: Desk, ann: Somebody, bob: Somebody):
    await problem(desk, ann, bob, role="seniors")
    await bob.says("/known 1", at=QUEUE)
    await bob.fills(cause="A worn roller", review=False)
    await bob.catches_up()
    one = await desk.records(lambda tx: tx.known_errors.of(1))
    assert one is not None
    assert (one.cause, one.article_id) == ("A worn roller", None)
    for somebody, place in ((bob, QUEUE), (bob, THREAD(1)), (ann, None)):
        await somebody.catches_up(at=place)


async def test_the_workaround_is_taken_away(desk: Desk, ann: Somebody, bob: Somebody):
    await problem(desk, ann, bob)
    await known(bob, question="The printer jams")
    await bob.says("/known 1", at=QUEUE)
    await bob.presses("Change …", on=await bob.sees("Known error #1", WORKAROUND, at=QUEUE))
    await desk.settles()
    if desk.stage.window(bob.native) is not None:
        await bob.fills(workaround="")
    else:
        await bob.catches_up()
        await bob.presses("Change: What helps meanwhile?")
        await bob.presses(said_in("en", "form.clear"))
        await bob.presses(said_in("en", "form.submit"))
    await bob.catches_up()
    one = await desk.records(lambda tx: tx.known_errors.of(1))
    assert one is not None
    assert (one.cause, one.article_id) == ("A worn roller", None)
    await bob.sees("No workaround answers for it.", at=THREAD(1))
    for somebody, place in ((bob, QUEUE), (bob, THREAD(1)), (ann, None)):
        await somebody.catches_up(at=place)
