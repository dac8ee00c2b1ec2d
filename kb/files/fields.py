"""From the fields of a file's row to an article."""

from collections.abc import Mapping, Sequence

from kb.article import Article
from kb.files.validation import Problem
from kb.matching.similarity import nearest

FIELDS = ("id", "section", "language", "question", "aliases", "keywords", "answer")
Value = str | Sequence[str]

# What people call the columns of a table they made themselves.
_NAMES = {
    "питання": "question", "запитання": "question", "вопрос": "question", "відповідь": "answer", "ответ": "answer",
    "варіанти": "aliases", "варианты": "aliases", "синоніми": "aliases", "синонимы": "aliases", "alias": "aliases",
    "мова": "language", "язык": "language", "розділ": "section", "раздел": "section", "category": "section",
    "ключові слова": "keywords", "ключевые слова": "keywords", "номер": "id", "keyword": "keywords",
}  # fmt: skip


def field_name(raw: str) -> str:
    """Return the field that a column or a key means, as it is where it means none."""
    name = raw.strip().lower()
    return _NAMES.get(name, name)


def unknown_field(name: str, line: int) -> Problem:
    """Return the refusal of a field that does not exist, with the likely meant one first."""
    meant = nearest(name, FIELDS)
    fields = ", ".join([meant, *(field for field in FIELDS if field != meant)] if meant else FIELDS)
    return Problem("unknown_field", line, {"field": name[:40], "fields": fields})


def article_of(fields: Mapping[str, Value], language: str, section: str = "") -> Article:
    """Return the article of a row; ``language`` and ``section`` where the row names none.

    An article without an id is known by its question.
    """
    question = " ".join(_text(fields.get("question", "")).split())
    said = _text(fields.get("id", "")).strip() or question
    own = _unlike(question, _many(fields.get("aliases", ())))
    return Article(
        id=int(said) if said.isascii() and said.isdigit() and len(said) < 19 else said,
        question=question,
        answer=_text(fields.get("answer", "")).strip(),
        aliases=own,
        keywords=tuple(_many(fields.get("keywords", ()))),
        language=_text(fields.get("language", "")).strip().lower() or language,
        section=_text(fields.get("section", "")).strip() or section,
    )


def _text(value: Value) -> str:
    return value if isinstance(value, str) else " ".join(value)


def _many(value: Value) -> list[str]:
    pieces = value.replace("\n", "|").split("|") if isinstance(value, str) else value
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


def _unlike(question: str, aliases: list[str]) -> tuple[str, ...]:
    """Return the aliases without those that repeat the question or one another."""
    seen = {question.casefold()}
    kept = []
    for alias in aliases:
        if alias.casefold() not in seen:
            seen.add(alias.casefold())
            kept.append(alias)
    return tuple(kept)
