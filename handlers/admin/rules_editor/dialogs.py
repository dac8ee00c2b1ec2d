"""The dialogs in which admins change the rules: a list, an entry, a form for it, and what would change before it does."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers.admin.rules_editor import addresses, review, wording
from handlers.admin.rules_editor.addresses import entry_address
from handlers.admin.rules_editor.forms import form_of, option_title, part_text
from handlers.admin.rules_editor.parts import part_as_written
from handlers.admin.rules_editor.sections import DESK, NOTICE, REPLY, ROLE, SECTIONS, TEXT, WORKFLOW, Section
from handlers.rules.document import Document, Entry
from handlers.rules.general import NEVER
from handlers.turns import form_dialog, form_view
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.durations import duration_in_words
from handlers.vocabulary.messages import Button, Part, Phrase, RichText, button_column, phrase
from handlers.vocabulary.subcommands import read_subcommand
from handlers.vocabulary.translations import Locale
from kb import nearest
from storage.lifecycle import Refused
from storage.models import Role

on = Routes()

INNER: Mapping[str, Section] = {of.within: of for of in SECTIONS.values() if of.within}  # what an entry has in it
BY_ITSELF = {  # what changes the rules besides their sections
    "apply": phrase("rules.act.apply"),
    "first": phrase("rules.act.first"),
    "moved": phrase("rules.act.moved"),
}
ADD = {"question": "rules.add_question", "status": "rules.add_status"}


@on.command("settings", role=Role.ADMIN)
def settings(turn: Turn) -> None:
    """Everything the desk can be told, by section; and who changed it last."""
    document, private = review.current_document(turn), continue_in_private(turn)
    reader = private.here[1]
    buttons = [
        presses.OpenRule(word).button(section_with_count(turn, section, document, reader))
        for word, section in SECTIONS.items()
        if not section.within
    ]
    history = [
        phrase("rules.changed", act=act_title(one.act), name=one.name or phrase("rules.operator"), at=one.at)
        for one in turn.tx.rules.history(5)
    ]
    told = (phrase("rules.in_force"), *in_force_lines(turn, reader), phrase("rules.what"), *history)
    private.say(*told, title=phrase("rules.title"), buttons=button_column(*buttons))


def act_title(act: str) -> Phrase | str:
    """Return what changed the rules: a section of them, or the desk itself."""
    return phrase(f"rules.section.{act}") if act in SECTIONS else BY_ITSELF.get(act, act)


def in_force_lines(turn: Turn, reader: Locale) -> list[Part]:
    """Return what the desk does now, said or not: each part of the desk itself with its value."""
    lines: list[Part] = []
    for part in DESK.parts:
        value = getattr(turn.rules, "zone" if part.name == "time_zone" else part.name)
        if isinstance(value, timedelta):
            value = duration_in_words(value, reader.language) if value > NEVER else phrase("rules.never")
        elif part.kind == "choice":
            value = form_view.label_text(option_title(part, str(value), {}), reader, turn)
        lines.append(phrase("rules.in_force_line", name=review.part_title(turn, part, reader), value=value))
    return lines


def section_with_count(turn: Turn, section: Section, document: Document, reader: Locale) -> str:
    """Return a section's name, with how many entries it has."""
    name = turn.text(phrase(f"rules.section.{section.word}"), reader)
    return name if section.one else f"{name} · {len(section.shelf.entries(document))}"


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
    open_section(turn, REPLY, turn.event.value.strip())


@on.command("settings notify", role=Role.ADMIN)
def notices(turn: Turn) -> None:
    """Who hears of which event, where it differs from what goes without saying."""
    list_entries(continue_in_private(turn), NOTICE)


@on.command("settings roles", role=Role.ADMIN)
def roles(turn: Turn) -> None:
    """Who is an admin or a senior agent, and which commands ask for another role than usual."""
    show_entry(continue_in_private(turn), ROLE, "")


@on.command("settings text", role=Role.ADMIN)
def texts(turn: Turn) -> None:
    """What the desk says, found by some of its words: /settings text request is registered."""
    private, words = continue_in_private(turn), turn.event.value.strip()
    if not words:
        list_entries(private, TEXT)
        return
    found = wording.search_texts(turn, words)
    if not found:
        raise Refused("no_text", word=words)
    reader = private.here[1]
    buttons = button_column(
        *(presses.OpenRule(entry_address(TEXT, key)).button(wording.short_text(turn, key, reader)) for key in found)
    )
    private.say(phrase("rules.choose"), title=phrase("rules.section.text"), buttons=buttons)


def open_section(turn: Turn, of: Section, word: str) -> None:
    """Show a section, one entry of it, or the form of a new one."""
    private = continue_in_private(turn)
    if read_subcommand(word) == "add":
        ask_for_entry(private, of, "", adding=True)
    elif not word or read_subcommand(word) == "list":
        list_entries(private, of)
    else:
        known = of.shelf.entries(review.current_document(turn))
        meant = nearest(word.replace(" ", "_"), known)
        if meant is None:
            raise Refused("no_rule", word=word, known=", ".join(known) or "—")
        show_entry(private, of, meant)


@on.press(presses.OpenRule, role=Role.ADMIN, act="settings")
def pressed(turn: Turn) -> None:
    """A section or an entry is opened by its button, for nobody else to read."""
    turn = continue_in_private(turn)
    of, key = addresses.entry_at(turn, turn.pressed(presses.OpenRule).place)
    if of.one or key:
        show_entry(turn, of, key)
    else:
        list_entries(turn, of)


@on.press(presses.AddRule, role=Role.ADMIN, act="settings")
def add(turn: Turn) -> None:
    """A new entry is asked for; a question is added to the type that the button names, a status to the workflow."""
    turn = continue_in_private(turn)
    word, _, within = turn.pressed(presses.AddRule).place.partition(".")
    of = SECTIONS.get(word)
    if of is None or not of.adds:
        raise Refused("expired")
    if of.within:
        existing_entry(turn, SECTIONS[of.within], within)
    ask_for_entry(turn, of, within if of.within else "", adding=True)


@on.press(presses.EditRule, role=Role.ADMIN, act="settings")
def edit(turn: Turn) -> None:
    """An entry is changed, each part by its button."""
    turn = continue_in_private(turn)
    of, key = addresses.entry_at(turn, turn.pressed(presses.OpenRule).place)
    if not of.parts:
        raise Refused("expired")
    existing_entry(turn, of, key)
    ask_for_entry(turn, of, key, adding=False)


@on.press(presses.DropRule, role=Role.ADMIN, act="settings")
def drop(turn: Turn) -> None:
    """An entry is to go: what would change is shown first; one that others name stays, and so does one that is needed."""
    of, key = addresses.entry_at(turn, turn.pressed(presses.OpenRule).place)
    if of.one:
        raise Refused("expired")
    existing_entry(turn, of, key)
    if places := used_by(turn, of, key):
        raise Refused("rule_used", word=key, places=", ".join(places))
    if mistakes := review.new_problems(turn, of, key, None):
        turn.say(phrase("rules.not_so"), *mistakes[: review.TOLD])
        return
    review.propose_change(turn, of, key, wording.default_text(key) if of is TEXT else None)


@on.press(presses.RaiseRule, role=Role.ADMIN, act="settings")
def earlier(turn: Turn) -> None:
    """An entry is to stand one place earlier."""
    of, key = addresses.entry_at(turn, turn.pressed(presses.OpenRule).place)
    if not of.ordered:
        raise Refused("expired")
    existing_entry(turn, of, key)
    review.propose_order(turn, of, key)


def used_by(turn: Turn, of: Section, key: str) -> list[str]:
    """Return where else in the rules an entry is named, so that nobody removes it from under them."""
    document = review.current_document(turn)
    if of.within:
        return []
    return [
        f"{other.name}.{name}"
        for other in SECTIONS.values()
        if not other.within
        for part in other.parts
        if part.among == of.name
        for name, entry in other.shelf.entries(document).items()
        if entry.get(part.path[0]) == key
    ]


def existing_entry(turn: Turn, of: Section, key: str) -> Mapping[str, Any]:
    """Return an entry, or say that it is gone."""
    found = review.find_entry(review.current_document(turn), of, key)
    if found is None:
        raise Refused("no_rule", word=key, known=", ".join(addresses.all_entry_keys(turn, of)[:20]) or "—")
    return found


def list_entries(turn: Turn, of: Section) -> None:
    """List a section's entries."""
    reader, known = turn.here[1], of.shelf.entries(review.current_document(turn))
    found = [
        presses.OpenRule(entry_address(of, key)).button(entry_title(turn, of, key, known[key], reader)) for key in known
    ]
    title = turn.text(phrase(f"rules.section.{of.word}"), reader)
    buttons = button_column(*found, *([presses.AddRule(of.word).button(phrase("rules.add"))] if of.adds else []))
    said = phrase("rules.choose" if known else "rules.none_yet")
    turn.say(said, *([phrase("rules.find_text")] if of is TEXT else []), title=title, buttons=buttons)


def entry_title(turn: Turn, of: Section, key: str, entry: Entry, reader: Locale) -> str:
    """Return what an entry is called: its title in the reader's language, with its name."""
    if of is TEXT:
        return wording.short_text(turn, key, reader)
    title, name = entry.get("title") or entry.get("label"), key.rpartition(".")[2]
    if isinstance(title, Mapping):
        title = title.get(reader.language) or next(iter(title.values()), "")
    return f"{title} ({name})" if title else review.name_of(turn, of, key, reader) if not of.named else name


def show_entry(turn: Turn, of: Section, key: str) -> None:
    """Show an entry as it is, with what can be done to it."""
    document, entry, reader = review.current_document(turn), existing_entry(turn, of, key), turn.here[1]
    parts: list[Part] = [
        RichText(f"{review.part_title(turn, part, reader)}: {value}")
        for part in of.parts
        if (value := part_text(turn, part, entry, document, reader))
    ]
    title = review.name_of(turn, of, key, reader) if of.one else entry_title(turn, of, key, entry, reader)
    turn.say(
        *(parts or [phrase("rules.choose")]),
        title=title,
        buttons=(*nested_entry_buttons(turn, of, key), entry_buttons(of, key)),
    )


def entry_buttons(of: Section, key: str) -> tuple[Button, ...]:
    """Return what can be done to an entry, as buttons."""
    place = entry_address(of, key)
    edit = [presses.EditRule(place).button(phrase("rules.edit"))] if of.parts else []
    up = [presses.RaiseRule(place).button(phrase("rules.up"))] if of.ordered else []
    picture = [presses.DrawWorkflow(key).button(phrase("rules.picture"))] if of is WORKFLOW else []
    last = phrase("rules.as_ours" if of is TEXT else "rules.drop")
    drop = [] if of.one else [presses.DropRule(place).button(last, danger=True)]
    return (*edit, *picture, *up, *drop)


def nested_entry_buttons(turn: Turn, of: Section, key: str) -> tuple[tuple[Button, ...], ...]:
    """Return what belongs to an entry as buttons, and one that adds another: a type's questions, a workflow's statuses."""
    inner = INNER.get(of.word)
    if inner is None:
        return ()
    known, reader = inner.shelf.entries(review.current_document(turn), key), turn.here[1]
    found = [
        presses.OpenRule(entry_address(inner, each)).button(entry_title(turn, inner, each, known[each], reader))
        for each in known
    ]
    return button_column(*found, presses.AddRule(f"{inner.word}.{key}").button(phrase(ADD[inner.word])))


def ask_for_entry(turn: Turn, of: Section, key: str, *, adding: bool) -> None:
    """Open the form of an entry, filled with what is; a new one asks for its name first."""
    document = review.current_document(turn)
    entry = {} if adding else existing_entry(turn, of, key)
    answers = {} if adding else {part.name: part_as_written(part, entry) for part in of.parts}
    about = DraftFacts(entry=key, adding=adding, was=None if adding else entry)
    form_dialog.open_form(turn, form_of(turn, of, document, adding=adding), answers=answers, about=about)
