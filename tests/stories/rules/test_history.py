"""A request's whole story as a page."""

from html.parser import HTMLParser

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import asked, claimed


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
        await bob.says("/priority 1 high", at=QUEUE)
        await bob.says("/time 45хв 1", at=QUEUE)
        await bob.catches_up(at=THREAD(1))
        await bob.catches_up(at=QUEUE)

        await bob.says("/history 1", at=QUEUE)
        page = await bob.sees("Уся історія #1:", kind="document", at=QUEUE)
        whole = desk.stage.content(bob.native, page)[1].decode()
        for told in (
            "Мій &lt;b&gt;платіж&lt;/b&gt; зник &amp; усе",
            "Олена &lt;script&gt;",
            "Дивимося",
            "таємниця",
            "#vip",
            "45m",
            "змінити пріоритет",
        ):
            assert told in whole, told
        assert "11:00" in whole  # 09:00 in UTC, as they read it in Kyiv
        seen = Reading(whole)
        assert "script" not in seen.tags
        assert seen.fetched == []

        await olena.says("/history")
        page = await olena.sees("Уся історія #1:", kind="document")
        theirs = desk.stage.content(olena.native, page)[1].decode()
        assert "Дивимося" in theirs
        assert "платіж" in theirs
        assert "взяти" in theirs
        for secret in ("таємниця", "vip", "45m", "змінити пріоритет"):
            assert secret not in theirs, secret

        eve = desk.requester("Eve")
        await eve.says("/history 1")
        await eve.sees("There is no request #1.")
