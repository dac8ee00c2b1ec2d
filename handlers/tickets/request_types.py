"""Request types as people choose among them, and the dialog that begins with one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.turns import form_dialog, form_view
from handlers.turns.turn import Turn
from handlers.vocabulary.draft_facts import NOTHING, DraftFacts
from handlers.vocabulary.forms import Field, Form, load_field
from handlers.vocabulary.translations import Locale
from kb import nearest
from storage.desk.request_types import RequestType
from storage.lifecycle import Refused
from storage.models import Role
from storage.queues.spoken import Said


def form_of(types: Sequence[RequestType]) -> Form:
    """Return one form for every request type: what it is about, then the questions of that type."""
    choices = {kind.name: dict(kind.title) for kind in types}
    fields = [Field("type", {"": "request.about"}, "choice", choices=choices)]
    for kind in types:
        fields += [field for field in fields_of_type(kind) if not field.by]
    return Form("request", {"": "request.title"}, tuple(fields))


def fields_of_type(kind: RequestType) -> list[Field]:
    """Return a type's fields, each under a name of its own and for that type only; those that the team answers too."""
    return [_of_type(kind.name, load_field(data)) for data in kind.fields]


def _of_type(kind: str, field: Field) -> Field:
    when = {"type": (kind,), **{f"{kind}.{name}": values for name, values in (field.when or {}).items()}}
    return replace(field, name=f"{kind}.{field.name}", when=when)


def offered_types(turn: Turn) -> list[RequestType]:
    """Return the request types that the actor may file, in their order; refuse where there is none."""
    types = [kind for kind in turn.tx.requests.types() if may_file(turn, kind)]
    if not types:
        raise Refused("no_types")
    return types


def type_by_name(turn: Turn, word: str) -> RequestType:
    """Return the request type that is meant, by its name or its title in any language, typos forgiven."""
    types = turn.tx.requests.types()
    known = {name.casefold(): kind for kind in types for name in (kind.name, *kind.title.values())}
    close = nearest(word.casefold(), list(known)) if word else None
    found = known.get(word.casefold()) or (known[close] if close else None)
    if found is None:
        raise Refused("no_type", word=word or "—", known=[kind.title for kind in types])
    return found


def may_file(turn: Turn, kind: RequestType) -> bool:
    """Return whether the actor may file a request of this type: everybody, the team alone, or the accounts it names."""
    rule = turn.rules.types.get(kind.name)
    if rule is None or turn.person.may(Role.ADMIN):
        return True
    if rule.agents_only:
        return turn.person.may(Role.AGENT)
    return not rule.may_file or any(account in rule.may_file for account in turn.tx.people.accounts(turn.person.id))


def begin_request(turn: Turn, *, kind: str = "", said: Said | None = None, about: DraftFacts = NOTHING) -> None:
    """Open the request dialog, with what was already said in its place: nothing is ever retyped."""
    types = offered_types(turn)
    form = form_of(types)
    answers: dict[str, Any] = {}
    if kind in {t.name for t in types} or len(types) == 1:
        answers["type"] = kind or types[0].name
    text = said["words"]["text"].strip() if said else ""
    if text:
        answers |= {field.name: text for field in form.fields if field.kind == "long_text" and field.required}
    if said and said["files"]:
        answers[form_view.FILES] = list(said["files"])
    form_dialog.open_form(turn, form, answers=answers, about=replace(about, said=said))


def title_of(turn: Turn, name: str) -> Mapping[str, str] | str:
    """Return what the request type of a name is called, by language."""
    found = next((kind for kind in turn.tx.requests.types() if kind.name == name), None)
    return found.title if found is not None else name


def type_title(turn: Turn, type_id: int, reader: Locale) -> str:
    """Return the name of a request type in the reader's language."""
    return form_view.label_text(turn.tx.requests.type(type_id).title, reader, turn)
