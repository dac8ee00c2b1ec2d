"""A request's whole story as a page, and a day in a few lines."""

import json
from html.parser import HTMLParser

import pytest

from storage.overview import promised
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import asked, claimed


async def sent(desk: Desk) -> str:
    """Return the page that the desk sent last."""
    promises = await desk.look(promised)
    payloads = (json.loads(promise.payload) for promise in promises if "request-1.html" in promise.payload)
    return str(next(payloads)["files"][0]["facts"]["text"])


class Reading(HTMLParser):
    """What stands on a page, and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [str(value) for name, value in attrs if name in ("src", "srcset", "background", "action")]


class TestInUkrainian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="uk", settings={"time_zone": "Europe/Kyiv"})

    @pytest.fixture
    def bob(self, desk: Desk) -> Somebody:
        return desk.agent("Bob", language="uk")

    async def test_agents_read_it_all_and_a_requester_what_is_theirs(self, desk: Desk, bob: Somebody):
        olena = desk.requester("Олена <script>", language="uk")
        await asked(olena, "Мій <b>платіж</b> зник & усе")
        await claimed(bob, olena, language="uk")
        await bob.says("/r Дивимося", at=THREAD(1))
        await olena.catches_up()
        await bob.says("таємниця команди", at=THREAD(1))
        await bob.says("/tag 1 vip", at=QUEUE)
        await bob.says("/time 45хв 1", at=QUEUE)
        await bob.catches_up(at=THREAD(1))
        await bob.catches_up(at=QUEUE)

        await bob.says("/history 1", at=QUEUE)
        await bob.sees("Уся історія #1:", kind="document", at=QUEUE)
        whole = await sent(desk)
        for told in (
            "Мій &lt;b&gt;платіж&lt;/b&gt; зник &amp; усе",
            "Олена &lt;script&gt;",
            "Дивимося",
            "таємниця",
            "#vip",
            "45m",
        ):
            assert told in whole, told
        assert "11:00" in whole  # 09:00 in UTC, as they read it in Kyiv
        seen = Reading(whole)
        assert "script" not in seen.tags
        assert seen.fetched == []

        await olena.says("/history")
        await olena.sees("Уся історія #1:", kind="document")
        theirs = await sent(desk)
        assert "Дивимося" in theirs
        assert "платіж" in theirs
        for secret in ("таємниця", "vip", "45m"):
            assert secret not in theirs, secret

        eve = desk.requester("Eve")
        await eve.says("/history 1")
        await eve.sees("There is no request #1.")


class TestInRussian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="ru")

    @pytest.fixture
    def bob(self, desk: Desk) -> Somebody:
        return desk.agent("Bob", language="ru")

    async def test_the_day_in_a_few_lines(self, desk: Desk, ann: Somebody, bob: Somebody):
        await bob.says("/report", at=QUEUE)
        await bob.sees("Сегодня\nПоступило: 0, решено: 0\nСейчас ждут: 0, свободных: 0, просроченных: 0", at=QUEUE)
        await asked(ann)
        await asked(ann, "The printer eats paper", ticket=2)
        await claimed(bob, ann, ticket=2, language="ru")
        await desk.passes(minutes=30)
        await bob.says("/r Done", at=THREAD(2))
        await ann.catches_up()
        await bob.says("/resolve 2", at=QUEUE)
        await ann.catches_up()
        await bob.catches_up(at=THREAD(2))
        await bob.catches_up(at=QUEUE)
        await bob.says("/report сьогодні", at=QUEUE)
        told = await bob.sees("Сегодня\nПоступило: 2, решено: 1\nСейчас ждут: 1, свободных: 1", at=QUEUE)
        assert "Первый ответ, медиана: 30 мин" in told.text
        await bob.says("/report вчера", at=QUEUE)
        await bob.sees("Вчера\nПоступило: 0, решено: 0", at=QUEUE)
        await bob.says("/report elephant", at=QUEUE)
        await bob.sees("/report today|yesterday|week|month", at=QUEUE)
        await ann.catches_up()
