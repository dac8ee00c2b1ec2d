"""desk.yaml: the desk's rules as an operator's file, with every mistake at its line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.operations.rules_yaml import Unread, read_apart
from handlers.rules import Rules
from handlers.rules.document import Document, ordered_document, read_document
from handlers.rules.node import Path as Place
from handlers.rules.node import Problem
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import Locale, Translator

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


def parse_desk_text(text: str) -> Parsed:
    """Return the document of a text, read in a process of its own; raise BadDeskFile where it is no YAML."""
    try:
        data, lines, twice = read_apart(text)
    except Unread as unread:
        raise BadDeskFile([f"{unread.line}: {unread}"]) from None
    return Parsed(data, lines, tuple(Problem(place, phrase("rules.wrong.twice", word=place[-1])) for place in twice))


def load_desk_file(path: Path, base: Rules) -> Document:
    """Return the document of a file that may be applied; raise BadDeskFile with all its mistakes."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadDeskFile([f"{path}: over {LARGEST // 1_000_000} MB is no file of rules"])
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadDeskFile([f"{path}: save it as UTF-8"]) from None
    except OSError as error:
        raise BadDeskFile([f"{path}: {error.strerror}"]) from None
    try:
        parsed = parse_desk_text(text)
    except BadDeskFile as bad:
        raise BadDeskFile([f"{path}:{line}" for line in bad.lines]) from None
    _, problems = read_document(parsed.data, base)
    if found := [*parsed.twice, *problems]:
        told = [(_line_of(parsed.lines, problem.path), problem) for problem in found]
        told.sort(key=lambda one: one[0])
        raise BadDeskFile([f"{path}:{line}: {problem.place}: {problem_text(problem)}" for line, problem in told])
    return ordered_document(parsed.data or {})


def desk_file_text(document: Document) -> str:
    """Return a document as a file: reading it again gives the same document."""
    return yaml.dump(dict(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


def yaml_line(value: Any) -> str:
    """Return a value on one line, as YAML writes it."""
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6, default_flow_style=True)
    return text.removesuffix("\n").removesuffix("\n...")


def problem_text(problem: Problem) -> str:
    """Return what is wrong, for an operator."""
    return Translator().say(problem.said, Locale())


class _Dumper(yaml.SafeDumper):
    """Quotes what another reader of YAML might take for something else than text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their key."""
        super().increase_indent(flow, indentless=False)


def _line_of(lines: Mapping[Place, int], path: Place) -> int:
    """Return the line of a place, or of the nearest place around it that is written."""
    place = tuple(step if isinstance(step, int) else str(step) for step in path)
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)
