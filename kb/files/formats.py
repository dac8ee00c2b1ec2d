"""Articles from and to files: YAML, CSV and Markdown, by the file's ending; all or nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.article import Article
from kb.files.csv import read_csv, write_csv
from kb.files.markdown import read_markdown, write_markdown
from kb.files.validation import Checker, Problem
from kb.files.yaml import read_yaml, write_yaml

Progress = Callable[[int, int], None]  # characters read, characters in all
Row = tuple[int, Article | Problem, int]  # line, what stands there, characters read so far
_READ = {".yaml": read_yaml, ".yml": read_yaml, ".csv": read_csv, ".md": read_markdown, ".markdown": read_markdown}
_WRITE = {".yaml": write_yaml, ".yml": write_yaml, ".csv": write_csv, ".md": write_markdown,
          ".markdown": write_markdown}  # fmt: skip
_EVERY = 500  # rows between two reports of progress


class BadFile(ValueError):
    """A file was refused; ``problems`` says why, line by line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems[:20])))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import does to the articles that are there."""

    added: tuple[Article, ...]
    changed: tuple[Article, ...]
    same: tuple[Article, ...]


def read_articles(path: Path, *, existing: Iterable[Article] = (), language: str = "en",
                  on_progress: Progress | None = None) -> Changes:  # fmt: skip
    """Return what a file adds to and changes in the existing articles, or raise ``BadFile``: all or nothing."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadFile([Problem("unreadable", 0, {"why": error.strerror or str(error)})]) from None
    return parse_articles(path.name, raw, existing=existing, language=language, on_progress=on_progress)


def parse_articles(name: str, raw: bytes, *, existing: Iterable[Article] = (), language: str = "en",
                   on_progress: Progress | None = None) -> Changes:  # fmt: skip
    """Return what a file of this name and content adds and changes, or raise ``BadFile``: all or nothing.

    An article is the same as an existing one when they share an id, or, where nobody has the file's id, a question.
    """
    read = _READ.get(Path(name).suffix.lower())
    if read is None:
        raise BadFile([_no_format(name)])
    there = list(existing)
    text = decoded(raw)
    found, problems = _collect(read(text, language), there, len(text), on_progress)
    if problems:
        raise BadFile(problems)
    return _compare(there, found)


def format_articles(name: str, articles: Iterable[Article]) -> str:
    """Return articles as the content of a file of this name; what is written so can be read again."""
    write = _WRITE.get(Path(name).suffix.lower())
    if write is None:
        raise BadFile([_no_format(name)])
    return write(articles)


def _no_format(name: str) -> Problem:
    return Problem("unreadable", 0, {"why": f"{name} is none of {', '.join(sorted(_READ))}"})


def decoded(raw: bytes) -> str:
    """Return the text of a file as Windows, a spreadsheet or anybody else saved it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", "replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1251", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _collect(rows: Iterator[Row], there: list[Article], total: int,
             on_progress: Progress | None) -> tuple[list[Article], list[Problem]]:  # fmt: skip
    by_question = {(article.language, article.question): article.id for article in there}
    ids = {article.id for article in there}
    found: list[tuple[Article, int]] = []
    problems: list[Problem] = []
    for number, (line, row, done) in enumerate(rows):
        if on_progress and number % _EVERY == 0:
            on_progress(min(done, total) // 2, total)
        if isinstance(row, Problem):
            problems.append(row)
        else:
            found.append((row if row.id in ids else _known(row, by_question), line))
    if not found and not problems:
        problems.append(Problem("unreadable", 0, {"why": "there are no articles in it"}))
    problems += _check(found, there, total, on_progress)
    return [article for article, _ in found], sorted(problems, key=lambda problem: problem.line)


def _check(found: list[tuple[Article, int]], there: list[Article], total: int,
           on_progress: Progress | None) -> list[Problem]:  # fmt: skip
    replaced = {article.id for article, _ in found}
    checker = Checker(article for article in there if article.id not in replaced)
    problems: list[Problem] = []
    for number, (article, line) in enumerate(found):
        if on_progress and number % _EVERY == 0:
            on_progress(total // 2 + total * number // (2 * len(found)), total)
        problems += checker.check(article, line)
    if on_progress:
        on_progress(total, total)
    return problems


def _known(article: Article, by_question: dict[tuple[str, str], int | str]) -> Article:
    known = by_question.get((article.language, article.question))
    if known is None:
        return article
    return Article(known, article.question, article.answer, article.aliases, article.keywords, article.language,
                   article.section)  # fmt: skip


def _compare(there: list[Article], found: list[Article]) -> Changes:
    old = {article.id: article for article in there}
    added = tuple(article for article in found if article.id not in old)
    changed = tuple(article for article in found if article.id in old and old[article.id] != article)
    same = tuple(article for article in found if old.get(article.id) == article)
    return Changes(added, changed, same)
