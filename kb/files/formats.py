"""Articles from and to files: what a file would do to those that are there, and what of it is refused."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from kb.article import Article
from kb.files.bundle import read_file, zip_folder
from kb.files.csv import write_csv
from kb.files.fields import Draft
from kb.files.markdown import write_markdown
from kb.files.notes import Notes, Options
from kb.files.numbers import are_ours, is_edited
from kb.files.ties import tied_articles
from kb.files.validation import BadFile, Checker, Problem
from kb.files.yaml import write_yaml
from kb.matching.segment import phrase_words
from kb.text.languages import is_cyrillic

Progress = Callable[[int, int], None]  # characters read, characters in all
_WRITE = {".yaml": write_yaml, ".yml": write_yaml, ".csv": write_csv, ".md": write_markdown,
          ".markdown": write_markdown}  # fmt: skip
_CYRILLIC = ("uk", "ru")
_EVERY = 500  # rows between two reports of progress
_HIGHEST = 1_000_000_000  # number of an article: those that follow it have room


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import does to the articles that are there.

    ``clashes`` are places where the file and the desk disagree, and the desk was left as it is; ``left_out`` what the file
    holds that is no article; ``columns`` says what was read from which column, ``unsure`` which of them were guessed, and
    ``headings`` which there are, by their letters.
    """

    added: tuple[Article, ...]
    changed: tuple[Article, ...]
    same: tuple[Article, ...]
    clashes: tuple[Problem, ...] = ()
    left_out: tuple[Problem, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    headings: tuple[tuple[str, str], ...] = ()
    charset: str = ""


class Refusals(BadFile):
    """A file of which something is refused; ``rest`` is what it would do without that, None where it cannot be read at all."""

    def __init__(self, problems: list[Problem], notes: Notes, rest: Changes | None = None) -> None:
        super().__init__(problems)
        self.notes = notes
        self.rest = rest


def read_articles(path: Path, *, existing: Iterable[Article] = (), language: str = "en", options: Options | None = None,
                  on_progress: Progress | None = None) -> Changes:  # fmt: skip
    """Return what a file or folder adds to and changes in the existing articles, or raise ``BadFile``: all or nothing."""
    name, raw = content_of(path)
    return parse_articles(name, raw, existing=existing, language=language, options=options, on_progress=on_progress)


def content_of(path: Path) -> tuple[str, bytes]:
    """Return the name and the bytes of a file; a folder is the archive it would be sent as."""
    try:
        return (f"{path.name}.zip", zip_folder(path)) if path.is_dir() else (path.name, path.read_bytes())
    except OSError as error:
        raise BadFile([Problem("unreadable", 0, {"why": error.strerror or str(error)})]) from None


def parse_articles(name: str, raw: bytes, *, existing: Iterable[Article] = (), language: str = "en",
                   options: Options | None = None, on_progress: Progress | None = None) -> Changes:  # fmt: skip
    """Return what a file of this name and content adds and changes, or raise ``BadFile``: all or nothing.

    An article is the same as an existing one where they have a question in common, or where the file may be a desk's own
    export, an id and texts that are alike. ``language`` is that of texts in whose words none shows.
    """
    said = options or Options(fallback=language)
    notes, there = Notes(), list(existing)
    drafts: list[tuple[Draft, int]] = []
    problems: list[Problem] = []
    for number, (line, row, done) in enumerate(read_file(name, raw, said, notes)):
        if on_progress and number % _EVERY == 0:
            on_progress(min(done, len(raw)) // 2, len(raw))
        if isinstance(row, Problem):
            problems.append(row)
        else:
            drafts.append((row, line))
    reader = _Import(there, [draft for draft, _ in drafts], said)
    for draft, line in drafts:
        reader.take(draft, line)
    if not reader.found and not problems:
        problems.append(Problem("no_articles"))
    refused = reader.check(len(raw), on_progress)
    problems += [problem for some in refused.values() for problem in some]
    if not problems:
        return reader.changes(notes)
    files = {name: at for at, name in enumerate(dict.fromkeys(problem.facts.get("file") for problem in problems))}
    problems.sort(key=lambda problem: (files[problem.facts.get("file")], problem.line))
    rest = reader.changes(notes, without=refused.keys()) if len(refused) < len(reader.found) else None
    raise Refusals(problems, notes, rest)


def format_articles(name: str, articles: Iterable[Article]) -> str:
    """Return articles as the content of a file of this name; what is written so can be read again."""
    write = _WRITE.get(PurePosixPath(name).suffix.lower())
    if write is None:
        raise BadFile([Problem("no_format", 0, {"name": name, "endings": ", ".join(sorted(_WRITE))})])
    return write(articles)


class _Languages:
    """Says which language each draft of a file is in; one that does not show is that of most others, or what is usual."""

    def __init__(self, drafts: list[Draft], options: Options) -> None:
        self._decided = options.language
        shown = Counter(draft.language or draft.shown() for draft in drafts)
        order = [code for code, _ in shown.most_common() if code in _CYRILLIC]
        self._fallback = options.fallback
        self._cyrillic = next(iter([*order, *(code for code in (options.fallback, *_CYRILLIC) if code in _CYRILLIC)]))

    def of(self, draft: Draft) -> str:
        """Return a draft's language: the file's word, the one decided on, or the text's own."""
        known = draft.language or self._decided or draft.shown()
        if known is not None:
            return known
        return self._cyrillic if is_cyrillic(draft.question) else self._fallback


class _Import:
    """Drafts as they meet the articles that are there."""

    def __init__(self, there: list[Article], drafts: list[Draft], options: Options) -> None:
        # Each with its line, and the file of an archive or the sheet it stands in.
        self.found: list[tuple[Article, int, str]] = []
        self._languages = _Languages(drafts, options)
        self._there = {article.id: article for article in there}
        self._by_question: dict[tuple[str, str], Article] = {}
        self._by_words: dict[tuple[str, str], Article] = {}
        for article in there:
            self._by_question.setdefault((article.language, article.question), article)
            self._by_words.setdefault(_key(article.language, article.question), article)
        self._ours = are_ours(drafts, self._there)
        self._own = self._ours  # whether the file may be the desk's
        self._ties: dict[int, int | str] = {}  # by place among those found: the id that it translates
        self._named: dict[int | str, int] = {}  # by the id that the file gives: the place
        self._seen: dict[tuple[str, str], Article] = {}
        self._clashes: list[Problem] = []
        self._twice: list[Problem] = []

    def take(self, draft: Draft, line: int) -> None:
        """Find the article that a draft is about, or make a new one of it."""
        language = self._languages.of(draft)
        there = self._known(draft, language, line)
        if there is not None:
            article = draft.changing(replace(there, language=language) if draft.language else there)
        else:
            article = draft.article(language)
            if not self._may_number(draft, article):
                article = replace(article, id=f"{line}:{article.question}")
        before = self._seen.get(_key(article.language, article.question))
        if (
            before is not None
            and article.answer
            and (before.answer, before.question.casefold())
            == (
                article.answer,
                article.question.casefold(),
            )
        ):
            self._twice.append(Problem("said_twice", line, {"text": article.question[:80]}).in_file(draft.file))
            return
        self._seen.setdefault(_key(article.language, article.question), article)
        self._own = self._own and draft.own
        if draft.translates is not None:
            self._ties[len(self.found)] = draft.translates
        if draft.id is not None:
            self._named.setdefault(draft.id, len(self.found))
        self.found.append((article, line, draft.file))

    def _known(self, draft: Draft, language: str, line: int) -> Article | None:
        asked = self._by_question.get((language, draft.question)) or self._by_words.get(_key(language, draft.question))
        numbered = self._there.get(draft.id) if draft.own and draft.id is not None else None
        if numbered is None:
            return asked
        if asked is numbered or is_edited(draft, numbered, ours=self._ours):
            return numbered
        facts = {"id": numbered.id, "text": draft.question[:80], "other": numbered.question[:80]}
        self._clashes.append(Problem("others_id", line, facts).in_file(draft.file))
        return asked

    def _may_number(self, draft: Draft, article: Article) -> bool:
        """Return whether a new article keeps the id that the file gives it."""
        if draft.id is None:
            return True
        fits = not isinstance(draft.id, int) or draft.id <= _HIGHEST
        return draft.own and fits and draft.id not in self._there

    def check(self, total: int, on_progress: Progress | None) -> dict[int, list[Problem]]:
        """Return what is wrong, by the place of the article among those found; an alias of a desk's article stays with it."""
        replaced = {article.id for article, _, _ in self.found}
        checker = Checker(article for article in self._there.values() if article.id not in replaced)
        wrong: dict[int, list[Problem]] = {}
        for number, (article, line, file) in enumerate(self.found):
            if on_progress and number % _EVERY == 0:
                on_progress(total // 2 + total * number // (2 * len(self.found)), total)
            if problems := checker.check(article, line, file):
                wrong[number] = problems
        if on_progress:
            on_progress(total, total)
        return wrong

    def changes(self, notes: Notes, *, without: Iterable[int] = ()) -> Changes:
        """Return what is done to the articles, without those at some places."""
        left = set(without)
        kept = {number: one for number, one in enumerate(self.found) if number not in left}
        found, clashes = tied_articles(kept, self._there, self._ties, self._named, own=self._own)
        old = self._there
        return Changes(
            added=tuple(article for article in found if article.id not in old),
            changed=tuple(article for article in found if article.id in old and old[article.id] != article),
            same=tuple(article for article in found if old.get(article.id) == article),
            clashes=(*self._clashes, *clashes),
            left_out=(*notes.left_out, *self._twice),
            columns=notes.columns,
            unsure=tuple(notes.unsure),
            headings=tuple(notes.headings),
            charset=notes.charset,
        )


def _key(language: str, question: str) -> tuple[str, str]:
    return language, " ".join(phrase_words(question)) or question
