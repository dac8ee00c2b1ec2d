"""Articles as a YAML list."""

from collections.abc import Iterable, Iterator

import yaml

from kb.article import Article
from kb.files.fields import FIELDS, Value, article_of, field_name, unknown_field
from kb.files.validation import Problem

_BATCH = 100  # articles parsed at a time: a broken one spoils no more than its neighbours, and progress shows
_LISTS = ("aliases", "keywords")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
Row = tuple[int, Article | Problem, int]


def read_yaml(text: str, language: str) -> Iterator[Row]:
    """Yield (line, article or refusal, characters read)."""
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
            yield from ((*_article(item, first, language), done) for item in node.value)
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


def _article(node: yaml.Node, first: int, language: str) -> tuple[int, Article | Problem]:
    line = first + node.start_mark.line
    if not isinstance(node, yaml.MappingNode):
        return line, Problem("not_text", line, {"field": "article", "wanted": "a mapping: “question: …”"})
    fields: dict[str, Value] = {}
    for key, value in node.value:
        at = first + key.start_mark.line
        name = field_name(str(key.value))
        if name not in FIELDS:
            return at, unknown_field(str(key.value), at)
        found = _value(value, name)
        if found is None:
            wanted = "a list of texts" if name in _LISTS else "a text"
            return at, Problem("not_text", at, {"field": name, "wanted": wanted})
        fields[name] = found
    return line, article_of(fields, language)


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
    return {name: value for name, value in fields.items() if value not in ("", [])}
