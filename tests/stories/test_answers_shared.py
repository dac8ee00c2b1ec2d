"""Two processes on one PostgreSQL: what is taught in one is answered by the other from the next question on."""

import pytest

from bot.app import build_app
from bot.settings import load_settings
from handlers.turns.knowledge import Knowledge
from kb import Sure, Unknown
from tests.stories.answers import admin, article, examples
from tests.stories.harness import Desk, Somebody


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """Return a database that several processes may serve."""
    return postgres_url


async def test_what_one_process_is_taught_the_other_answers(desk: Desk, ann: Somebody, database_url: str):
    """Messages go to whichever process comes first; here the other one is asked what it would say."""
    await examples(desk, "en")
    olga = await admin(desk)
    chosen = desk.stage.settings
    second = await build_app(load_settings(_env_file=None, database_url=database_url, **chosen), clock=desk.clock)
    asked = "zebra crossing paint"

    async def would(text: str) -> type:
        from storage.desk.articles import Articles

        return type(await second.database.run(lambda c: second.knowledge.find(Articles(c), text, "en")))

    try:
        assert await would(asked) is Unknown
        await olga.says(f"/faq add {asked} = Yellow.")
        await olga.sees("is live")
        assert await would(asked) is Sure
        number = (await desk.records(lambda tx: tx.articles.everything()))[-1].id
        for command, expected in (("off", Unknown), ("on", Sure)):
            await olga.says(f"/faq {command} {number}")
            await olga.sees(asked)
            assert await would(asked) is expected
        await olga.says(f"/faq alias {number} yellow stripes for pedestrians")
        await olga.sees("can be asked in")
        assert await would("yellow stripes for pedestrians") is Sure
    finally:
        await second.stop()


async def test_and_the_other_way_round(desk: Desk, ann: Somebody):
    await examples(desk, "en")
    await ann.says("zebra crossing paint")
    await ann.sees("I don't have an answer to that yet.")
    await article(desk, "zebra crossing paint", "Yellow.")  # written past this process's index
    await ann.says("zebra crossing paint")
    await ann.sees("There is an answer below.")
    await ann.sees("Yellow.")
    assert isinstance(desk.app.knowledge, Knowledge)
