"""Unusually many who ask alike are noticed; a flood of one, a busy day and ordinary weeks are not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.tickets.noticing import (
    WINDOW,
    keywords_match_question,
    notice_alike_questions,
    notices_over_history,
    with_words,
)
from handlers.tickets.outage_question import outage_question
from handlers.vocabulary.messages import RichText
from storage.care.outages import Asked, Outage, Stage
from tests.bench.outages import SIZES, START, noticed_after, ordinary


def asks(people: int, question: str = "the site does not open", each: int = 1) -> list[Asked]:
    return [
        Asked(n * each + again, n, question, START + timedelta(seconds=n))
        for n in range(people)
        for again in range(each)
    ]


def test_twelve_alike_in_a_quiet_hour_are_noticed_and_their_words_told():
    heard = notice_alike_questions(asks(12), [], [])
    assert heard is not None
    assert heard.people == 12
    assert {"site", "open"} <= set(heard.core)
    assert len(heard.examples) == 3


def test_one_persons_flood_is_one_person():
    assert notice_alike_questions(asks(1, each=60), [], []) is None


def test_one_companys_flood_is_one_person_unless_it_is_the_house():
    theirs = [replace(one, company=1) for one in asks(30)]
    others = [
        replace(one, person_id=100 + one.id, company=one.id % 2 or None) for one in asks(40, "where is my parcel")
    ]
    assert notice_alike_questions(theirs, others, []) is None
    heard = notice_alike_questions([*theirs, *[replace(one, person_id=200 + one.id) for one in asks(12)]], others, [])
    assert heard is not None
    assert heard.people == 13
    house = [replace(one, company=1) for one in others]
    heard = notice_alike_questions(theirs, house, [])
    assert heard is not None
    assert heard.people == 30


def test_requests_that_nobody_asked_before_count_and_are_named():
    requests = [replace(one, id=0, ticket=one.id + 1) for one in asks(12)]
    heard = notice_alike_questions(requests, [], [])
    assert heard is not None
    assert (heard.examples, heard.tickets, heard.first) == ((), (1, 2, 3), START)
    assert with_words([replace(one, question="(without words)") for one in requests]) != requests


def test_few_are_never_many_and_a_young_desk_needs_twice_as_many():
    assert notice_alike_questions(asks(5), [], []) is None
    assert notice_alike_questions(asks(11), [], []) is not None
    assert notice_alike_questions(asks(11), [], [], young=True) is None
    assert notice_alike_questions(asks(12), [], [], young=True) is not None


def test_what_is_asked_every_week_at_this_hour_is_usual():
    assert notice_alike_questions(asks(14), [], [asks(12), asks(13)]) is None


def test_load_that_rises_as_a_whole_is_no_fault():
    past = [*asks(50, "where is my parcel"), *[Asked(9, 900 + n, "site login open", START) for n in range(50)]]
    recent = [*asks(20, "where is my parcel"), *[Asked(9, 900 + n, "site login open", START) for n in range(20)]]
    assert notice_alike_questions(recent, past, []) is None


def test_a_question_is_alike_by_two_words_or_the_only_one():
    assert keywords_match_question("site open", "Why does your site not open?")
    assert not keywords_match_question("site open", "Is the office open on Sunday?")
    assert keywords_match_question("vpn", "my VPN is down")
    assert not keywords_match_question("", "anything")


@pytest.mark.parametrize("a_day", SIZES[:2])
def test_an_outage_in_a_quiet_hour_is_noticed_within_five_minutes(a_day: int):
    after = noticed_after(1, a_day)
    assert after is not None
    assert after <= WINDOW / 2


@pytest.mark.parametrize("a_day", [SIZES[0], *(pytest.param(size, marks=pytest.mark.full) for size in SIZES[1:])])
def test_thirty_ordinary_days_ring_no_bell(a_day: int):
    assert [at for at, _ in notices_over_history(ordinary(a_day, a_day)) if at >= START + timedelta(days=7)] == []


def test_a_long_question_is_quoted_by_its_beginning_on_one_line():
    one = Outage(1, Stage.ASKED, "", "", (), None, START, None, None, None, "", None, {"people": 12}, START)
    questions = ["The site\n does not open", f"{'word ' * 30}12345 1234", f"{'word ' * 30}12345 12345"]
    assert [len(text) for text in questions[1:]] == [160, 161]
    quoted = [part.text for part in outage_question(one, questions).parts if isinstance(part, RichText)]
    assert quoted == ["• The site does not open", f"• {questions[1]}", f"• {'word ' * 30}12345…"]
