"""Deletions cross where a messenger reports them: what one side takes back, the other sees no more, and is told so."""

from handlers import lifecycle, replies
from handlers.messages import Kind, Lane, Operation
from handlers.router import on
from handlers.turn import Turn
from storage.models import MessageKind
from storage.talk import Said


@on.kind(Kind.DELETE)
def deleted(turn: Turn) -> None:
    """Somebody deleted their own words on a ticket: the copies go too; agents read that there was something."""
    shown = turn.tx.talk.at(turn.event.place, turn.event.message)
    said = turn.tx.talk.get(shown.message_id) if shown and shown.message_id else None
    if said is None or said.person_id != turn.person.id or said.deleted_at is not None:
        return
    if said.kind is MessageKind.REPLY:
        replies.delete(turn, said)
        return
    turn.tx.talk.delete(said.id, turn.now)
    remove_copies(turn, said)
    if said.kind is MessageKind.FOLLOW_UP:
        lifecycle.to_threads(turn, turn.tx.tickets.get(said.ticket_id), "thread.deleted")


def remove_copies(turn: Turn, said: Said) -> None:
    """Take away what shows a message elsewhere; a post that shows other words too stays."""
    for outgoing, lane in turn.tx.talk.copies(said.id):
        values = {"operation": Operation.DELETE, "edits": outgoing, "ticket_id": said.ticket_id}
        turn.promise(Lane(lane), values)
