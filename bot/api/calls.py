"""Calls: who calls, may they, what exactly do they ask; read from HTTP, before anybody answers."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.api.operations import Operation
from bot.api.problems import Problem, Wrong
from storage.people.people import Person
from storage.people.tokens import Token

M = TypeVar("M", bound=BaseModel)
KEY = "Idempotency-Key"
KEY_SHAPE = re.compile(r"[\x21-\x7e]{1,255}")
BODY = 256 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that was let in, and who acts by its token."""

    token: Token
    person: Person


@dataclass(frozen=True, slots=True)
class Call:
    """One call, read and found to be of the right shape."""

    caller: Caller
    place: Any  # what the path names, as the operation's model has it
    query: Any
    body: Any
    key: str = ""  # the caller's own for this call
    raw: bytes = b""


def bearer_secret(request: web.Request) -> str:
    """Return the secret that a call brings along; empty where it brings none."""
    kind, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
    return secret.strip() if kind.casefold() == "bearer" and secret.isascii() else ""


def operation_of(table: Sequence[Operation], method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """Return which operation is called, and what its path names."""
    there = [(each, found.groupdict()) for each in table if (found := each.pattern.fullmatch(path))]
    for operation, named in there:
        if operation.method == method:
            return operation, named
    if not there:
        raise Problem(HTTPStatus.NOT_FOUND, "There is nothing at this path; /api/v1/openapi.json tells what there is.")
    allowed = ", ".join(sorted({operation.method for operation, _ in there}))
    raise Problem(
        HTTPStatus.METHOD_NOT_ALLOWED, f"This path takes {allowed} and nothing else.", headers={"Allow": allowed}
    )


def read_call(request: web.Request, operation: Operation, named: dict[str, str], caller: Caller) -> Call:
    """Return a call as its operation's models have it, its body aside; what does not fit is told field by field."""
    twice = sorted({name for name in request.query if len(request.query.getall(name)) > 1})
    if twice:
        wrong = [Wrong(where=name, what="It is given twice.") for name in twice]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{twice[0]} is given twice.", wrong=wrong)
    place = _fitting(operation.place, named, "path")
    query = _fitting(operation.query, dict(request.query), "query")
    return Call(caller, place, query, None)


async def read_body(request: web.Request, operation: Operation, call: Call) -> Call:
    """Return a call that changes something with its body and its key."""
    raw = await _raw_body(request)
    body = _fitting_body(operation.body, request, raw) if operation.body is not None else None
    return replace(call, body=body, key=_key(request), raw=raw)


def _key(request: web.Request) -> str:
    key = request.headers.get(KEY, "").strip()
    if KEY in request.headers and not KEY_SHAPE.fullmatch(key):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{KEY} is 1 to 255 visible ASCII characters.")
    return key


async def _raw_body(request: web.Request) -> bytes:
    too_large = Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A body has at most {BODY // 1024} KiB.")
    if (request.content_length or 0) > BODY:
        raise too_large
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise too_large from None
    if len(raw) > BODY:
        raise too_large
    return raw


def _fitting(model: type[M], given: dict[str, str], where: str) -> M:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        wrong = _wrong(error)
        status = HTTPStatus.NOT_FOUND if where == "path" else HTTPStatus.UNPROCESSABLE_ENTITY
        raise Problem(status, f"{wrong[0].where} in the {where}: {wrong[0].what}", wrong=wrong) from None


def _fitting_body(model: type[M], request: web.Request, raw: bytes) -> M:
    if request.content_type != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json.")
    try:
        sent = json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Problem(HTTPStatus.BAD_REQUEST, "The body is no JSON document.") from None
    if not _is_storable(sent):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "A text has characters that are none: half of a pair, or NUL.")
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        wrong = _wrong(error)
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{wrong[0].where}: {wrong[0].what}", wrong=wrong) from None


def _no_number(word: str) -> None:
    raise ValueError(word)


def _is_storable(sent: object) -> bool:
    """Return whether every text in a document can be kept in a database."""
    waiting = [sent]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and ("\0" in one or any("\ud800" <= sign <= "\udfff" for sign in one)):
            return False
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
    return True


def _wrong(error: ValidationError) -> list[Wrong]:
    """Return what is wrong field by field, without what was sent."""
    found = error.errors(include_input=False, include_url=False, include_context=False)
    return [Wrong(where=".".join(map(str, one["loc"])) or "body", what=f"{one['msg']}.") for one in found[:20]]
