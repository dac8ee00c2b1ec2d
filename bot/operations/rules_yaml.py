"""YAML as people mean it, read in a process of its own (kb/files/apart.py): what stands in a file, and on which line."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from kb.files.apart import Ended, call_in_subprocess, serve_one_request

DEEP = "it is nested too deeply, or refers to itself too often, to be read: make it plainer"
SECONDS = 20  # that a file of rules may take its reader; a large one takes a tenth
Place = tuple[str | int, ...]


class Unread(ValueError):
    """A text that is no YAML, or that cannot be read: ``line`` and why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


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


def read_text(text: str) -> tuple[Any, dict[Place, int], list[Place]]:
    """Return a document, the line of each of its places, and the places of names that stand twice; raise Unread."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, {}, []
        lines, twice = dict(_lines(node, ())), list(_twice(node, ()))
        return loader.construct_document(node), lines, twice
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unread(line, str(error.problem or error.context)) from None
    except RecursionError:
        raise Unread(1, DEEP) from None
    except (yaml.YAMLError, ValueError) as error:
        raise Unread(1, str(error)) from None
    finally:
        loader.dispose()


def read_apart(text: str) -> tuple[Any, dict[Place, int], list[Place]]:
    """Return what ``read_text`` does, or raise Unread, whatever the text does to its reader."""
    try:
        found = json.loads(
            call_in_subprocess("bot.operations.rules_yaml", text.encode("utf-8", "replace"), seconds=SECONDS)
        )
    except Ended:
        raise Unread(1, DEEP) from None
    if "why" in found:
        raise Unread(found["line"], found["why"])
    lines = {tuple(place): line for place, line in found["lines"]}
    return found["data"], lines, [tuple(place) for place in found["twice"]]


def _answer(request: bytes, _: object) -> bytes:
    try:
        data, lines, twice = read_text(request.decode())
    except Unread as unread:
        return json.dumps({"line": unread.line, "why": str(unread)}).encode()
    return json.dumps({"data": data, "lines": list(lines.items()), "twice": twice}, default=str).encode()


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


def _twice(node: yaml.Node, path: Place) -> Iterator[Place]:
    """Yield each key that stands twice: YAML itself would silently take the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield (*path, name)
            seen.add(name)
            yield from _twice(value, (*path, name))
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _twice(value, (*path, position))


if __name__ == "__main__":
    serve_one_request(_answer)
