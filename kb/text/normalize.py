"""From what people type to the words that count."""

import re
import unicodedata
from functools import lru_cache

from kb.text.lookalikes import one_alphabet

MAX_CHARS = 4_000
MAX_TOKENS = 64
MAX_TOKEN = 32

# Ukrainian letters become the Russian ones of their sound, so that a mixed text meets articles of either language and
# the sentence encoder, which hardly knows Ukrainian, sees words it knows (matching dev sets: +8 points for it).
_FOLD = str.maketrans(
    {"ё": "е", "є": "е", "ґ": "г", "і": "и", "ї": "и"}
    | dict.fromkeys("'’‘ʼ`´ʹ′\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
    | {chr(code): "" for code in (*range(0x300, 0x306), *range(0x309, 0x370))}  # stress marks, not й and ї
)
_WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_SENTENCE = re.compile(r"[.!?…\n]+")
_DIGIT = re.compile(r"\d")


def clean_text(text: str) -> str:
    """Return at most ``MAX_CHARS`` characters in one case, one spelling and one alphabet a word, punctuation kept."""
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARS].replace("№", " "))[:MAX_CHARS]
    lowered = one_alphabet(plain).lower().translate(_FOLD)
    return _ELONGATED.sub(r"\1", _numbers(lowered) if _DIGIT.search(lowered) else lowered)


# A number is one word however it is written: E-42 and e 42, v2.1, 5 000, 08.03.
_SPACED = re.compile(r"(?<![\d.])(\d{1,3}(?:[ \u202f,]\d{3})+)(?![\d.,])")
_VERSION = re.compile(r"(?<![^\W_])v\.? ?(?=\d+\.\d)")
_PART = re.compile(r"(?<=\d)[:,/](?=\d)")
_ZEROS = re.compile(r"(?<![\d.])0{1,18}(?=\d)(?=\d{0,18}\.)|(?<=\.)0{1,18}(?=\d)")
_GLUED = re.compile(r"(?<![^\W\d_])([^\W\d_]{3,})(?=\d)|(?<=\d)([^\W\d_]{3,})")
_MODEL = re.compile(r"(?<![^\W_])([^\W\d_]{1,2})(?:[-‐‑‒–.№#]|([ ]))(\d+)(?![\d.])")
_THOUSANDS = re.compile(r"(\d) ?[кk](?![^\W_])")
_SMALL = frozenset("авзийкосуяжбaiof")  # one letter that is a word of its own
_LATIN = str.maketrans("авекмнорстхиу", "abekmhopctxiy")  # и stands for і here
_MIXED = re.compile(r"(?<![^\W_])(?=[^\W\d_]*\d)[^\W_]+")


def _numbers(text: str) -> str:
    """Return a text whose numbers are spelt in one way, their letters in Latin where those look alike."""
    text = _SPACED.sub(lambda found: re.sub(r"[ \u202f,]", "", found[1]), text)
    text = _ZEROS.sub("", _PART.sub(".", _VERSION.sub("", text)))
    text = _THOUSANDS.sub(r"\1k", _GLUED.sub(r" \1\2 ", text))
    text = _MODEL.sub(_joined, text)
    return _MIXED.sub(lambda found: found[0].translate(_LATIN), text)


def _joined(found: re.Match[str]) -> str:
    letters, space, digits = found[1], found[2], found[3]
    if space and (len(letters) > 1 or letters in _SMALL):
        return found[0]
    return letters + digits


def is_number(word: str) -> bool:
    """Return whether a word holds digits: it means what it says, and nothing near it."""
    return bool(_DIGIT.search(word))


def cleaned_words(cleaned: str) -> list[str]:
    """Return the first ``MAX_TOKENS`` words of a cleaned text, each cut to ``MAX_TOKEN`` letters."""
    return [word[:MAX_TOKEN] for word in _WORD.findall(cleaned)[:MAX_TOKENS]]


def text_tokens(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return list(_tokens(text))


@lru_cache(maxsize=16)
def _tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text; one message is asked of several times in its turn: is it a yes, thanks, a question?"""
    return tuple(cleaned_words(clean_text(text)))


def split_sentences(text: str, most: int = 6) -> list[str]:
    """Return up to ``most`` sentences of a text, in order."""
    return [part for part in (piece.strip() for piece in _SENTENCE.split(text[:MAX_CHARS])) if part][:most]
