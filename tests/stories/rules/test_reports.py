"""Reports, as people ask for them: by buttons and by words, as a picture, a workbook or text, each in their own language."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from PIL import Image

from tests.clock import MONDAY
from tests.stories.answers import article
from tests.stories.channels.test_team_channels import with_second_line
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.ruled import present, ruled


async def worked(desk: Desk, ann: Somebody, bob: Somebody, language: str = "en") -> None:
    """Ann has asked twice; Bob has answered the second after half an hour, and resolved it."""
    await asked(ann)
    await asked(ann, "The printer eats paper", ticket=2)
    await claimed(bob, ann, ticket=2, language=language)
    await desk.passes(minutes=30)
    await bob.says("/r Done", at=THREAD(2))
    await desk.settles()
    await bob.says("/resolve 2", at=QUEUE)
    await desk.settles()
    await ann.catches_up()
    await bob.catches_up(at=THREAD(2))
    await bob.catches_up(at=QUEUE)


class TestInUkrainian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="uk", settings={"time_zone": "Europe/Kyiv"})

    @pytest.fixture
    def bob(self, desk: Desk) -> Somebody:
        return desk.agent("Bob", language="uk")

    async def test_a_managers_monday(self, desk: Desk, ann: Somebody, bob: Somebody):
        await worked(desk, ann, bob, "uk")
        await bob.says("/report", at=QUEUE)
        await bob.sees("Який звіт?", at=QUEUE)
        await bob.presses("Огляд", at=QUEUE)
        await bob.sees("Огляд\nЗа які дні?", at=QUEUE)
        await bob.presses("Сьогодні", at=QUEUE)
        sent = await bob.sees("Огляд\nЗа 2 бер. 2026", kind="photo", at=QUEUE)
        name, picture = desk.stage.content(bob.native, sent)
        assert name.endswith(".png")
        assert Image.open(BytesIO(picture)).size == (1080, 1350)
        await bob.presses("Текстом", at=QUEUE)
        told = await bob.sees("Огляд · 2 бер. 2026", at=QUEUE)
        for said in (
            "Надійшло: 2 (було: 0)",
            "Вирішено й закрито: 1",
            "Чекало наприкінці: 1",
            "Перша відповідь, медіана: 30 хв",
        ):
            assert said in told.text, said
        await bob.presses("XLSX", at=QUEUE)
        sent = await bob.sees(kind="document", at=QUEUE)
        book = load_workbook(BytesIO(desk.stage.content(bob.native, sent)[1]))
        assert book.sheetnames[0] == "Огляд"
        assert [cell.value for cell in book["Огляд"]["A"]][:3] == ["Показник", "Надійшло", "Вирішено й закрито"]
        assert len(book["За агентами"]._charts) == 1
        await bob.presses("Чому такі числа", at=QUEUE)
        why = await bob.sees(
            "Огляд · 2 бер. 2026",
            "Надійшло: 2 = #1, #2",
            "Чекало наприкінці: 1 = 0 + 2 + 0 − 1",
            "Перша відповідь, медіана: 30 хв = #2",
            "Вік того, що чекає (медіана): 30 хв = #1",
            kind="document",
            at=QUEUE,
        )
        book = load_workbook(BytesIO(desk.stage.content(bob.native, why)[1]))
        counted, stretches = book["Що пораховано"], book["Відрізки часу"]
        rows = [*counted.iter_rows(min_row=2, values_only=True)]
        assert [row[:2] for row in rows] == [
            ("Надійшло", 1), ("Надійшло", 2), ("Узято", 2), ("Перша відповідь", 2), ("Вирішено", 2)
        ]  # fmt: skip
        parts = [row for row in stretches.iter_rows(min_row=2, values_only=True) if row[0] == "Перша відповідь"]
        assert [sum((row[7] for row in parts), timedelta())] == [row[7] for row in rows if row[0] == "Перша відповідь"]
        await bob.presses("‹ Раніше", at=QUEUE)
        await bob.sees("Огляд\nЗа 1 бер. 2026", kind="photo", at=QUEUE)
        await bob.catches_up(at=QUEUE)

    async def test_asked_in_words(self, desk: Desk, ann: Somebody, bob: Somebody):
        await worked(desk, ann, bob, "uk")
        await bob.says("/report агенти цього тижня @bob", at=QUEUE)
        await bob.sees("Агенти\nЗа 2 бер. 2026", kind="photo", at=QUEUE)
        await bob.presses("Текстом", at=QUEUE)
        told = await bob.sees("Агенти · 2 бер. 2026", "• Bob: Узято 1, Перші відповіді 1", at=QUEUE)
        assert "Надійшло" not in told.text
        await bob.says("/report 01.02–28.02 не термінові", at=QUEUE)
        await bob.sees("Огляд\nЗа 1–28 лют. 2026 р.", kind="photo", at=QUEUE)
        await bob.says("/report слон", at=QUEUE)
        await bob.sees("Фільтра «слон» немає.", at=QUEUE)
        await bob.says("/report вчорра", at=QUEUE)
        await bob.sees("Фільтра «вчорра» немає.", at=QUEUE)


async def test_an_agent_who_may_see_their_own_sees_no_others(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await present(bob, eve)
    newest = await desk.records(lambda tx: tx.rules.newest())
    assert newest is not None
    await ruled(desk, desk={**newest.data.get("desk", {}), "reports": "own"})
    await worked(desk, ann, bob)
    for who, line in ((bob, "• Bob: Taken 1"), (eve, None)):
        await who.says("/report agents", at=QUEUE)
        await who.sees("Agents\nFor 2 Mar 2026", at=QUEUE)
        await who.catches_up(at=QUEUE)
        await who.presses("Text", at=QUEUE)
        told = await who.sees("Agents · 2 Mar 2026", at=QUEUE)
        assert ("Bob" in told.text) == (who is bob)
        if line:
            assert line in told.text
        await who.catches_up(at=QUEUE)


async def test_a_shared_view_is_there_for_everybody(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await present(bob, eve)
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await bob.says("/view save night free by priority show number requester", at=QUEUE)
    await bob.says("/view share night", at=QUEUE)
    await bob.sees("Everybody in the team can use “night” now.", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await eve.says("/view", at=QUEUE)
    await eve.presses("👥 night · Bob", at=QUEUE)
    await eve.sees("1 ticket in the queue:", "normal 1", buttons=["🆕 #1 · Ann"], at=QUEUE)
    await bob.says("/view share -night", at=QUEUE)
    await bob.sees("“night” is yours alone again.", at=QUEUE)
    await eve.says("/view night", at=QUEUE)
    await eve.sees("night", at=QUEUE)
    await eve.catches_up(at=QUEUE)


async def test_a_subscription_comes_and_is_ended(desk: Desk, ann: Somebody, bob: Somebody):
    await worked(desk, ann, bob)
    await bob.says("/report subscribe week agents")
    await bob.sees("Agents comes here every week, next on")
    await bob.says("/report subscribe week agents")
    await bob.sees("This very report comes here already")
    await bob.says("/report subscribe sometimes")
    await bob.sees("Write it so: /report subscribe day|week|month")
    await desk.passes(days=7)
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(2))
    sent = await bob.sees("Agents\nIt comes every week.", kind="photo")
    assert desk.stage.content(bob.native, sent)[0] == "agents-2026-03-02.png"
    await bob.says("/report subscriptions")
    await bob.presses("End: Agents · every week")
    bob.sees_toast("It comes no more.")
    await bob.sees("No report comes by itself.")
    await desk.passes(days=7)
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)
    await bob.sees_nothing()


@pytest.mark.parametrize("becomes", ["nobody's", "a channel of requests"])
async def test_a_subscription_ends_where_its_channel_is_no_more_the_teams(desk: Desk, bob: Somebody, becomes: str):
    await present(bob)
    room = await with_second_line(desk, bob)
    await bob.says("/report subscribe day", at=room)
    await bob.sees("comes here every day", at=room)
    await desk.passes(days=1)
    await bob.catches_up(at=QUEUE)
    await bob.sees("It comes every day.", kind="photo", at=room)

    await ruled(desk, groups={"first": {"title": "First line"}})
    if becomes == "a channel of requests":
        source, chat = desk.stage.source(bob.native), desk.rooms["second"]
        await desk.records(lambda tx: tx.request_channels.keep(source, chat, title="", settings={}, at=MONDAY))
    await desk.passes(days=2)
    assert not any("It comes every day." in line.text for line in await bob.catches_up(at=room))
    await bob.catches_up(at=QUEUE)
    await bob.says("/report subscriptions", at=QUEUE)
    await bob.sees("No report comes by itself.", at=QUEUE)


class TestTheTeamsDigest:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="uk", settings={"time_zone": "Europe/Kyiv"}, digest=True)

    async def test_it_comes_on_monday_once_through_a_restart(self, desk: Desk, bob: Somebody):
        await desk.stops()
        await desk.starts()
        await desk.passes(days=7)
        sent = await bob.sees("Огляд\nНадходить щотижня.", kind="photo", at=QUEUE)
        assert desk.stage.content(bob.native, sent)[0] == "overview-2026-03-02.png"
        await bob.sees_nothing()
        await desk.passes(days=7)
        sent = await bob.sees("Огляд\nНадходить щотижня.", kind="photo", at=QUEUE)
        assert desk.stage.content(bob.native, sent)[0] == "overview-2026-03-09.png"


async def test_why_a_number_is_what_it_is(desk: Desk, ann: Somebody, bob: Somebody):
    await worked(desk, ann, bob)
    await bob.says("/report why 2", at=QUEUE)
    told = await bob.sees("How the times of #2 add up", at=QUEUE)
    assert "First answer 2 Mar, 09:30: 30 min of working time, 30 min on the wall" in told.text
    assert "open · the clock runs" in told.text
    await bob.says("/report why agents today @bob", at=QUEUE)
    mine = ("Taken: 1 = #2", "First answer, median: 30 min = #2")
    await bob.sees("Agents · 2 Mar 2026", *mine, kind="document", at=QUEUE)
    await bob.says("/report why", at=QUEUE)
    await bob.sees("Write it so: /report why 42", at=QUEUE)


async def test_why_so_many_were_answered_and_how_stars_add_up(desk: Desk, ann: Somebody, bob: Somebody):
    await article(desk, "How do I reset my password?")
    zoe = desk.requester("Zoe")
    await zoe.says("how do I reset my password")
    await zoe.presses("It helped")
    await zoe.says("What is a wombat?")
    await zoe.sees("I don't have an answer to that yet.")
    await worked(desk, ann, bob)
    await ann.says("Yes, thanks")
    await ann.presses("4")
    await desk.settles()
    await bob.says("/report why answers today", at=QUEUE)
    counted = ("2 = 1 + 1", "1 = 2 − 1", "= (1 + 0) : 2")
    await bob.sees("Knowledge base · 2 Mar 2026", *counted, at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/report why ratings today", at=QUEUE)
    await bob.sees("Ratings · 2 Mar 2026", "1 × 4★", at=QUEUE)
    await zoe.catches_up()
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(2))
