"""Texts as sets of numbers: character 2- to 5-grams inside words, and stems."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kb.text.normalize import is_number
from kb.text.stems import word_stem

Keys = NDArray[np.uint32]
Number = TypeVar("Number", np.uint32, np.uint64)
_SPACE = 32
_LONGEST = 5


def _hashes(text: str) -> tuple[list[Keys], list[NDArray[np.int64]]]:
    """Return, for each gram length 2..5, the hashes (even numbers) and the positions where the grams begin."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    space = codes == _SPACE
    rolling = codes[:-1] * np.uint32(0x9E3779B1)
    whole = np.flatnonzero(~(space[:-1] & space[1:]))
    rolling = rolling[whole]
    hashes, places = [], []
    for length in range(2, _LONGEST + 1):
        if length > 2:
            # A longer gram goes on only where the last letter was not the space that ends a word.
            fits = whole < codes.size - length + 1
            fits &= ~space[np.minimum(whole + length - 2, codes.size - 1)]
            whole, rolling = whole[fits], rolling[fits]
        rolling = (rolling ^ (rolling >> np.uint32(15))) * np.uint32(0x85EBCA6B) + codes[whole + length - 1]
        hashes.append((rolling ^ (rolling >> np.uint32(13))) * np.uint32(0xC2B2AE35) & np.uint32(0xFFFFFFFE))
        places.append(whole)
    return hashes, places


@lru_cache(maxsize=1 << 14)
def stem_key(word: str) -> int:
    """Return the odd number that stands for the stem of a word."""
    return crc32(word_stem(word).encode("utf-8", "replace")) | 1


@lru_cache(maxsize=1 << 13)
def keys_of_word(word: str) -> Keys:
    """Return the keys of one word, its stem's last: people use the same few thousand words again and again.

    A number has no parts: 404 is not like 403.
    """
    if is_number(word):
        return np.array([stem_key(word)], np.uint32)
    hashes, _ = _hashes(f" {word} ")
    return np.concatenate([*hashes, np.array([stem_key(word)], np.uint32)])


def keys_of(tokens: Sequence[str]) -> Keys:
    """Return the distinct keys of one text, ascending; about 20 a word."""
    if not tokens:
        return np.empty(0, np.uint32)
    return _distinct(np.concatenate([keys_of_word(token) for token in tokens]))


def _distinct(every: NDArray[Number]) -> NDArray[Number]:
    """Return the different numbers, ascending: much faster here than ``np.unique``, which hashes."""
    every.sort()
    new = np.empty(every.size, bool)
    new[:1] = True
    np.not_equal(every[1:], every[:-1], out=new[1:])
    return every[new]


def pairs_of(texts: Sequence[Sequence[str]]) -> NDArray[np.uint64]:
    """Return every distinct ``key << 32 | position of the text``, in no order."""
    padded = [f" {' '.join([token for token in tokens if not is_number(token)])} " for tokens in texts]
    if not padded:
        return np.empty(0, np.uint64)
    owner = np.repeat(np.arange(len(padded), dtype=np.uint64), [len(text) for text in padded])
    hashes, places = _hashes("".join(padded))
    grams = [h.astype(np.uint64) << np.uint64(32) | owner[p] for h, p in zip(hashes, places, strict=True)]
    counts = [len(tokens) for tokens in texts]
    stems = np.fromiter((stem_key(token) for tokens in texts for token in tokens), np.uint64, sum(counts))
    grams.append(stems << np.uint64(32) | np.repeat(np.arange(len(texts), dtype=np.uint64), counts))
    return _distinct(np.concatenate(grams))
