"""Tickets as a list of buttons: a page of them, and the way to the pages before and after."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers.tickets import cards, request_types, status_names, which_request
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Part, Phrase, RichText, button_column, phrase
from handlers.vocabulary.presses import ButtonData
from handlers.vocabulary.translations import moment_text
from storage.tickets.queue import Filter
from storage.tickets.tickets import Ticket

PAGE = 8
GROUPS = 12  # of a list that is grouped, told with how many they have
Rows = tuple[tuple[Button, ...], ...]


def ticket_buttons(turn: Turn, found: Sequence[Ticket], columns: Sequence[str] = ()) -> Rows:
    """Return tickets as buttons, one a row; what a requester has said since they were answered is marked."""
    sent = turn.tx.queue.with_files([ticket.id for ticket in found if ticket.unread])
    return button_column(
        *(
            presses.OpenCard(ticket.id).button(
                ticket_line(turn, ticket, columns) + unread_mark(ticket, files=ticket.id in sent)
            )
            for ticket in found
        )
    )


def unread_mark(ticket: Ticket, *, files: bool) -> str:
    """Return how many words nobody has answered, and whether a file is among them."""
    return f" ✉{ticket.unread}{'📎' if files else ''}" if ticket.unread else ""


def ticket_line(turn: Turn, ticket: Ticket, columns: Sequence[str] = ()) -> str:
    """Return a ticket on one line: state, urgency, number, words, owner; or what was asked for instead."""
    head = f"{cards.ICON[ticket.kind]}{cards.FLAG[ticket.priority]} #{ticket.id}"
    if not columns:
        owner = f" · {turn.tx.tickets.name(ticket.agent_id)}" if ticket.agent_id is not None else ""
        return f"{head} {which_request.first_words(ticket.summary)}{owner}"
    cells = (ticket_cell(turn, ticket, name) for name in columns)
    return " · ".join([head, *(told for told in cells if told)])


def ticket_cell(turn: Turn, ticket: Ticket, column_name: str) -> str:
    """Return what a column says of a ticket; nothing where it has no such thing. Its number stands there anyhow."""
    reader = turn.here[1]
    says: Mapping[str, Callable[[], Phrase | Mapping[str, str] | str | datetime | None]] = {
        "status": lambda: status_names.status_of(turn, ticket),
        "priority": lambda: phrase(f"priority.{ticket.priority}"),
        "summary": lambda: which_request.first_words(ticket.summary),
        "requester": lambda: turn.tx.tickets.name(ticket.requester_id),
        "agent": lambda: turn.tx.tickets.name(ticket.agent_id) if ticket.agent_id is not None else None,
        "group": lambda: group_title(turn, ticket.group_name),
        "type": lambda: request_types.type_title(turn, ticket.request_type_id, reader),
        "kind": lambda: phrase(f"request_kind.{turn.tx.requests.type(ticket.request_type_id).kind}"),
        "created": lambda: ticket.created_at,
        "talked": lambda: ticket.talked_at,
        "due": lambda: ticket.first_response_due if ticket.first_response_at is None else ticket.resolution_due,
        "rating": lambda: f"★{ticket.rating}" if ticket.rating is not None else None,
        "tags": lambda: " ".join(f"#{tag}" for tag in turn.tx.labelled.of(ticket.id).tags),
    }
    said = says[column_name]() if column_name in says else None
    if isinstance(said, datetime):
        return moment_text(said, reader, turn.now)
    return turn.text(said, reader) if said else ""


def group_title(turn: Turn, name: str | None) -> Mapping[str, str] | str | None:
    """Return what a group is called."""
    group = turn.rules.groups.get(name or "")
    return group.title if group is not None and group.title else name


def grouped_ticket_counts(turn: Turn, wanted: Filter) -> list[Part]:
    """Return how many tickets stand together, where a list is grouped."""
    if not wanted.by:
        return []
    named: Mapping[str, Callable[[Any], Phrase | Mapping[str, str] | str]] = {
        "priority": lambda key: phrase(f"priority.{key}"),
        "agent": lambda key: turn.tx.tickets.name(key),
        "requester": lambda key: turn.tx.tickets.name(key),
        "group": lambda key: group_title(turn, key) or key,
        "kind": lambda key: phrase(f"request_kind.{key}"),
        "type": lambda key: request_types.title_of(turn, key),
        "status": lambda key: phrase(f"status.{key}"),
    }
    told = [
        f"{turn.text(phrase('list.nobody') if key is None else named[wanted.by](key), turn.here[1])} {count}"
        for key, count in turn.tx.queue.tally(wanted)
    ]
    more = [f"… +{len(told) - GROUPS}"] if len(told) > GROUPS else []
    return [RichText(" · ".join([*told[:GROUPS], *more]))]


def page_buttons(page: Callable[[int], ButtonData], offset: int, *, more: bool) -> Rows:
    """Return the buttons that show the page before and the one after, where there are any; ``page`` is one by its offset."""
    back = [page(max(0, offset - PAGE)).button("‹")] if offset else []
    on_ = [page(offset + PAGE).button("›")] if more else []
    return ((*back, *on_),) if back or on_ else ()
