"""The beginning of a text, as buttons and lists show it: whole words, and a sign where there is more."""

import pytest

from handlers.requester.new_request import without_manners
from handlers.vocabulary.text import beginning_of

TEXTS = [
    "",
    "short",
    "Не можу зайти в особистий кабінет з нового телефона",
    "a" * 90,
    "one, two – three " * 9,
    "word " + "b" * 90,
]


@pytest.mark.parametrize("most", [10, 40, 80])
@pytest.mark.parametrize("text", TEXTS)
def test_it_says_that_there_is_more_and_breaks_no_word_that_it_need_not(text: str, most: int):
    shown = beginning_of(text, most)
    assert len(shown) <= most
    if len(text) <= most:
        assert shown == text
        return
    begun = shown.removesuffix("…")
    assert begun != shown
    assert text.startswith(begun)
    whole = not text[len(begun)].isalnum()
    assert whole or " " not in text[most // 2 : most]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Привіт\nв мене питання\nне можу зайти в кабінет", "не можу зайти в кабінет"),
        ("Hi!\nI have a question\nthe till prints nothing", "the till prints nothing"),
        ("Здравствуйте\nподскажите пожалуйста\nгде счёт?", "где счёт?"),
        ("у мене проблема\nкаса мовчить", "у мене проблема\nкаса мовчить"),
        ("потрібна допомога", "потрібна допомога"),
    ],
)
def test_what_only_leads_in_is_no_summary(said: str, told: str):
    assert without_manners(said) == told
