"""Texts that are a phrasing, word for word: found without any likeness."""

from kb.article import Article
from kb.matching.segment import Prepared


class Exact:
    """Words of a phrasing -> the articles that have it; one writer, any readers."""

    def __init__(self) -> None:
        self._found: dict[str, Article | tuple[Article, ...]] = {}

    def add(self, prepared: Prepared) -> None:
        """Learn the phrasings of an article."""
        for line in prepared.said:
            there = self._owners(line)
            if line and all(other.id != prepared.article.id for other in there):
                self._found[line] = (*there, prepared.article) if there else prepared.article

    def remove(self, prepared: Prepared) -> None:
        """Forget the phrasings of an article."""
        for line in prepared.said:
            left = tuple(other for other in self._owners(line) if other.id != prepared.article.id)
            if left:
                self._found[line] = left
            else:
                self._found.pop(line, None)

    def _owners(self, line: str) -> tuple[Article, ...]:
        found = self._found.get(line, ())
        return found if isinstance(found, tuple) else (found,)

    def find(self, words: list[str], language: str | None) -> tuple[Article, ...]:
        """Return the articles asked in exactly these words: those in ``language`` where there are, else all."""
        found = self._owners(" ".join(words)) if words else ()
        return tuple(article for article in found if article.language == language) or found
