"""The section ``surveys``, which requests it asks about, and what comes of the answers."""

from datetime import timedelta

import pytest

from handlers.reports.report import nps_of
from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.rules.surveys import Scale, SurveyRule
from handlers.tickets.survey_timers import is_chosen


def read(section: object) -> tuple[SurveyRule | None, list[str]]:
    """Return the rule that a section makes, and the places of what is wrong with it."""
    rules, problems = read_document({"surveys": section}, Rules())
    return rules.surveys, [problem.place for problem in problems]


def test_what_is_not_said_goes_without_saying():
    assert read({"scale": "nps"}) == (SurveyRule(scale=Scale.NPS), [])
    given = read({"after": "2h", "share": 50, "once_in": "30d", "scale": "stars"})
    assert given == (SurveyRule(timedelta(hours=2), 50, timedelta(days=30), Scale.STARS), [])
    assert read_document({}, Rules())[0].surveys is None
    assert read({}) == (None, [])


@pytest.mark.parametrize(
    ("section", "place"),
    [
        ({"after": "90d"}, "surveys.after"),
        ({"share": 0}, "surveys.share"),
        ({"share": 101}, "surveys.share"),
        ({"scale": "smileys"}, "surveys.scale"),
        ({"when": "1d"}, "surveys.when"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(section: object, place: str):
    assert read(section)[1] == [place]


@pytest.mark.parametrize("share", [1, 25, 50, 99])
def test_of_many_requests_the_share_is_asked_about_and_always_the_same(share: int):
    asked = [number for number in range(1, 10_001) if is_chosen(number, share)]
    assert abs(len(asked) / 100 - share) < 2
    assert asked == [number for number in range(1, 10_001) if is_chosen(number, share)]
    assert all(is_chosen(number, 100) for number in range(1, 1000))


def test_promoters_less_detractors():
    assert nps_of([]) is None
    assert nps_of([10, 9, 8, 7, 6, 0]) == 0
    assert nps_of([10, 9, 9, 2]) == 50
    assert nps_of([7, 8]) == 0
    assert nps_of([0, 6]) == -100
