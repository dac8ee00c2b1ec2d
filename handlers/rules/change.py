"""Changing the rules: all or nothing, written down as a revision, in force from the next turn on in every process."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.rules import Rules
from handlers.rules.document import Document, ordered, read
from handlers.rules.node import Path, Problem
from handlers.vocabulary.messages import phrase
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Change:
    """What differs at one place; None where there was, or is, nothing."""

    path: Path
    was: Any
    now: Any


class Wrong(Exception):
    """The document cannot be applied; nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} mistakes in the rules")
        self.problems = tuple(problems)


def put(tx: Transaction, document: Document, base: Rules, *, act: str, by: int | None, at: datetime) -> Rules:
    """Put a document in force and return the rules it makes; raise Wrong, and change nothing, where it has a mistake."""
    newest = tx.rules.hold()
    was = read(newest.data, base)[0] if newest else base
    rules, problems = judged(tx, document, base)
    if problems:
        raise Wrong(problems)
    kept = ordered(document)
    tx.rules.put(kept, act=act, by=by, at=at)
    keep_types(tx, rules, kept)
    if rules.team_language != was.team_language:
        tx.channels.speak(rules.team_language)
    return rules


def judged(tx: Transaction, document: Document, base: Rules) -> tuple[Rules, list[Problem]]:
    """Return the rules that a document would make here, and what is wrong with it: with itself, or with its leaving no admin."""
    rules, problems = read(document, base)
    newest = tx.rules.newest()
    was = read(newest.data, base)[0] if newest else base
    if was.all_admins and not rules.all_admins and not tx.people.admins(()):
        problems.append(Problem(("roles", "admins"), phrase("rules.wrong.last_admin")))
    return rules, problems


def keep_types(tx: Transaction, rules: Rules, document: Document) -> None:
    """Bring the request types' revisions up to the rules: what is not in them any more is retired, for tickets pin it."""
    for position, kind in enumerate(rules.types.values()):
        tx.requests.put_type(
            kind.name,
            position=position,
            kind=kind.kind,
            title=dict(kind.title),
            fields=[dict(field) for field in kind.fields],
            priority=kind.priority,
            workflow=rules.workflows[kind.workflow] if kind.workflow else None,
        )
    tx.requests.retire_types(but=list(rules.types))


def changes(was: Document, now: Document) -> list[Change]:
    """Return what differs between two documents, in the order of the sections; a new or dropped part is one change."""
    return list(_changes(ordered(was), ordered(now), ()))


def _changes(was: Any, now: Any, path: Path) -> Iterator[Change]:
    if json.dumps(was) == json.dumps(now):  # the order of names counts: it is what people see
        return
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        keys = dict.fromkeys([*was, *now])
        for key in keys if path else ordered(dict.fromkeys(keys, "given")):
            yield from _changes(was.get(key), now.get(key), (*path, str(key)))
        if list(was) != list(now) and was.keys() == now.keys():
            yield Change((*path, "order"), list(was), list(now))
        return
    yield Change(path, was, now)
