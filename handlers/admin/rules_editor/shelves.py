"""Where entries of the rules stand in the document: how they are found by their keys, put in place and taken out.

A key is one word: a group's name, ``billing.details`` for a question of a type, ``repair.testing`` for a status of a workflow.
Chat reads an entry as a mapping whatever the document has there; a document is never changed, but made anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from handlers.rules.document import Document, Entry
from handlers.rules.node import Path
from handlers.rules.notify import Who
from handlers.vocabulary.translations import LANGUAGES, load_catalogue
from storage.lifecycle import Action

# Moves from one status of a workflow: action -> the status it leads to; "move" -> a list of statuses.
Moves = Mapping[str, Any]


class Shelf(Protocol):
    """Entries of one kind, by key."""

    def entries(self, document: Document, of: str = "") -> dict[str, Entry]:
        """Return the entries in their order; those that belong to an entry of another section only with its name."""

    def put(self, document: Document, key: str, entry: Entry | None) -> dict[str, Any]:
        """Return the document with an entry in its place, a new one at the end, or (None) without it."""


def put_order(document: Document, name: str, of: str, order: list[str]) -> dict[str, Any]:
    """Return the document with a section's entries, or the questions of one of its types, in another order of their names."""
    section = dict(document[name])
    if not of:
        return {**document, name: {each: section[each] for each in order}}
    fields = {str(field["name"]): field for field in value_as_list(section[of]["fields"])}
    section[of] = {**section[of], "fields": [fields[each] for each in order]}
    return {**document, name: section}


def path_in_entry(shelf: "Shelf", document: Document, key: str, path: Path) -> Path:
    """Return a path of the document as it goes on inside an entry; empty where it leads elsewhere, or to no part of its own."""
    of, _, name = key.partition(".")
    match shelf, path:
        case Whole(), (section, *rest) if section == shelf.name:
            return tuple(rest)
        case Named(), (section, word, *rest) if (section, word) == (shelf.name, key):
            return tuple(rest)
        case Questions(), ("types", word, "fields", int(at), *rest) if word == of:
            asked = value_as_list(((document.get("types") or {}).get(of) or {}).get("fields"))
            return tuple(rest) if at < len(asked) and asked[at].get("name") == name else ()
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Whole:
    """A section that is one entry; its key is ""."""

    name: str

    def entries(self, document: Document, of: str = "") -> dict[str, Entry]:
        """Return the section."""
        return {"": dict(document.get(self.name) or {})}

    def put(self, document: Document, key: str, entry: Entry | None) -> dict[str, Any]:
        """Return the document with another section in its place."""
        return {**document, self.name: dict(entry or {})}


@dataclass(frozen=True, slots=True)
class Named:
    """A section of entries by name; a text alone is an entry's ``text``."""

    name: str

    def entries(self, document: Document, of: str = "") -> dict[str, Entry]:
        """Return the entries by name."""
        found = document.get(self.name) or {}
        return {name: entry if isinstance(entry, Mapping) else {"text": entry} for name, entry in found.items()}

    def put(self, document: Document, key: str, entry: Entry | None) -> dict[str, Any]:
        """Return the document with one entry changed."""
        found = document.get(self.name) or {}
        kept = {name: value for name, value in found.items() if name != key or entry is not None}
        return {**document, self.name: {**kept, **({key: dict(entry)} if entry is not None else {})}}


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of request types: a list in each type."""

    def entries(self, document: Document, of: str = "") -> dict[str, Entry]:
        """Return the questions of one type."""
        fields = value_as_list(((document.get("types") or {}).get(of) or {}).get("fields"))
        return {f"{of}.{field['name']}": field for field in fields}

    def put(self, document: Document, key: str, entry: Entry | None) -> dict[str, Any]:
        """Return the document with one question changed."""
        of, _, name = key.partition(".")
        kinds = dict(document["types"])
        fields = value_as_list(kinds[of].get("fields"))
        given = None if entry is None else {"name": name, **{k: v for k, v in entry.items() if k != "name"}}
        kinds[of] = {**kinds[of], "fields": _replaced(fields, [f["name"] == name for f in fields], given)}
        return {**document, "types": kinds}


@dataclass(frozen=True, slots=True)
class Notices:
    """Who hears what: a list of rules, each known by its event, type and role."""

    def entries(self, document: Document, of: str = "") -> dict[str, Entry]:
        """Return the rules by what they are about; whom they tell is a mapping."""
        return {self.key(rule): {**rule, "tell": self._whom(rule)} for rule in value_as_list(document.get("notify"))}

    def key(self, rule: Entry) -> str:
        """Return how a rule is known."""
        return ".".join(str(rule.get(name) or "") for name in ("event", "type", "role"))

    def _whom(self, rule: Entry) -> dict[str, bool]:
        told = value_as_list(rule.get("tell"))
        return {who.value: who in told for who in Who}

    def put(self, document: Document, key: str, entry: Entry | None) -> dict[str, Any]:
        """Return the document with one rule changed."""
        rules = value_as_list(document.get("notify"))
        given = None
        if entry is not None:
            given = {**entry, "tell": [who for who, hears in (entry.get("tell") or {}).items() if hears]}
        return {**document, "notify": _replaced(rules, [self.key(rule) == key for rule in rules], given)}


@dataclass(frozen=True, slots=True)
class Texts:
    """What the desk says in words of its own: each entry the texts of one key in every language, ours where it has none."""

    def entries(self, document: Document, of: str = "") -> dict[str, Entry]:
        """Return the texts that differ from ours."""
        own = document.get("texts") or {}
        keys = dict.fromkeys(key for code in LANGUAGES for key in own.get(code) or ())
        return {key: entry for key in keys if (entry := self.entry(document, key)) is not None}

    def entry(self, document: Document, key: str) -> Entry | None:
        """Return what is said by this key; None where there is none, or one with plural forms, which are not asked for."""
        if not isinstance(load_catalogue("en").texts.get(key), str):
            return None
        own = document.get("texts") or {}
        return {"text": {code: (own.get(code) or {}).get(key) or load_catalogue(code).texts[key] for code in LANGUAGES}}

    def put(self, document: Document, key: str, entry: Entry | None) -> dict[str, Any]:
        """Return the document with other texts for a key; what is just ours is not written down."""
        texts, given = dict(document.get("texts") or {}), (entry or {}).get("text") or {}
        for code in LANGUAGES:
            inner = {name: text for name, text in (texts.pop(code, None) or {}).items() if name != key}
            if given.get(code) and given[code] != load_catalogue(code).texts[key]:
                inner[key] = given[code]
            if inner:
                texts[code] = inner
        return {**document, "texts": texts}


@dataclass(frozen=True, slots=True)
class Statuses:
    """The statuses of workflows, each with its moves, and with those that come to it by its name from others."""

    def entries(self, document: Document, of: str = "") -> dict[str, Entry]:
        """Return the statuses of one workflow."""
        flow = (document.get("workflows") or {}).get(of) or {}
        return {f"{of}.{status}": self._entry(flow, status, what) for status, what in (_statuses(flow)).items()}

    def _entry(self, flow: Entry, status: str, what: Any) -> Entry:
        moves = _moves(flow)
        comes = [other for other, made in moves.items() if status in value_as_list(made.get(Action.MOVE))]
        given = dict(what) if isinstance(what, Mapping) else {"kind": what}
        starts = {"starts": True} if flow.get("start", next(iter(_statuses(flow)), "")) == status else {}
        found = {**given, "comes_from": comes, "moves": moves.get(status) or {}, **starts}
        return {name: value for name, value in found.items() if value not in ([], {})}

    def put(self, document: Document, key: str, entry: Entry | None) -> dict[str, Any]:
        """Return the document with one status changed, and the moves of others that lead to it or do no more."""
        of, _, status = key.partition(".")
        flow = dict(document["workflows"][of])
        statuses, moves = dict(_statuses(flow)), _moves(flow)
        flow["start"] = flow.get("start") or next(
            iter(statuses), status
        )  # written from now on: it moves by itself no more
        if entry is None:
            statuses.pop(status, None)
            moves.pop(status, None)
            moves = {other: _without(made, status) for other, made in moves.items()}
        else:
            title = {"title": entry["title"]} if entry.get("title") else {}
            statuses[status] = {"kind": entry.get("kind"), **title} if title else entry.get("kind")
            moves[status] = dict(entry.get("moves") or {})
            comes = list(entry.get("comes_from") or ())
            for other in dict.fromkeys([*moves, *comes]):
                moves[other] = _led(moves.get(other) or {}, status, led=other in comes)
            flow["start"] = status if entry.get("starts") else flow["start"]
        if entry is None and flow.get("approvals"):
            flow["approvals"] = _asked_without(flow["approvals"], status)
        flow |= {"statuses": statuses, "moves": {other: made for other, made in moves.items() if made}}
        return {**document, "workflows": {**document["workflows"], of: flow}}


def _replaced(rows: list[Any], found: list[bool], given: Any) -> list[Any]:
    """Return rows in which a new one stands where one was found, else at the end; None: without the found one."""
    if given is None:
        return [row for row, is_it in zip(rows, found, strict=True) if not is_it]
    kept = [given if is_it else row for row, is_it in zip(rows, found, strict=True)]
    return kept if any(found) else [*kept, given]


def _statuses(flow: Entry) -> Mapping[str, Any]:
    return flow.get("statuses") or {}


def _moves(flow: Entry) -> dict[str, dict[str, Any]]:
    return {status: dict(made or {}) for status, made in (flow.get("moves") or {}).items()}


def value_as_list(value: Any) -> list[Any]:
    """Return a list, or one value alone as a list of it, as the reader of the rules takes it."""
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _without(made: Moves, status: str) -> dict[str, Any]:
    """Return moves of which none leads to a status."""
    return _led({action: to for action, to in made.items() if to != status}, status, led=False)


def _asked_without(asked: Mapping[str, Entry], status: str) -> dict[str, Any]:
    """Return whose yes is asked for without what leads to a status, or waits or ends there."""
    kept = {to: rule for to, rule in asked.items() if to != status}
    return {to: {name: value for name, value in rule.items() if value != status} for to, rule in kept.items()}


def _led(made: Moves, status: str, *, led: bool) -> dict[str, Any]:
    """Return moves among which one by name leads to a status, or none does."""
    onward = [to for to in value_as_list(made.get(Action.MOVE)) if to != status or led]
    onward += [status] if led and status not in onward else []
    kept = {action: to for action, to in made.items() if action != Action.MOVE or onward}
    return {**kept, Action.MOVE.value: onward} if onward else kept
