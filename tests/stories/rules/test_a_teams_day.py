"""A team's day in its own language: what is watched, kept, tagged, put back and counted, and what nobody has taken."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.ruled import account, present, ruled
from tests.stories.slips import ann, bob, house

__all__ = ["ann", "bob", "house"]


@pytest.fixture(params=["uk", "ru"])
def language(request: pytest.FixtureRequest) -> str:
    """Return what everybody here speaks."""
    return str(request.param)


async def rests(*agents: Somebody, tickets: int = 1) -> None:
    """Everything else is read."""
    for agent in agents:
        await agent.catches_up()
        await agent.catches_up(at=QUEUE)
        for ticket in range(1, tickets + 1):
            await agent.catches_up(at=THREAD(ticket))


async def test_nobody_has_taken_it(desk: Desk, ann: Somebody, bob: Somebody, language: str):
    await asked(ann, "Не працює принтер")
    await bob.catches_up(at=QUEUE)
    await desk.passes(minutes=29)
    await bob.sees_nothing(at=QUEUE)
    await desk.passes(minutes=2)
    reminder = await bob.sees("#1", "Не працює принтер", at=QUEUE)
    assert reminder.text == said_in(
        language,
        "notice.unclaimed",
        ticket=1,
        summary="Не працює принтер",
        waiting={"uk": "30 хвилин", "ru": "30 минут"}[language],
    )
    await desk.passes(days=1)
    await rests(bob)


async def test_it_is_watched_and_filed(desk: Desk, ann: Somebody, bob: Somebody, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    eve = desk.agent("Eve", language=language)
    await present(bob, eve)
    await eve.starts()
    await eve.catches_up()
    await asked(ann, "Не працює принтер")
    await claimed(bob, ann, language=language)
    await eve.says("/watch 1", at=QUEUE)
    await eve.sees(say("watch.on", ticket=1), at=QUEUE)
    await eve.sees("#1", say("card.watched", names="Eve"), at=QUEUE)
    await ann.says("І досі не працює")
    await eve.sees("#1", "І досі не працює")
    await bob.says("/tag 1 принтер", at=QUEUE)
    await bob.sees(say("tag.are", ticket=1, tags="#принтер"), at=QUEUE)
    await bob.says("/view save papir #принтер", at=QUEUE)
    await bob.sees(say("view.saved", name="papir"), at=QUEUE)
    await bob.says("/view papir", at=QUEUE)
    await bob.sees(say("queue.title", n=1), at=QUEUE)
    await bob.says("/find принтером", at=QUEUE)
    await bob.sees(buttons=["💬 #1 Не працює принтер · Bob ✉1"], at=QUEUE)
    await bob.says("/time 30m 1", at=QUEUE)
    await bob.sees(say("time.is", ticket=1, time="30m"), at=QUEUE)
    await rests(bob, eve)


async def test_who_is_away_gets_nothing_and_gives_back_what_they_have(
    desk: Desk, ann: Somebody, bob: Somebody, language: str
):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    eve = desk.agent("Eve", language=language)
    await present(bob, eve)
    group = {"title": "Друк", "keywords": ["принтер"], "take": "least_busy", "members": [account(bob), account(eve)]}
    await ruled(desk, desk={"unclaimed_reminder": "9d"}, groups={"print": group})
    await asked(ann, "Не працює принтер")
    await ann.sees(say("told.assigned", agent="Bob", ticket=1))
    await bob.says("/away", at=QUEUE)
    await bob.sees(say("away.since"), say("away.holds", n=1), at=QUEUE)
    cem = desk.requester("Cem", language=language)
    await asked(cem, "І мій принтер теж", ticket=2)
    await cem.sees(say("told.assigned", agent="Eve", ticket=2))
    await bob.presses(say("button.release_all", n=1), at=QUEUE)
    await bob.sees(say("away.released"), at=QUEUE)
    await bob.sees("#1", say("card.free", status=say("status.new"), unread="").strip(), at=QUEUE)
    await rests(bob, eve, tickets=2)


async def test_the_day_is_counted(desk: Desk, ann: Somebody, bob: Somebody, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    await asked(ann)
    await claimed(bob, ann, language=language)
    await desk.passes(minutes=20)
    await bob.says("/r Готово", at=THREAD(1))
    await ann.sees("Готово")
    await bob.says("/resolve 1", at=QUEUE)
    await ann.presses(
        say("button.confirm"), on=await ann.sees("#1", buttons=[say("button.confirm"), say("button.reopen")])
    )
    await ann.presses("4", on=await ann.sees(say("rate.ask")))
    await ann.catches_up()
    await rests(bob)
    await bob.says("/report overview", at=QUEUE)
    await bob.sees(say("report_kind.overview"), kind="photo", at=QUEUE)
    await bob.presses(say("report_as.txt"), at=QUEUE)
    minutes = {"uk": "20 хв", "ru": "20 мин"}[language]
    figures = {"came": "1", "gone": "1", "first_response": minutes, "liked": "100 %"}
    told = [f"{say(f'figure.{name}')}: {value}" for name, value in figures.items()]
    await bob.sees(say("report_kind.overview"), *told, at=QUEUE)
    await bob.says("/role", at=QUEUE)
    await bob.sees(say("refused.not_yours", role=say("role.admin"))[:12], at=QUEUE)
