"""From what a file says of an article to the article: only what it says; the rest stays as it is, or is as in any new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kb.article import Article
from kb.files.validation import Problem
from kb.matching.similarity import nearest
from kb.text.languages import language_named, language_of

FIELDS = ("id", "section", "language", "question", "aliases", "keywords", "answer", "translates")
Value = str | Sequence[str]
SECTION = 64  # letters of a section's name


@dataclass(frozen=True, slots=True)
class Draft:
    """What one place of a file says; None for what it does not speak of.

    ``own`` says that the file may be an export of a desk, so that its ``id`` may be that of an article here.
    """

    question: str
    answer: str | None = None
    aliases: tuple[str, ...] | None = None
    keywords: tuple[str, ...] | None = None
    language: str | None = None
    section: str | None = None
    id: int | str | None = None
    own: bool = False
    translates: int | str | None = None  # the id of the article that this one says in another language
    file: str = ""  # of an archive, or the sheet of a workbook, where it stands

    def shown(self) -> str | None:
        """Return the language that the words show, None where they do not."""
        said = self.question + " " + (self.answer or "")
        return language_of(self.question) or language_of(said) or language_of(said, by_letters=True)

    def article(self, language: str) -> Article:
        """Return a new article that says this."""
        return Article(
            id=self.question if self.id is None else self.id,
            question=self.question,
            answer=self.answer or "",
            aliases=self.aliases or (),
            keywords=self.keywords or (),
            language=language,
            section=self.section or "",
        )

    def changing(self, there: Article) -> Article:
        """Return an article that is there as it becomes by this: what is not spoken of stays."""
        told = {"answer": self.answer, "aliases": self.aliases, "keywords": self.keywords, "section": self.section}
        kept = {name: value for name, value in told.items() if value is not None}
        language = self.language or there.language
        return replace(there, question=self.question, language=language, **kept)  # type: ignore[arg-type]


def draft_of(fields: Mapping[str, Value], *, section: str = "", own: bool = False) -> Draft:
    """Return what the fields of a row say; ``section`` where the row names none."""
    question = " ".join(_text(fields.get("question", "")).split())
    spoken = _text(fields.get("language", "")).strip().lower()
    aliases = fields.get("aliases")
    keywords = fields.get("keywords")
    named = _text(fields["section"]).strip() if "section" in fields else None
    return Draft(
        question=question,
        answer=_text(fields["answer"]).strip() if "answer" in fields else None,
        aliases=None if aliases is None else _unlike(question, split_list_value(aliases)),
        keywords=None if keywords is None else tuple(split_list_value(keywords)),
        language=(language_named(spoken) or spoken) or None,
        section=(named or section)[:SECTION].strip() if named is not None or section else None,
        id=_number(fields.get("id", "")),
        own=own,
        translates=_number(fields.get("translates", "")),
    )


def place_in_file(row: Draft | Problem, name: str) -> Draft | Problem:
    """Return what stands in a file of an archive, or on a sheet of a workbook, with its name; "" says nothing."""
    if isinstance(row, Draft):
        return replace(row, file=name[-60:])
    return row.in_file(name)


def _number(value: Value) -> int | str | None:
    """Return an id: a number where it is one, None where nothing is said."""
    said = _text(value).strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else said or None


def unknown_field(name: str, line: int) -> Problem:
    """Return the refusal of a field that does not exist, with the likely meant one first."""
    meant = nearest(name, FIELDS)
    fields = ", ".join([meant, *(field for field in FIELDS if field != meant)] if meant else FIELDS)
    return Problem("unknown_field", line, {"field": name[:40], "fields": fields})


def _text(value: Value) -> str:
    return value if isinstance(value, str) else " ".join(value)


def split_list_value(value: Value, marks: str = "|") -> list[str]:
    """Return the parts of a list: its items, or a text cut at line ends and any of these marks."""
    if not isinstance(value, str):
        return [" ".join(piece.split()) for piece in value if piece.strip()]
    for mark in marks:
        value = value.replace(mark, "\n")
    return [" ".join(piece.split()) for piece in value.split("\n") if piece.strip()]


def _unlike(question: str, aliases: list[str]) -> tuple[str, ...]:
    """Return the aliases without those that repeat the question or one another."""
    seen = {question.casefold()}
    kept = []
    for alias in aliases:
        if alias.casefold() not in seen:
            seen.add(alias.casefold())
            kept.append(alias)
    return tuple(kept)
