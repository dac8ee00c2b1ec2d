"""The queue in plain words: filters of any language in any order, kept as views; tags and time; and everything found by words."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.ruled import present


async def two(ann: Somebody, bob: Somebody, language: str = "en") -> None:
    """Ann has asked twice; Bob is on the second."""
    await asked(ann, "The printer eats paper")
    await asked(ann, "My card was charged twice", ticket=2)
    await claimed(bob, ann, ticket=2, language=language)
    await bob.catches_up(at=QUEUE)


class TestInUkrainian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="uk")

    @pytest.fixture
    def bob(self, desk: Desk) -> Somebody:
        return desk.agent("Bob", language="uk")

    async def test_filters_tags_and_time(self, desk: Desk, ann: Somebody, bob: Somebody):
        await two(ann, bob, "uk")
        free, taken = "🆕 #1 The printer eats paper", "💬 #2 My card was charged twice · Bob"
        await bob.says("/queue вільні", at=QUEUE)
        await bob.sees("У черзі 1 заявка:\nвільні", buttons=[free], at=QUEUE)
        await bob.says("/queue мої", at=QUEUE)
        await bob.sees("У черзі 1 заявка:", buttons=[taken], at=QUEUE)
        await bob.says("/tag 1 VIP, повернення", at=QUEUE)
        await bob.sees("🆕 #1", "#vip #повернення", at=QUEUE)
        await bob.sees("Мітки #1: #vip #повернення", at=QUEUE)
        await bob.says("/tag 1 -vip", at=QUEUE)
        await bob.sees("🆕 #1", "#повернення", at=QUEUE)
        await bob.sees("Мітки #1: #повернення", at=QUEUE)
        await bob.says("/queue #повернення нові", at=QUEUE)
        await bob.sees("У черзі 1 заявка:", buttons=[free], at=QUEUE)
        await bob.says("/queue #vip", at=QUEUE)
        await bob.sees("Тут нічого не чекає.", at=QUEUE)
        await desk.passes(days=3)
        await bob.catches_up(at=QUEUE)
        await bob.says("/queue старіші за 2 дні про charges", at=QUEUE)
        await bob.sees("У черзі 1 заявка:", buttons=[taken], at=QUEUE)
        await bob.says("/queue теримнові", at=QUEUE)
        await bob.sees("Фільтра «теримнові» немає. Може, «термінові»?", at=QUEUE)
        await bob.says("/time 1г30хв 2", at=QUEUE)
        await bob.sees("💬 #2", "⏱ 1h30m", at=QUEUE)
        await bob.sees("Витрачено часу на #2: 1h30m", at=QUEUE)
        await bob.catches_up(at=THREAD(2))
        await bob.says("/time -30хв", at=THREAD(2))
        await bob.sees("⏱ 1h", at=THREAD(2))
        await bob.sees("Витрачено часу на #2: 1h", at=THREAD(2))
        await bob.says("/time вчора", at=THREAD(2))
        await bob.sees("«вчора» — не час, який можна записати.", at=THREAD(2))
        await bob.says("/time -9г", at=THREAD(2))
        await bob.sees("Це більше, ніж узагалі записано для #2.", at=THREAD(2))
        await bob.catches_up(at=QUEUE)
        await ann.catches_up()


class TestInRussian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="ru")

    @pytest.fixture
    def bob(self, desk: Desk) -> Somebody:
        return desk.agent("Bob", language="ru")

    async def test_a_view_is_kept_shown_and_dropped(self, desk: Desk, ann: Somebody, bob: Somebody):
        await two(ann, bob, "ru")
        free = "🆕 #1 The printer eats paper"
        await bob.says("/view", at=QUEUE)
        await bob.sees("У вас ещё нет подборок.", at=QUEUE)
        await bob.says("/queue новые", at=QUEUE)
        await bob.sees("В очереди 1 заявка:", buttons=[free], at=QUEUE)
        await bob.says("/view save Новые", at=QUEUE)
        await bob.sees("Сохранено как «новые»: /view новые\nновые", at=QUEUE)
        await bob.says("/view save ночь свободные старше 1ч", at=QUEUE)
        await bob.sees("Сохранено как «ночь»", "свободные старше 1ч", at=QUEUE)
        await bob.says("/view", at=QUEUE)
        await bob.sees("Ваши подборки:", buttons=["новые · новые", "ночь · свободные старше 1ч"], at=QUEUE)
        await desk.passes(hours=2)
        await bob.catches_up(at=QUEUE)
        await bob.presses("ночь · свободные старше 1ч", at=QUEUE)
        await bob.sees("В очереди 1 заявка:\nсвободные старше 1ч", buttons=[free], at=QUEUE)
        await bob.says("/view ноыве", at=QUEUE)
        await bob.sees("У вас нет подборки «ноыве». Может быть, «новые»?", at=QUEUE)
        await bob.says("/view новые", at=QUEUE)
        await bob.sees("В очереди 1 заявка:\nновые", buttons=[free], at=QUEUE)
        await bob.says("/view drop новые", at=QUEUE)
        await bob.sees("Подборки «новые» больше нет.", at=QUEUE)
        await bob.presses("новые · новые", at=QUEUE)
        bob.sees_toast("Этот список устарел.")
        await bob.says("/view save плохая нвоые", at=QUEUE)
        await bob.sees("Фильтра «нвоые» нет. Может быть, «новые»?", at=QUEUE)
        await bob.catches_up(at=QUEUE)
        await ann.catches_up()

    async def test_everything_said_is_found_by_its_words(self, desk: Desk, ann: Somebody, bob: Somebody):
        await two(ann, bob, "ru")
        await bob.says("/r Счёт уже исправлен, проверьте договор", at=THREAD(2))
        await ann.sees("Счёт уже исправлен, проверьте договор")
        await bob.says("спросить Еву про слона", at=THREAD(2))
        await bob.catches_up(at=THREAD(2))
        await bob.catches_up(at=QUEUE)
        taken = "💬 #2 My card was charged twice · Bob"
        for words in ("счета договоры", "СЛОНЫ спросить", "charges card", "исправл"):
            await bob.says(f"/find {words}", at=QUEUE)
            await bob.sees(f"Найдена 1 заявка:\n{words}", buttons=[taken], at=QUEUE)
        await bob.says("/find договор принтер", at=QUEUE)
        await bob.sees("Ничего не найдено.\nдоговор принтер", at=QUEUE)
        await bob.catches_up(at=THREAD(2))
        await ann.catches_up()


async def test_what_was_found_turns_its_pages(desk: Desk, ann: Somebody, bob: Somebody):
    for number in range(1, 11):
        await asked(ann, f"Printer number {number}", ticket=number)
    await bob.catches_up(at=QUEUE)
    await bob.says("/find printers", at=QUEUE)
    first = await bob.sees("10 tickets found:", at=QUEUE)
    assert [label.split()[1] for label in first.buttons[:-2]] == [f"#{n}" for n in range(10, 2, -1)]
    await bob.presses("›", on=first)
    second = await bob.sees(
        "10 tickets found:", buttons=["🆕 #2 Printer number 2", "🆕 #1 Printer number 1", "‹", "Export"], at=QUEUE
    )
    assert second.id == first.id
    await ann.says("/my")
    page = await ann.sees("Your requests:\nPage 1")
    await ann.presses("›", on=page)
    await ann.sees(
        "Your requests:\nPage 2", buttons=["#2 waiting · Printer number 2", "#1 waiting · Printer number 1", "‹"]
    )


async def test_names_types_and_ages_in_any_order(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await present(eve)
    await two(ann, bob)
    free, taken = "🆕 #1 The printer eats paper", "💬 #2 My card was charged twice · Bob"
    for words, shown in (
        ("@bob", [taken]),
        ("open billing @bob", [taken]),
        ("type:billing free", [free]),
        ("free type billing new normal", [free]),
        ('"charged twice"', [taken]),
        ("text printers eat", [free]),
        (">1h free", []),
        ("@eve", []),
        ("closed", []),
        ("overdue", []),
    ):
        await bob.says(f"/queue {words}", at=QUEUE)
        if shown:
            await bob.sees(said_in("en", "queue.title", n=1), words, buttons=shown, at=QUEUE)
        else:
            await bob.sees(said_in("en", "queue.empty"), words, at=QUEUE)
    for words, said in (
        ("opne", "There is no filter “opne”. Did you mean “open”?"),
        ("@bbo", "Nobody of the team is called “@bbo”. Did you mean bob?"),
        ("@zzzzzz", "Nobody of the team is called “@zzzzzz”. The team: Bob, Eve."),
        ("older than soon", "“soon” is no length of time."),
        ("type", "After “type” comes a name"),
        ("type bilng", "Did you mean “billing”?"),
        ("#no!", "“#no!” is no tag."),
        ("xyzzyx", "There is no filter “xyzzyx”. These are known: new, open, pending"),
    ):
        await bob.says(f"/queue {words}", at=QUEUE)
        await bob.sees(said, at=QUEUE)
    await ann.says("/queue")
    await ann.sees("That is for: agent.")


async def test_a_page_of_an_old_list_is_asked_for_again(desk: Desk, ann: Somebody, bob: Somebody):
    for number in range(1, 10):
        await asked(ann, f"Question {number}", ticket=number)
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue new", at=QUEUE)
    page = await bob.sees("9 tickets in the queue:\nnew\nPage 1 of 2", at=QUEUE)
    for number in range(20):
        await bob.says(f"/queue text {number}", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.presses("›", on=page)
    bob.sees_toast("This list is too old.")
