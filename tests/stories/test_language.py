"""Each reads their own language, whoever acts; a language is chosen and kept."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked

NAMES = {"en": "English", "uk": "Українська", "ru": "Русский"}


@pytest.fixture
def house() -> House:
    return House(team_language="uk")


async def test_each_side_reads_its_own(desk: Desk, bob: Somebody):
    ivan = desk.requester("Иван", language="ru")
    await asked(ivan, "Дважды списали деньги")
    await bob.sees("#1 Питання щодо оплати", "Дважды списали деньги", "нова", at=QUEUE)
    await bob.presses("Взяти", at=QUEUE)
    bob.sees_toast("#1 is yours.")  # only he reads it
    await ivan.sees("Вашей заявкой #1 занимается Bob.")
    await bob.sees("відкрита", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.says("/r Смотрим", at=THREAD(1))
    await ivan.sees("Смотрим")
    await bob.sees("✓ доставлено", buttons=["Змінити", "Видалити"], at=THREAD(1))


@pytest.mark.parametrize(("first", "then"), [("en", "uk"), ("uk", "ru"), ("ru", "en")])
async def test_chosen_by_button_it_is_kept(desk: Desk, bob: Somebody, first: str, then: str):
    iryna = desk.requester("Iryna", language=first)
    await iryna.says("/language")
    await iryna.sees(said_in(first, "language.ask"), buttons=list(NAMES.values()))
    await iryna.presses(NAMES[then])
    await iryna.sees(said_in(then, "language.chosen", name=NAMES[then]), buttons=[])
    iryna.language = then
    await asked(iryna)
    await bob.sees("#1", at=QUEUE)
    await desk.restarts()
    await iryna.says("/status 1")
    await iryna.sees(said_in(then, "own_status.new"))


async def test_by_the_command_with_its_code(desk: Desk, ann: Somebody):
    await ann.says("/language uk")
    await ann.sees("Тепер говоримо мовою: Українська.")
    await ann.says("/language de")
    await ann.sees("Якою мовою вам зручніше?")


async def test_an_unknown_language_reads_the_desks_own(desk: Desk):
    jan = desk.requester("Jan", language="cs")
    await jan.starts()
    await jan.sees("Hello, Jan!")
