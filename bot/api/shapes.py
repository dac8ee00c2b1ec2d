"""Shapes that several resources share: numbers, pages, who somebody is."""

import base64
import binascii
import json
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field

from bot.api.operations import Sent, Told
from bot.api.problems import Problem, Wrong

LARGEST = 2**31 - 1
MOST = 100  # of one page

Number = Annotated[int, Field(ge=1, le=LARGEST)]
Cursor = Annotated[
    str, Field(max_length=500, description="`next` of the page before; leave it out for the first page.")
]
Limit = Annotated[int, Field(ge=1, le=MOST, description="How many at most.")]
Next = Annotated[str | None, Field(description="The cursor of the next page; null: this is the last.")]


class Paged(Sent):
    """Which page."""

    cursor: Cursor = ""
    limit: Limit = 50


class Who(Told):
    """Somebody, by number and name."""

    id: int
    name: str


def cursor_of(*place: str | int) -> str:
    """Return a place in a list as a word that nobody has to understand."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str, *shape: type) -> Any:
    """Return the place that a cursor names, each part of the type it is to have; None for the first page."""
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise _no_cursor() from None
    if not isinstance(found, list) or [type(part) for part in found] != list(shape):
        raise _no_cursor()
    if any(isinstance(part, int) and not 0 <= part < 2**62 for part in found):
        raise _no_cursor()
    return found


def _no_cursor() -> Problem:
    wrong = [Wrong(where="cursor", what="It is none of this list.")]
    said = "The cursor is none of this list: take `next` of a page that was asked for alike."
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, said, wrong=wrong)
