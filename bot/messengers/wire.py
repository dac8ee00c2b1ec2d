"""What comes over the wire, judged before it is believed: an answer that is not the messenger's own is no answer."""

import json
import math
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientResponse

BODY = 32 * 1024 * 1024  # bytes of an API's answer; what goes on for longer is none
CHUNK = 64 * 1024
UNNAMED = 5.0  # seconds, where somebody says "too many" and not for how long
LONGEST = 3600.0  # seconds that are waited before asking again, whatever was named

# Of JSON: a type, types of which it may be empty too, the fields of an object, or what each of a list is.
Shape = type | tuple[type, ...] | dict[str, Any] | list[Any]


async def read_body(answer: ClientResponse, most: int = BODY) -> bytes | None:
    """Return the whole body; None where it is longer than that."""
    found = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK):
        found += chunk
        if len(found) > most:
            return None
    return bytes(found)


def json_object(body: bytes | None) -> dict[str, Any] | None:
    """Return the JSON object that a body is; None where it is anything else."""
    for numbers in (None, _number):  # at first as quickly as can be
        try:
            found = json.loads(body or b"", parse_int=numbers)
        except (ValueError, RecursionError):
            continue
        return found if isinstance(found, dict) else None
    return None


def _number(digits: str) -> int | str:
    """Return a number, as text where it has more digits than Python reads."""
    return int(digits) if len(digits) < 1000 else digits


def matches_shape(shape: Shape, found: object) -> bool:
    """Return whether JSON data has at least this shape; an empty text is none where one is promised."""
    match shape:
        case tuple():
            return isinstance(found, shape)
        case dict():
            return isinstance(found, dict) and all(matches_shape(part, found.get(name)) for name, part in shape.items())
        case [each]:
            return isinstance(found, list) and all(matches_shape(each, one) for one in found)
        case type():
            return isinstance(found, shape) and found != "" and not (isinstance(found, bool) and shape is not bool)
    raise TypeError(f"{shape!r} is no shape")


def pause_seconds(named: object) -> float:
    """Return how many seconds to wait for whoever named them, where what they named makes sense."""
    try:
        seconds = float(named) if isinstance(named, str | int | float) else math.nan
    except (ValueError, OverflowError):
        seconds = math.nan
    return min(seconds, LONGEST) if seconds >= 0 else UNNAMED


def retry_after(headers: Mapping[str, str]) -> float:
    """Return the pause that an answer's headers ask for."""
    return pause_seconds(headers.get("Retry-After"))
