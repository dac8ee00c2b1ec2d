"""What is wrong with an article before it is taken: used by the import and by whoever edits one article."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kb.article import Article
from kb.matching.segment import phrase_words

LONGEST_PHRASING = 500  # characters: a question, not a story
LONGEST_ANSWER = 40_000  # characters: ten messages
MOST_PHRASINGS = 200  # of one article
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_TEXTS: Mapping[str, str] = {
    "unreadable": "the file cannot be read: {why}",
    "too_costly": "the file is nested too deeply, or too large to be read: make it plainer, or split it",
    "too_large": "the file has more than {limit} MB: split it, or let an operator take it with `frontdesk kb import`",
    "too_many_articles": "there are more than {limit} articles: split it, or let an operator take it with `frontdesk kb import`",
    "bad_letter": "a letter here is broken: it is no {charset}; save the file again, or say what it is saved in",
    "no_charset": "“{charset}” is not among the charsets that are read: {charsets}",
    "unsure_charset": "it cannot be told in which charset the file is saved; say which: {charsets}",
    "no_format": "{name} is none of {endings}",
    "no_articles": "there are no articles in it",
    "unsafe_xml": "it declares entities of its own, which no export does",
    "unsure_columns": "it cannot be told which columns are meant: {columns}; say it with `--columns {option}`",
    "others_id": "the number {id} is “{other}” here; “{text}” comes in as an article of its own",
    "unknown_tie": "“{text}” comes in by itself: no article has the id {id} that it translates",
    "others_tie": "“{text}” comes in by itself: the file has no article {id}, and only in an export of this desk is {id} "
    "that of an article here",
    "tie_taken": "“{text}” comes in by itself: the article {id} has another translation in that language",
    "said_twice": "“{text}” stands in the file twice, with the same answer",
    "row_off": "the row says that it is not in use",
    "half_row": "“{text}” is not taken: in the columns for {language} its question or its answer is missing",
    "other_answer": "a second answer in the same row is not taken: “{text}”",
    "row_of_names": "the row was read as the names of the columns: {text}",
    "unused_columns": "these columns are not read: {columns}",
    "sheet_left": "the sheet “{name}” has no questions with answers",
    "rows_beyond": "the sheet “{name}” is read up to its row {limit}, no further",
    "text_before": "a text before the first question: {text}",
    "text_of_section": "a text that belongs to no question, below “{text}”",
    "page_empty": "the page “{name}” says nothing",
    "page_of_links": "{name} only leads to other pages",
    "not_read": "{name} is no file of a kind that is read",
    "busy": "the articles are being changed by others all the time: try again",
    "unknown_field": "there is no field “{field}”; the fields are {fields}",
    "missing_field": "the field “{field}” is missing",
    "not_text": "“{field}” must be {wanted}",
    "empty_question": "the question is empty",
    "no_words": "“{text}” has no words to be found by",
    "empty_answer": "the answer to “{text}” is empty",
    "answer_too_long": "the answer to “{text}” is longer than {limit} characters",
    "too_long": "“{text}…” is longer than {limit} characters",
    "too_many": "more than {limit} ways to ask “{text}”",
    "bad_language": "“{language}” is not a language code such as uk, ru or en",
    "same_id": "the id {id} is already taken by “{other}”{where}",
    "same_question": "“{text}” is already asked by “{other}”{where}",
    "same_in_section": "“{text}” is asked in “{section}” and in “{other_section}”{where}: say in each what it is about, such as "
    "“{text} ({section})”",
    "others_alias": "the alias “{text}” belongs to “{other}”{where}",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an article is refused: a reason to translate, its facts, and the line of the file (0: no file)."""

    reason: str
    line: int = 0
    facts: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        text = _TEXTS[self.reason].format_map(self.facts)
        where = f"{self.facts['file']}, " if "file" in self.facts else ""
        return f"{where}line {self.line}: {text}" if self.line else f"{where.replace(', ', ': ')}{text}"

    def in_file(self, name: str) -> "Problem":
        """Return it with the file of an archive, or the sheet of a workbook, that it is about."""
        return replace(self, facts={**self.facts, "file": name[-60:]}) if name else self


class BadFile(ValueError):
    """A file was refused; ``problems`` says why, line by line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems[:20])))
        self.problems = tuple(problems)


class Checker:
    """Knows which article owns which phrasing, so that a second owner can be told who the first is."""

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self._ids: dict[int | str, _Owner] = {}
        self._owners: dict[tuple[str, str], _Owner] = {}
        for article in articles:
            self._own(_Owner(article))

    def check(self, article: Article, line: int = 0, file: str = "") -> list[Problem]:
        """Return what is wrong with an article that comes beside those known, and know it from now on.

        To check one that is being edited, leave its old self out of the articles that are known.
        """
        owners = {text: self._owners.get(_key(article, text)) for text in article.phrasings}
        problems = _alone(article, line)
        numbered = self._ids.get(article.id)
        if numbered and numbered is not owners.get(article.question):
            problems.append(numbered.refusal("same_id", line, {"id": article.id}))
        for number, (text, owner) in enumerate(owners.items()):
            if owner and (owner.article.id != article.id or (not number and owner is numbered)):
                problems.append(owner.refusal(_doubled(article, owner, number), line, _doubt(article, owner, text)))
        self._own(_Owner(article, line, file))
        return [problem.in_file(file) for problem in problems]

    def _own(self, owner: "_Owner") -> None:
        self._ids.setdefault(owner.article.id, owner)
        for text in owner.article.phrasings:
            if (key := _key(owner.article, text))[1]:
                self._owners.setdefault(key, owner)


@dataclass(frozen=True, slots=True, eq=False)
class _Owner:
    """An article that has its id and phrasings, and where in a file it stands; line 0: it is here already."""

    article: Article
    line: int = 0
    file: str = ""

    def refusal(self, reason: str, line: int, facts: Mapping[str, str | int]) -> Problem:
        """Return why another one is refused that wants what is this one's."""
        where = f" ({self.file}, line {self.line})" if self.file else f" (line {self.line})" if self.line else ""
        place: dict[str, str | int] = {"where": where, "there": self.line, "there_file": self.file}
        return Problem(reason, line, {**facts, "other": self.article.question[:80], **place})


def _doubled(article: Article, owner: _Owner, number: int) -> str:
    """Return why two cannot ask the same; two sections of a file, each with its *How much is it?*, are told what to do."""
    if number:
        return "others_alias"
    apart = owner.line and article.section and owner.article.section not in ("", article.section)
    return "same_in_section" if apart else "same_question"


def _doubt(article: Article, owner: _Owner, text: str) -> dict[str, str | int]:
    sections = {"section": article.section[:40], "other_section": owner.article.section[:40]}
    return {"text": text[:80], **(sections if all(sections.values()) else {})}


def _key(article: Article, text: str) -> tuple[str, str]:
    return article.language, " ".join(phrase_words(text))


def _alone(article: Article, line: int) -> list[Problem]:
    problems = []
    short = article.question[:80]
    if not article.question.strip():
        problems.append(Problem("empty_question", line))
    if not article.answer.strip():
        problems.append(Problem("empty_answer", line, {"text": short}))
    if len(article.answer) > LONGEST_ANSWER:
        problems.append(Problem("answer_too_long", line, {"text": short, "limit": LONGEST_ANSWER}))
    for text in article.phrasings:
        if len(text) > LONGEST_PHRASING:
            problems.append(Problem("too_long", line, {"text": text[:80], "limit": LONGEST_PHRASING}))
        if text.strip() and not phrase_words(text):
            problems.append(Problem("no_words", line, {"text": text[:80]}))
    if len(article.phrasings) > MOST_PHRASINGS:
        problems.append(Problem("too_many", line, {"text": short, "limit": MOST_PHRASINGS}))
    if not _LANGUAGE.fullmatch(article.language):
        problems.append(Problem("bad_language", line, {"language": article.language[:20]}))
    return problems
