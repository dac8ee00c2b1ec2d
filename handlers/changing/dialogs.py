"""The dialogs in which admins change the rules: a list, an entry, a form for it, and what would change before it does."""

from collections.abc import Mapping
from typing import Any

from handlers import interview, step
from handlers.changing import entries, review
from handlers.changing.forms import form_of, label, told
from handlers.changing.parts import SECTIONS, Section, shown
from handlers.messages import Button, Part, Words, column, phrase, row
from handlers.phrases import Reader
from handlers.private import privately
from handlers.router import on
from handlers.turn import Turn
from kb import nearest
from storage.lifecycle import Refused
from storage.models import Role

WORDS = "desk|group|hours|sla|reply|type|question"
KEY = r"(?:[a-z][a-z0-9_]{0,31}\.)?[a-z][a-z0-9_]{0,31}"


@on.command("settings", role=Role.ADMIN)
def settings(turn: Turn) -> None:
    """Everything the desk can be told, by section; and who changed it last."""
    document, private = review.document(turn), privately(turn)
    reader = private.here[1]
    buttons = [
        Button(counted(turn, section, document, reader), "rule", word)
        for word, section in SECTIONS.items()
        if word != "question"
    ]
    history = [
        phrase("rules.changed", act=one.act, name=one.name or phrase("rules.operator"), at=one.at)
        for one in turn.tx.rules.history(5)
    ]
    private.say(phrase("rules.what"), *history, title=phrase("rules.title"), buttons=column(*buttons))


def counted(turn: Turn, section: Section, document: Mapping[str, Any], reader: Reader) -> str:
    """Return a section's name, with how many entries it has."""
    name = turn.text(phrase(f"rules.section.{section.word}"), reader)
    return f"{name} · {len(entries.named(document, section))}" if section.entries else name


@on.command("group", role=Role.ADMIN)
@on.command("hours", role=Role.ADMIN)
@on.command("sla", role=Role.ADMIN)
@on.command("type", role=Role.ADMIN)
def section(turn: Turn) -> None:
    """A section's entries, or one by its name: /group, /group first_line, /group add."""
    open_section(turn, SECTIONS[turn.event.name], turn.event.value.strip())


@on.command("canned edit", role=Role.ADMIN)
def replies(turn: Turn) -> None:
    """The prepared replies, to be added, changed and removed: /canned edit refund."""
    open_section(turn, SECTIONS["reply"], turn.event.value.strip())


def open_section(turn: Turn, of: Section, word: str) -> None:
    """Show a section, one entry of it, or the form of a new one."""
    private = privately(turn)
    if word.lower() == "add":
        ask(private, of, "")
    elif not word:
        list_(private, of)
    else:
        known = entries.named(review.document(turn), of)
        meant = nearest(word.replace(" ", "_"), known)
        if meant is None:
            raise Refused("no_rule", word=word, known=", ".join(known) or "—")
        show(private, of, meant)


@on.press("rule", key=rf"(?:{WORDS})(?:\.{KEY})?", role=Role.ADMIN)
def pressed(turn: Turn) -> None:
    """A section or an entry is opened by its button."""
    word, _, key = turn.event.value.partition(".")
    of = SECTIONS[word]
    if of.entries and not key:
        list_(turn, of)
    else:
        show(turn, of, key)


@on.press("rule_add", key=rf"(?:{WORDS})(?:\.{KEY})?", role=Role.ADMIN)
def add(turn: Turn) -> None:
    """A new entry is asked for; a question is added to the type that the button names."""
    word, _, of = turn.event.value.partition(".")
    ask(turn, SECTIONS[word], f"{of}." if of else "")


@on.press("rule_edit", key=rf"(?:{WORDS})(?:\.{KEY})?", role=Role.ADMIN)
def edit(turn: Turn) -> None:
    """An entry is changed, each part by its button."""
    word, _, key = turn.event.value.partition(".")
    existing(turn, SECTIONS[word], key)
    ask(turn, SECTIONS[word], key)


@on.press("rule_drop", key=rf"(?:{WORDS})\.{KEY}", role=Role.ADMIN)
def drop(turn: Turn) -> None:
    """An entry is to go: what would change is shown first; one that others name stays."""
    word, _, key = turn.event.value.partition(".")
    of = SECTIONS[word]
    existing(turn, of, key)
    if places := entries.used_by(review.document(turn), of, key):
        raise Refused("rule_used", word=key, places=", ".join(places))
    review.propose(turn, of, key, None)


def existing(turn: Turn, of: Section, key: str) -> Mapping[str, Any]:
    """Return an entry, or say that it is gone."""
    found = entries.find(review.document(turn), of, key)
    if found is None:
        raise Refused("no_rule", word=key, known=", ".join(entries.named(review.document(turn), of)) or "—")
    return found


def list_(turn: Turn, of: Section) -> None:
    """List a section's entries."""
    reader, known = turn.here[1], entries.named(review.document(turn), of)
    found = [Button(called(name, entry, reader), "rule", f"{of.word}.{name}") for name, entry in known.items()]
    title = turn.text(phrase(f"rules.section.{of.word}"), reader)
    buttons = column(*found, Button(phrase("rules.add"), "rule_add", of.word))
    turn.say(phrase("rules.choose" if known else "rules.none_yet"), title=title, buttons=buttons)


def called(name: str, entry: Mapping[str, Any], reader: Reader) -> str:
    """Return what an entry is called: its title in the reader's language, with its name."""
    title = entry.get("title") or entry.get("label")
    if isinstance(title, Mapping):
        title = title.get(reader.language) or next(iter(title.values()), "")
    return f"{title} ({name})" if title else name


def show(turn: Turn, of: Section, key: str) -> None:
    """Show an entry as it is, with what can be done to it."""
    document, entry, reader = review.document(turn), existing(turn, of, key), turn.here[1]
    parts: list[Part] = [
        Words(f"{step.label(label(turn, part), reader, turn).rstrip('?')}: {value}")
        for part in of.parts
        if (value := told(turn, part, entry, document, reader))
    ]
    address = f"{of.word}.{key}" if key else of.word
    manage = [Button(phrase("rules.edit"), "rule_edit", address)]
    manage += [Button(phrase("rules.drop"), "rule_drop", address, danger=True)] if of.entries else []
    buttons = (*questions(turn, key, reader), *row(*manage)) if of.word == "type" else row(*manage)
    name = key.rpartition(".")[2] or turn.text(phrase("rules.section.desk"), reader)
    turn.say(*parts, title=called(name, entry, reader), buttons=buttons)


def questions(turn: Turn, kind: str, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    """Return the questions of a request type as buttons, and one that adds another."""
    known = entries.named(review.document(turn), SECTIONS["question"], kind)
    asked = [Button(called(name, entry, reader), "rule", f"question.{kind}.{name}") for name, entry in known.items()]
    return column(*asked, Button(phrase("rules.add_question"), "rule_add", f"question.{kind}"))


def ask(turn: Turn, of: Section, key: str) -> None:
    """Open the form of an entry, filled with what is; a new one asks for its name first."""
    document = review.document(turn)
    adding = of.entries and (not key or key.endswith("."))
    entry = {} if adding else entries.find(document, of, key) or {}
    answers = {} if adding else {part.name: shown(part, entry) for part in of.parts}
    interview.ask(turn, form_of(turn, of, document, adding=adding), answers=answers, facts={"entry": key})
