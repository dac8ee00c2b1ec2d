"""``/redact``: a secret that somebody wrote is blacked out wherever it stands: here, in the search, in the team's threads."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.tickets import cards, redaction, relay
from handlers.tickets.redaction import message_of, reader_at, ticket_at
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn, dumped
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Drawn, Lane, Message, Operation, lines, phrase
from handlers.vocabulary.stored_text import words_of
from storage import deletion
from storage.lifecycle import Refused
from storage.models import Role
from storage.talk import Said
from storage.tickets import Ticket

on = Routes()

BLACK = "█"


@on.command("redact", role=Role.AGENT)
def redact(turn: Turn) -> None:
    """Black words out, in reply to the message: /redact 4111 1111 takes that part, /redact alone the whole message."""
    shown = turn.shown
    said = turn.tx.talk.get(shown.message_id) if shown and shown.message_id else None
    if said is None or said.deleted_at is not None:
        raise Refused("nothing_to_redact")
    ticket = permissions.must_work_on(turn, turn.tx.tickets.get(said.ticket_id))
    part = turn.event.value.strip()
    if part and blacked_words(said.words, part) == said.words:
        raise Refused("not_in_message", word=part)
    turn.audit(Deed.REDACTED, ticket=ticket.id, message=said.id)
    if part:
        black_out(turn, ticket, said, part)
    else:
        redaction.forget_words(turn, said)
    relay.in_threads(turn, turn.tx.related.heir(ticket).id, phrase("redact.done", name=turn.person.name))


def black_out(turn: Turn, ticket: Ticket, said: Said, part: str) -> None:
    """Let a message say so no more, nor anything that was made of it; what shows it shows it blacked out."""
    connection = turn.tx.connection
    written = deletion.natives(connection, said.id)
    words = blacked_words(said.words, part)
    turn.tx.talk.edit(said, words, turn.now)
    turn.tx.erasure.forget_words_before(said.id)
    deletion.empty_verdicts(connection, said.person_id, written)
    answers = blacked(ticket.answers, part)
    turn.tx.tickets.change(ticket, at=turn.now, summary=blacked(ticket.summary, part), answers=answers)
    turn.tx.erasure.change_entries(ticket.id, lambda facts: blacked(facts, part))
    turn.tx.search.renew_all(ticket.id)
    whole = turn.tx.related.whole(turn.tx.tickets.get(ticket.id))
    redaction.blot_unsent(turn, list(dict.fromkeys((ticket.id, *(each.id for each in whole)))), part)
    now = replace(said, words=words)
    for each in (*deletion.shown_by(connection, said.id), *deletion.under_way(connection, said.id)):
        show_anew(turn, now, each)
    redaction.renew_form_card(turn, turn.tx.tickets.get(ticket.id))
    for of in whole:
        cards.refresh(turn, turn.tx.tickets.get(of.id))


def blacked(said: Any, part: str) -> Any:
    """Return a text, or data with texts in it, with a part blacked out wherever it stands, in any letter case.

    A text is as long as it was: formatting fits.
    """
    match said:
        case str():
            return re.sub(re.escape(part), lambda found: BLACK * len(found[0]), said, flags=re.IGNORECASE)
        case Mapping():
            return {name: blacked(each, part) for name, each in said.items()}
        case list() | tuple():
            return [blacked(each, part) for each in said]
    return said


def blacked_words(words: Mapping[str, Any], part: str) -> dict[str, Any]:
    """Return words with a part blacked out; a link that has it in its address is none any more."""
    spans = [span for span in words["spans"] if blacked(str(span.get("url") or ""), part) == str(span.get("url") or "")]
    return {**words, "text": blacked(str(words["text"]), part), "spans": spans}


def show_anew(turn: Turn, said: Said, shown: deletion.Shown) -> None:
    """Let a post that shows a message, perhaps with others, show it as it is now."""
    number, reader = ticket_at(shown.lane), reader_at(turn, shown.lane, said)
    told = [said if each == said.id else turn.tx.talk.get(each) for each in shown.messages]
    messages = [
        message_of(turn, each, number)
        if number
        else Message((words_of(each.words),), title=turn.tx.tickets.name(each.person_id))
        for each in told
        if each is not None and each.deleted_at is None
    ]
    drawn = [turn.draw(each, reader) for each in messages]
    files = tuple(file for each in drawn for file in each.files)
    whole = Drawn(lines(*(each.words for each in drawn)), files=files)
    values = {
        "edits": shown.outgoing_id,
        "ticket_id": said.ticket_id,
        "operation": Operation.EDIT,
        "payload": dumped(whole),
    }
    turn.promise(Lane(shown.lane), values)
