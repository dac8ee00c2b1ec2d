"""One question, ready to be compared."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.matching.features import Keys, stem_key
from kb.text.stems import word_stem


@dataclass(frozen=True, slots=True)
class Question:
    """The words of a question, its keys with their weights (ascending), and the weight of each stem."""

    words: list[str]
    keys: Keys
    weight: NDArray[np.float32]
    stems: dict[str, float]

    @property
    def bag(self) -> str:
        """Return the stems in alphabetical order: what token_sort compares."""
        return bag_of(self.words)


def bag_of(words: list[str]) -> str:
    """Return the stems of some words in alphabetical order."""
    return " ".join(sorted([word_stem(word) for word in words]))


def weighted_question(words: list[str], keys: Keys, weight: NDArray[np.float32]) -> Question:
    """Return the question whose keys weigh so much."""
    places = keys.searchsorted(np.array([stem_key(word) for word in words], np.uint32))
    return Question(words, keys, weight, dict(zip(map(word_stem, words), weight[places].tolist(), strict=True)))
