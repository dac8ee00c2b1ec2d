"""A desk that is not always at work: when it is back, said once in a closed time; what nobody has claimed is not forgotten."""

from typing import Any

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import clock, local, ruled

OFFICE = {"zone": "Europe/Kyiv", "week": {"mon-fri": "09:00-18:00"}, "days": {"2026-03-03": "closed"}}
TITLE = {"en": "Billing question", "uk": "Питання щодо оплати", "ru": "Вопрос по оплате"}
EXPECT = {
    "en": "Expect the first answer Wednesday by 10:00.",
    "uk": "Перша відповідь буде у середу до 10:00.",
    "ru": "Первый ответ будет в среду до 10:00.",
}
CLOSED = {
    "en": "The team is not at work now and will be back Wednesday at 09:00.",
    "uk": "Команда зараз не працює; знову буде тут у середу з 09:00.",
    "ru": "Команда сейчас не работает; снова будет здесь в среду с 09:00.",
}
LATER = {
    "en": ("Your message has arrived.", "will be back tomorrow at 09:00"),
    "uk": ("Ваше повідомлення надійшло.", "знову буде тут завтра з 09:00"),
    "ru": ("Ваше сообщение пришло.", "снова будет здесь завтра с 09:00"),
}


async def works(desk: Desk, **general: Any) -> None:
    """Let the desk work in an office of Kyiv, where it is 11:00 on a Monday, and Tuesday is closed."""
    general = {"time_zone": "Europe/Kyiv", "unclaimed_reminder": "9d", **general}
    await ruled(
        desk, desk=general, hours={"office": OFFICE}, sla={"standard": {"hours": "office", "first_response": "1h"}}
    )


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
async def test_asked_in_the_evening_one_hears_of_the_morning_once(desk: Desk, bob: Somebody, language: str):
    await works(desk)
    await desk.passes(hours=10)  # 21:00
    iryna = desk.requester("Iryna", language=language)
    await iryna.says("/new")
    await iryna.fills(type=TITLE[language], details="Карта", contract=SKIP)
    await iryna.sees(
        said_in(language, "request.registered", ticket=1), local(desk, EXPECT[language]), local(desk, CLOSED[language])
    )
    await bob.sees("#1", "⏱ first response by", clock(desk, "10:00"), at=QUEUE)
    await iryna.says("Visa")
    await desk.passes(hours=20)
    await iryna.says("1234")
    await iryna.sees_nothing()
    await iryna.says("??")  # who asks is answered
    await iryna.sees(said_in(language, "nudge.free", ticket=1), local(desk, LATER[language][1]))


@pytest.mark.parametrize("language", ["uk", "ru"])
async def test_each_closed_time_is_told_of_once(desk: Desk, bob: Somebody, language: str):
    await works(desk, conversation_window="9d")
    iryna = desk.requester("Iryna", language=language)
    await asked(iryna)
    await bob.catches_up(at=QUEUE)
    await desk.passes(hours=22)  # 9:00 of the closed Tuesday
    await iryna.says("Visa")
    await iryna.sees(*(local(desk, said) for said in LATER[language]))
    await iryna.says("1234")
    await iryna.sees_nothing()
    await desk.passes(hours=25)  # 10:00 on Wednesday
    await iryna.says("5678")
    await iryna.sees_nothing()
    await desk.passes(hours=9)  # 19:00
    await iryna.says("2027")
    await iryna.sees(*(local(desk, said) for said in LATER[language]))
    await desk.restarts()
    await iryna.says("09")
    await iryna.sees_nothing()
    await bob.catches_up(at=QUEUE)


async def test_while_a_human_answers_nobody_says_that_nobody_is_there(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk)
    await asked(ann)
    await claimed(bob, ann)
    await desk.passes(hours=9)  # 20:00
    await bob.catches_up(at=QUEUE)
    await bob.says("/r Still here", at=THREAD(1))
    await ann.sees("Bob", "Still here")
    await bob.catches_up(at=THREAD(1))
    await ann.says("How kind of you")
    await bob.sees("How kind of you", at=THREAD(1))
    await ann.sees_nothing()
    await desk.passes(minutes=31)
    await ann.says("The card is blue")
    await bob.sees("The card is blue", at=THREAD(1))
    await ann.sees("Your message has arrived.", local(desk, "Wednesday at 09:00"))


async def test_nobody_has_claimed_it_so_the_team_is_reminded_once(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, unclaimed_reminder="30m")
    await desk.passes(hours=10)  # after work, so that all have waited long enough at one moment
    for ticket, question in enumerate(("My card was charged twice", "Another one", "A third one"), 1):
        await asked(ann, question, ticket=ticket)
    await bob.catches_up(at=QUEUE)
    await bob.says("/claim 2", at=QUEUE)
    await bob.sees("#2 is yours", at=QUEUE)
    await ann.sees("Bob is on your request #2")
    await bob.catches_up(at=THREAD(2))
    await bob.catches_up(at=QUEUE)
    await desk.passes(hours=36, minutes=29)
    await bob.sees_nothing(at=QUEUE)
    await desk.passes(minutes=2)
    await bob.sees("🙋 #1 has waited", "🙋 #3 has waited", at=QUEUE)
    await bob.sees_no("#2 has waited", at=QUEUE)
    await desk.passes(minutes=10)
    await bob.catches_up(at=QUEUE)
    await desk.passes(days=1)
    await bob.catches_up(at=QUEUE)
    assert len([line for line in desk.stage.lines(bob.native, QUEUE) if "has waited" in line.text]) == 1


async def test_the_reminder_waits_for_the_morning(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, unclaimed_reminder="30m")
    await desk.passes(hours=10)
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await desk.passes(hours=36)  # 9:00 on Wednesday
    await bob.sees_nothing(at=QUEUE)
    await desk.passes(minutes=31)
    await bob.sees("🙋 #1", at=QUEUE)


class TestInUkrainian:
    @pytest.fixture
    def house(self) -> House:
        return House(team_language="uk")

    async def test_the_reminder(self, desk: Desk, bob: Somebody):
        await works(desk, unclaimed_reminder="30m")
        await asked(desk.requester("Ірина", language="uk"), "Двічі списали гроші")
        await bob.catches_up(at=QUEUE)
        await desk.passes(minutes=31)
        await bob.sees("🙋 #1 чекає вже 30 хвилин, і її ніхто не взяв: Двічі списали гроші", at=QUEUE)
