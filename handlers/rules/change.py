"""Changing the rules: all or nothing, written down as a revision, in force from the next turn on in every process."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.rules import Rules
from handlers.rules.document import Document, ordered_document, read_document
from handlers.rules.node import Path, Problem
from handlers.vocabulary import timers
from handlers.vocabulary.messages import phrase
from storage.people.people import Channels
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


def put_document(tx: Transaction, document: Document, base: Rules, *, act: str, by: int | None, at: datetime) -> Rules:
    """Put a document in force and return the rules it makes; raise Wrong, and change nothing, where it has a mistake."""
    newest = tx.rules.hold()
    was = read_document(newest.data, base)[0] if newest else base
    rules, problems = judge_document(tx, document, base)
    if problems:
        raise Wrong(problems)
    kept = ordered_document(document)
    tx.rules.put(kept, act=act, by=by, at=at)
    keep_types(tx, rules, kept)
    aim_recurrences_anew(tx, was, rules, at)
    tx.webhooks.keep(rules.webhooks, at)
    own = keep_channels(tx.channels, rules, tx.channels.sources())
    retire_channels(tx, was, own)
    if rules.team_language != was.team_language:
        tx.channels.speak(rules.team_language)
    return rules


def aim_recurrences_anew(tx: Transaction, was: Rules, now: Rules, at: datetime) -> None:
    """Let recurrences come by the desk's clock and calendars as they are now; what follows from these is the talk's to say."""
    same = (was.zone, was.hours, was.sla, was.groups) == (now.zone, now.hours, now.sla, now.groups)
    if not same and tx.recurrences.active(0, 1):
        timer = timers.RecursAnew()
        tx.timers.schedule(timer.name, at, facts=timer.facts)


def keep_channels(channels: Channels, rules: Rules, sources: Mapping[str, str]) -> list[int]:
    """Make the channels of groups known on these accounts, by the messengers' names; return their ids."""
    found: list[int] = []
    for word in dict.fromkeys(word for group in rules.groups.values() for word in group.channels):
        messenger, _, chat = word.partition(":")
        if messenger not in sources:
            continue  # it is kept when that messenger is served
        known = channels.known(sources[messenger], chat)
        if known is not None and known.lost_at is not None:
            found.append(known.id)
            continue
        threads = known.threads if known is not None else False
        kept = channels.ensure(sources[messenger], chat, language=rules.team_language, threads=threads)
        found.append(kept.id)
    return found


def retire_channels(tx: Transaction, was: Rules, own: Collection[int]) -> None:
    """Set aside what was a group's own channel and is nobody's now, unless the operator's settings name it."""
    sources = tx.channels.sources()
    for word in {word for group in was.groups.values() for word in group.channels}:
        messenger, _, chat = word.partition(":")
        known = tx.channels.known(sources.get(messenger, ""), chat)
        if known is None or known.id in own or tx.channels.is_named_by_settings(known):
            continue
        tx.channels.set_aside(known.id)


def judge_document(tx: Transaction, document: Document, base: Rules) -> tuple[Rules, list[Problem]]:
    """Return the rules that a document would make here, and what is wrong with it: with itself, or with its leaving no admin."""
    rules, problems = read_document(document, base)
    newest = tx.rules.newest()
    was = read_document(newest.data, base)[0] if newest else base
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


def document_changes(was: Document, now: Document) -> list[Change]:
    """Return what differs between two documents, in the order of the sections; a new or dropped part is one change."""
    return list(_changes(ordered_document(was), ordered_document(now), ()))


def _changes(was: Any, now: Any, path: Path) -> Iterator[Change]:
    if json.dumps(was) == json.dumps(now):  # the order of names counts: it is what people see
        return
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        keys = dict.fromkeys([*was, *now])
        for key in keys if path else ordered_document(dict.fromkeys(keys, "given")):
            yield from _changes(was.get(key), now.get(key), (*path, str(key)))
        if list(was) != list(now) and was.keys() == now.keys():
            yield Change((*path, "order"), list(was), list(now))
        return
    yield Change(path, was, now)
