"""Text to words for the search: one function for what is said and for what is looked for, so that both databases find the same.

A word is a run of letters and digits, in small letters, its ё an е and its apostrophes gone, without its endings. Endings are
cut lightly, from a list, one after another while enough is left: so "проблема" and "проблем" meet, and "рахунок" and "рахунку",
with no dictionary. What is cut too much is cut alike on both sides, and costs at most a ticket too many.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LONGEST = 64  # characters of a word that count
PREFIX = 3  # a last word at least this long may be the beginning of one
SHORTEST = 3  # no ending is cut that would leave less
_APOSTROPHES = re.compile(r"(?<=[^\W\d_])['’ʼ‘`´](?=[^\W\d_])")
_WORD = re.compile(r"[^\W_]+")
_FOLDED = str.maketrans({"ё": "е", "ґ": "г"})

# Nouns and adjectives of Ukrainian and Russian, and the verbs whose endings are theirs alone.
_CYRILLIC = (
    "а я у ю о е є и і ї ы ь й ами ями ові еві ах ях ам ям ом ем єм ів їв ов ев ой ей ою ею єю ія ії ію ія ий ій ый"
    " ого его ього ому ему ьому им ім ых их іх ими іми ыми ая яя ое ее ые ие ую юю ия ию ии ью ья ье ок ек к"
    " ість ості істю ость ости остью остей ення енням енні ень ання анням анні ань ение ения ению ением ений"
    " ювати увати овать ує ює ують юють ует уют ував ював увала ювала увало ювало ували ювали овал овала овало овали"
    " ає ають яє яють ает ают яет яют"
)
_ENGLISH = "ings ing ed ly ies es s e y"


_ENDINGS = {True: frozenset(_CYRILLIC.split()), False: frozenset(_ENGLISH.split())}
_LONGEST = {cyrillic: max(map(len, endings)) for cyrillic, endings in _ENDINGS.items()}


def search_words(text: str) -> list[str]:
    """Return a text's words in their order, as the search knows them."""
    return [word_stem(word) for word in _plain(text)]


def distinct_words(texts: Iterable[str]) -> list[str]:
    """Return every word of some texts once, in the order they come."""
    return list(dict.fromkeys(word for text in texts for word in search_words(text)))


def _plain(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_FOLDED)
    return [word[:LONGEST] for word in _WORD.findall(_APOSTROPHES.sub("", folded))]


@lru_cache(maxsize=1 << 14)
def word_stem(word: str) -> str:
    """Return a word without its endings, at least three letters long; what is no plain word stays whole."""
    if not word.isalpha():
        return word
    cyrillic = "а" <= word[0] <= "ӿ"
    if cyrillic and len(word) > SHORTEST + 2:
        word = word.removesuffix("ся").removesuffix("сь")
    endings, longest = _ENDINGS[cyrillic], _LONGEST[cyrillic]
    while length := _ending(word, endings, longest):
        word = word[:-length]
    return word


def _ending(word: str, endings: frozenset[str], longest: int) -> int:
    """Return how long the word's longest ending is that may be cut; 0 where it has none."""
    return next((n for n in range(min(longest, len(word) - SHORTEST), 0, -1) if word[-n:] in endings), 0)
