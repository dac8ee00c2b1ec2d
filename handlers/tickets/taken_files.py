"""A file that its author takes away while the words stay: the desk forgets it, and the words are shown without it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.tickets import cards, guesting, relay, visits
from handlers.tickets.redaction import message_at, reader_at, renew_form_card
from handlers.tickets.ticket_service import change_ticket
from handlers.turns import permissions
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Lane
from storage.models import MessageKind
from storage.queues.spoken import StoredFile
from storage.retention import deletion
from storage.tickets.messages import TicketMessage

# What whoever takes a file out of their words must be allowed to do.
ACTS = {MessageKind.REPLY: "del", MessageKind.NOTE: "note"}


def forget_files(turn: Turn, said: TicketMessage, gone: Sequence[str]) -> bool:
    """Let a message be without the files that were taken away, wherever it is shown; return whether it had any of them."""
    kept = [file for file in said.files if not is_taken_away(file, gone)]
    if len(kept) == len(said.files):
        return False
    of_guest = turn.channel is None and guesting.may_be_of_guest(turn, said)
    if said.kind in ACTS and not of_guest:
        permissions.must_may(turn, ACTS[said.kind])
    connection = turn.tx.connection
    shown = [*deletion.shown_by(connection, said.id), *deletion.under_way(connection, said.id)]
    lanes = {lane: {said.id} for lane in deletion.waiting_lanes(connection, said.id)}
    deletion.withhold_message(connection, said.id, turn.now)
    turn.tx.talk.keep_files(said, kept, turn.now)
    for each in shown:
        relay.take_away(turn, reader_at(turn, each.lane, said), each.lane, each.outgoing_id, said.ticket_id)
        lanes[each.lane] = lanes.get(each.lane, set()) | {*each.messages, said.id}
    for lane, messages in lanes.items():
        for number in sorted(messages):
            show_again(turn, lane, number)
    ticket = turn.tx.tickets.get(said.ticket_id)
    answers = {name: without_files(answer, gone) for name, answer in ticket.answers.items()}
    if answers != ticket.answers:
        ticket = change_ticket(turn, ticket, answers=answers)
        renew_form_card(turn, ticket)
    if said.kind is MessageKind.FOLLOW_UP or of_guest:
        relay.to_threads(turn, turn.tx.related.heir(ticket), "thread.file_gone")
    cards.refresh_cards(turn, ticket)
    return True


def is_taken_away(file: StoredFile, gone: Sequence[str]) -> bool:
    """Return whether a file is one of these: its address has the id by which its messenger calls it."""
    return any(f"-{each}/" in str(file.get("ref") or "") for each in gone)


def without_files(answer: Any, gone: Sequence[str]) -> Any:
    """Return the answer of a form without files that were taken away."""
    if not isinstance(answer, list):
        return answer
    return [each for each in answer if not (isinstance(each, Mapping) and is_taken_away(each, gone))]


def show_again(turn: Turn, lane: str, number: int) -> None:
    """Show a message where it stood as it is now, unless nothing of it is left, or whoever reads there is a guest no more."""
    said = turn.tx.talk.get(number)
    if said is None or said.deleted_at is not None or not (said.files or str(said.words["text"]).strip()):
        return
    if visits.is_over_at(turn, lane, said):
        return
    message = replace(message_at(turn, lane, said), silent=True)
    turn.send(Lane(lane), reader_at(turn, lane, said), message, carries=said.id, ticket=said.ticket_id)
