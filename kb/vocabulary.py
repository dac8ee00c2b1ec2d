"""The words of the knowledge base, counted: what tells a misspelt text from a foreign one."""

from collections.abc import Iterable

from kb.skeleton import skeleton
from kb.stems import stem


class Vocabulary:
    """Words, stems and Latin skeletons of the phrasings; one writer, any readers (each step is one dict operation)."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.stems: dict[str, int] = {}
        self.skeletons: dict[str, str] = {}
        self.by_start: dict[str, list[str]] = {}

    def add(self, bags: Iterable[str]) -> None:
        """Count the words of some phrasings."""
        for bag in bags:
            for word in bag.split():
                count = self.words.get(word, 0)
                self.words[word] = count + 1
                if not count:
                    self._learn(word)

    def _learn(self, word: str) -> None:
        self.stems[stem(word)] = 1
        latin = skeleton(word)
        if latin not in self.skeletons:
            self.skeletons[latin] = word
            self.by_start.setdefault(latin[:2], []).append(latin)

    def known(self, word: str) -> float:
        """Return 1 for a known word, .8 for another form of one, 0 otherwise."""
        return 1.0 if word in self.words else 0.8 if stem(word) in self.stems else 0.0

    def coverage(self, words: list[str]) -> float:
        """Return the known share 0..1 of the letters of some words."""
        letters = sum(map(len, words))
        return sum(len(word) * self.known(word) for word in words) / letters if letters else 0.0
