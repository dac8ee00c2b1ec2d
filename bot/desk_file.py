"""desk.yaml: the desk's rules as an operator's file, with every mistake at its line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from handlers.messages import phrase
from handlers.phrases import Reader, Speech
from handlers.rules import Rules
from handlers.rules.document import Document, ordered, read
from handlers.rules.node import Path as Place
from handlers.rules.node import Problem

LARGEST = 2_000_000  # bytes of a file


class BadDeskFile(Exception):
    """A file that cannot be applied: one line for each mistake, with its place and its fix."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document, the line of each of its places, and the names that stand twice."""

    data: Any
    lines: Mapping[Place, int] = field(default_factory=dict)
    twice: tuple[Problem, ...] = ()


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: ``9:30`` is no number of seconds, ``2026-12-31`` no object, ``no`` no falsehood."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in resolvers if tag.rpartition(":")[2] in ("null", "merge")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for tag, shape, firsts in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(0|[1-9][0-9]{0,11})", "-+0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{shape})$"), list(firsts))


def parse(text: str) -> Parsed:
    """Return the document of a text; raise BadDeskFile where it is no YAML."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Parsed({})
        lines, twice = dict(_lines(node, ())), tuple(_twice(node, ()))
        return Parsed(loader.construct_document(node), lines, twice)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadDeskFile([f"{line}: {error.problem or error.context}"]) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadDeskFile([f"1: {error}"]) from None
    finally:
        loader.dispose()


def checked(path: Path, base: Rules) -> Document:
    """Return the document of a file that may be applied; raise BadDeskFile with all its mistakes."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadDeskFile([f"{path}: save it as UTF-8"]) from None
    except OSError as error:
        raise BadDeskFile([f"{path}: {error.strerror}"]) from None
    if len(raw) > LARGEST:
        raise BadDeskFile([f"{path}: over {LARGEST // 1_000_000} MB is no file of rules"])
    try:
        parsed = parse(text)
    except BadDeskFile as bad:
        raise BadDeskFile([f"{path}:{line}" for line in bad.lines]) from None
    _, problems = read(parsed.data, base)
    if found := [*parsed.twice, *problems]:
        told = [(_line_of(parsed.lines, problem.path), problem) for problem in found]
        told.sort(key=lambda one: one[0])
        raise BadDeskFile([f"{path}:{line}: {problem.place}: {said(problem)}" for line, problem in told])
    return ordered(parsed.data or {})


def written(document: Document) -> str:
    """Return a document as a file: reading it again gives the same document."""
    return yaml.dump(dict(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


def flat(value: Any) -> str:
    """Return a value on one line, as YAML writes it."""
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6, default_flow_style=True)
    return text.removesuffix("\n").removesuffix("\n...")


def said(problem: Problem) -> str:
    """Return what is wrong, for an operator."""
    return Speech().say(problem.said, Reader())


class _Dumper(yaml.SafeDumper):
    """Quotes what another reader of YAML might take for something else than text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their key."""
        super().increase_indent(flow, indentless=False)


def _lines(node: yaml.Node, path: Place) -> Iterator[tuple[Place, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            yield from _lines(value, inner)
            yield inner, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _lines(value, (*path, position))


def _twice(node: yaml.Node, path: Place) -> Iterator[Problem]:
    """Yield a problem for each key that stands twice: YAML itself would silently take the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield Problem((*path, name), phrase("rules.wrong.twice", word=name))
            seen.add(name)
            yield from _twice(value, (*path, name))
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _twice(value, (*path, position))


def _line_of(lines: Mapping[Place, int], path: Place) -> int:
    """Return the line of a place, or of the nearest place around it that is written."""
    place = tuple(step if isinstance(step, int) else str(step) for step in path)
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)
