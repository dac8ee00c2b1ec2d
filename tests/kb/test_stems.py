"""One word in its forms has one stem, in three languages."""

import pytest

from kb.text.stems import word_stem

FORMS = (
    *("stop stops stopped stopping", "plan plans planned planning", "submit submitted submitting", "pin pinned"),
    *("add adds added adding", "drop dropped", "begin beginning"),
    *("call calls called", "fill filled filling", "agree agreed", "free freed"),  # doubled of their own
    *("картка картки картку карткою", "доставка доставки доставку доставкою", "оплатить оплатится"),
)


@pytest.mark.parametrize("forms", FORMS)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({word_stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("word", ["dad", "bob", "12345", "no"])
def test_what_is_short_or_a_number_stays(word: str) -> None:
    assert word_stem(word) == word
