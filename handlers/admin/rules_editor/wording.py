"""What the desk says, to be said otherwise: found by some of its words, in any of our languages."""

from collections.abc import Mapping
from functools import cache

from handlers.turns.turn import Turn
from handlers.vocabulary.translations import LANGUAGES, Locale, load_catalogue
from storage.tickets import search_terms

MOST = 8  # texts offered at once
LABEL = 60  # characters of one on a button


@cache
def _known() -> Mapping[str, frozenset[str]]:
    """Return the words of every text that may be said otherwise, by key; those with plural forms are not among them."""
    books = [load_catalogue(code).texts for code in LANGUAGES]
    single = [key for key, text in books[0].items() if isinstance(text, str)]
    return {
        key: frozenset(search_terms.search_words(f"{key} {' '.join(str(book[key]) for book in books)}"))
        for key in single
    }


def search_texts(turn: Turn, words: str) -> list[str]:
    """Return the keys of the texts in which all these words are said, those that say least beside them first."""
    if words in _known():
        return [words]
    wanted = set(search_terms.search_words(words))
    found = [key for key, said in _known().items() if wanted and wanted <= said | _own(turn, key)]
    return sorted(found, key=lambda key: len(_known()[key]))[:MOST]


def _own(turn: Turn, key: str) -> frozenset[str]:
    """Return the words in which this desk says it, where it has texts of its own."""
    said = [str(texts[key]) for texts in turn.rules.texts.values() if key in texts]
    return frozenset(word for text in said for word in search_terms.search_words(text))


def short_text(turn: Turn, key: str, reader: Locale) -> str:
    """Return the beginning of a text as its reader is told it, on a button."""
    said = turn.rules.texts.get(reader.language, {}).get(key) or load_catalogue(reader.language).texts[key]
    flat = " ".join(str(said).split())
    return flat if len(flat) <= LABEL else flat[: LABEL - 1].rstrip() + "…"


def default_text(key: str) -> Mapping[str, Mapping[str, str]]:
    """Return an entry that says what everybody's desk says."""
    return {"text": {code: str(load_catalogue(code).texts[key]) for code in LANGUAGES}}
