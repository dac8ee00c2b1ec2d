"""``/redact``: a secret that somebody wrote is blacked out wherever it stands: here, in the search, in the team's threads."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.tickets import approval_guard, cards, redaction, relay
from handlers.tickets.ticket_service import change_ticket
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import button_row, phrase
from storage.lifecycle import Refused
from storage.models import MessageKind, Role
from storage.queues.spoken import StoredWords
from storage.retention import deletion
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket

on = Routes()

COLUMNS = ("summary", "answers", "rating_comment")  # what is kept of a request beside its messages
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
    if part:
        black_out(turn, whole_request(turn, ticket), [said], part)
    else:
        redaction.forget_words(turn, said)
    tell_team(turn, ticket, [said])


def take_out_everywhere(turn: Turn, ticket: Ticket, part: str) -> None:
    """Black a part out of everything that a request says, and those that were merged into it: messages, answers, summary."""
    whole = whole_request(turn, ticket)
    said = [each for one in whole for each in messages_saying(turn, one, part)]
    numbers = [one.id for one in whole]
    if not (said or any(kept_says(turn, one, part) for one in whole) or redaction.lines_saying(turn, numbers, part)):
        raise Refused("not_in_request", word=part, ticket=ticket.id)
    now, left = said[-EACH:], said[:-EACH]
    black_out(turn, whole, now, part)
    tell_team(turn, ticket, now)
    if left:
        turn.whisper(phrase("redact.more", n=len(left)))


def whole_request(turn: Turn, ticket: Ticket) -> list[Ticket]:
    """Return a ticket and all with which it goes on as one, each once."""
    return list({each.id: each for each in (ticket, *turn.tx.related.whole(ticket))}.values())


def messages_saying(turn: Turn, ticket: Ticket, part: str) -> list[TicketMessage]:
    """Return the messages of a ticket that say a part, or said it before an edit, the oldest first."""
    former = turn.tx.talk.former_words(ticket.id)
    return [each for each in turn.tx.talk.standing(ticket.id) if says_part(each, former.get(each.id, ()), part)]


def kept_says(turn: Turn, ticket: Ticket, part: str) -> bool:
    """Return whether what is kept of a request beside its messages says a part."""
    asked = [word for each in turn.tx.approvals.of(ticket.id) for word in (each.why, each.question, each.answer)]
    asked += [seat.reason for each in turn.tx.approvals.of(ticket.id) for seat in turn.tx.approvals.all_seats(each.id)]
    asked += [word for each in turn.tx.plans.of(ticket.id) for word in (each.place, each.note)]
    says = any(redaction.redacted_data(word, part) != word for word in asked)
    return says or redacted_columns(turn, ticket, part) != {name: getattr(ticket, name) for name in COLUMNS}


def redacted_columns(turn: Turn, ticket: Ticket, part: str) -> dict[str, Any]:
    """Return what is kept of a request beside its messages, with a part blacked out."""
    kept = {name: redaction.redacted_data(getattr(ticket, name), part) for name in COLUMNS}
    return {**kept, "answers": redaction.redacted_answers(turn, ticket, part)}


def tell_team(turn: Turn, ticket: Ticket, said: Sequence[TicketMessage]) -> None:
    """Write down that something was blacked out, and say so in the request's threads."""
    turn.audit(Deed.REDACTED, ticket=ticket.id, messages=[each.id for each in said])
    relay.in_threads(turn, turn.tx.related.heir(ticket).id, phrase("redact.done", name=turn.person.name))


def says_part(said: TicketMessage, former: Sequence[StoredWords], part: str) -> bool:
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


def black_out(turn: Turn, whole: Sequence[Ticket], said: Sequence[TicketMessage], part: str) -> None:
    """Let a request's messages say so no more, nor what was made of them; what shows them shows them blacked out."""
    connection, now = turn.tx.connection, dict[int, TicketMessage]()
    for each in said:
        words = blacked_words(each.words, part)
        turn.tx.talk.edit(each, words, turn.now)
        turn.tx.erasure.forget_words_before(each.id)
        redaction.forget_asked(turn, each.person_id, deletion.author_native_messages(connection, each.id))
        now[each.id] = replace(each, words=words)
    for one in whole:
        change_ticket(turn, one, **redacted_columns(turn, one, part))
        turn.tx.erasure.change_entries(one.id, lambda facts: redaction.redacted_data(facts, part))
        turn.tx.search.renew(one.id, 0)  # its own words; each message renews its own
        redaction.renew_form_card(turn, turn.tx.tickets.get(one.id))
        for noun in (turn.tx.approvals, turn.tx.plans):
            noun.rewrite(one.id, lambda text: str(redaction.redacted_data(text, part)))
    redaction.black_out_told(turn, [one.id for one in whole], part)
    for each in now.values():
        for shown in (*deletion.shown_by(connection, each.id), *deletion.under_way(connection, each.id)):
            told = [now.get(number) or turn.tx.talk.get(number) for number in shown.messages]
            redaction.redraw_post(
                turn, shown, each, [one for one in told if one is not None and one.deleted_at is None]
            )
    for one in whole:
        approval_guard.show_as_now(turn, turn.tx.tickets.get(one.id))
        cards.refresh_cards(turn, turn.tx.tickets.get(one.id))
        turn.tx.erasure.forget_titles(one.id, cards.thread_title(turn, turn.tx.tickets.get(one.id)))


def blacked_words(words: StoredWords, part: str) -> StoredWords:
    """Return words with a part blacked out; a link that has it in its address is none any more."""
    spans = [
        span
        for span in words["spans"]
        if redaction.redacted_data(str(span.get("url") or ""), part) == str(span.get("url") or "")
    ]
    return {**words, "text": redaction.redacted_data(str(words["text"]), part), "spans": spans}
