"""Whose words these are: what somebody passes on is named as somebody else's, on both sides, and is never obeyed."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import talking

WORDS = "We will not refund the order"


async def history(desk: Desk) -> list[str]:
    """Return what was said on the first request, as it is kept."""
    return await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1)])


async def test_the_team_reads_whose_words_a_requester_passes_on(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.says(WORDS, forwarded="Petro")
    await bob.sees("💬 Ann", "↪ Petro", WORDS, at=THREAD(1))
    assert any(said.startswith("↪ Petro") and WORDS in said for said in await history(desk))


async def test_a_question_that_is_passed_on_is_asked_and_named_in_the_request(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.says("The till shows error 17", forwarded="Petro")
    await ann.sees("I don't have an answer")
    await ann.presses("I still need a person")
    await ann.fills(type="Billing question", contract="(skip)")
    await ann.sees("#1 is registered")
    await bob.sees("#1", "↪ Petro", "The till shows error 17", at=QUEUE)


@pytest.mark.parametrize("command", ["/r The customer is right", "/resolve", "/note Nothing", "/close"])
async def test_a_command_that_is_passed_on_is_a_word(desk: Desk, ann: Somebody, bob: Somebody, command: str):
    await talking(ann, bob)
    await bob.says(command, at=THREAD(1), forwarded="Petro")
    await ann.sees_nothing()
    await bob.sees(bob.told("note.hint", at=THREAD(1), name="Ann"), at=THREAD(1))
    await bob.sees_nothing(at=THREAD(1))
    await bob.sees_nothing(at=QUEUE)
    [*_, note] = await history(desk)
    assert note.startswith("↪ Petro")


async def test_a_requesters_forwarded_command_is_a_word_too(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.says("/cancel", forwarded="Petro")
    await bob.sees("💬 Ann", "↪ Petro", "cancel", at=THREAD(1))


class TestInAForm:
    @pytest.fixture
    def house(self) -> House:
        return House(windows=False)

    async def test_what_is_passed_on_answers_a_question(self, desk: Desk, ann: Somebody, bob: Somebody):
        """A contract number fits its pattern, whoever wrote it; a long text says whose it is."""
        await ann.says("/new")
        await ann.presses("Billing question")
        await ann.says(WORDS, forwarded="Petro")
        await ann.says("AB-12345", forwarded="Petro")
        await ann.sees("Please check", "↪ Petro", WORDS, "AB-12345")
        await ann.presses("Submit")
        await ann.catches_up()
        await bob.sees("#1", "↪ Petro", WORDS, "AB-12345", at=QUEUE)
