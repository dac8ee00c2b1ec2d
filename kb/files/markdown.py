"""Articles as one readable document.

``# Section``, ``## Question``, at once below it ``> another way to ask`` lines and, in a comment, what else there is:
``<!-- id: 7; language: uk; keywords: router, wifi -->``; after an empty line the answer.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from kb.article import Article
from kb.files.fields import FIELDS, Value, article_of, field_name, unknown_field
from kb.files.validation import Problem

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_ESCAPED = re.compile(r"\\(#{1,2}\s)")
Row = tuple[int, Article | Problem, int]


def read_markdown(text: str, language: str) -> Iterator[Row]:
    """Yield (line, article or refusal, characters read)."""
    section, done = "", 0
    for number, heading, body in _blocks(text):
        done += len(heading) + sum(map(len, body)) + len(body)
        level, title = _heading(heading)
        if not level:
            if any(line.strip() for line in body):
                yield number, Problem("unreadable", number, {"why": "a text before the first “## Question”"}), done
        elif level == 1:
            section = title
            at = next((k for k, line in enumerate(body, 1) if line.strip()), 0)
            if at:
                why = f"a text below “# {section[:40]}” that belongs to no “## Question”"
                yield number + at, Problem("unreadable", number + at, {"why": why}), done
        else:
            yield number, _article(title, body, number, language, section), done


def _blocks(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield (line number, heading, lines below it); headings inside a code fence are code."""
    number, start, heading, body, fence = 0, 1, "", list[str](), ""
    for number, line in enumerate(text.split("\n"), 1):
        if mark := _FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        if not fence and _heading(line)[0]:
            yield start, heading, body
            start, heading, body = number, line, []
        else:
            body.append(line)
    yield start, heading, body


def _heading(line: str) -> tuple[int, str]:
    """Return the level of a heading, 1 or 2, and its text; 0 where a line is none. No pattern: one would be cubic on spaces."""
    level = len(line) - len(line.lstrip("#"))
    if level not in (1, 2) or not line[level : level + 1].isspace():
        return 0, ""
    return level, line[level:].strip().rstrip("#").rstrip()


def _article(question: str, body: list[str], number: int, language: str, section: str) -> Article | Problem:
    fields: dict[str, Value] = {"question": question}
    aliases: list[str] = []
    at = 0
    for at, line in enumerate([*body, ""]):
        said = line.strip()
        if said.startswith("<!--") and said.endswith("-->") and len(said) > 6:
            for pair in said[4:-3].split(";"):
                name, _, value = pair.partition(":")
                if name.strip() and field_name(name) not in FIELDS:
                    return unknown_field(name.strip(), number + 1 + at)
                fields[field_name(name)] = value.replace(",", "|") if field_name(name) == "keywords" else value
        elif line.startswith(">"):
            aliases.append(line[1:])
        else:
            break
    fields["aliases"] = aliases
    fields["answer"] = "\n".join(_ESCAPED.sub(r"\1", line, count=1) if line.startswith("\\") else line
                                 for line in body[at:])  # fmt: skip
    return article_of(fields, language, section)


def write_markdown(articles: Iterable[Article]) -> str:
    """Return the articles as one document, section by section."""
    out: list[str] = []
    for section, inside in groupby(sorted(articles, key=lambda article: article.section), lambda a: a.section):
        out += [f"# {section}", ""] if section else []
        for article in inside:
            out += [f"## {article.question}", *(f"> {alias}" for alias in article.aliases)]
            keywords = f"; keywords: {', '.join(article.keywords)}" if article.keywords else ""
            out += [f"<!-- id: {article.id}; language: {article.language}{keywords} -->", ""]
            out += [*_escaped(article.answer), ""]
    return "\n".join(out)


def _escaped(answer: str) -> Iterator[str]:
    fence = ""
    for line in answer.split("\n"):
        if mark := _FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        yield f"\\{line}" if not fence and _heading(line)[0] else line
