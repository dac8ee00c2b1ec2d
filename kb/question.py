"""One question, ready to be compared."""

from dataclasses import dataclass

import numpy as np

from kb.grams import Keys, stem_key
from kb.segment import Floats
from kb.stems import stem


@dataclass(frozen=True, slots=True)
class Question:
    """The words of a question, its keys with their weights (ascending), and the weight of each stem."""

    words: list[str]
    keys: Keys
    weight: Floats
    stems: dict[str, float]

    @property
    def bag(self) -> str:
        """Return the words in alphabetical order: what token_sort compares."""
        return " ".join(sorted(self.words))


def question(words: list[str], keys: Keys, weight: Floats) -> Question:
    """Return the question whose keys weigh so much."""
    stems: dict[str, float] = {}
    for word in words:
        place = int(np.searchsorted(keys, stem_key(word)))
        stems[stem(word)] = float(weight[place])
    return Question(words, keys, weight, stems)
