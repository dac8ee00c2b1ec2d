"""A request's details: what its form asked, and what it did not: fields that the team answers, or of a type it got later."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from handlers.tickets import request_types
from handlers.turns.choice_lists import with_list
from handlers.turns.turn import Turn
from handlers.vocabulary.forms import Field, load_form
from storage.tickets.tickets import Ticket

APART = ("file", "check")  # kinds that are no answers in words: a checklist has its own lines and buttons


def unasked_fields(turn: Turn, ticket: Ticket) -> list[Field]:
    """Return the fields of a ticket's type that its form has not asked; without the lists that other programs give."""
    form = load_form(turn.tx.requests.form(ticket.form_id))
    asked = {field.name for field in form.visible(ticket.answers)}
    kind = turn.tx.requests.type(ticket.request_type_id)
    own = request_types.fields_of_type(kind)
    words = [field.name for field in own if field.kind == "long_text" and not field.by]  # these its requester has said
    return [field for field in own if field.name not in (*asked, *words) and field.kind not in APART]


def answered_fields(turn: Turn, ticket: Ticket) -> list[Field]:
    """Return those that nobody has asked for in a form and that have an answer, as they are shown."""
    answered = ((field, ticket.answers.get(field.name)) for field in unasked_fields(turn, ticket))
    return [with_list(turn, field, answer) for field, answer in answered if answer not in (None, "")]


def detail_fields(turn: Turn, ticket: Ticket) -> list[Field]:
    """Return what an agent may fill in or correct of a ticket: not its type, not its requester's own words."""
    form = load_form(turn.tx.requests.form(ticket.form_id))
    plain = [f for f in form.visible(ticket.answers) if f.name != "type" and f.kind not in ("file", "long_text")]
    found = [*plain, *unasked_fields(turn, ticket)]
    names = {field.name for field in found}
    return [
        replace(field, required=field.required and not field.by, when=conditions_among(field, names)) for field in found
    ]


def conditions_among(field: Field, names: Collection[str]) -> dict[str, tuple[str, ...]] | None:
    """Return those of a field's conditions that are on fields of these names."""
    return {name: values for name, values in (field.when or {}).items() if name in names} or None


def missing_fields(turn: Turn, ticket: Ticket) -> Sequence[Field]:
    """Return the fields of a ticket's type that its requester would have had to answer, and was not asked."""
    own = unasked_fields(turn, ticket)
    free = (field for field in own if field.required and not field.by and set(field.when or ()) <= {"type"})
    return [field for field in free if not ticket.answers.get(field.name)]
