"""Rules in which something is not what it has to be: each place of the document, each shape; told kindly, never a crash."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest

from bot.operations.seed import example_rules
from handlers.rules import Rules
from handlers.rules.document import read_document

WHOLE: dict[str, Any] = {
    **example_rules(),
    "roles": {"admins": ["telegram:7001"], "seniors": ["telegram:7002"], "permissions": {"close": "senior"}},
}
SHAPES: dict[str, Any] = {
    "list": ["close"], "empty list": [], "number": 5, "word": "close", "nothing": None, "yes": True, "deeper": {"x": {"y": [1]}},
    "list of lists": [[1], [2]], "number as a name": {5: "close"},
}  # fmt: skip
TEXTS = ("title", "name", "label", "choices")


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in a document."""
    inner = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Return the document with another value in one place."""
    made = deepcopy(WHOLE)
    node: Any = made
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return made


@pytest.mark.parametrize("shape", SHAPES)
def test_no_place_of_the_rules_breaks_on_a_shape_that_is_not_its_own(shape: str):
    assert read_document(WHOLE, Rules())[1] == []
    for path in places(WHOLE):
        rules, problems = read_document(changed(path, SHAPES[shape]), Rules())
        assert isinstance(rules, Rules), path
        assert all(problem.said for problem in problems), path


def test_each_text_of_a_type_and_of_a_workflow_may_be_so_long():
    told: dict[tuple[str, str], set[int]] = {}
    for path in places(WHOLE):
        for problem in read_document(changed(path, "x" * 5000), Rules())[1]:
            if problem.said.key == "rules.wrong.long" and (named := [step for step in path if step in TEXTS]):
                told.setdefault((path[0], named[-1]), set()).add(problem.said.facts["limit"])
    assert told == {
        ("types", "title"): {75},
        ("types", "name"): {32},
        ("types", "label"): {200},
        ("types", "choices"): {75},
        ("workflows", "title"): {40},
    }


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape not in ("nothing", "deeper", "number as a name")])
@pytest.mark.parametrize("path", [("roles",), ("roles", "permissions"), ("types",)])
def test_a_section_that_is_none_is_told(path: tuple[str, ...], shape: str):
    _, problems = read_document(changed(path, SHAPES[shape]), Rules())
    assert problems
