"""The words of the knowledge base, counted: what tells a misspelt text from a foreign one."""

from collections.abc import Iterable
from itertools import islice

from kb.skeleton import skeleton
from kb.stems import stem

_MOST = 200  # skeletons of one length compared with an unknown word


class Vocabulary:
    """Words, stems and Latin skeletons of the phrasings; one writer, any readers (each step is one dict operation)."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._spelled: dict[str, tuple[str, ...]] = {}
        self._starts: dict[tuple[str, int], dict[str, None]] = {}

    def add(self, bags: Iterable[str]) -> None:
        """Count the words of some phrasings."""
        for bag in bags:
            for word in bag.split():
                count = self._words.get(word, 0)
                self._words[word] = count + 1
                if not count:
                    self._learn(word)

    def remove(self, bags: Iterable[str]) -> None:
        """Forget the words of some phrasings that were added."""
        for bag in bags:
            for word in bag.split():
                self._words[word] -= 1
                if not self._words[word]:
                    del self._words[word]
                    self._unlearn(word)

    def _learn(self, word: str) -> None:
        root = stem(word)
        self._stems[root] = self._stems.get(root, 0) + 1
        if not _cyrillic(word):
            return  # what is typed in Latin letters is a spelling of a Cyrillic word, or is itself
        latin = skeleton(word)
        self._spelled[latin] = tuple(sorted((*self._spelled.get(latin, ()), word)))
        self._starts.setdefault((latin[:2], len(latin)), {})[latin] = None

    def _unlearn(self, word: str) -> None:
        root = stem(word)
        self._stems[root] -= 1
        if not self._stems[root]:
            del self._stems[root]
        if not _cyrillic(word):
            return
        latin = skeleton(word)
        left = tuple(other for other in self._spelled[latin] if other != word)
        if left:
            self._spelled[latin] = left
        else:
            del self._spelled[latin], self._starts[latin[:2], len(latin)][latin]

    def known(self, word: str) -> float:
        """Return 1 for a known word, .8 for another form of one, 0 otherwise."""
        return 1.0 if word in self._words else 0.8 if stem(word) in self._stems else 0.0

    def coverage(self, words: list[str]) -> float:
        """Return the known share 0..1 of the letters of some words."""
        letters = sum(map(len, words))
        return sum(len(word) * self.known(word) for word in words) / letters if letters else 0.0

    def spelled(self, latin: str) -> str | None:
        """Return the most frequent word of a skeleton."""
        return max(self._spelled.get(latin, ()), key=lambda word: (self._words.get(word, 0), word), default=None)

    def near(self, latin: str) -> list[str]:
        """Return skeletons with the same beginning and about the same length, a bounded number."""
        found: list[str] = []
        for length in range(len(latin) - 2, len(latin) + 3):
            found += islice(list(self._starts.get((latin[:2], length), ())), _MOST)
        return found


def _cyrillic(word: str) -> bool:
    return any("а" <= letter <= "я" for letter in word)
