"""What would change of the rules, shown before it does; put in force all or nothing, unless somebody else was faster."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.admin.rules_editor.forms import form_of, part_label, part_text
from handlers.admin.rules_editor.parts import Part, answer_as_value, entry_with_answers, part_as_written
from handlers.admin.rules_editor.parts import value_as_answer as said
from handlers.admin.rules_editor.sections import ROLE, SECTIONS, STATUS, TEXT, TYPE, WORKFLOW, Section
from handlers.admin.rules_editor.shelves import Texts, path_in_entry, put_order
from handlers.admin.rules_editor.wording import default_text
from handlers.rules import Rules
from handlers.rules.change import Wrong, document_changes, judge_document, put_document
from handlers.rules.document import Document, Entry
from handlers.rules.node import Problem
from handlers.turns import confirmations, form_dialog, form_view, naming, permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.messages import Part as Line
from handlers.vocabulary.messages import Phrase, RichText, phrase
from handlers.vocabulary.translations import LANGUAGES, NAMES, Locale
from storage.lifecycle import DEFAULT_DATA, Refused
from storage.models import Role
from storage.types import Answers

on = Routes()

TOLD = 5  # mistakes that are told at once


def current_document(turn: Turn) -> Document:
    """Return the rules in force as they are written."""
    newest = turn.tx.rules.newest()
    return newest.data if newest else {}


def find_entry(written: Document, of: Section, key: str) -> Entry | None:
    """Return an entry of a section, if there is one of this key."""
    if isinstance(of.shelf, Texts):
        return of.shelf.entry(written, key)
    return of.shelf.entries(written, key.partition(".")[0] if of.within else "").get(key)


def owner_exists(written: Document, of: Section, key: str) -> bool:
    """Return whether what an entry belongs to is there: the type of a question, the workflow of a status."""
    return not of.within or key.partition(".")[0] in SECTIONS[of.within].shelf.entries(written)


def hear_rule_form(turn: Turn) -> None:
    """A form of the rules was filled in: its mistakes are told and it is asked again, or what would change is shown."""
    of = SECTIONS[turn.event.name.removeprefix("rule_")]
    answers, about = dict(turn.event.answers), turn.event.about
    adding, key = about.adding, about.entry
    unknown: list[str] = []
    parts = (*of.begun, *of.parts) if adding else of.parts
    find_ = account_finder(turn, of, unknown)
    values = {part.name: answer_as_value(part, str(answers.get(part.name) or ""), find_) for part in parts}
    key = key_of(of, key, answers, values) if adding else key
    written = current_document(turn)
    was = find_entry(written, of, key)
    if not owner_exists(written, of, key) or (not adding and (was or {}) != (about.was or {})):
        raise Refused("rules_changed", name=name_of(turn, of, key, turn.here[1]))
    now = complete_entry(of, key, was, entry_with_answers(was or new_entry(turn, of, values), of.parts, values))
    if adding and was is not None:
        mistakes = [phrase("rules.wrong.twice", word=name_of(turn, of, key, turn.here[1]))]
    elif of is STATUS and was and was.get("starts") and not now.get("starts"):
        mistakes = [phrase("rules.wrong.start_elsewhere")]
    else:
        mistakes = [phrase("refused.whom", name=name) for name in unknown] or new_problems(turn, of, key, now)
    if mistakes:
        turn.say(phrase("rules.mistakes"), *mistakes[:TOLD])
        form = form_of(turn, of, written, adding=adding)
        form_dialog.open_form(
            turn, form, answers=answers, about=DraftFacts(entry=about.entry, adding=adding, was=about.was)
        )
        return
    propose_change(turn, of, key, now)


def complete_entry(of: Section, key: str, was: Entry | None, now: Entry) -> Entry:
    """Return an entry with what goes without saying in it: a text that is left empty in a language is ours there again."""
    return {"text": {**default_text(key)["text"], **now.get("text", {})}} if of is TEXT and was else now


def key_of(of: Section, within: str, answers: Answers, values: Mapping[str, Any]) -> str:
    """Return the key of a new entry: its name, with that of what it belongs to; a rule's is what it is about.

    ``values`` are the answers as the rules have them, by the names of parts: here {"of_event", "of_type", "of_role"}.
    """
    if of.named:
        return f"{within}.{answers.get('name', '')}" if within else str(answers.get("name", ""))
    return ".".join(str(values.get(f"of_{name}") or "") for name in ("event", "type", "role"))


def new_entry(turn: Turn, of: Section, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a new entry has that is not asked for: a type has a question, a workflow is like another one.

    ``values`` are the answers as the rules have them, by the names of parts: here {"like"}, a workflow's name.
    """
    if of is WORKFLOW:
        like = (current_document(turn).get("workflows") or {}).get(values.get("like") or "") or DEFAULT_DATA
        return {name: value for name, value in like.items() if name != "name"}
    if of is not TYPE:
        return {}
    label = {code: turn.text(phrase("rules.first_question"), Locale(code)) for code in LANGUAGES}
    return {"fields": [{"name": "details", "kind": "long_text", "label": label}]}


for _word in SECTIONS:
    on.submit(f"rule_{_word}", role=Role.ADMIN, act="settings")(hear_rule_form)


def account_finder(turn: Turn, of: Section, unknown: list[str]) -> Callable[[str], list[str]]:
    """Return what finds an account by a name, or keeps the name as unknown: one of the team's, and for a type anybody's.

    A role is given to every account of the person.
    """

    def accounts(word: str) -> list[str]:
        if ":" in word:
            return [word]
        team = naming.best_named(turn.tx.people.team(), word, turn.event.source)
        people = team if of is not TYPE else team or naming.known_as(turn, word)
        if len(people) != 1:
            unknown.append(word)
            return [word]
        known = turn.tx.people.accounts(people[0].id)
        return known if of is ROLE else [permissions.account_of(people[0])]

    return accounts


def new_problems(turn: Turn, of: Section, key: str, entry: Entry | None) -> list[Phrase]:
    """Return what would be wrong with the rules: only what was not wrong before; at the entry's own parts by their names."""
    changed = of.shelf.put(current_document(turn), key, entry)
    return [
        phrase("rules.mistake", place=part_at(turn, of, key, changed, problem) or problem.place, said=problem.said)
        for problem in problems_of_change(turn, changed)
    ]


def part_at(turn: Turn, of: Section, key: str, changed: Document, problem: Problem) -> str:
    """Return the name by which the form asks for what a problem is about; empty where it asks for no such thing."""
    inside, reader = path_in_entry(of.shelf, changed, key, problem.path), turn.here[1]
    found = [part for part in of.parts if inside and all(a == b for a, b in zip(part.path, inside, strict=False))]
    if not found:
        return ""
    part = next((each for each in found if each.in_language in ("", NAMES[reader.language])), found[0])
    within = [str(step) for step in inside[len(part.path) :] if not isinstance(step, int)]
    return " · ".join([part_title(turn, part, reader), *within])


def new_mistakes(turn: Turn, changed: Document) -> list[Phrase]:
    """Return the mistakes of a document that the one in force does not have."""
    return [
        phrase("rules.mistake", place=problem.place, said=problem.said) for problem in problems_of_change(turn, changed)
    ]


def problems_of_change(turn: Turn, changed: Document) -> list[Problem]:
    """Return what is wrong with a document and was not with the one in force."""

    def mark(problem: Problem) -> tuple[Any, str]:
        return problem.path, problem.said.key

    before = {mark(problem) for problem in judge_document(turn.tx, current_document(turn), turn.rules)[1]}
    return [problem for problem in judge_document(turn.tx, changed, turn.rules)[1] if mark(problem) not in before]


def propose_change(turn: Turn, of: Section, key: str, entry: Entry | None) -> None:
    """Show what would change of an entry, or (None) that it goes."""
    was = find_entry(current_document(turn), of, key)
    changed = change_lines(turn, of, key, was, entry)
    if not changed:
        turn.say(phrase("rules.nothing"))
        return
    facts = {"section": of.word, "key": key, "was": was, "entry": entry}
    title = phrase("rules.would_change", name=name_of(turn, of, key, turn.here[1]))
    confirmations.show_proposal(turn, "rules", facts, *changed, title=title, command="settings", danger=entry is None)


def change_lines(turn: Turn, of: Section, key: str, was: Entry | None, now: Entry | None) -> list[Line]:
    """Return what differs, a line for each part: what it was, and what it would be."""
    if now is None:
        return removal_lines(turn, of, key)
    reader, written, found = turn.here[1], current_document(turn), list[Line]()
    for part in of.parts:
        if part_as_written(part, was or {}) != part_as_written(part, now):
            before, after = (part_text(turn, part, entry, written, reader) for entry in (was or {}, now))
            found.append(RichText(f"{part_title(turn, part, reader)}: {before or '—'} → {after or '—'}"))
    return found or ([phrase("rules.comes")] if was is None else [])


def removal_lines(turn: Turn, of: Section, key: str) -> list[Line]:
    """Return what becomes of it that an entry goes; with a status go the moves that lead to it."""
    if of is not STATUS:
        return [phrase("rules.goes.type" if of is TYPE else "rules.goes")]
    written = current_document(turn)
    lost = document_changes(written, of.shelf.put(written, key, None))
    moves = [change for change in lost if "moves" in change.path and change.path[-1] != key.rpartition(".")[2]]
    lines = (
        f"{' · '.join(map(str, change.path[3:]))}: {said(change.was)} → {said(change.now) or '—'}" for change in moves
    )
    return [phrase("rules.goes"), *map(RichText, lines)]


def part_title(turn: Turn, part: Part, reader: Locale) -> str:
    """Return what a part is called."""
    return form_view.label_text(part_label(turn, part), reader, turn).rstrip("?")


def name_of(turn: Turn, of: Section, key: str, reader: Locale) -> str:
    """Return what an entry is called where it is told of: its name, or what a rule is about."""
    if of.one:
        return turn.text(phrase(f"rules.section.{of.word}"), reader)
    if of.named:
        return key
    event, kind, role = key.split(".")
    about = [turn.text(phrase(f"event.{event}"), reader)] if event else []
    title = turn.rules.types[kind].title if kind in turn.rules.types else kind
    about += [turn.text(title, reader)] if kind else []
    about += [turn.text(phrase(f"role.{role}"), reader)] if role else []
    return " · ".join(about)


def apply_change(turn: Turn, facts: Mapping[str, Any]) -> None:
    """What was shown is put in force, from the next turn on; not where the entry has changed meanwhile.

    ``facts`` are {"section", "key", "was", "entry"}: the entry as it was, and as it will be (None: it goes).
    """
    of, key = SECTIONS[facts["section"]], str(facts["key"])
    newest = turn.tx.rules.hold()  # else what somebody changes at this moment elsewhere in the rules would be undone
    written = newest.data if newest else {}
    name = name_of(turn, of, key, turn.here[1])
    if not owner_exists(written, of, key) or find_entry(written, of, key) != facts["was"]:
        raise Refused("rules_changed", name=name)
    put_in_force(turn, of.shelf.put(written, key, facts["entry"]), act=of.word)
    turn.audit(Deed.RULES_CHANGED, section=of.name, entry=key)
    confirmations.settle_proposal(turn, phrase("rules.applied", name=name))


def put_in_force(turn: Turn, changed: Document, *, act: str) -> Rules:
    """Put a document in force, or refuse its first mistake."""
    try:
        return put_document(turn.tx, changed, turn.rules, act=act, by=turn.person.id, at=turn.now)
    except Wrong as mistake:
        raise Refused("rules", problem=mistake.problems[0].said) from None


def propose_order(turn: Turn, of: Section, key: str) -> None:
    """Show the order in which an entry would stand one place earlier."""
    place, _, name = key.rpartition(".")
    was = [each.rpartition(".")[2] for each in of.shelf.entries(current_document(turn), place)]
    at = was.index(name)
    now = [*was[: max(0, at - 1)], name, *was[max(0, at - 1) : at], *was[at + 1 :]]
    if now == was:
        turn.toast(phrase("rules.nothing"))
        return
    if mistakes := new_mistakes(turn, put_order(current_document(turn), of.name, place, now)):
        turn.say(phrase("rules.not_so"), *mistakes[:TOLD])
        return
    told_ = RichText(f"{', '.join(was)} → {', '.join(now)}")
    facts = {"section": of.word, "within": place, "was": was, "now": now}
    name = place or turn.text(phrase(f"rules.section.{of.word}"), turn.here[1])
    confirmations.show_proposal(
        turn, "order", facts, told_, title=phrase("rules.would_change", name=name), command="settings"
    )


def apply_order(turn: Turn, facts: Mapping[str, Any]) -> None:
    """Entries stand in the order that was shown: ``facts`` are {"section", "within", "was", "now"}, names before and after."""
    of, place = SECTIONS[facts["section"]], str(facts["within"])
    newest = turn.tx.rules.hold()
    written = newest.data if newest else {}
    name = place or turn.text(phrase(f"rules.section.{of.word}"), turn.here[1])
    if [each.rpartition(".")[2] for each in of.shelf.entries(written, place)] != facts["was"]:
        raise Refused("rules_changed", name=name)
    put_in_force(turn, put_order(written, of.name, place, list(facts["now"])), act=of.word)
    turn.audit(Deed.RULES_CHANGED, section=of.name, entry=place)
    confirmations.settle_proposal(turn, phrase("rules.applied", name=name))
