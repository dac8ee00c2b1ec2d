"""Whatever comes is storable: what no database takes becomes something that every database does, and nothing else is lost.

Half of a surrogate pair and NUL become U+FFFD, a number beyond 64 bits the nearest one that fits (in JSON its digits as text),
what is nested too deeply is cut there.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, event

MOST = 2**63 - 1
DEEP = 100  # levels of JSON; messengers' own have about ten
REPLACED = "\ufffd"
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


def storable_text(value: str) -> str:
    """Return a text as every database takes it."""
    return value if value.isascii() and "\x00" not in value else _NOT_TEXT.sub(REPLACED, value)


def storable_value(value: Any) -> Any:
    """Return a value as a statement may carry it."""
    if type(value) is str:
        return storable_text(value)
    if type(value) is int and not -MOST <= value <= MOST:
        return MOST if value > 0 else -MOST
    return value


def storable_data(value: Any, depth: int = 0) -> Any:
    """Return JSON data that can be written down and read again."""
    match value:
        case str():
            return storable_text(value)
        case bool() | None:
            return value
        case int():
            return value if -MOST <= value <= MOST else hex(value)  # digits beyond number have no decimal text
        case float():
            return value if math.isfinite(value) else str(value)
        case Mapping():
            deep = depth >= DEEP
            return (
                REPLACED
                if deep
                else {storable_text(str(name)): storable_data(each, depth + 1) for name, each in value.items()}
            )
        case list() | tuple():
            return REPLACED if depth >= DEEP else [storable_data(each, depth + 1) for each in value]
    return value


def storable_parameters(given: Any) -> Any:
    """Return the parameters of a statement, or of each of several, as it may carry them."""
    if isinstance(given, Mapping):
        return {name: storable_value(value) for name, value in given.items()}
    if isinstance(given, tuple):
        return tuple(storable_value(value) for value in given)
    if isinstance(given, Sequence):
        return [storable_parameters(each) for each in given]
    return given


def raw_json_text(value: Any) -> str:
    """Return JSON data as text, just as it came where that can be written down: what no database takes is escaped."""
    try:
        return json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return json.dumps(storable_data(value))


def storable_json_text(value: Any) -> str:
    """Return JSON data as text that reads as what every database takes."""
    found = raw_json_text(value)
    return json.dumps(storable_data(value)) if "\\ud" in found or "\\u0000" in found else found


def clean_statement_parameters(engine: Engine) -> None:
    """Let every statement of an engine carry what can be stored only."""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def carry(_connection: object, _cursor: object, statement: str, given: Any, *_more: object) -> tuple[str, Any]:
        return statement, storable_parameters(given)
