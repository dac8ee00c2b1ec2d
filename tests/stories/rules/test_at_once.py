"""Many tickets at once: asked about by their number, done by and by, and what could not be done is told."""

from datetime import timedelta

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import asked, claimed


class TestInUkrainian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="uk")

    @pytest.fixture
    def bob(self, desk: Desk) -> Somebody:
        return desk.agent("Bob", language="uk")

    async def test_all_that_the_queue_shows_are_resolved_by_and_by(self, desk: Desk, ann: Somebody, bob: Somebody):
        for number in range(1, 13):
            await asked(ann, f"Question {number}", ticket=number)
        await bob.catches_up(at=QUEUE)
        await bob.says("/queue нові", at=QUEUE)
        await bob.sees("У черзі 12 заявок:\nнові\nСторінка 1 з 2", at=QUEUE)
        await bob.presses("Усі 12…", at=QUEUE)
        acts = ["Вирішити всі", "Закрити всі", "Призначити всі", "‹ Назад"]
        await bob.sees("Що зробити з усіма цими заявками?\nнові", buttons=acts, at=QUEUE)
        await bob.presses("Вирішити всі", at=QUEUE)
        asking = await bob.sees("Вирішити 12 заявок?", buttons=["Вирішити 12", "Скасувати"], at=QUEUE)
        await bob.presses("Вирішити 12", on=asking)
        done = await bob.sees("Вирішено 12 заявок.", at=QUEUE)
        assert done.id == asking.id
        await ann.catches_up()
        await bob.catches_up(at=QUEUE)
        await bob.says("/queue вирішені", at=QUEUE)
        await bob.sees("Показано 12 заявок:", at=QUEUE)

    async def test_a_list_that_was_ended_by_mistake_stands_as_before(self, desk: Desk, ann: Somebody, bob: Somebody):
        for number in range(1, 13):
            await asked(ann, f"Question {number}", ticket=number)
        await bob.catches_up(at=QUEUE)
        before = len(desk.stage.lines(ann.native, None))
        await bob.says("/queue нові", at=QUEUE)
        await bob.presses("Усі 12…", at=QUEUE)
        await bob.presses("Вирішити всі", at=QUEUE)
        await bob.presses("Вирішити 12", at=QUEUE)
        done = await bob.sees("Вирішено 12 заявок.", buttons=["Скасувати"], at=QUEUE)
        await bob.presses("Скасувати", on=done)
        await desk.passes(seconds=10)
        await bob.sees("Повернуто, як було: 12.", buttons=[], at=QUEUE)
        kinds = await desk.records(lambda tx: {tx.tickets.get(number).kind.value for number in range(1, 13)})
        assert kinds == {"new"}
        assert len(desk.stage.lines(ann.native, None)) == before  # what she was told is taken away
        await bob.presses("Скасувати", on=done)
        bob.sees_toast("Це вже неактуально")
        await bob.catches_up(at=QUEUE)

    async def test_after_half_a_minute_it_stays(self, desk: Desk, ann: Somebody, bob: Somebody):
        await asked(ann)
        await asked(ann, "Two", ticket=2)
        await bob.catches_up(at=QUEUE)
        await bob.says("/queue нові", at=QUEUE)
        await bob.presses("Усі 2…", at=QUEUE)
        await bob.presses("Закрити всі", at=QUEUE)
        await bob.presses("Закрити 2", at=QUEUE)
        done = await bob.sees("Закрито 2 заявки.", at=QUEUE)
        await desk.passes(seconds=31)
        await bob.presses("Скасувати", on=done)
        assert await desk.records(lambda tx: {tx.tickets.get(number).kind.value for number in (1, 2)}) == {"closed"}
        for who in (ann, bob):
            await who.catches_up()
        await bob.catches_up(at=QUEUE)

    async def test_a_list_that_changed_is_not_touched(self, desk: Desk, ann: Somebody, bob: Somebody):
        await asked(ann, "One")
        await asked(ann, "Two", ticket=2)
        await bob.catches_up(at=QUEUE)
        await bob.says("/queue вільні", at=QUEUE)
        await bob.presses("Усі 2…", at=QUEUE)
        await bob.presses("Закрити всі", at=QUEUE)
        asking = await bob.sees("Закрити 2 заявки?", at=QUEUE)
        await asked(ann, "Three", ticket=3)
        await bob.sees("#3 ", at=QUEUE)
        await bob.presses("Закрити 2", on=asking)
        bob.sees_toast("Відколи вас запитали, список змінився (заявок було: 2), тож нічого не зроблено.")
        await ann.sees_nothing()
        await bob.presses("Скасувати", on=asking)
        await bob.sees("Нічого не зроблено.", at=QUEUE)


class TestInRussian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="ru")

    @pytest.fixture
    def bob(self, desk: Desk) -> Somebody:
        return desk.agent("Bob", language="ru")

    async def test_given_away_and_tagged_by_command(self, desk: Desk, ann: Somebody, bob: Somebody):
        eve = desk.agent("Eve")
        await eve.says("/back", at=QUEUE)
        await eve.catches_up(at=QUEUE)
        await bob.says("/bulk resolve", at=QUEUE)
        await bob.sees("Сначала покажите заявки", at=QUEUE)
        for number in (1, 2):
            await asked(ann, f"Question {number}", ticket=number)
        await bob.catches_up(at=QUEUE)
        await bob.says("/queue свободные", at=QUEUE)
        await bob.catches_up(at=QUEUE)
        await bob.says("/bulk tag vip -old", at=QUEUE)
        asking = await bob.sees("Изменить метки у 2 заявок: vip -old?", at=QUEUE)
        await eve.presses("Изменить метки (2)", on=asking)
        eve.sees_toast("Somebody else was asked this.")
        await bob.presses("Изменить метки (2)", on=asking)
        await bob.sees("Метки изменены у 2 заявок.", at=QUEUE)
        await bob.sees("#1 ", "#vip", at=QUEUE)
        await bob.sees("#2 ", "#vip", at=QUEUE)
        await bob.presses("Все 2…", at=QUEUE)
        await bob.presses("Назначить все", at=QUEUE)
        await bob.sees("Кто возьмёт все эти заявки?", buttons=["Bob", "Eve", "‹ Вернуться"], at=QUEUE)
        await bob.presses("Eve", at=QUEUE)
        await bob.presses("Назначить 2", at=QUEUE)
        await bob.sees("Назначены 2 заявки.", at=QUEUE)
        for number in (1, 2):
            await bob.sees(f"#{number} ", "Eve", at=QUEUE)
            await bob.catches_up(at=THREAD(number))
        await ann.catches_up()
        await eve.catches_up()


async def test_what_cannot_be_done_is_told_by_number(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann, "One")
    await asked(ann, "Two", ticket=2)
    await claimed(bob, ann, ticket=2)
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue closed open", at=QUEUE)
    await bob.sees("1 ticket:", at=QUEUE)
    await bob.says("/close 1", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue closed open", at=QUEUE)
    await bob.sees("2 tickets:", at=QUEUE)
    await bob.presses("All 2…", at=QUEUE)
    await bob.presses("Close all", at=QUEUE)
    await bob.presses("Close 2", at=QUEUE)
    await bob.sees("1 ticket closed.", "1 could not be done; look at it: #1", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(2))
    await ann.catches_up()


async def test_what_is_asked_wrongly_is_refused(desk: Desk, ann: Somebody, bob: Somebody):
    await bob.says("/queue free", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    for words, said in (
        ("", "/bulk resolve"),
        ("elephant", "Show them, like /queue free; then: /bulk resolve"),
        ("assign", "/bulk resolve"),
        ("assign nobody", "Nobody of the team is called “nobody”."),
        ("tag !", "“!” is no tag."),
        ("close", "Nothing waits here."),
    ):
        await bob.says(f"/bulk {words}", at=QUEUE)
        await bob.sees(said, at=QUEUE)


async def test_a_list_is_taken_along_as_a_file(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue new", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/bulk export csv", at=QUEUE)
    await bob.sees("The list as a file:", kind="document", at=QUEUE)


async def test_it_goes_on_after_a_restart_and_stops_where_its_agent_left(desk: Desk, ann: Somebody, bob: Somebody):
    for number in range(1, 26):
        await asked(ann, f"Question {number}", ticket=number)
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue new", at=QUEUE)
    await bob.says("/bulk close", at=QUEUE)
    asking = await bob.sees("Close 25 tickets?", at=QUEUE)
    eve = desk.agent("Eve")
    desk.moment = timedelta(0)
    await bob.presses("Close 25", on=asking)
    await eve.sees("10 of 25 done so far…", at=QUEUE)
    await desk.restarts()
    await desk.passes(seconds=3)
    await eve.sees("20 of 25 done so far…", at=QUEUE)
    await bob.leaves()
    await desk.passes(seconds=3)
    await eve.sees("Stopped after 20 tickets: whoever asked for it is no agent any more.", at=QUEUE)
    await eve.catches_up(at=QUEUE)
    await ann.catches_up()
    assert await desk.records(lambda tx: tx.queue.count()) == 5
