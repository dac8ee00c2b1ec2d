"""A deletion renews everything derived from the words: what shows them, what was kept of them, what waits to be sent."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.tickets import approval_guard, cards, details, outage_question, relay, visits, which_request
from handlers.tickets.ticket_service import change_ticket
from handlers.turns import form_dialog, form_view
from handlers.turns.choice_lists import with_list
from handlers.turns.turn import Turn, dump_rendered
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.forms import load_form
from handlers.vocabulary.messages import (
    RENDERED_MESSAGE,
    Lane,
    Message,
    Operation,
    RenderedMessage,
    RichText,
    join_lines,
    phrase,
)
from handlers.vocabulary.stored_text import files_of, words_of
from handlers.vocabulary.translations import Locale
from storage.desk.request_types import Draft
from storage.models import MessageKind
from storage.queues import spoken
from storage.retention import deletion
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket
from storage.types import Answers

BLOT = "…"
BLACK = "█"
CORRECTION = "correction:"  # begins the folds of lines that tell what an answer was and is
Line = tuple[int, str, RenderedMessage]  # a line about a ticket: promise, lane, and how it is from now on
Rewritten = Callable[[RenderedMessage], RenderedMessage]
BEGUN = 40  # characters of a summary that a button shows at least


def forget_words(turn: Turn, said: TicketMessage) -> None:
    """Let nothing say any more what its author has taken back: it is taken away where it stands, or drawn anew without it."""
    connection, whole = turn.tx.connection, turn.tx.related.whole(turn.tx.tickets.get(said.ticket_id))
    written = deletion.author_native_messages(connection, said.id)
    shown = [*deletion.shown_by(connection, said.id), *deletion.under_way(connection, said.id)]
    deletion.withhold_message(connection, said.id, turn.now)
    forget_asked(turn, said.person_id, written)
    forget_in_drafts(turn, said.person_id, written, str(said.words["text"]))
    summary = forget_in_ticket(turn, said)
    turn.tx.approvals.forget_answered(said.ticket_id, str(said.words["text"]))
    turn.tx.talk.delete(said.id, turn.now)
    numbers = list(dict.fromkeys((said.ticket_id, *(each.id for each in whole))))
    blot_unsent(turn, numbers, summary)
    for each in shown:
        show_without(turn, said, each)
    for number in numbers:
        approval_guard.show_as_now(turn, turn.tx.tickets.get(number))
        cards.refresh_cards(turn, turn.tx.tickets.get(number))


def forget_answer(turn: Turn, number: int, field: str) -> bool:
    """Empty a field of a request's form, whose answer its author has taken back; return whether there was one."""
    ticket = turn.tx.tickets.get(number)
    answer = ticket.answers.get(field)
    if not answer:
        return False
    turn.tx.secrets.drop(number, field)
    ticket = change_ticket(turn, ticket, answers={**ticket.answers, field: ""})
    blot_unsent(turn, [number], answer if isinstance(answer, str) else "")
    take_corrections_away(turn, ticket, correction_fold(field))
    renew_form_card(turn, ticket)
    approval_guard.show_as_now(turn, ticket)
    cards.refresh_cards(turn, ticket)
    return True


def correction_fold(field: str) -> str:
    """Return the fold by which lines about corrections of a field are found again; a fold has 64 characters."""
    return f"{CORRECTION}{field}"[:64]


def take_corrections_away(turn: Turn, ticket: Ticket, fold: str = CORRECTION) -> None:
    """Take away the lines that told of what an answer was and is: of one field, or of all."""
    numbers = [each.id for each in (ticket, *turn.tx.related.whole(ticket), turn.tx.related.heir(ticket))]
    take_lines_away(turn, deletion.of_fold(turn.tx.connection, numbers, fold, turn.now))


def take_lines_away(turn: Turn, told: Iterable[tuple[int, str, int]]) -> None:
    """Take lines away from tickets' threads: each a promise, its lane and ticket."""
    for outgoing_id, lane, number in told:
        channel = next((each for each in turn.channels if lane.endswith(f"/{each.id}")), None)
        if channel is not None:
            relay.take_away(turn, relay.reader_of(turn, channel), lane, outgoing_id, number)


def renew_form_card(turn: Turn, ticket: Ticket) -> None:
    """Let what shows a requester their answers show them as they are now, and what shows them to guests."""
    visits.renew_forms(turn, ticket)
    lane = deletion.lane_of(turn.tx.connection, ticket.form_card) if ticket.form_card is not None else None
    if lane is None:
        return
    form = load_form(turn.tx.requests.form(ticket.form_id))
    reader = turn.reader(turn.tx.people.of_account(ticket.account_id))
    done = Message(
        (form_view.answers_summary(form, ticket.answers, reader, turn),),
        title=form_view.label_text(form.title, reader, turn),
    )
    turn.send(Lane(lane), reader, done, edits=ticket.form_card)


def blot_unsent(turn: Turn, numbers: Sequence[int], text: str) -> None:
    """Empty what was sent about tickets, and take a text out of what still waits to be, and of lines in team channels."""
    if text:
        rewrite_unsent(turn, numbers, lambda drawn: without_text(drawn, text))
        channels = {channel.place for channel in turn.channels}
        told = lines_changed(turn, numbers, lambda drawn: without_text(drawn, text))
        show_lines_anew(turn, [line for line in told if line[1] in channels])
    outage_question.redraw_alike_lists(turn, numbers)
    deletion.empty_sent(turn.tx.connection, numbers)


def black_out_told(turn: Turn, numbers: Sequence[int], part: str) -> None:
    """Let nothing that was said about tickets, or still waits to be, say a part; whoever sees it sees it blacked out."""
    rewrite_unsent(turn, numbers, lambda drawn: redacted_rendered(drawn, part))
    take_lines_away(
        turn, deletion.emptied_of_fold(turn.tx.connection, numbers, CORRECTION)
    )  # what it says nobody knows
    show_lines_anew(turn, lines_saying(turn, numbers, part))
    outage_question.redraw_alike_lists(turn, numbers)
    deletion.empty_sent(turn.tx.connection, numbers)


def rewrite_unsent(turn: Turn, numbers: Sequence[int], rewritten: Rewritten) -> None:
    """Let what still waits to be sent about tickets say something else."""
    for outgoing_id, payload in deletion.unsent_messages(turn.tx.connection, numbers):
        now = rewritten(RENDERED_MESSAGE.validate_json(payload))
        deletion.put_payload(turn.tx.connection, outgoing_id, dump_rendered(now))


def lines_saying(turn: Turn, numbers: Sequence[int], part: str) -> list[Line]:
    """Return the lines about tickets that say a part, nobody's message, and how they are without it."""
    return lines_changed(turn, numbers, lambda drawn: redacted_rendered(drawn, part))


def lines_changed(turn: Turn, numbers: Sequence[int], rewritten: Rewritten) -> list[Line]:
    """Return the lines about tickets, nobody's message, that are others when they are rewritten."""
    told = (
        (outgoing_id, lane, RENDERED_MESSAGE.validate_json(payload))
        for outgoing_id, lane, payload in deletion.sent_lines(turn.tx.connection, numbers)
    )
    changed = ((outgoing_id, lane, was, rewritten(was)) for outgoing_id, lane, was in told)
    return [(outgoing_id, lane, now) for outgoing_id, lane, was, now in changed if now != was]


def show_lines_anew(turn: Turn, lines: Sequence[Line]) -> None:
    """Let lines say something else; one that shares its post with others takes none of them away.

    A post of which nobody knows any more what else it says is taken away.
    """
    news = {outgoing_id: dump_rendered(now) for outgoing_id, _, now in lines}
    for outgoing_id, lane, now in lines:
        beside = dict(deletion.in_one_post(turn.tx.connection, outgoing_id))
        whole = [news.get(number, payload) for number, payload in beside.items()] or [dump_rendered(now)]
        values = {"operation": Operation.EDIT, "edits": outgoing_id, "payload": whole[0]}
        if not all(whole):
            values = {"operation": Operation.DELETE, "edits": outgoing_id, "payload": dump_rendered(now)}
        elif len(whole) > 1:
            drawn = [RENDERED_MESSAGE.validate_json(payload) for payload in whole]
            values["payload"] = dump_rendered(replace(drawn[-1], words=join_lines(*(each.words for each in drawn))))
        turn.promise(Lane(lane), values)


def redacted_rendered(drawn: RenderedMessage, part: str) -> RenderedMessage:
    """Return a message with a part blacked out in its words, its links and the labels of its buttons."""
    spans = tuple(span for span in drawn.words.spans if redacted_data(span.url or "", part) == (span.url or ""))
    words = replace(drawn.words, text=redacted_data(drawn.words.text, part), spans=spans)
    keys = tuple(tuple(replace(key, label=redacted_data(key.label, part)) for key in row) for row in drawn.keys)
    return replace(drawn, words=words, keys=keys)


def redacted_data(said: Any, part: str) -> Any:
    """Return a text, or data with texts in it, with a part blacked out wherever it stands, in any letter case.

    A text is as long as it was: formatting fits.
    """
    match said:
        case str():
            return re.sub(re.escape(part), lambda found: BLACK * len(found[0]), said, flags=re.IGNORECASE)
        case Mapping():
            return {name: redacted_data(each, part) for name, each in said.items()}
        case list() | tuple():
            return [redacted_data(each, part) for each in said]
    return said


def redacted_answers(turn: Turn, ticket: Ticket, part: str) -> dict[str, Any]:
    """Return a request's answers with a part blacked out in what was typed; what was chosen among options is nobody's words."""
    form = load_form(turn.tx.requests.form(ticket.form_id))
    asked = (*form.fields, *(with_list(turn, field) for field in details.unasked_fields(turn, ticket)))
    chosen = {field.name for field in asked if str(ticket.answers.get(field.name)) in field.options}
    return {name: answer if name in chosen else redacted_data(answer, part) for name, answer in ticket.answers.items()}


def forget_asked(turn: Turn, person: int, written: Sequence[tuple[str, str]]) -> None:
    """Keep nothing of what was a question in one of these native messages, and quote it nowhere."""
    deletion.empty_verdicts(turn.tx.connection, person, written)
    outage_question.forget_quotes(turn, person)


def forget_question(turn: Turn, place: str, native: str) -> None:
    """Keep nothing of words that joined no ticket: a question to the knowledge base, words on an answer, a draft's first."""
    deletion.forget_remarks(turn.tx.connection, turn.person.id, place, native)
    forget_asked(turn, turn.person.id, [(place, native)])
    forget_in_drafts(turn, turn.person.id, [(place, native)])


def forget_in_ticket(turn: Turn, said: TicketMessage) -> str:
    """Take words out of their ticket: of the answers those that are the same, the summary of the first; return what it was."""
    ticket, text = turn.tx.tickets.get(said.ticket_id), str(said.words["text"]).strip()
    first = turn.tx.talk.first(said.ticket_id, MessageKind.FOLLOW_UP)
    if first is not None and first.id == said.id:
        reader = turn.reader(turn.tx.people.of_account(ticket.account_id))
        without = turn.text(phrase("request.taken_back"), reader)
        answers, summary = without_lines(without_texts(ticket.answers, {text}), text), ticket.summary
        renew_form_card(turn, change_ticket(turn, ticket, summary=without, answers=answers))
        return summary
    if text and (answers := without_lines(ticket.answers, text)) != ticket.answers:
        renew_form_card(turn, change_ticket(turn, ticket, answers=answers))
    for each in turn.tx.related.whole(ticket):
        if text and each.requester_id == said.person_id and (each.rating_comment or "").strip() == text:
            change_ticket(turn, each, rating_comment=None)
    return ""


def without_texts(answers: Answers, texts: set[str]) -> dict[str, Any]:
    """Return a form's answers, with an empty one in the place of each that says one of these texts."""
    return {
        name: "" if isinstance(answer, str) and answer.strip() in texts else answer for name, answer in answers.items()
    }


def without_lines(answers: Answers, text: str) -> dict[str, Any]:
    """Return a form's answers without the lines that say this: one of the messages that an answer was told in."""
    return {
        name: spoken.with_replaced_lines(answer, text, "") if isinstance(answer, str) and "\n" in answer else answer
        for name, answer in answers.items()
    }


def forget_in_drafts(turn: Turn, person: int, written: Sequence[tuple[str, str]], text: str = "") -> None:
    """Take words out of what their author has half filled: begun with them, or answered by them."""
    for draft in deletion.drafts_of(turn.tx.connection, person):
        begun = DraftFacts.read(draft.facts).said
        theirs = begun is not None and spoken.is_in(begun, written)
        left = spoken.without_pieces(begun, written) if begun is not None and theirs else begun
        was, now = (each["words"]["text"].strip() if each else "" for each in (begun, left))
        same = {each for each in (text.strip(), was if theirs and not now else "") if each}
        typed = {
            name
            for name, natives in DraftFacts.read(draft.facts).typed.items()
            if any(tuple(native) in written for native in natives)
        }
        answers = {
            name: answer
            for name, answer in draft.answers.items()
            if name not in typed and not (isinstance(answer, str) and answer.strip() in same)
        }
        if theirs and now:
            answers = {name: now if answer == was else answer for name, answer in answers.items()}
        if theirs or answers != draft.answers:
            facts = {**draft.facts, "said": left if now else None} if theirs else draft.facts
            ask_anew(turn, replace(draft, answers=answers, facts=facts))


def ask_anew(turn: Turn, draft: Draft) -> None:
    """Keep a draft without some of its answers, and show it where it stands as it is now."""
    form = load_form(turn.tx.requests.form(draft.form_id))
    draft = replace(draft, step=form_dialog.next_step(form, draft.answers))
    turn.tx.drafts.save(draft, turn.now)
    if draft.card is not None and turn.actor is not None and draft.place == turn.here[0].lane:
        form_dialog.show_step(turn, draft, form)


def show_without(turn: Turn, said: TicketMessage, shown: deletion.Shown) -> None:
    """Take away what shows a message alone; let a post that shows others too say only theirs."""
    others = [turn.tx.talk.get(each) for each in shown.messages if each != said.id]
    left = [each for each in others if each is not None and each.deleted_at is None]
    if left:
        redraw_post(turn, shown, said, left)
    else:
        relay.take_away(turn, reader_at(turn, shown.lane, said), shown.lane, shown.outgoing_id, said.ticket_id)


def redraw_post(turn: Turn, shown: deletion.Shown, of: TicketMessage, messages: Sequence[TicketMessage]) -> None:
    """Let a post that showed a message, perhaps with others, show these as they are now; there is at least one.

    Whoever was a guest once reads nothing anew: from them it is taken away.
    """
    reader = reader_at(turn, shown.lane, of)
    if not ticket_at(shown.lane) and visits.is_over_at(turn, shown.lane, of):
        relay.take_away(turn, reader, shown.lane, shown.outgoing_id, of.ticket_id)
        return
    drawn = [turn.draw(message_at(turn, shown.lane, each), reader) for each in messages]
    whole = RenderedMessage(
        join_lines(*(each.words for each in drawn)),
        drawn[-1].keys,
        tuple(file for each in drawn for file in each.files),
    )
    values = {"edits": shown.outgoing_id, "ticket_id": of.ticket_id, "payload": dump_rendered(whole)}
    turn.promise(Lane(shown.lane), {**values, "operation": Operation.EDIT})


def message_at(turn: Turn, lane: str, said: TicketMessage) -> Message:
    """Return words as they stand at an address: signed, in a thread with the number they came under where that is another."""
    number, name = ticket_at(lane), turn.tx.tickets.name(said.person_id)
    message = Message(
        (words_of(said.words),), files=tuple(file for file in files_of(said.files) if file.kind != "other")
    )
    if not number and visits.guest_reading(turn, lane, said) is not None:
        return visits.as_shown(turn, said, message)
    if number and said.kind is MessageKind.NOTE and turn.tx.guests.wrote(said.ticket_id, said.person_id, said.at):
        return visits.in_thread(turn, said, message)
    if number or said.kind is not MessageKind.REPLY:
        under = f" · #{said.ticket_id}" if number and said.ticket_id != number else ""
        return replace(message, title=f"{cards.MARK[said.kind]} {name}{under}")
    return which_request.signed_message(turn, turn.tx.tickets.get(said.ticket_id), name, message, lane)


def ticket_at(lane: str) -> int:
    """Return the ticket whose thread an address is, 0 for a whole chat."""
    where = lane.split(":", 2)[2]
    return int(where[1:].partition("/")[0]) if where.startswith("#") else 0


def reader_at(turn: Turn, lane: str, said: TicketMessage) -> Locale:
    """Return how whoever reads at an address does: a team channel, a guest, or the requester in their chat."""
    channel = next((each for each in turn.channels if lane.endswith(f"/{each.id}") or lane == each.place), None)
    if channel is not None:
        return relay.reader_of(turn, channel)
    ticket = turn.tx.tickets.get(said.ticket_id)
    return turn.reader(visits.guest_at(turn, lane, ticket) or turn.tx.people.of_account(ticket.account_id))


def without_text(drawn: RenderedMessage, text: str) -> RenderedMessage:
    """Return a message in which a text stands no more, nor its beginning in the labels of its buttons."""
    words, found = drawn.words, re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")
    while text and (at := found.search(words.text)):
        words = words.cut(0, at.start()) + RichText(BLOT) + words.cut(at.end(), len(words.text))
    keys = tuple(tuple(replace(key, label=_blotted(key.label, text)) for key in row) for row in drawn.keys)
    return replace(drawn, words=words, keys=keys)


def _blotted(label: str, text: str) -> str:
    begun = text[:BEGUN]
    return label[: label.index(begun)] + BLOT if begun and begun in label else label
