"""The OpenAPI document, made of the operations and the models that serve them."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.api.calls import KEY, KEY_SHAPE
from bot.api.operations import Operation, Sent
from bot.api.problems import CONTENT_TYPE, ProblemAnswer
from bot.api.scopes import Scope

BASE = "/api/v1"
REF = "#/components/schemas/{model}"
ABOUT = (
    "Reads and does what one of the team does in the chat. A token (`frontdesk token add`) acts as somebody of the team: "
    "its scopes say which of these it may call, the desk's own roles and workflows what it may do."
)
Schema = dict[str, Any]


def openapi_document(table: Sequence[Operation]) -> Schema:
    """Return what the API is, as programs read it."""
    bodies = [each.body for each in table if each.body is not None]
    answers: list[type[BaseModel]] = [ProblemAnswer, *(each.answers for each in table)]
    sent: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model in dict.fromkeys(bodies)]
    asked: list[type[BaseModel]] = [model for each in table for model in (each.place, each.query)]
    sent += [(model, "validation") for model in dict.fromkeys(asked)]
    told: list[tuple[type[BaseModel], Any]] = [(model, "serialization") for model in dict.fromkeys(answers)]
    names, whole = models_json_schema([*sent, *told], ref_template=REF)
    schemas: Schema = whole["$defs"]
    gone = {_name(names[model, "validation"]) for model in asked}
    paths: Schema = {}
    for each in table:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, names, schemas)
    kept = {name: schema for name, schema in sorted(schemas.items()) if name not in gone}
    if len({_plain(name) for name in kept}) != len(kept):
        raise ValueError("two models of the API would have one name in its document")
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Frontdesk", "version": version("frontdesk"), "description": ABOUT},
        "servers": [{"url": BASE}],
        "paths": paths,
        "components": {"schemas": kept, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    }
    named: Schema = plainly_named(document)
    return named


def plainly_named(part: Any) -> Any:
    """Return a part of the document with models called as what they are of: Ticket, not TicketTold."""
    if isinstance(part, dict):
        untitled = part.get("title") if isinstance(part.get("title"), str) and "type" in part else None
        return {_plain(key): plainly_named(value) for key, value in part.items() if key != "title" or not untitled}
    if isinstance(part, list):
        return [plainly_named(each) for each in part]
    return _plain(part) if isinstance(part, str) and part.startswith(REF[:2]) else part


def _plain(name: str) -> str:
    return re.sub(r"(\w)(?:Told|Answer)$", r"\1", name)


def _name(ref: Schema) -> str:
    return str(ref["$ref"]).rpartition("/")[2]


def _operation(each: Operation, names: Any, schemas: Schema) -> Schema:
    said: Schema = {
        "operationId": each.name,
        "summary": each.summary,
        "description": f"Scope `{each.scope}`.",
        "tags": [each.scope.partition(":")[0]],
        "parameters": [
            *_parameters(each.place, "path", names, schemas),
            *_parameters(each.query, "query", names, schemas),
            *([_KEY] if each.writes else []),
        ],
        "responses": {str(int(each.status)): _told("What was asked for.", names[each.answers, "serialization"])},
    }
    problem = names[ProblemAnswer, "serialization"]
    for status in sorted(each.problems):
        said["responses"][str(int(status))] = _told(HTTPStatus(status).phrase, problem, CONTENT_TYPE)
    if each.body is not None:
        content = {"application/json": {"schema": names[each.body, "validation"]}}
        said["requestBody"] = {"required": True, "content": content}
    return said


def _told(what: str, schema: Schema, kind: str = "application/json") -> Schema:
    return {"description": what, "content": {kind: {"schema": schema}}}


_KEY: Schema = {
    "name": KEY,
    "in": "header",
    "required": False,
    "description": "The caller's own key of this call: repeated within 24 hours it is answered the same, and done once.",
    "schema": {"type": "string", "pattern": f"^{KEY_SHAPE.pattern}$"},
}


def _parameters(model: type[Sent], where: str, names: Any, schemas: Schema) -> list[Schema]:
    schema = schemas[_name(names[model, "validation"])]
    needed = schema.get("required", [])
    return [
        {
            "name": name,
            "in": where,
            "required": where == "path" or name in needed,
            "description": of.get("description", ""),
            "schema": {key: value for key, value in of.items() if key != "description"},
        }
        for name, of in schema.get("properties", {}).items()
    ]


def scope_lines(table: Sequence[Operation]) -> list[tuple[Scope, list[str]]]:
    """Return each scope with what it lets a program call."""
    return [(scope, [f"{each.method} {each.path}" for each in table if each.scope is scope]) for scope in Scope]
