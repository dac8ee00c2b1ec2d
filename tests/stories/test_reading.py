"""Before anybody takes a request, whoever presses *Read* sees all that was said on it, and takes nothing by that."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked

MORE = {"en": ("and the bank knows nothing", "here is the bill"), "uk": ("а банк нічого не знає", "ось рахунок")}


class TestInEachLanguage:
    @pytest.fixture(params=MORE)
    def language(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture
    def house(self, language: str) -> House:
        return House(team_language=language)

    async def test_all_of_it_is_read_without_claiming(self, desk: Desk, ann: Somebody, language: str):
        bob = desk.agent("Bob", language=language)
        await bob.starts()
        await bob.catches_up()
        await asked(ann)
        card = await bob.sees("#1", at=QUEUE)
        assert said_in(language, "button.read") not in card.buttons
        words, caption = MORE[language]
        await ann.says(words)
        await ann.sends("photo", caption)
        await bob.catches_up(at=QUEUE)
        await bob.presses(said_in(language, "button.read"), at=QUEUE)
        bob.sees_toast(said_in(language, "read.in_private"))
        await bob.sees("💬 Ann · #1", "My card was charged twice")
        await bob.sees("💬 Ann · #1", words)
        await bob.sees("💬 Ann · #1", caption, kind="photo")
        await bob.catches_up()
        assert await desk.records(lambda tx: tx.tickets.get(1).agent_id) is None
        await bob.presses(said_in(language, "button.claim"))
        await bob.catches_up()
        for place in (QUEUE, THREAD(1)):
            await bob.catches_up(at=place)
        await ann.sees("Bob is on your request #1.")


async def test_who_cannot_be_written_to_is_told_how(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await bob.sees("#1", at=QUEUE)
    await ann.says("and the bank knows nothing")
    await bob.sees("#1", "1 new message", at=QUEUE)
    await bob.presses("Read", at=QUEUE)
    await bob.catches_up()
    await bob.catches_up(at=QUEUE)
    assert await desk.records(lambda tx: tx.tickets.get(1).agent_id) is None
