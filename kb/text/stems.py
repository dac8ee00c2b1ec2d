"""Cut endings: enough for three languages to find one word in its forms, without dictionaries."""

from functools import lru_cache

from kb.text.normalize import is_number
from kb.text.word_lists import WORDS

_ENDINGS = {
    True: sorted(WORDS["cyrillic_endings"].split(), key=len, reverse=True),
    False: sorted(WORDS["english_endings"].split(), key=len, reverse=True),
}
_SHORTEST = 3


@lru_cache(maxsize=1 << 14)
def word_stem(word: str) -> str:
    """Return the word without its longest known ending, at least three letters long."""
    if len(word) <= _SHORTEST or is_number(word):
        return word
    if "а" <= word[0] <= "я":
        word = word.removesuffix("ся").removesuffix("сь") if len(word) > 5 else word
        return _cut(word, cyrillic=True)
    return _undouble(_cut(word, cyrillic=False))


def _cut(word: str, *, cyrillic: bool) -> str:
    for ending in _ENDINGS[cyrillic]:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def _undouble(word: str) -> str:
    """Return ``stop`` for ``stopp``: English doubles the letter before an ending."""
    return word[:-1] if len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "aeiouls" else word
