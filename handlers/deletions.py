"""Deletions cross where a messenger reports them: what one side takes back, the other sees no more, and is told so."""

from handlers import lifecycle, relay, replies
from handlers.messages import Kind, Lane
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
        channel = next((channel for channel in turn.channels if channel.source == Lane(lane).source), None)
        reader = relay.reader_of(turn, channel) if channel else turn.reader(turn.person)
        relay.take_away(turn, reader, lane, outgoing, said.ticket_id)
