"""A typed client made of nothing but the API's document: ``python -m tests.api.generate`` writes ``tests/api/client.py``.

It is the proof that the document says enough for programs to be written against it: mypy checks the story that uses it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.api.document import openapi_document
from bot.api.table import OPERATIONS

FILE = Path(__file__).with_name("client.py")
HEAD = '''"""A typed client of the API; written by ``python -m tests.api.generate`` from the document."""

# ruff: noqa

from typing import Literal, NotRequired, TypedDict, cast

from tests.api.program import Program
'''
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
Schema = dict[str, Any]


def client_source() -> str:
    """Return the client as Python."""
    document = openapi_document(OPERATIONS)
    types = (_type(name, schema) for name, schema in document["components"]["schemas"].items())
    calls = (
        _call(path, method, said, document)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    )
    body = '\n\nclass Client:\n    """All that may be called, by name."""\n\n    def __init__(self, program: Program) -> None:\n'
    return "\n\n".join([HEAD.rstrip(), *types]) + "\n" + body + "        self._program = program\n" + "".join(calls)


def _type(name: str, schema: Schema) -> str:
    if "enum" in schema:
        return f"{name} = Literal[{', '.join(repr(one) for one in schema['enum'])}]"
    fields = ", ".join(_fields(schema))
    return f'{name} = TypedDict("{name}", {{{fields}}})'


def _fields(schema: Schema) -> Iterator[str]:
    for name, one in schema.get("properties", {}).items():
        needed = name in schema.get("required", ())
        yield f'"{name}": "{_hint(one)}"' if needed else f'"{name}": NotRequired["{_hint(one)}"]'


def _hint(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_hint(one) for one in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list[{_hint(schema['items'])}]"
    if schema.get("type") == "object":
        return f"dict[str, {_hint(schema['additionalProperties'])}]"
    return PLAIN[schema["type"]]


def _call(path: str, method: str, said: Schema, document: Schema) -> str:
    name = re.sub(r"(?<!^)([A-Z])", r"_\1", said["operationId"]).lower()
    places = {one["name"]: _hint(one["schema"]) for one in said["parameters"] if one["in"] == "path"}
    asked = {one["name"]: _hint(one["schema"]) for one in said["parameters"] if one["in"] == "query"}
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    takes = ["self", *(f'{one}: "{hint}"' for one, hint in places.items())]
    takes += [f'body: "{_hint(body)}"'] if body else []
    named = [f'{_safe(one)}: "{hint} | None" = None' for one, hint in asked.items()]
    named += ['key: str = ""'] if method != "get" else []
    status = next(one for one in said["responses"] if one.startswith("2"))
    answer = _hint(said["responses"][status]["content"]["application/json"]["schema"])
    query = ", ".join(f'"{one}": {_safe(one)}' for one in asked)
    sends = [f'"{method.upper()}"', f'f"{path}"' if places else f'"{path}"', status]
    sends += [f"params={{name: value for name, value in {{{query}}}.items() if value is not None}}"] if asked else []
    sends += ["json=body"] if body else []
    sends += ["key=key"] if method != "get" else []
    return (
        f'\n    async def {name}({", ".join([*takes, *(["*", *named] if named else [])])}) -> "{answer}":\n'
        f'        """{said["summary"]}."""\n'
        f'        return cast("{answer}", await self._program.asks({", ".join(sends)}))\n'
    )


def _safe(name: str) -> str:
    return f"{name}_" if name == "from" else name


if __name__ == "__main__":
    FILE.write_text(client_source(), encoding="utf-8")
