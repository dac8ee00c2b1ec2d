"""Reading the arguments of a call: from query, form and JSON alike, checked by the table."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.tables import ALWAYS_ALLOWED, Method

Note = Callable[[str, str], None]
BROKEN: Mapping[str, str] = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}


async def raw(request: web.BaseRequest) -> Json:
    """Return what came, from wherever in the request it came."""
    found: Json = dict(request.query) if request.query_string else {}
    body = await request.content.read() if request.can_read_body else b""
    kind = request.content_type
    if kind == "application/json":
        try:
            loaded = json.loads(body or b"{}")
        except ValueError:
            raise ApiError("invalid_json") from None
        if not isinstance(loaded, dict):
            raise ApiError("json_not_object")
        found |= loaded
    elif kind == "application/x-www-form-urlencoded":
        found |= parse_qsl(body.decode(), keep_blank_values=True)
    elif body:
        raise ApiError("invalid_post_type")
    return found


class Args:
    """The checked arguments of one call."""

    def __init__(self, method: str, values: Json) -> None:
        self.method, self.values = method, values

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str, default: Any = None) -> Any:
        """Return an argument, or the default when it was left out."""
        return self.values.get(name, default)


def read(method: Method, given: Json, note: Note) -> Args:
    """Return the arguments in their own types; refuse what the service would refuse."""
    values: Json = {}
    for name, value in given.items():
        wanted = method.arguments.get(name)
        if wanted is None:
            if name not in ALWAYS_ALLOWED:
                note("unknown argument", name)
        elif value is not None:
            values[name] = _value(name, wanted.kind, value, note)
    missing = [name for name, wanted in method.arguments.items() if wanted.required and values.get(name) in (None, "")]
    if missing:
        note("missing argument", ", ".join(missing))
        raise ApiError("invalid_arguments", *(f"[ERROR] missing required field: {name}" for name in missing))
    return Args(method.name, values)


def _value(name: str, kind: str, given: Any, note: Note) -> Any:
    try:
        match kind:
            case "boolean":
                return given if isinstance(given, bool) else str(given).lower() in ("true", "1", "yes")
            case "integer" | "number":
                return int(given)
            case "array" | "object":
                return json.loads(given) if isinstance(given, str) else given
        if isinstance(given, list):
            return ",".join(map(str, given))
        if not isinstance(given, str):
            note("wrong type", f"{name}: expected a string, got {type(given).__name__}")
        return str(given)
    except (ValueError, TypeError):
        note("wrong type", f"{name}: expected {kind}")
        raise ApiError(BROKEN.get(name, "invalid_arguments"), f"[ERROR] invalid {kind}: {name}") from None
