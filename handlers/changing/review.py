"""What would change, shown before it does; put in force by a press, all or nothing, unless somebody else was faster."""

import secrets
from collections.abc import Mapping
from typing import Any

from handlers import interview, step
from handlers.changing import entries
from handlers.changing.forms import form_of, label, told
from handlers.changing.parts import SECTIONS, Section, merged, read, shown
from handlers.messages import Button, Part, Phrase, Words, phrase, row
from handlers.phrases import LANGUAGES, Reader
from handlers.router import on
from handlers.rules.change import Wrong, put
from handlers.rules.document import read as read_rules
from handlers.turn import Turn
from storage.lifecycle import Refused
from storage.models import Role

TOKEN = r"[0-9a-f]{8}"
TOLD = 5  # mistakes that are told at once


def document(turn: Turn) -> Mapping[str, Any]:
    """Return the rules in force as they are written."""
    newest = turn.tx.rules.newest()
    return newest.data if newest else {}


def submitted(turn: Turn) -> None:
    """A form of the rules was filled in: its mistakes are told and it is asked again, or what would change is shown."""
    of = SECTIONS[turn.event.name.removeprefix("rule_")]
    answers, key = dict(turn.event.facts["answers"]), str(turn.event.facts["entry"])
    adding = of.entries and (not key or key.endswith("."))
    key += str(answers.get("name", "")) if adding else ""
    unknown: list[str] = []
    values = {part.name: read(part, str(answers.get(part.name) or ""), finder(turn, unknown)) for part in of.parts}
    was = entries.find(document(turn), of, key)
    now = merged(was or first(turn, of), of.parts, values)
    mistakes = [phrase("refused.whom", name=name) for name in unknown] or wrong(turn, of, key, now)
    if adding and was is not None:
        mistakes = [phrase("rules.wrong.twice", word=str(answers["name"]))]
    if mistakes:
        turn.say(phrase("rules.mistakes"), *mistakes[:TOLD])
        form = form_of(turn, of, document(turn), adding=adding)
        interview.ask(turn, form, answers=answers, facts={"entry": str(turn.event.facts["entry"])})
        return
    propose(turn, of, key, now)


def first(turn: Turn, of: Section) -> dict[str, Any]:
    """Return what a new entry has that is not asked for: a request type has one question, to be changed or added to."""
    if of.word != "type":
        return {}
    label = {code: turn.text(phrase("rules.first_question"), Reader(code)) for code in LANGUAGES}
    return {"fields": [{"name": "details", "kind": "long_text", "label": label}]}


for _word in SECTIONS:
    on.submit(f"rule_{_word}", role=Role.ADMIN)(submitted)


def finder(turn: Turn, unknown: list[str]) -> Any:
    """Return what finds an account by a name, or keeps the name as unknown."""

    def account(word: str) -> str:
        if ":" in word:
            return word
        people = {person.id for person in turn.tx.people.named(word)}
        if len(people) != 1:
            unknown.append(word)
            return word
        return turn.tx.people.accounts(people.pop())[0]

    return account


def wrong(turn: Turn, of: Section, key: str, entry: Mapping[str, Any] | None) -> list[Phrase]:
    """Return what would be wrong with the rules: only what was not wrong before."""
    before = {(p.path, p.said.key) for p in read_rules(document(turn), turn.rules)[1]}
    found = read_rules(entries.replaced(document(turn), of, key, entry), turn.rules)[1]
    new = [problem for problem in found if (problem.path, problem.said.key) not in before]
    return [phrase("rules.mistake", place=problem.place, said=problem.said) for problem in new]


def propose(turn: Turn, of: Section, key: str, entry: Mapping[str, Any] | None) -> None:
    """Show what would change, with a button that does it; another proposal of the same admin gives way."""
    was = entries.find(document(turn), of, key)
    changed = differences(turn, of, was, entry)
    if not changed:
        turn.say(phrase("rules.nothing"))
        return
    token = secrets.token_hex(4)
    pending = {"token": token, "section": of.word, "key": key, "was": was, "entry": entry}
    turn.tx.records.put(f"rules:{turn.person.id}", pending)
    apply = Button(phrase("rules.apply"), "rule_put", token, danger=entry is None)
    buttons = row(apply, Button(phrase("form.cancel"), "rule_not", token))
    turn.say(*changed, title=phrase("rules.would_change", name=key or of.name), buttons=buttons)


def differences(turn: Turn, of: Section, was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> list[Part]:
    """Return what differs, a line for each part: what it was, and what it would be."""
    if now is None:
        return [phrase("rules.goes.type" if of.word == "type" else "rules.goes")]
    reader, written, found = turn.here[1], document(turn), list[Part]()
    for part in of.parts:
        if shown(part, was or {}) != shown(part, now):
            before, after = (told(turn, part, entry, written, reader) for entry in (was or {}, now))
            name = step.label(label(turn, part), reader, turn).rstrip("?")
            found.append(Words(f"{name}: {before or '—'} → {after or '—'}"))
    return found


@on.press("rule_put", key=TOKEN, role=Role.ADMIN)
def apply(turn: Turn) -> None:
    """What was shown is put in force, from the next turn on; not where the entry has changed meanwhile."""
    pending = turn.tx.records.get(f"rules:{turn.person.id}")
    if not pending or pending["token"] != turn.event.value:
        raise Refused("expired")
    turn.tx.records.take(f"rules:{turn.person.id}")
    of, key = SECTIONS[pending["section"]], pending["key"]
    newest = turn.tx.rules.hold()  # else what somebody changes at this moment elsewhere in the rules would be undone
    written = newest.data if newest else {}
    if entries.find(written, of, key) != pending["was"]:
        raise Refused("rules_changed", name=key or of.name)
    changed = entries.replaced(written, of, key, pending["entry"])
    try:
        put(turn.tx, changed, turn.rules, act=of.word, by=turn.person.id, at=turn.now)
    except Wrong as mistake:
        raise Refused("rules", problem=mistake.problems[0].said) from None
    turn.audit("rules_changed", section=of.name, entry=key)
    turn.say(phrase("rules.applied", name=key or of.name), edits=turn.shown.outgoing_id if turn.shown else None)


@on.press("rule_not", key=TOKEN, role=Role.ADMIN)
def leave(turn: Turn) -> None:
    """The rules stay as they are."""
    turn.tx.records.take(f"rules:{turn.person.id}")
    turn.say(phrase("rules.left"), edits=turn.shown.outgoing_id if turn.shown else None)
