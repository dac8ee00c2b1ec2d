"""Lists: what is asked for in plain words, how it is put together, and the file that anybody opens elsewhere."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import asked, claimed


async def three(desk: Desk, ann: Somebody, bob: Somebody) -> None:
    """Ann has asked thrice, a day apart; Bob is on the second, and has answered the third and resolved it."""
    await asked(ann, "The printer eats paper")
    await desk.passes(days=1)
    await ann.catches_up()
    await asked(ann, "My card was charged twice", ticket=2)
    await claimed(bob, ann, ticket=2)
    await desk.passes(days=1)
    await ann.catches_up()
    await asked(ann, "=1+1", ticket=3)
    await claimed(bob, ann, ticket=3)
    await bob.says("/r Done", at=THREAD(3))
    await desk.settles()
    await bob.says("/resolve 3", at=QUEUE)
    await desk.settles()
    await ann.catches_up()
    for place in (QUEUE, THREAD(2), THREAD(3)):
        await bob.catches_up(at=place)


async def shown(bob: Somebody, words: str) -> list[str]:
    """Return the numbers of the requests that a list shows, in order."""
    await bob.catches_up(at=QUEUE)
    await bob.says(f"/queue {words}", at=QUEUE)
    line = await bob.sees(at=QUEUE)
    return [part for button in line.buttons for part in button.split() if part.startswith("#")]


LISTS = {
    "unanswered": ["#1", "#2"],
    "not free": ["#2"],
    "-@bob": ["#1"],
    "all oldest first": ["#1", "#2", "#3"],
    "all newest": ["#3", "#2", "#1"],
    "all by status": ["#1", "#2", "#3"],
    "all created yesterday": ["#2"],
    "all created since yesterday oldest": ["#2", "#3"],
    "created before yesterday": ["#1"],
    "all newer than 30h oldest": ["#2", "#3"],
    "resolved today": ["#3"],
    "from @ann -free": ["#2"],
    "not priority high..urgent unanswered": ["#1", "#2"],
    "all -resolved oldest": ["#1", "#2"],
    "усі створені вчора": ["#2"],
    "все созданные вчера": ["#2"],
    "reopened": [],
    "rated 1-2": [],
}


async def test_a_list_is_what_was_asked_for(desk: Desk, ann: Somebody, bob: Somebody):
    await three(desk, ann, bob)
    assert {words: await shown(bob, words) for words in LISTS} == LISTS


async def test_columns_are_chosen_and_groups_counted(desk: Desk, ann: Somebody, bob: Somebody):
    await three(desk, ann, bob)
    await bob.says("/queue all by agent show number requester agent", at=QUEUE)
    seen = await bob.sees("nobody 1 · Bob 2", at=QUEUE)
    assert [label for label in seen.buttons if "#" in label] == [
        "🆕 #1 · Ann",
        "💬 #2 · Ann · Bob",
        "✅ #3 · Ann · Bob",
    ]


async def test_what_nobody_has_answered_is_marked(desk: Desk, ann: Somebody, bob: Somebody):
    await three(desk, ann, bob)
    await ann.says("/status 2")
    await ann.catches_up()
    await ann.says("One more thing")
    await ann.catches_up()
    await bob.catches_up(at=THREAD(2))
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue @bob", at=QUEUE)
    seen = await bob.sees(at=QUEUE)
    assert any("#2" in label and label.endswith("✉1") for label in seen.buttons), seen.buttons


async def test_a_filter_that_means_nothing_is_refused(desk: Desk, bob: Somebody):
    for words, said in (
        ("creatd yesterday", "Did you mean “created”?"),
        ("created someday", "“someday” names no days."),
        ("by colour", "There is no filter “colour”."),
        ("not", "After “not” comes"),
        ("show colour", "There is no filter “colour”."),
        ("from", "After “from” comes"),
    ):
        await bob.says(f"/queue {words}", at=QUEUE)
        await bob.sees(said, at=QUEUE)


async def test_a_list_becomes_a_workbook(desk: Desk, ann: Somebody, bob: Somebody):
    await three(desk, ann, bob)
    await bob.says("/queue all oldest", at=QUEUE)
    await bob.presses("Export", at=QUEUE)
    await bob.presses("XLSX", at=QUEUE)
    sent = await bob.sees("The list as a file:", kind="document", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    name, data = desk.stage.content(bob.native, sent)
    assert name.endswith(".xlsx")
    sheet = load_workbook(BytesIO(data)).active
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert [row["No."].value for row in rows] == [1, 2, 3]
    assert rows[2]["Summary"].value == "=1+1"
    assert {row["Summary"].data_type for row in rows} == {"s"}
    assert all(row["Created at"].is_date for row in rows)
    assert (sheet.freeze_panes, sheet.auto_filter.ref[:2]) == ("A2", "A1")
    assert [row["Agent"].value for row in rows] == [None, "Bob", "Bob"]


class TestInUkrainian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="uk", settings={"time_zone": "Europe/Kyiv"})

    @pytest.fixture
    def bob(self, desk: Desk) -> Somebody:
        return desk.agent("Bob", language="uk")

    async def test_a_list_becomes_csv_in_its_readers_words(self, desk: Desk, ann: Somebody, bob: Somebody):
        await asked(ann, "=cmd|' /C calc'!A0")
        await bob.says("/export csv усі показати номер суть створено", at=QUEUE)
        sent = await bob.sees("Ось список файлом:", "1 заявка", kind="document", at=QUEUE)
        _, data = desk.stage.content(bob.native, sent)
        head, row = data.decode("utf-8-sig").splitlines()
        assert head == "№,Суть,Створено о"
        assert row.startswith("1,'=cmd|' /C calc'!A0,2")
        assert ":00:" in row
        await bob.catches_up(at=QUEUE)
