"""The document is true: whatever it allows is answered as it says, by nothing else, and never by a mistake."""

import ast
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.api import server
from bot.api.document import openapi_document
from bot.api.table import OPERATIONS
from tests.api import generate
from tests.api.program import Program
from tests.api.schema import misfits, values

DOCUMENT = openapi_document(OPERATIONS)
EACH = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
few = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


async def test_it_is_made_once_and_served_as_it_is_made(admin: Program, monkeypatch: pytest.MonkeyPatch):
    assert await admin.asks("GET", "/openapi.json") == json.loads(json.dumps(DOCUMENT))
    monkeypatch.setattr(server, "_tell", None)  # anybody may ask, and to make it takes long
    assert await admin.asks("GET", "/openapi.json") == json.loads(json.dumps(DOCUMENT))


def test_every_reference_leads_somewhere():
    text = json.dumps(DOCUMENT)
    named = {one.partition('"')[0] for one in text.split("#/components/schemas/")[1:]}
    assert named == DOCUMENT["components"]["schemas"].keys()


def test_the_typed_client_is_made_of_the_document_as_it_is_now():
    kept = generate.FILE.read_text("utf-8")
    assert ast.dump(ast.parse(kept)) == ast.dump(ast.parse(generate.client_source())), "python -m tests.api.generate"


def test_no_two_operations_have_one_name_or_one_path():
    assert len({each.name for each in OPERATIONS}) == len(OPERATIONS) == len(EACH)


@st.composite
def calls(draw: Any, path: str, method: str, *, fitting: bool) -> tuple[str, Any]:
    """Draw a path with its query, and a body: such as the document allows, or with something else in it."""
    said = DOCUMENT["paths"][path][method]
    given_ = {one["name"]: (one["in"], one["required"], one["schema"]) for one in said["parameters"]}
    query: dict[str, Any] = {}
    for name, (where, needed, schema) in given_.items():
        if where == "path":
            some = values(schema, DOCUMENT) if fitting else values(schema, DOCUMENT) | st.text(min_size=1, max_size=9)
            path = path.replace(f"{{{name}}}", quote(str(draw(some)).replace("/", "_"), safe="") or "_")
        elif where == "query" and (needed or draw(st.booleans())):
            query[name] = draw(values(schema, DOCUMENT) if fitting else st.text(max_size=9))
    if not fitting and draw(st.booleans()):
        query[draw(st.text(max_size=5))] = "x"
    plain = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    asked = urlencode(plain, errors="replace")
    sent = draw(values(body, DOCUMENT) if fitting else values(body, DOCUMENT) | JUNK) if body else None
    return f"{path}?{asked}" if asked else path, sent


async def answered(program: Program, path: str, method: str, call: tuple[str, Any]) -> None:
    """Call, and hold the answer to the document."""
    address, sent = call
    body: dict[str, Any] = (
        {} if sent is None else {"data": json.dumps(sent), "headers": {"Content-Type": "application/json"}}
    )
    status, told, headers = await program.calls(method.upper(), address, **body)
    assert status < 500, told
    declared = DOCUMENT["paths"][path][method]["responses"]
    assert str(status) in declared, (address, sent, told)
    ((kind, content),) = declared[str(status)]["content"].items()
    assert headers["Content-Type"].partition(";")[0] == kind
    assert misfits(told, content["schema"], DOCUMENT) == [], (address, sent)


@pytest.mark.parametrize(("path", "method"), EACH)
@few
@given(data=st.data())
async def test_what_it_allows_is_answered_as_it_says(admin: Program, path: str, method: str, data: Any):
    await answered(admin, path, method, data.draw(calls(path, method, fitting=True)))


@pytest.mark.parametrize(("path", "method"), EACH)
@few
@given(data=st.data())
async def test_what_it_does_not_allow_is_refused_as_it_says(admin: Program, path: str, method: str, data: Any):
    await answered(admin, path, method, data.draw(calls(path, method, fitting=False)))
