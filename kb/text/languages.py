"""Which language a text is in, and which one a word such as "ua" or "українська" names."""

import re

from kb.text.word_lists import WORDS

KNOWN = ("uk", "ru", "en")
_NAMES = {
    "uk": [
        "uk",
        "ua",
        "ukr",
        "укр",
        "українська",
        "українською",
        "ukrainian",
        "украинский",
        "украинская",
        "uk-ua",
        "uk_ua",
    ],
    "ru": ["ru", "rus", "рус", "російська", "російською", "русский", "русская", "russian", "ru-ru", "ru_ru"],
    "en": [
        "en",
        "eng",
        "англ",
        "англійська",
        "англійською",
        "английский",
        "английская",
        "english",
        "en-us",
        "en-gb",
        "en_us",
        "en_gb",
    ],
}
_CODES = {name: code for code, names in _NAMES.items() for name in names}
_OF_TONGUE = re.compile(r"(?<![ .])[ .]+(мова|язык|language)$")
_ONLY_UK = frozenset("іїєґ")
_ONLY_RU = frozenset("ыэёъ")
_WORDS = {code: frozenset(WORDS[f"telling_{code}"].split()) for code in KNOWN}
_WORD = re.compile(r"[^\W\d_]+")
_FEW = 3
_LONGEST = 2_000  # characters that are looked at


def language_named(word: str) -> str | None:
    """Return the language that a word of a table names, None where it names none of ours."""
    return _CODES.get(_OF_TONGUE.sub("", word.lower().strip(" .,;")))


def language_of(text: str, *, by_letters: bool = False) -> str | None:
    """Return the language a text is written in, None where it does not show: a name, a number, two words that both share.

    ``by_letters`` takes a text of a few Latin words for English, whatever they are.
    """
    words = [word.lower() for word in _WORD.findall(text[:_LONGEST])]
    cyrillic = sum("а" <= letter <= "я" or letter in _ONLY_UK for word in words for letter in word)
    if cyrillic * 2 < sum(map(len, words)):
        telling = sum(word in _WORDS["en"] for word in words) * 8 >= len(words) > 0
        return "en" if telling or (by_letters and len(words) >= _FEW) else None
    letters = [letter for word in words for letter in word]
    told = {
        "uk": 2 * sum(letter in _ONLY_UK for letter in letters) + sum(word in _WORDS["uk"] for word in words),
        "ru": 2 * sum(letter in _ONLY_RU for letter in letters) + sum(word in _WORDS["ru"] for word in words),
    }
    if told["uk"] == told["ru"]:
        return None
    return "uk" if told["uk"] > told["ru"] else "ru"


def is_cyrillic(text: str) -> bool:
    """Return whether most letters of a text are Cyrillic."""
    letters = [letter for letter in text[:_LONGEST].lower() if letter.isalpha()]
    return sum("а" <= letter <= "я" or letter in _ONLY_UK for letter in letters) * 2 > len(letters)
