"""Courtesy is answered kindly and never matched."""

import pytest

from kb import courtesy

THANKS = [
    "thanks",
    "Thank you so much!",
    "thx",
    "дякую",
    "Дуже дякую!!!",
    "щиро дякую",
    "ок спасибо",
    "спс",
    "спасибо 🙏",
    "ok thanks",
    "Hi, thanks",
    "👍",
    "dyakuyu",
    "spasibo",
    "lzre.",
    "cgfcb,j",
    "дякуюююю",
    "спасибо, помогло",
    "супер, дякую за допомогу",
]
GREETING = [
    "hi",
    "Hello!",
    "hey there",
    "Good morning",
    "привіт",
    "Добрий день",
    "доброго дня всім",
    "вітаю",
    "привет",
    "Здравствуйте!",
    "ghbdtn",
    "руддщ",
    "privet",
    "pryvit",
    "добрый вечер, коллеги",
]
NEITHER = [
    "hi, my internet is down",
    "привіт, не працює інтернет",
    "спасибо, но не работает",
    "",
    "ok",
    "так",
    "нет",
    "я",
    "7",
    "how do I say thank you in French",
    "дякую за рахунок",
    "👀",
    "please",
    "thanks " * 50,
]


@pytest.mark.parametrize("text", THANKS)
def test_thanks(text: str) -> None:
    assert courtesy(text) == "thanks"


@pytest.mark.parametrize("text", GREETING)
def test_greeting(text: str) -> None:
    assert courtesy(text) == "greeting"


@pytest.mark.parametrize("text", NEITHER)
def test_neither(text: str) -> None:
    assert courtesy(text) is None
