"""Entries of the rules' document, found and replaced: a group, a calendar, a request type, one question of its form."""

from collections.abc import Mapping
from typing import Any

from handlers.changing.parts import SECTIONS, Section

Entry = Mapping[str, Any]


def named(document: Mapping[str, Any], section: Section, of: str = "") -> dict[str, Entry]:
    """Return a section's entries by name; of the questions those of one request type."""
    if not section.entries:
        return {section.word: dict(document.get(section.name) or {})}
    found = document.get(section.name) or {}
    if section.word != "question":
        return {name: entry if isinstance(entry, Mapping) else {"text": entry} for name, entry in found.items()}
    return {str(field["name"]): field for field in (found.get(of) or {}).get("fields") or ()}


def find(document: Mapping[str, Any], section: Section, key: str) -> Entry | None:
    """Return one entry; a question's key is ``type.question``."""
    of, _, name = key.rpartition(".")
    return named(document, section, of).get(name or section.word)


def replaced(document: Mapping[str, Any], section: Section, key: str, entry: Entry | None) -> dict[str, Any]:
    """Return the document with an entry in its place, new at the end, or (None) without it."""
    now = dict(document)
    if not section.entries:
        return {**now, section.name: dict(entry or {})}
    if section.word == "question":
        of, _, name = key.rpartition(".")
        kinds = dict(now["types"])
        kinds[of] = {**kinds[of], "fields": _fields(kinds[of].get("fields") or (), name, entry)}
        return {**now, "types": kinds}
    entries = {name: value for name, value in (now.get(section.name) or {}).items() if name != key or entry is not None}
    return {**now, section.name: {**entries, **({key: dict(entry)} if entry is not None else {})}}


def _fields(fields: Any, name: str, entry: Entry | None) -> list[dict[str, Any]]:
    given = {"name": name, **(entry or {})}
    kept = [given if field["name"] == name else dict(field) for field in fields]
    if entry is None:
        return [field for field in kept if field["name"] != name]
    return kept if any(field["name"] == name for field in fields) else [*kept, given]


def used_by(document: Mapping[str, Any], section: Section, key: str) -> list[str]:
    """Return where else in the rules an entry is named, so that nobody removes it from under them."""
    places: list[str] = []
    for other in SECTIONS.values():
        if other.word == "question" or not other.entries:
            continue
        parts = [part for part in other.parts if part.among == section.name]
        for name, entry in named(document, other).items():
            places += [f"{other.name}.{name}" for part in parts if entry.get(part.path[0]) == key]
    return places
