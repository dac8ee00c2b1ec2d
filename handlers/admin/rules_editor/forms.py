"""The forms in which a part of the rules is written: made from its parts, with the names there are to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from handlers.admin.rules_editor.parts import Part, part_as_written, split_words
from handlers.admin.rules_editor.sections import Section
from handlers.rules import hours
from handlers.rules.document import Document, Entry
from handlers.rules.types import WHO
from handlers.turns import form_view
from handlers.turns.turn import Turn
from handlers.vocabulary.forms import KEY, Field, Form, Label
from handlers.vocabulary.latin_names import LONGEST
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.translations import LANGUAGES, NAMES, Locale
from storage.people.people import Person

HINTED = frozenset(  # parts whose form says how they are written
    (
        *("members", "keywords", "capacity", "week", "holidays", "days", "first_response", "resolution", "warn"),
        *("time_zone", "zone", "choices", "when", "conversation_window", "reopen_window", "auto_close", "reminder"),
        *("pending_reminder", "pending_close", "idle_reminder", "plan_reminder"),
        *("unclaimed_reminder", "reply_text", "may_file", "pause", "most", "pattern", "comes_from", "moves", "like"),
        *("admins", "seniors", "permissions", "of_type", "of_role", "own_text", "address", "events", "choices_from"),
    )
)


def form_of(turn: Turn, section: Section, document: Document, *, adding: bool) -> Form:
    """Return the form of an entry; a new one is asked for its name too, and for its texts in the admin's own language alone.

    Who reads another language reads that text until a change of the entry gives one in theirs. A choice among what there is
    none of yet is not asked.
    """
    own = ("", NAMES[turn.reader(turn.person).language])
    begun = (part for part in (*section.begun, *section.parts) if not part.later)
    parts = [part for part in begun if part.in_language in own] if adding else section.parts
    asked = [part for part in parts if not part.among or field_options(part, document)]
    fields = [_field(turn, part, document, when=part.when if adding else None) for part in asked]
    if adding and section.named:
        fields = [replace(f, named_by="name") if f.name.startswith("title_") else f for f in fields]
        name = Field("name", {"": "rule.name"}, KEY, {"": "rule.hint.name"}, limit=LONGEST)
        fields.insert(0, name)
    return Form(f"rule_{section.word}", {"": f"rules.section.{section.word}"}, tuple(fields))


def _field(turn: Turn, part: Part, document: Document, *, when: Mapping[str, tuple[str, ...]] | None) -> Field:
    word = part.words or part.name
    hinted = part.hint or (word if word in HINTED else "")
    hint = {"": f"rule.hint.{hinted}"} if hinted else None
    choices = {option: option_title(part, option, document) for option in field_options(part, document)}
    return Field(
        part.name,
        part_label(turn, part),
        part.kind,
        hint,
        part.required,
        part.limit,
        choices=choices or None,
        when=when,
    )


def field_options(part: Part, document: Document) -> list[str]:
    """Return what may be chosen."""
    return [str(name) for name in (document.get(part.among) or {})] if part.among else list(part.options)


def option_title(part: Part, option: str, document: Document) -> Label:
    """Return what an option is called."""
    if part.among:
        entry = (document.get(part.among) or {}).get(option)
        title = (entry.get("title") if isinstance(entry, Mapping) else None) or option
        return {code: str(text) for code, text in title.items()} if isinstance(title, Mapping) else {"en": str(title)}
    if option in LANGUAGES:
        return {"en": NAMES[option]}
    return {"": f"{part.named or 'rule.option'}.{option}"}


def part_text(turn: Turn, part: Part, entry: Entry, document: Document, reader: Locale) -> str:
    """Return a part of an entry as its reader would say it."""
    value = part_as_written(part, entry)
    if part.kind == "choice" and value in field_options(part, document):
        return form_view.label_text(option_title(part, value, document), reader, turn)
    if part.name == "week":
        return hours.in_words(value, reader.language)
    if part.kind == "yes_no" and value:
        return turn.text(phrase(f"form.{value}"), reader)
    if part.shape == "who" and value in WHO:
        return turn.text(phrase(f"rule.option.{value}"), reader)
    if part.shape in ("accounts", "who") and value:
        return account_names(turn, split_words(value))
    return value


def account_names(turn: Turn, accounts: Sequence[str]) -> str:
    """Return accounts by the names of those whose they are, as far as they are known."""
    known = {account: person.name for account in accounts if (person := account_owner(turn, account)) is not None}
    return ", ".join(f"{known[account]} ({account})" if account in known else account for account in accounts)


def account_owner(turn: Turn, account: str) -> Person | None:
    """Return whose account it is, if they have ever been seen."""
    messenger, _, native = account.partition(":")
    sources = {channel.source.partition(":")[0]: channel.source for channel in turn.channels}
    return turn.tx.people.find(sources[messenger], native) if messenger in sources else None


def part_label(turn: Turn, part: Part) -> Label:
    """Return what a part is called, with its language where it is a text in one."""
    if not part.in_language:
        return part.label
    said = phrase(f"rule.{part.words or part.name}")
    return {code: f"{turn.text(said, Locale(code))} ({part.in_language})" for code in LANGUAGES}
