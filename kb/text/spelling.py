"""Words mistyped by one letter, put right by the words of the knowledge base."""

from collections.abc import Callable, Iterable, Iterator

from kb.text.normalize import is_number

_SHORTEST = 3  # letters: a shorter word is one slip away from too many others
_CERTAIN = 6  # letters from which one that was changed for another is a slip: "paint" is no "print"
_LONGEST = 24
MOST = 40_000  # different words up to which they are kept by their parts: 20 MB


class Spelling:
    """The words of a base by what is left of them without one letter; one writer, any readers."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._parts: dict[str, tuple[str, ...]] = {}

    def add(self, lines: Iterable[str]) -> None:
        """Count the words of some phrasings."""
        for line in lines:
            for word in line.split():
                if word in self._words:
                    self._words[word] += 1
                elif _fits(word) and len(self._words) < MOST:
                    self._words[word] = 1
                    for part in _parts(word):
                        self._parts[part] = (*self._parts.get(part, ()), word)

    def remove(self, lines: Iterable[str]) -> None:
        """Forget the words of some phrasings that were added."""
        for line in lines:
            for word in line.split():
                if word in self._words:
                    self._words[word] -= 1
                    if not self._words[word]:
                        del self._words[word]
                        self._forget(word)

    def _forget(self, word: str) -> None:
        for part in _parts(word):
            left = tuple(other for other in self._parts.get(part, ()) if other != word)
            if left:
                self._parts[part] = left
            else:
                self._parts.pop(part, None)

    def mended(self, words: list[str], known: Callable[[str], bool]) -> dict[str, str]:
        """Return for each word that the base does not know the one of its words that is a single slip away."""
        found = {}
        for word in words:
            if _fits(word) and word not in self._words and not known(word) and (meant := self._nearest(word)) != word:
                found[word] = meant
        return found

    def _nearest(self, word: str) -> str:
        """Return the most frequent word one letter lost, added, changed or swapped away; the word itself where there is none."""
        near: set[str] = set()
        for part in _parts(word):
            near.update(self._parts.get(part, ()))
        likely = [
            other for other in near if _one_slip(word, other) and (len(word) >= _CERTAIN or _same_letters(word, other))
        ]
        return max(likely, key=lambda other: (other[0] == word[0], self._words.get(other, 0), other), default=word)


def _fits(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and not is_number(word)


def _parts(word: str) -> Iterator[str]:
    yield word
    for at in range(len(word)):
        if not at or word[at] != word[at - 1]:
            yield word[:at] + word[at + 1 :]


def _one_slip(word: str, other: str) -> bool:
    """Return whether two words differ by one letter, or by two neighbours that changed places."""
    short, long = sorted((word, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    rest = short[start + 1 :] == long[start + 1 :]
    swapped = short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
    return rest or swapped


def _same_letters(word: str, other: str) -> bool:
    """Return whether two words differ by a letter too many, one too few, or two in each other's places."""
    return len(word) != len(other) or sorted(word) == sorted(other)
