"""Goals: what the team wants to reach stands beside the figures of its reports."""

from datetime import timedelta

import pytest

from handlers.reports.report import Figure
from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.vocabulary.tables import CellKind
from tests.stories.harness import QUEUE, THREAD, Desk, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.ruled import present, ruled


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_report_says_what_is_reached_and_what_is_not(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    await ruled(
        desk,
        desk={"team_language": language, "unclaimed_reminder": "9d"},
        goals={"first_response": "10m", "resolution": "8h", "liked": 90},
    )
    await present(bob)
    await asked(ann)
    await desk.passes(minutes=20)
    await claimed(bob, ann, language=language)
    await bob.says("/r It is refunded", at=THREAD(1))
    await ann.sees("It is refunded")
    await bob.says("/resolve 1", at=QUEUE)
    await ann.presses(say("button.confirm"))
    await ann.catches_up()
    await ann.presses("5")
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)
    await bob.says("/report overview", at=QUEUE)
    await bob.sees(say("report_kind.overview"), kind="photo", at=QUEUE)
    await bob.presses(say("report_as.txt"), at=QUEUE)
    goal, minute = say("report_word.goal"), {"en": "min", "uk": "хв"}[language]
    told = (
        f"{say('figure.first_response')}: 20 {minute} · {goal} 10 {minute} ✗",
        f"{say('figure.liked')}: 100 % · {goal} 90 % ✓",
    )
    await bob.reads(*told, at=QUEUE)
    for place in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=place)
    await ann.catches_up()


def test_what_is_wrong_is_told_at_its_place():
    for section, place in (
        ({"liked": 0}, "goals.liked"),
        ({"nps": -101}, "goals.nps"),
        ({"resolution": "soon"}, "goals.resolution"),
        ({"rating": 5}, "goals.rating"),
    ):
        assert [one.place for one in read_document({"goals": section}, Rules())[1]] == [place]
    rules, problems = read_document({"goals": {"nps": "-20", "first_response": "30m"}}, Rules())
    assert (dict(rules.goals), problems) == ({"nps": -20, "first_response": timedelta(minutes=30)}, [])


def test_a_goal_is_reached_by_more_or_by_less_as_the_figure_is_better():
    soon = Figure("", timedelta(minutes=5), CellKind.LENGTH, better=-1, goal=timedelta(minutes=5))
    late = Figure("", timedelta(minutes=6), CellKind.LENGTH, better=-1, goal=timedelta(minutes=5))
    liked, unknown = Figure("", 0.9, CellKind.SHARE, better=1, goal=0.9), Figure("", None, better=1, goal=0.9)
    assert [one.reached for one in (soon, late, liked, unknown)] == [True, False, True, None]
