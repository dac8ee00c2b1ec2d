"""What of the house rules is not reached yet, list by list; ``python -m tests.house.ratchet`` writes it down."""

import ast
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("ratchet.yaml")
ROOMS = ("bot", "handlers", "kb", "storage")


def sources(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield each source file of some rooms by its path, as it is parsed."""
    for room in rooms or ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "versions" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def facts_read() -> list[str]:
    """Return the files that read the untyped facts of an event."""
    found = set()
    for path, tree in sources("handlers", "bot"):
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(value=ast.Attribute(attr="event"), attr="facts"):
                    found.add(path)
    return sorted(found)


def generic_names() -> list[str]:
    """Return the public functions of a module whose name is one word: neither grep nor a traceback tells whose it is."""
    return [
        f"{path}: {node.name}"
        for path, tree in sources()
        if not path.startswith(("bot/commands/", "bot/sandbox/", "bot/demo/"))  # a command's name is its function's
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and "_" not in node.name
        and not any("on." in ast.unparse(each) for each in node.decorator_list)
    ]


MAPPINGS = ("Mapping", "dict", "MutableMapping")
PAYLOADS = ("bot/telegram/", "bot/slack/", "bot/sandbox/")  # their keys stand in the messengers' own descriptions


def unnamed_keys() -> list[str]:
    """Return the parameters that are a record in disguise: a mapping from str to anything whose keys are told nowhere.

    A TypedDict, a dataclass or an alias tells them, or a docstring: ``facts``: {"ticket", "into"}.
    """
    return [
        f"{path}: {function.name}({parameter.arg})"
        for path, tree in sources()
        if not path.startswith(PAYLOADS)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for parameter in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        if parameter.annotation is not None
        and any(map(_any_mapping, ast.walk(parameter.annotation)))
        and f"``{parameter.arg}``" not in (ast.get_docstring(function) or "")
    ]


def _any_mapping(node: ast.AST) -> bool:
    """Return whether a type is a mapping from str to anything."""
    match node:
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=[ast.Name(id="str"), ast.Name(id=value)])):
            return name in MAPPINGS and value in ("Any", "object")
    return False


LISTS: Mapping[str, Callable[[], list[str]]] = {
    "files that read facts": facts_read,
    "functions of one word": generic_names,
    "mappings whose keys are told nowhere": unnamed_keys,
}


def main() -> None:
    """Write down what is not reached yet."""
    FILE.write_text(
        yaml.safe_dump({name: found() for name, found in LISTS.items()}, sort_keys=False, width=120), "utf-8"
    )


if __name__ == "__main__":
    main()
