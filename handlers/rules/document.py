"""The document of the desk's rules (the data of desk.yaml): read as a whole into ``Rules``, with every mistake at its place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from handlers.rules import Rules, canned, general, groups, hours, notify, people, sla, texts, types, workflows
from handlers.rules.node import Node, Problem

Document = Mapping[str, Any]

# A section's name in the document, which is its name in ``Rules`` too: what reads it.
SECTIONS: Mapping[str, Callable[[Node], Any]] = {
    "hours": hours.read,
    "sla": sla.read,
    "groups": groups.read,
    "roles": people.read,
    "workflows": workflows.read,
    "types": types.read,
    "notify": notify.read,
    "canned": canned.read,
    "texts": texts.read,
}
ORDER = ("desk", "hours", "sla", "groups", "workflows", "types", "roles", "notify", "canned", "texts")  # as written


def read(document: object, base: Rules) -> tuple[Rules, list[Problem]]:
    """Return the rules that a document makes of the settings' own, and what is wrong with it; nothing when it may be applied."""
    node = Node(document, document=document if isinstance(document, Mapping) else {})
    given = node.fields("desk", *SECTIONS)
    chosen: dict[str, Any] = general.read(given["desk"])
    for name, reader in SECTIONS.items():
        if given[name].given:
            chosen[name] = reader(given[name])
    return replace(base, **chosen), node.problems


def ordered(document: Document) -> dict[str, Any]:
    """Return a document with its sections in the order people read them; empty ones left out."""
    return {name: document[name] for name in ORDER if document.get(name)}
