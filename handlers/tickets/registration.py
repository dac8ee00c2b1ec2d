"""Writing a new request down, whoever makes it and out of what: it gets its number and its clocks run; and whose it is then."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.tickets import assignment, cards, ticket_service
from handlers.turns.turn import Turn
from handlers.vocabulary.forms import Form
from storage.desk.request_types import RequestType
from storage.models import Priority
from storage.people.people import Person
from storage.tickets.tickets import Ticket
from storage.types import Answers


def write_down(
    turn: Turn,
    requester: Person,
    kind: RequestType,
    form: Form | int,
    answers: Answers,
    *,
    summary: str,
    group: str | None,
    priority: Priority,
    language: str = "",
    dues: Mapping[str, datetime | None] | None = None,
    **facts: Any,
) -> Ticket:
    """Return a request that is registered now; ``dues`` are by when it is to be answered and resolved, if not by its targets.

    ``facts``: what else is known of it, by the ticket's columns; ``language`` is its requester's own, unless said.
    """
    if isinstance(form, Form):
        form = turn.tx.requests.form_id(form.name, form.digest, form.dump(), turn.now)
    if dues is None:
        dues = ticket_service.target_dues(turn, kind.name, priority, group, requester.id)
    ticket = turn.tx.tickets.add(
        requester_id=requester.id,
        account_id=requester.account_id,
        request_type_id=kind.id,
        form_id=form,
        summary=summary,
        answers=answers,
        priority=priority,
        language=language or turn.reader(requester).language,
        group_name=group,
        at=turn.now,
        **{"previous_id": None, "form_card": None, **dues, **facts},
    )
    ticket_service.start_clocks(turn, ticket)
    return ticket


def assign_by_rules(turn: Turn, ticket: Ticket) -> None:
    """Give a new request to an agent, where the rules find one."""
    given = assignment.find_agent(turn, ticket)
    if given is not ticket:
        cards.refresh_cards(turn, given)
