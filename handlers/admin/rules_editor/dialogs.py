"""The dialogs in which admins change the rules: a list, an entry, a form for it, and what would change before it does."""

from collections.abc import Mapping
from typing import Any

from handlers.admin.rules_editor import addresses, review, wording
from handlers.admin.rules_editor.addresses import address
from handlers.admin.rules_editor.forms import form_of, told
from handlers.admin.rules_editor.parts import shown
from handlers.admin.rules_editor.sections import NOTICE, REPLY, ROLE, SECTIONS, TEXT, WORKFLOW, Section
from handlers.turns import form_dialog
from handlers.turns.private_chat import privately
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Part, Words, column, phrase
from handlers.vocabulary.translations import Reader
from kb import nearest
from storage.lifecycle import Refused
from storage.models import Role

on = Routes()

INNER: Mapping[str, Section] = {of.within: of for of in SECTIONS.values() if of.within}  # what an entry has in it
ADD = {"question": "rules.add_question", "status": "rules.add_status"}


@on.command("settings", role=Role.ADMIN)
def settings(turn: Turn) -> None:
    """Everything the desk can be told, by section; and who changed it last."""
    document, private = review.document(turn), privately(turn)
    reader = private.here[1]
    buttons = [
        presses.OpenRule(word).button(counted(turn, section, document, reader))
        for word, section in SECTIONS.items()
        if not section.within
    ]
    history = [
        phrase("rules.changed", act=one.act, name=one.name or phrase("rules.operator"), at=one.at)
        for one in turn.tx.rules.history(5)
    ]
    private.say(phrase("rules.what"), *history, title=phrase("rules.title"), buttons=column(*buttons))


def counted(turn: Turn, section: Section, document: Mapping[str, Any], reader: Reader) -> str:
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
    list_(privately(turn), NOTICE)


@on.command("settings roles", role=Role.ADMIN)
def roles(turn: Turn) -> None:
    """Who is an admin or a senior agent, and which commands ask for another role than usual."""
    show(privately(turn), ROLE, "")


@on.command("settings text", role=Role.ADMIN)
def texts(turn: Turn) -> None:
    """What the desk says, found by some of its words: /settings text request is registered."""
    private, words = privately(turn), turn.event.value.strip()
    if not words:
        list_(private, TEXT)
        return
    found = wording.search(turn, words)
    if not found:
        raise Refused("no_text", word=words)
    reader = private.here[1]
    buttons = column(
        *(presses.OpenRule(address(TEXT, key)).button(wording.shortly(turn, key, reader)) for key in found)
    )
    private.say(phrase("rules.choose"), title=phrase("rules.section.text"), buttons=buttons)


def open_section(turn: Turn, of: Section, word: str) -> None:
    """Show a section, one entry of it, or the form of a new one."""
    private = privately(turn)
    if word.lower() == "add":
        ask(private, of, "", adding=True)
    elif not word:
        list_(private, of)
    else:
        known = of.shelf.entries(review.document(turn))
        meant = nearest(word.replace(" ", "_"), known)
        if meant is None:
            raise Refused("no_rule", word=word, known=", ".join(known) or "—")
        show(private, of, meant)


@on.press(presses.OpenRule, role=Role.ADMIN, act="settings")
def pressed(turn: Turn) -> None:
    """A section or an entry is opened by its button, for nobody else to read."""
    turn = privately(turn)
    of, key = addresses.read(turn, turn.pressed(presses.OpenRule).place)
    if of.one or key:
        show(turn, of, key)
    else:
        list_(turn, of)


@on.press(presses.AddRule, role=Role.ADMIN, act="settings")
def add(turn: Turn) -> None:
    """A new entry is asked for; a question is added to the type that the button names, a status to the workflow."""
    turn = privately(turn)
    word, _, within = turn.pressed(presses.AddRule).place.partition(".")
    of = SECTIONS.get(word)
    if of is None or not of.adds:
        raise Refused("expired")
    if of.within:
        existing(turn, SECTIONS[of.within], within)
    ask(turn, of, within if of.within else "", adding=True)


@on.press(presses.EditRule, role=Role.ADMIN, act="settings")
def edit(turn: Turn) -> None:
    """An entry is changed, each part by its button."""
    turn = privately(turn)
    of, key = addresses.read(turn, turn.pressed(presses.OpenRule).place)
    if not of.parts:
        raise Refused("expired")
    existing(turn, of, key)
    ask(turn, of, key, adding=False)


@on.press(presses.DropRule, role=Role.ADMIN, act="settings")
def drop(turn: Turn) -> None:
    """An entry is to go: what would change is shown first; one that others name stays, and so does one that is needed."""
    of, key = addresses.read(turn, turn.pressed(presses.OpenRule).place)
    if of.one:
        raise Refused("expired")
    existing(turn, of, key)
    if places := used_by(turn, of, key):
        raise Refused("rule_used", word=key, places=", ".join(places))
    if mistakes := review.wrong(turn, of, key, None):
        turn.say(phrase("rules.not_so"), *mistakes[: review.TOLD])
        return
    review.propose(turn, of, key, wording.ours(key) if of is TEXT else None)


@on.press(presses.RaiseRule, role=Role.ADMIN, act="settings")
def earlier(turn: Turn) -> None:
    """An entry is to stand one place earlier."""
    of, key = addresses.read(turn, turn.pressed(presses.OpenRule).place)
    if not of.ordered:
        raise Refused("expired")
    existing(turn, of, key)
    review.propose_order(turn, of, key)


def used_by(turn: Turn, of: Section, key: str) -> list[str]:
    """Return where else in the rules an entry is named, so that nobody removes it from under them."""
    document = review.document(turn)
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


def existing(turn: Turn, of: Section, key: str) -> Mapping[str, Any]:
    """Return an entry, or say that it is gone."""
    found = review.find(review.document(turn), of, key)
    if found is None:
        raise Refused("no_rule", word=key, known=", ".join(addresses.keys(turn, of)[:20]) or "—")
    return found


def list_(turn: Turn, of: Section) -> None:
    """List a section's entries."""
    reader, known = turn.here[1], of.shelf.entries(review.document(turn))
    found = [presses.OpenRule(address(of, key)).button(called(turn, of, key, known[key], reader)) for key in known]
    title = turn.text(phrase(f"rules.section.{of.word}"), reader)
    buttons = column(*found, *([presses.AddRule(of.word).button(phrase("rules.add"))] if of.adds else []))
    said = phrase("rules.choose" if known else "rules.none_yet")
    turn.say(said, *([phrase("rules.find_text")] if of is TEXT else []), title=title, buttons=buttons)


def called(turn: Turn, of: Section, key: str, entry: Mapping[str, Any], reader: Reader) -> str:
    """Return what an entry is called: its title in the reader's language, with its name."""
    if of is TEXT:
        return wording.shortly(turn, key, reader)
    title, name = entry.get("title") or entry.get("label"), key.rpartition(".")[2]
    if isinstance(title, Mapping):
        title = title.get(reader.language) or next(iter(title.values()), "")
    return f"{title} ({name})" if title else review.name_of(turn, of, key, reader) if not of.named else name


def show(turn: Turn, of: Section, key: str) -> None:
    """Show an entry as it is, with what can be done to it."""
    document, entry, reader = review.document(turn), existing(turn, of, key), turn.here[1]
    parts: list[Part] = [
        Words(f"{review.called(turn, part, reader)}: {value}")
        for part in of.parts
        if (value := told(turn, part, entry, document, reader))
    ]
    title = review.name_of(turn, of, key, reader) if of.one else called(turn, of, key, entry, reader)
    turn.say(*(parts or [phrase("rules.choose")]), title=title, buttons=(*inside(turn, of, key), manage(of, key)))


def manage(of: Section, key: str) -> tuple[Button, ...]:
    """Return what can be done to an entry, as buttons."""
    place = address(of, key)
    edit = [presses.EditRule(place).button(phrase("rules.edit"))] if of.parts else []
    up = [presses.RaiseRule(place).button(phrase("rules.up"))] if of.ordered else []
    picture = [presses.DrawWorkflow(key).button(phrase("rules.picture"))] if of is WORKFLOW else []
    last = phrase("rules.as_ours" if of is TEXT else "rules.drop")
    drop = [] if of.one else [presses.DropRule(place).button(last, danger=True)]
    return (*edit, *picture, *up, *drop)


def inside(turn: Turn, of: Section, key: str) -> tuple[tuple[Button, ...], ...]:
    """Return what belongs to an entry as buttons, and one that adds another: a type's questions, a workflow's statuses."""
    inner = INNER.get(of.word)
    if inner is None:
        return ()
    known, reader = inner.shelf.entries(review.document(turn), key), turn.here[1]
    found = [
        presses.OpenRule(address(inner, each)).button(called(turn, inner, each, known[each], reader)) for each in known
    ]
    return column(*found, presses.AddRule(f"{inner.word}.{key}").button(phrase(ADD[inner.word])))


def ask(turn: Turn, of: Section, key: str, *, adding: bool) -> None:
    """Open the form of an entry, filled with what is; a new one asks for its name first."""
    document = review.document(turn)
    entry = {} if adding else existing(turn, of, key)
    answers = {} if adding else {part.name: shown(part, entry) for part in of.parts}
    facts = {"entry": key, "adding": adding, "was": None if adding else entry}
    form_dialog.ask(turn, form_of(turn, of, document, adding=adding), answers=answers, facts=facts)
