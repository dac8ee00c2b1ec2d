"""``/redact``: a secret that somebody wrote is blacked out wherever it stands: here, in the search, in the team's threads."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.tickets import cards, redaction, relay
from handlers.tickets.redaction import message_of, reader_at, ticket_at
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn, dump_rendered
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Lane, Message, Operation, RenderedMessage, button_row, join_lines, phrase
from handlers.vocabulary.stored_text import words_of
from storage.lifecycle import Refused
from storage.models import MessageKind, Role
from storage.retention import deletion
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket

on = Routes()

EACH = 10  # messages of a request that one act blacks out: a turn is short, and a secret is kept for no later one


@on.command("redact", role=Role.AGENT)
def redact(turn: Turn) -> None:
    """Black words out: /redact 4111 1111 takes that part, from the message it replies to or, in a request's thread, wherever the
    request has it; /redact alone the whole message, in reply to it. Where nothing can be replied to, it asks about the last.
    """
    part, said = turn.event.value.strip(), replied_message(turn)
    if said is not None:
        take_out(turn, said, part)
    elif turn.number is None:
        raise Refused("nothing_to_redact")
    elif part:
        take_out_everywhere(turn, permissions.must_work_on(turn, turn.tx.tickets.get(turn.number)), part)
    else:
        ask_about_last(turn, permissions.must_work_on(turn, turn.tx.tickets.get(turn.number)))


@on.press(presses.Redact, role=Role.AGENT)
def redact_it(turn: Turn) -> None:
    """The message that was asked about is blacked out whole."""
    said = turn.tx.talk.get(turn.pressed(presses.Redact).message)
    if said is None or said.deleted_at is not None:
        raise Refused("nothing_to_redact")
    take_out(turn, said, "")


def replied_message(turn: Turn) -> TicketMessage | None:
    """Return the message of a request that this one replies to; a thread alone points to none."""
    shown = turn.shown
    said = turn.tx.talk.get(shown.message_id) if shown and shown.message_id else None
    return said if said is not None and said.deleted_at is None else None


def take_out(turn: Turn, said: TicketMessage, part: str) -> None:
    """Black a part of a message out, or the whole of it."""
    ticket = permissions.must_work_on(turn, turn.tx.tickets.get(said.ticket_id))
    if part and not says_part(said, turn.tx.talk.former_words(ticket.id).get(said.id, ()), part):
        raise Refused("not_in_message", word=part)
    turn.audit(Deed.REDACTED, ticket=ticket.id, message=said.id)
    if part:
        black_out(turn, ticket, [said], part)
    else:
        redaction.forget_words(turn, said)
    relay.in_threads(turn, turn.tx.related.heir(ticket).id, phrase("redact.done", name=turn.person.name))


def take_out_everywhere(turn: Turn, ticket: Ticket, part: str) -> None:
    """Black a part out of everything that a request says, and those that were merged into it: messages, answers, summary."""
    whole = {each.id: each for each in (ticket, *turn.tx.related.whole(ticket))}
    found = {number: having_part(turn, each, part) for number, each in whole.items()}
    having = {number: said for number, said in found.items() if said is not None}
    if not having:
        raise Refused("not_in_request", word=part, ticket=ticket.id)
    for number, said in having.items():
        turn.audit(Deed.REDACTED, ticket=number, messages=[each.id for each in said[-EACH:]])
        black_out(turn, turn.tx.tickets.get(number), said[-EACH:], part)
    relay.in_threads(turn, turn.tx.related.heir(ticket).id, phrase("redact.done", name=turn.person.name))
    if left := sum(len(said[:-EACH]) for said in having.values()):
        turn.whisper(phrase("redact.more", n=left))


def having_part(turn: Turn, ticket: Ticket, part: str) -> list[TicketMessage] | None:
    """Return the messages of a ticket that say a part, or said it before an edit; None where nothing else has it either."""
    former = turn.tx.talk.former_words(ticket.id)
    said = [each for each in turn.tx.talk.standing(ticket.id) if says_part(each, former.get(each.id, ()), part)]
    kept = [ticket.summary, ticket.answers, ticket.rating_comment]
    if said or redaction.redacted_data(kept, part) != kept:
        return said
    lines = deletion.sent_lines(turn.tx.connection, [ticket.id])
    return [] if any(redaction.redacted_data(payload, part) != payload for _, _, payload in lines) else None


def says_part(said: TicketMessage, former: Sequence[Mapping[str, Any]], part: str) -> bool:
    """Return whether a message says a part, or said it before."""
    return any(blacked_words(words, part) != words for words in (said.words, *former))


def ask_about_last(turn: Turn, ticket: Ticket) -> None:
    """Ask whether the last message of a request is meant."""
    said = turn.tx.talk.last(ticket.id, MessageKind.FOLLOW_UP)
    if said is None or said.deleted_at is not None:
        raise Refused("nothing_to_redact")
    sure = presses.Redact(said.id).button(phrase("button.redact"), danger=True)
    who = turn.tx.tickets.name(said.person_id)  # and not what they wrote: a secret is said no second time
    turn.whisper(phrase("redact.last", ticket=ticket.id, name=who), buttons=button_row(sure))


def black_out(turn: Turn, ticket: Ticket, said: Sequence[TicketMessage], part: str) -> None:
    """Let messages say so no more, nor anything that was made of them; what shows them shows them blacked out."""
    connection, now = turn.tx.connection, []
    for each in said:
        words = blacked_words(each.words, part)
        turn.tx.talk.edit(each, words, turn.now)
        turn.tx.erasure.forget_words_before(each.id)
        redaction.forget_asked(turn, each.person_id, deletion.author_native_messages(connection, each.id))
        now.append(replace(each, words=words))
    whole = turn.tx.related.whole(ticket)
    for of in {one.id: one for one in (ticket, *whole)}.values():
        kept = {
            name: redaction.redacted_data(getattr(of, name), part) for name in ("summary", "answers", "rating_comment")
        }
        turn.tx.tickets.change(of, at=turn.now, **kept)
        turn.tx.erasure.change_entries(of.id, lambda facts: redaction.redacted_data(facts, part))
        turn.tx.search.renew(of.id, 0)  # its own words; each message renews its own
    redaction.take_corrections_away(turn, ticket)
    redaction.black_out_told(turn, list(dict.fromkeys((ticket.id, *(each.id for each in whole)))), part)
    for each in now:
        for shown in (*deletion.shown_by(connection, each.id), *deletion.under_way(connection, each.id)):
            show_anew(turn, each, shown)
    redaction.renew_form_card(turn, turn.tx.tickets.get(ticket.id))
    for of in {one.id: one for one in (ticket, *whole)}.values():
        cards.refresh_cards(turn, turn.tx.tickets.get(of.id))


def blacked_words(words: Mapping[str, Any], part: str) -> dict[str, Any]:
    """Return words with a part blacked out; a link that has it in its address is none any more."""
    spans = [
        span
        for span in words["spans"]
        if redaction.redacted_data(str(span.get("url") or ""), part) == str(span.get("url") or "")
    ]
    return {**words, "text": redaction.redacted_data(str(words["text"]), part), "spans": spans}


def show_anew(turn: Turn, said: TicketMessage, shown: deletion.Shown) -> None:
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
    whole = RenderedMessage(join_lines(*(each.words for each in drawn)), files=files)
    values = {
        "edits": shown.outgoing_id,
        "ticket_id": said.ticket_id,
        "operation": Operation.EDIT,
        "payload": dump_rendered(whole),
    }
    turn.promise(Lane(shown.lane), values)
