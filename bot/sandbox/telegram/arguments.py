"""From what came over HTTP to typed arguments, with every departure from the tables noted."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.model import Json
from bot.sandbox.telegram.tables import NOT_PLAYED, TYPES, Field, Method

Note = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart request."""

    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Args:
    """The checked arguments of one call, and the files that came with it."""

    method: str
    values: Json
    files: Mapping[str, Upload] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str, default: Any = None) -> Any:
        """Return an argument, or the default when it was left out."""
        return self.values.get(name, default)


MARKUPS: Mapping[str, str] = MappingProxyType(
    {
        "inline_keyboard": "InlineKeyboardMarkup",
        "keyboard": "ReplyKeyboardMarkup",
        "remove_keyboard": "ReplyKeyboardRemove",
        "force_reply": "ForceReply",
    }
)
# The first word of each family's member types: the rest of the name is the value of ``type`` in camel case.
# Once plain strings, and still taken as such.
STRINGS_TOO = frozenset({"InputPollOption", "KeyboardButton"})
FAMILIES = ("InputMedia", "ReactionType", "BotCommandScope", "MenuButton")
EMPTY: Mapping[str, Refusal] = MappingProxyType({"chat_id": Refusal.CHAT_ID_EMPTY, "text": Refusal.TEXT_EMPTY})


def _boolean(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str | int):
        return str(raw).lower() in ("true", "yes", "1")
    raise ValueError(raw)


def _integer(raw: Any) -> int:
    if isinstance(raw, bool | float):
        raise ValueError(raw)
    return int(raw)


def _integer_or_string(raw: Any) -> int | str:
    text = str(raw)
    return int(text) if text.lstrip("-").isdigit() else text


def _string(raw: Any) -> str:
    if isinstance(raw, dict | list):
        raise ValueError(raw)
    return str(raw)


def _file(raw: Any) -> Any:
    return raw if isinstance(raw, Upload) else _string(raw)


def _nested(raw: Any) -> Any:
    value = json.loads(raw) if isinstance(raw, str) else raw
    if not isinstance(value, dict | list):
        raise ValueError(raw)
    return value


READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "Boolean": _boolean,
        "True": _boolean,
        "Integer": _integer,
        "Float": float,
        "String": _string,
        "Integer or String": _integer_or_string,
        "InputFile": _file,
        "InputFile or String": _file,
    }
)


def read(method: Method, raw: Mapping[str, Any], files: Mapping[str, Upload], note: Note) -> Args:
    """Return the arguments in their own types; refuse what the server would refuse."""
    values: Json = {}
    for name, given in raw.items():
        wanted = method.arguments.get(name)
        if wanted is None:
            note("unknown argument", name)
        elif given is not None and (given != "" or (wanted.kind == "String" and not wanted.required)):
            values[name] = _read(name, wanted, given, note)
    for name, wanted in method.arguments.items():
        if name in files and name not in values and wanted.kind.startswith("InputFile"):
            values[name] = files[name]
        if wanted.required and name not in values:
            note("missing argument", name)
            raise ApiError(EMPTY[name]) if name in EMPTY else ApiError(Refusal.PARAMETER_REQUIRED, name=name)
    for name in NOT_PLAYED & values.keys():
        note("not played by the sandbox", name)
    return Args(method.name, values, files)


def _read(name: str, wanted: Field, given: Any, note: Note) -> Any:
    try:
        value = READERS.get(wanted.kind, _nested)(given)
    except (ValueError, TypeError):
        note("wrong type", f"{name}: expected {wanted.kind}")
        raise ApiError(Refusal.PARAMETER_WRONG, name=name, kind=wanted.kind) from None
    if wanted.kind not in READERS:
        check(name, wanted.kind, value, note)
    return value


def check(name: str, kind: str, value: Any, note: Note) -> None:
    """Note unknown and missing fields of a nested value, however deep."""
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            note("wrong type", f"{name}: expected {kind}")
            raise ApiError(Refusal.PARAMETER_WRONG, name=name, kind=kind)
        for number, item in enumerate(value):
            check(f"{name}[{number}]", kind.removeprefix("Array of "), item, note)
    elif kind in READERS:
        READERS[kind](value)
    elif isinstance(value, dict):
        _check_fields(name, TYPES.get(_type(kind, value)), value, note)
    elif not (isinstance(value, str) and kind in STRINGS_TOO):
        note("wrong type", f"{name}: expected {kind}")
        raise ApiError(Refusal.PARAMETER_WRONG, name=name, kind=kind)


def _check_fields(name: str, fields: Mapping[str, Field] | None, value: Json, note: Note) -> None:
    if fields is None:
        return
    for key in _missing(fields, value):
        note("missing field", f"{name}.{key}")
        raise ApiError(Refusal.PARAMETER_WRONG, name=name, kind=f"an object with {key}")
    for key, inner in value.items():
        if key not in fields:
            note("unknown field", f"{name}.{key}")
        elif inner is not None:
            check(f"{name}.{key}", fields[key].kind, inner, note)


def _missing(fields: Mapping[str, Field], value: Json) -> Iterator[str]:
    return (key for key, field_ in fields.items() if field_.required and value.get(key) is None)


def _type(kind: str, value: Json) -> str:
    """Return which of the possible types a value is."""
    if " or " in kind:
        return next((name for key, name in MARKUPS.items() if key in value), "")
    for family in FAMILIES:
        if kind.startswith(family):
            return family + "".join(part.capitalize() for part in str(value.get("type", "")).split("_"))
    return kind
