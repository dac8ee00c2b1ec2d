"""Which request something is about: said wherever a requester has several under way, so that they can answer the right one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Chat, Message, button_row, phrase
from handlers.vocabulary.text import beginning_of
from handlers.vocabulary.translations import Locale
from storage.tickets.tickets import Ticket

FIRST = 40  # characters of a request's first words


def has_several_requests(turn: Turn, own: Ticket, lane: str) -> bool:
    """Return whether a request's requester has more than one under way, and reads at an address what is for them alone."""
    requester = turn.tx.people.of_account(own.account_id)
    if Chat(requester.source, requester.home).lane != lane:
        return False
    return sum(ticket.active for ticket in turn.tx.tickets.of_requester(own.requester_id, 2)) > 1


def first_words(summary: str) -> str:
    """Return the beginning of a request's summary."""
    return beginning_of(summary, FIRST)


def signed_message(turn: Turn, own: Ticket, name: str, message: Message, lane: str) -> Message:
    """Return an agent's message with their name on it, and which request it is about where there are several."""
    if not has_several_requests(turn, own, lane):
        return replace(message, title=name)
    answer = button_row(presses.AnswerRequest(own.id).button(phrase("talk.answer", ticket=own.id)))
    return replace(message, title=f"{name} · #{own.id} {first_words(own.summary)}", buttons=answer)


def request_reference(turn: Turn, own: Ticket, key: str, facts: Mapping[str, Any], reader: Locale) -> str:
    """Return how a phrase calls a requester's request: by its number; with its first words where there are several.

    A phrase that says them already is left as it is; ``facts`` are the phrase's.
    """
    plain = str(own.id)
    if not has_several_requests(turn, own, turn.home_of(own)[0].lane) or "\0" in turn.text(
        phrase(key, **{**facts, "summary": "\0"}), reader
    ):
        return plain
    return f"{plain} ({first_words(own.summary)})"
