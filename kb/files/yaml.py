"""Articles as a YAML list."""

from collections.abc import Iterable, Iterator

import yaml

from kb.article import Article
from kb.files.fields import FIELDS, Draft, Value, draft_of, unknown_field
from kb.files.notes import Row
from kb.files.validation import Problem

_BATCH = 100  # articles parsed at a time: a broken one spoils no more than its neighbours, and progress shows
_LISTS = ("aliases", "keywords")
# What people who write by hand call them.
_NAMES = {
    "питання": "question", "запитання": "question", "вопрос": "question", "відповідь": "answer", "ответ": "answer",
    "варіанти": "aliases", "варианты": "aliases", "синоніми": "aliases", "синонимы": "aliases", "alias": "aliases",
    "мова": "language", "язык": "language", "розділ": "section", "раздел": "section", "category": "section",
    "ключові слова": "keywords", "ключевые слова": "keywords", "keyword": "keywords",
}  # fmt: skip
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def read_yaml(text: str) -> Iterator[Row]:
    """Yield (line, draft or refusal, characters read)."""
    done = 0
    for first, piece in _pieces(text):
        done += len(piece)
        try:
            node = yaml.compose(piece, Loader=_Loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = first + (mark.line if mark else 0)
            why = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
            yield line, Problem("unreadable", line, {"why": str(why)}), done
            continue
        if isinstance(node, yaml.SequenceNode):
            yield from ((*_draft(item, first), done) for item in node.value)
        elif node is not None:
            yield first, Problem("unreadable", first, {"why": "a list of articles is expected: “- question: …”"}), done


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield (first line, text) of some articles at a time, split where one begins: ``-`` at the margin."""
    start, number, held, items = 1, 0, list[str](), 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("- "):
            items += 1
            if items > _BATCH:
                yield start, "\n".join(held) + "\n"
                start, held, items = number, [], 1
        held.append(line)
    yield start, "\n".join(held) + "\n"


def _draft(node: yaml.Node, first: int) -> tuple[int, Draft | Problem]:
    line = first + node.start_mark.line
    if not isinstance(node, yaml.MappingNode):
        return line, Problem("not_text", line, {"field": "article", "wanted": "a mapping: “question: …”"})
    fields: dict[str, Value] = {}
    for key, value in node.value:
        at = first + key.start_mark.line
        name = _NAMES.get(str(key.value).strip().lower(), str(key.value).strip().lower())
        if name not in FIELDS:
            return at, unknown_field(str(key.value), at)
        found = _value(value, name)
        if found is None:
            wanted = "a list of texts" if name in _LISTS else "a text"
            return at, Problem("not_text", at, {"field": name, "wanted": wanted})
        fields[name] = found
    return line, draft_of(fields, own=True)


def _value(node: yaml.Node, name: str) -> Value | None:
    if isinstance(node, yaml.ScalarNode):
        if node.tag == "tag:yaml.org,2002:null":
            return ""
        return str(node.value) if name not in _LISTS else [str(node.value)]
    if not isinstance(node, yaml.SequenceNode) or name not in _LISTS:
        return None
    return [str(n.value) for n in node.value] if all(isinstance(n, yaml.ScalarNode) for n in node.value) else None


def write_yaml(articles: Iterable[Article]) -> str:
    """Return the articles as a list that ``read_yaml`` reads."""
    return "".join(
        yaml.dump([_plain(article)], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
        for article in articles
    )


def _plain(article: Article) -> dict[str, int | str | list[str]]:
    fields: dict[str, int | str | list[str]] = {"id": article.id, "section": article.section}
    fields |= {"language": article.language, "question": article.question}
    fields |= {"aliases": list(article.aliases), "keywords": list(article.keywords), "answer": article.answer}
    fields |= {"translates": article.original or ""}
    return {name: value for name, value in fields.items() if value not in ("", [])}
