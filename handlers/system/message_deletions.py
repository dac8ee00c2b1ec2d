"""Deletions and edits cross where a messenger reports them: what one side takes back, the other sees no more, and is told so."""

from dataclasses import replace
from typing import Any

from handlers.articles import remarks
from handlers.requester import open_question
from handlers.tickets import corrections, guesting, relay, replies, taken_files
from handlers.tickets.redaction import forget_answer, forget_question, forget_words
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn, dump_rendered
from handlers.vocabulary import timers
from handlers.vocabulary.messages import Kind, Lane, Operation, RenderedMessage
from storage.models import MessageKind
from storage.people.people import Person
from storage.retention import deletion
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket

on = Routes()


def find_author(turn: Turn) -> Person | None:
    """Return whose words are deleted where the messenger does not say it, and let the event say where they stood.

    In somebody's own chat they are theirs unless they are ours; elsewhere the desk knows who wrote what it keeps.
    """
    event = turn.event
    if event.gone and not event.message:
        return find_owner(turn)
    if event.private:
        shown = turn.tx.talk.at(event.place, event.message)
        ours = shown is not None and shown.outgoing_id is not None
        return None if ours else turn.tx.people.at_chat(event.source, event.chat)
    found = turn.tx.talk.author_at(event.source, event.group, event.message)
    if found is None:
        heard = turn.tx.request_channels.heard(turn.request_channel.id, event.message) if turn.request_channel else None
        return turn.tx.people.of_account(heard.account_id) if heard is not None else None
    place, person = found
    turn.event = replace(event, chat=place.removeprefix(f"{event.source}:"))
    return next((each for each in turn.tx.people.by_account(person) if each.source == event.source), None)


def find_owner(turn: Turn) -> Person | None:
    """Return whose a deleted file was, and let the event say where it stood last; None where the desk has none such."""
    event = turn.event
    for said in reversed([each for name in event.gone for each in turn.tx.talk.holding(name)]):
        written = turn.tx.talk.written_at(said.id)
        accounts = [each for each in turn.tx.people.by_account(said.person_id) if each.source == event.source]
        if written is not None and accounts and written[0].startswith(f"{event.source}:"):
            chat = written[0].removeprefix(f"{event.source}:")
            team = any(channel.place == written[0] for channel in turn.channels)
            turn.event = replace(event, chat=chat, message=written[1], private=not team and "/" not in chat)
            return accounts[0]
    return None


@on.kind(Kind.DELETE)
def deleted(turn: Turn) -> None:
    """Somebody deleted their own words: nothing says them any more; agents read that there was something."""
    shown = turn.tx.talk.at(turn.event.place, turn.event.message)
    said = turn.tx.talk.get(shown.message_id) if shown and shown.message_id else None
    if turn.event.gone:
        held = [said] if said is not None else []
        held += [each for name in turn.event.gone for each in turn.tx.talk.holding(name)]
        for each in {one.id: one for one in held if one.person_id == turn.person.id}.values():
            taken_files.forget_files(turn, each, turn.event.gone)
    elif shown is not None and shown.field and shown.ticket_id is not None:
        must_be_theirs(turn, shown.ticket_id)
        if forget_answer(turn, shown.ticket_id, shown.field):
            relay.to_threads(turn, goes_on_in(turn, shown.ticket_id), "thread.deleted")
    elif said is None:
        forget_question(turn, turn.event.place, turn.event.message)
    elif said.person_id == turn.person.id and said.deleted_at is None:
        take_back(turn, said)


def must_be_theirs(turn: Turn, number: int) -> None:
    """Refuse to change an answer that is not the actor's: their own request's, or one of those the team registers for others."""
    if turn.tx.tickets.get(number).requester_id != turn.person.id:
        permissions.must_may(turn, "new")


@on.timer(timers.Vanish)
def vanish(turn: Turn) -> None:
    """What was said to one person among others has been read; the command that asked for it goes with it."""
    said = turn.due(timers.Vanish)
    about: dict[str, Any] = {"operation": Operation.DELETE}
    turn.promise(Lane(said.lane), {**about, "edits": said.outgoing})
    deletion.forget_sent(turn.tx.connection, said.outgoing)
    if said.under:
        turn.promise(
            Lane(said.lane), {**about, "payload": dump_rendered(RenderedMessage(facts={"natives": [said.under]}))}
        )


def take_back(turn: Turn, said: TicketMessage) -> None:
    """Forget the actor's own words; a reply is taken back from its requester too, if it is not too old for that.

    What was said as one of the team is taken back by one of the team alone, who may.
    """
    if said.kind is MessageKind.REPLY:
        replies.delete_reply(turn, said)
        return
    theirs = said.kind is MessageKind.FOLLOW_UP or (turn.channel is None and guesting.may_be_of_guest(turn, said))
    if not theirs:
        permissions.must_may(turn, "note")
    forget_words(turn, said)
    if theirs:
        relay.to_threads(turn, goes_on_in(turn, said.ticket_id), "thread.deleted")


def goes_on_in(turn: Turn, number: int) -> Ticket:
    """Return the ticket that a ticket goes on in: itself, or what it was merged into at last."""
    return turn.tx.related.heir(turn.tx.tickets.get(number))


@on.kind(Kind.EDIT)
def edited(turn: Turn) -> None:
    """Somebody changed their words: the change crosses to wherever they are shown; an edit to nothing is a deletion."""
    shown = turn.tx.talk.at(turn.event.place, turn.event.message)
    said = turn.tx.talk.get(shown.message_id) if shown and shown.message_id else None
    empty = not (turn.event.words.strip() or turn.event.files)
    number = said.ticket_id if said is not None else shown.ticket_id if shown is not None else None
    if number is not None and (of := turn.tx.tickets.find(number)) is not None and of.forgotten_at is not None:
        return  # nothing of what was said on it is kept any more
    if shown is not None and shown.field and shown.ticket_id is not None:
        if empty:
            deleted(turn)
        else:
            must_be_theirs(turn, shown.ticket_id)
            corrections.correct_answer(turn, shown.ticket_id, shown.field)
    elif said is None:
        if empty:
            forget_question(turn, turn.event.place, turn.event.message)
        elif not remarks.change_remark(turn):
            open_question.update_edited_question(turn)
            corrections.correct_draft(turn)
    elif said.person_id == turn.person.id and said.deleted_at is None:
        if empty:
            take_back(turn, said)
        else:
            apply_message_edit(turn, said)


def apply_message_edit(turn: Turn, said: TicketMessage) -> None:
    """Let the actor's words say what they say now; a form's answer that they were follows them."""
    replies.change_words(turn, said)
    if said.kind is MessageKind.FOLLOW_UP:
        corrections.follow_first_words(turn, turn.tx.tickets.get(said.ticket_id), str(said.words["text"]).strip())
