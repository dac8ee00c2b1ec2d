"""The Cyrillic words of the knowledge base, by the way they sound in Latin letters."""

from collections.abc import Iterable
from itertools import islice

from kb.text.transliteration import latin_skeleton

_MOST = 200  # skeletons of one length compared with an unknown word


class Vocabulary:
    """Words and their Latin skeletons, counted; one writer, any readers (each step is one dict operation)."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._spelled: dict[str, tuple[str, ...]] = {}
        self._starts: dict[tuple[str, int], dict[str, None]] = {}

    def __bool__(self) -> bool:
        return bool(self._words)

    def add(self, lines: Iterable[str]) -> None:
        """Count the words of some phrasings."""
        for line in lines:
            for word in line.split():
                if word in self._words:
                    self._words[word] += 1
                elif _cyrillic(word):
                    self._words[word] = 1
                    self._learn(word, latin_skeleton(word))

    def remove(self, lines: Iterable[str]) -> None:
        """Forget the words of some phrasings that were added."""
        for line in lines:
            for word in line.split():
                if word in self._words:
                    self._words[word] -= 1
                    if not self._words[word]:
                        del self._words[word]
                        self._unlearn(word, latin_skeleton(word))

    def _learn(self, word: str, latin: str) -> None:
        self._spelled[latin] = tuple(sorted((*self._spelled.get(latin, ()), word)))
        self._starts.setdefault((latin[:2], len(latin)), {})[latin] = None

    def _unlearn(self, word: str, latin: str) -> None:
        left = tuple(other for other in self._spelled[latin] if other != word)
        if left:
            self._spelled[latin] = left
        else:
            del self._spelled[latin], self._starts[latin[:2], len(latin)][latin]

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
