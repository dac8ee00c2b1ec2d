"""Texts that are a phrasing, word for word: found without any likeness."""

from kb.article import Article
from kb.segment import phrase_words


class Exact:
    """Words of a phrasing -> the articles that have it; one writer, any readers."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[tuple[Article, str], ...]] = {}

    def add(self, article: Article) -> None:
        """Learn the phrasings of an article."""
        for text in article.phrasings:
            key = " ".join(phrase_words(text))
            there = self._found.get(key, ())
            if key and all(other.id != article.id for other, _ in there):
                self._found[key] = (*there, (article, text))

    def remove(self, article: Article) -> None:
        """Forget the phrasings of an article."""
        for text in article.phrasings:
            key = " ".join(phrase_words(text))
            left = tuple(pair for pair in self._found.get(key, ()) if pair[0].id != article.id)
            if left:
                self._found[key] = left
            else:
                self._found.pop(key, None)

    def find(self, words: list[str], language: str | None) -> tuple[tuple[int | str, str], ...]:
        """Return the articles asked in exactly these words: those in ``language`` where there are, else all."""
        found = self._found.get(" ".join(words), ()) if words else ()
        own = tuple(pair for pair in found if pair[0].language == language)
        return tuple((article.id, text) for article, text in own or found)
