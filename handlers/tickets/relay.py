"""From the requester to the team: what they say joins their ticket and goes into its thread in every team channel."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from handlers.rules.notify import TicketEvent
from handlers.tickets import cards, expected_response, notifications
from handlers.tickets.ticket_service import move_ticket
from handlers.turns.crossing import file_limit, too_big
from handlers.turns.turn import Turn, dump_rendered
from handlers.vocabulary.messages import File, Lane, Message, Operation, Part, RichText, phrase
from handlers.vocabulary.stored_text import (
    FILES,
    as_data,
    content_title,
    files_of,
    message_pieces,
    whole_message,
    words_of,
)
from handlers.vocabulary.translations import Locale
from storage.lifecycle import Action
from storage.models import MessageKind
from storage.people.people import Channel
from storage.queues.spoken import Said, StoredWords
from storage.retention import deletion
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket


def follow_up(turn: Turn, ticket: Ticket, said: Said | None = None) -> int:
    """Keep a requester's words on what goes on for their ticket, and show them in its thread, or on its card until it has one.

    Return the first message that they are kept as.
    """
    said = said or whole_message(turn.event)
    anchor = turn.shown.message_id if turn.shown and turn.event.reply_to else None
    own, ticket = ticket, turn.tx.related.heir(ticket)
    was = ticket.status
    quick = len(message_pieces(said)) > 1 or (turn.now - ticket.talked_at < turn.rules.fold and ticket.unread > 0)
    ticket = move_ticket(turn, ticket, Action.FOLLOW_UP, by=turn.person.id)
    kept = [keep_message(turn, ticket, piece, anchor) for piece in message_pieces(said)]
    here = turn.channels_of(ticket)
    cannot_cross(turn, files_of(said["files"]), {channel.source for channel in here})
    if ticket.status != was:
        cards.refresh_cards(turn, ticket)  # first: it opens the thread again
    threaded = [channel for channel in here if turn.tx.talk.thread(ticket.id, channel.id)]
    fold = turn.rules.fold if quick else timedelta(0)
    called = notifications.hands_mentions(turn, ticket, threaded)
    for channel in threaded:
        for number, piece in zip(kept, message_pieces(said), strict=True):
            named = [one.words for one in called if number == kept[-1] and one.channel == channel.id]
            words = called_together(named)
            post_in_thread(turn, ticket, channel, number, piece, anchor, fold=fold, called=words)
    waits = ticket.agent_id is None or bool(
        said["files"]
    )  # the card tells of words that wait for somebody, and of files
    if ticket.status == was and (waits or len(threaded) < len(here)):
        cards.refresh_cards(turn, ticket)
    expected_response.tell_away(turn, ticket, own.id)
    told = {one.person for one in called}
    together = f"followed:{ticket.id}" if len(kept) > 1 else ""
    for number, piece in zip(kept, message_pieces(said), strict=True):
        text = piece["words"]["text"]
        notifications.notify_of_event(
            turn, ticket, TicketEvent.FOLLOW_UP, fold=together, carries=number, but=told, words=text
        )
    return kept[0]


def show_in_thread(turn: Turn, ticket: Ticket, said: Said) -> None:
    """Keep a requester's words on a ticket and show them in its threads; they change nothing of how it stands."""
    kept = keep_message(turn, ticket, said, None)
    for channel in turn.channels:
        if turn.tx.talk.thread(ticket.id, channel.id):
            post_in_thread(turn, ticket, channel, kept, said, None, fold=timedelta(0))


def keep_message(
    turn: Turn, ticket: Ticket, said: Said, anchor: int | None, kind: MessageKind = MessageKind.FOLLOW_UP
) -> int:
    """Keep one message of a requester's or a guest's, and which native ones it came in; return its id."""
    kept = turn.tx.talk.add(
        ticket.id,
        turn.person.id,
        kind,
        words=said["words"],
        files=said["files"],
        at=turn.now,
        anchor=anchor,
    )
    natives = [said["native"]] if turn.event.burst else turn.event.parts or [said["native"]]
    for native in natives:
        turn.tx.talk.written(said["place"], native, kept, turn.now)
    return kept


def post_in_thread(
    turn: Turn,
    ticket: Ticket,
    channel: Channel,
    kept: int,
    said: Said,
    anchor: int | None,
    fold: timedelta,
    called: RichText | None = None,
) -> None:
    """Post a requester's words into a ticket's thread; a burst waits a moment and becomes one post.

    ``called`` is the mention of whoever has the ticket or helps with it, so that their messenger tells them.
    """
    name, words, files = turn.person.name, words_of(said["words"]), files_of(said["files"])
    relayed = tuple(file for file in files if file.kind != "other")
    parts: list[Part] = [
        words,
        *(phrase("talk.cannot_cross", what=content_title(file)) for file in files if file.kind == "other"),
        *([called] if called is not None else []),
    ]
    turn.send(
        turn.where(channel, ticket.id),
        reader_of(turn, channel),
        Message(tuple(parts), title=f"💬 {name}", files=relayed),
        carries=kept,
        anchor=anchor,
        fold=f"follow_up:{ticket.id}",
        ready_at=turn.now + fold,
        ticket=ticket.id,
    )


def called_together(names: Sequence[RichText]) -> RichText | None:
    """Return mentions on one line; None where nobody is called."""
    line = RichText()
    for name in names:
        line = line + RichText(" ") + name if line else name
    return line or None


def reader_of(turn: Turn, channel: Channel) -> Locale:
    """Return how a team channel reads."""
    return turn.reading(channel)


def in_threads(turn: Turn, number: int, *parts: Part, fold: str = "", carries: int | None = None) -> None:
    """Say something in each of a ticket's threads; what has somebody's words in it carries their message."""
    for channel in turn.channels_of(turn.tx.tickets.get(number)):
        if turn.tx.talk.thread(number, channel.id):
            in_thread(turn, number, channel, *parts, fold=fold, carries=carries)


def in_thread(
    turn: Turn, number: int, channel: Channel, *parts: Part, fold: str = "", carries: int | None = None
) -> None:
    """Say something in a ticket's thread in one channel; without a sound where many threads hear such at once."""
    where, reader = turn.where(channel, number), reader_of(turn, channel)
    message = Message(parts, silent=turn.event.late)
    turn.send(where, reader, message, ticket=number, fold=fold, carries=carries)


def cannot_cross(turn: Turn, files: Sequence[File], sources: Iterable[str]) -> None:
    """Tell whoever sent it that something cannot be passed on; the other side reads so where it would have stood."""
    for file in files:
        if file.kind == "other":
            turn.say(phrase("talk.not_passed", what=content_title(file)))
        limits = [file_limit(file, source, turn.able) for source in sources]
        if limits and all(limits):
            turn.say(too_big("talk.too_big_sent", file, min(limits)))


def take_away(turn: Turn, reader: Locale, lane: str, outgoing: int, ticket: int) -> None:
    """Take away what a promise shows; where the messenger keeps it (Telegram after 48 hours), it says that it was taken back."""
    instead = dump_rendered(turn.draw(Message((phrase("talk.taken_back"),)), reader))
    values = {"operation": Operation.DELETE, "edits": outgoing, "ticket_id": ticket, "payload": instead}
    turn.promise(Lane(lane), values)


def words_now(turn: Turn, was: TicketMessage) -> StoredWords:
    """Return what an edited message says now: a later picture of an album has no words, and takes none away."""
    written = deletion.author_native_messages(turn.tx.connection, was.id)
    later = (turn.event.place, turn.event.message) in written[1:]
    return was.words if later and not turn.event.words else as_data(turn.event)[0]


def relay_edit(turn: Turn, was: TicketMessage, ticket: Ticket) -> None:
    """The requester changed their words: agents see the new and the old, under the old."""
    words = words_now(turn, was)
    known = {file.identity for file in files_of(was.files)} | {file.handle for file in files_of(was.files)}
    fresh = tuple(file for file in turn.event.files if known.isdisjoint((file.identity, file.handle)))
    if words == was.words and not fresh:
        return
    turn.tx.talk.edit(was, words, turn.now, files=FILES.dump_python(fresh, mode="json"))
    name = turn.person.name
    for channel in turn.channels_of(ticket):
        if turn.tx.talk.thread(ticket.id, channel.id):
            before = (phrase("talk.edited_from"), words_of(was.words)) if words != was.words else ()
            parts = (words_of(words), *before, *([phrase("talk.replaced")] if fresh else []))
            turn.send(
                turn.where(channel, ticket.id),
                reader_of(turn, channel),
                Message(parts, title=f"✏️ {name}", files=tuple(file for file in fresh if file.kind != "other")),
                carries=was.id,
                anchor=was.id,
                ticket=ticket.id,
            )
    cards.refresh_cards(turn, ticket)


def to_threads(turn: Turn, ticket: Ticket, said: str, words: str = "", *, carries: int | None = None) -> None:
    """Say a line in each of a ticket's threads, perhaps with the requester's own words, kept as the message it carries."""
    line = phrase(said, name=turn.person.name, ticket=ticket.id)
    in_threads(turn, ticket.id, line, RichText(words), carries=carries)
