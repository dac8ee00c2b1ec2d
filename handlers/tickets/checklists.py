"""A request's checklist: what its team ticks off, by its type; what is required is ticked before the request is resolved."""

from dataclasses import dataclass

from handlers.tickets import request_types
from handlers.turns.turn import Turn
from handlers.vocabulary.forms import Field
from handlers.vocabulary.messages import RichText, join_lines
from handlers.vocabulary.translations import Locale
from storage.lifecycle import Action, Refused
from storage.tickets.tickets import Change, Ticket

DONE, LEFT = "☑", "☐"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tick: its field, its name within its type, and whether it is ticked."""

    field: Field
    name: str
    done: bool

    def line(self, turn: Turn, reader: Locale) -> str:
        """Return it as a line; one that is required, and is not ticked yet, is marked."""
        mark = " ❗" if self.field.required and not self.done else ""
        return f"{DONE if self.done else LEFT} {turn.text(self.field.label, reader)}{mark}"


def checklist_of(turn: Turn, ticket: Ticket) -> list[Item]:
    """Return what is to be ticked on a ticket, in its order: the items of its type whose conditions its answers meet."""
    kind = turn.tx.requests.type(ticket.request_type_id)
    if all(data.get("kind") != "check" for data in kind.fields):
        return []  # as most types: a card is drawn for every act
    items = [field for field in request_types.fields_of_type(kind) if field.kind == "check"]
    met = [field for field in items if _is_met(field, ticket)]
    return [Item(f, f.name.removeprefix(f"{kind.name}."), ticket.answers.get(f.name) == "yes") for f in met]


def checklist_text(turn: Turn, ticket: Ticket, reader: Locale) -> RichText:
    """Return the items, one a line."""
    return join_lines(*(RichText(item.line(turn, reader)) for item in checklist_of(turn, ticket)))


def _is_met(field: Field, ticket: Ticket) -> bool:
    conditions = ((name, values) for name, values in (field.when or {}).items() if name != "type")
    return all(ticket.answers.get(name) in values for name, values in conditions)


def must_be_ticked(turn: Turn, change: Change) -> None:
    """Refuse that one of the team resolves a request before what is required is ticked; its requester may always be content."""
    ticket = change.was
    if change.comes_to is not Action.RESOLVE:
        return
    left = [item.field.label for item in checklist_of(turn, ticket) if item.field.required and not item.done]
    if left and all(each.requester_id != change.by for each in turn.tx.related.whole(ticket)):
        raise Refused("checklist", ticket=ticket.id, items=left)
