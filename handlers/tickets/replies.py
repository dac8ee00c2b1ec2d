"""From the team to the requester: internal unless sent. Only ``/r``, a reply to their words, and the Reply button send."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from handlers.rules.general import DIRECT
from handlers.tickets import cards, guesting, receipts, relay, which_request
from handlers.tickets.agent_words import keep_agent_words, show_in_other_threads, spans_data, words_behind
from handlers.tickets.redaction import forget_words
from handlers.tickets.ticket_service import move_ticket
from handlers.turns import form_dialog, permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import number_in, ticket_argument
from handlers.turns.turn import Turn, dump_rendered, event_with
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.draft_facts import DraftFacts, of_draft
from handlers.vocabulary.forms import Field, Form
from handlers.vocabulary.messages import File, Kind, Lane, Message, Operation, RichText, button_row, phrase
from handlers.vocabulary.stored_text import content_title, files_of, words_of
from storage.lifecycle import Action, Refused
from storage.models import MessageKind, Role, StateKind
from storage.people.erased import is_erased
from storage.people.people import Channel
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket

on = Routes()

REPLY = Form("reply", {"": "reply.title"}, (Field("text", {"": "reply.ask"}, "long_text", limit=10_000),), review=False)
FILES = Field("files", {"": "reply.files"}, "file", required=False, spare=True)
WAIT = Field(
    "wait", {"": "reply.wait_label"}, "choice", required=False, choices={"wait": {"": "reply.wait"}}, spare=True
)
NOTE = Form("note", {"": "note.title"}, (Field("text", {"": "note.ask"}, "long_text", limit=10_000),), review=False)

# In a window there is room for more than the words: whether the requester is waited for, and files.
REPLY_WINDOW = replace(REPLY, fields=(*REPLY.fields, WAIT, FILES))
NOTE_WINDOW = replace(NOTE, fields=(*NOTE.fields, FILES))


def said_in_team(turn: Turn) -> None:
    """Something was said in the team channel: a reply where it answers the requester's words, else a note on its ticket.

    Where the rules let talk be direct, it is a reply unless it answers a note.
    """
    if turn.number is None:
        if turn.event.stray:
            turn.say(phrase("thread.stray"))
        return  # the team's own talk in its own chat
    ticket = turn.tx.tickets.get(turn.number)
    anchored = turn.shown.message_id if turn.shown and turn.event.reply_to else None
    theirs = turn.tx.talk.get(anchored) if anchored else None
    if ticket.task_of is not None:
        keep_note(turn, ticket)  # a task has nobody to answer: all that is said on it is the team's
    elif theirs is not None and theirs.kind is MessageKind.FOLLOW_UP:
        send_words(turn, ticket, turn.event.words, anchor=theirs.id)
    elif theirs is not None and guesting.are_of_guest(turn, theirs):
        answer_guest(turn, ticket, theirs)
    elif turn.rules.talk == DIRECT and _may_answer(turn, ticket) and not _is_note(theirs):
        send_words(turn, ticket, turn.event.words)
    else:
        told_how_to_send(turn, ticket, keep_note(turn, ticket))


def answer_guest(turn: Turn, ticket: Ticket, theirs: TicketMessage) -> None:
    """A reply to a guest's words goes to the guest; to one who is none any more it stays a note, and that is said."""
    if theirs.person_id in turn.tx.guests.of(turn.tx.related.heir(ticket).id):
        permissions.must_may(turn, "guest")
        guesting.tell_guest(turn, ticket, theirs.person_id, turn.event.words, turn.event.files)
    else:
        keep_note(turn, ticket)
        turn.whisper(phrase("guest.stayed", name=turn.tx.tickets.name(theirs.person_id)))


def told_how_to_send(turn: Turn, ticket: Ticket, kept: int) -> None:
    """Tell an agent, once a day, that what they wrote stayed inside; a press sends it after all."""
    person = turn.person
    if turn.rules.talk == DIRECT or turn.tx.states.get(person.id, StateKind.NOTE_TOLD, turn.now):
        return
    local = turn.now.astimezone(ZoneInfo(turn.rules.zone))
    tomorrow = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    turn.tx.states.put(person.id, StateKind.NOTE_TOLD, tomorrow.astimezone(UTC))
    name = turn.tx.people.of_account(ticket.account_id).name
    send = presses.SendNote(kept).button(phrase("note.send", name=name))
    turn.whisper(phrase("note.hint", name=name), buttons=button_row(send))


@on.press(presses.SendNote, role=Role.AGENT, act="r")
def send_note(turn: Turn) -> None:
    """A note goes to the requester after all: it was meant for them."""
    said = turn.tx.talk.get(turn.pressed(presses.SendNote).message)
    if said is None or said.deleted_at is not None or said.kind is not MessageKind.NOTE:
        raise Refused("expired")
    if said.person_id != turn.person.id:
        raise Refused("not_your_words")
    ticket = turn.tx.tickets.get(said.ticket_id)
    if turn.channel is not None:
        mark_internal_note(turn, ticket, turn.channel, said.id, on=False)
    turn.tx.talk.send_note(said)
    deliver_agent_words(turn, ticket, said.id, words_of(said.words), files_of(said.files))
    turn.toast(phrase("done.sent", ticket=ticket.id))


def _may_answer(turn: Turn, ticket: Ticket) -> bool:
    return permissions.works_on(turn, turn.person, ticket) and turn.person.may(permissions.role_needed_for(turn, "r"))


def _is_note(said: TicketMessage | None) -> bool:
    return said is not None and said.kind is MessageKind.NOTE


@on.command("r", role=Role.AGENT)
def reply(turn: Turn) -> None:
    """An agent answers the requester: /r text, in the ticket's thread or under its card, also as a file's caption."""
    send_command_words(turn, wait=False)


@on.command("r?", role=Role.AGENT)
def reply_and_wait(turn: Turn) -> None:
    """An agent asks the requester something and waits: the ticket is pending until they write."""
    send_command_words(turn, wait=True)


def send_command_words(turn: Turn, *, wait: bool) -> None:
    """Send the words of a command to the requester of the thread it is said in, or of the request it names: /r 42 text."""
    ticket, words = addressed_ticket(turn)
    if not words and not turn.event.files:
        raise Refused("usage", usage=f"/{turn.event.name} …")
    anchor = turn.shown.message_id if turn.shown and turn.event.reply_to else None
    theirs = turn.tx.talk.get(anchor) if anchor else None
    send_words(turn, ticket, words, wait=wait, anchor=theirs.id if theirs else None)


def addressed_ticket(turn: Turn) -> tuple[Ticket, RichText]:
    """Return the ticket that a command is for, its thread's or the one whose number it begins with, and its words."""
    words = turn.event.words.strip()
    if turn.number is not None:
        return turn.tx.tickets.get(turn.number), words
    first = words.text.split(maxsplit=1)[0] if words else ""
    number = number_in(first)
    if number is None:
        raise Refused("which_thread", command=turn.event.name)
    return turn.tx.tickets.get(number), words.cut(len(first), len(words.text)).strip()


def send_words(
    turn: Turn,
    ticket: Ticket,
    words: RichText,
    *,
    wait: bool = False,
    anchor: int | None = None,
    files: tuple[File, ...] | None = None,
) -> Ticket:
    """Send an agent's words to the requester, and show them in the ticket's other threads; return the ticket as it is then."""
    must_have_requester(ticket)
    ticket = permissions.must_work_on(turn, ticket)
    sent = files if files is not None else turn.event.files
    kept = keep_agent_words(turn, ticket, MessageKind.REPLY, words.strip(), anchor)
    return deliver_agent_words(turn, ticket, kept, words.strip(), sent, wait=wait, anchor=anchor)


def must_have_requester(ticket: Ticket) -> None:
    """Refuse to answer on a task: whoever waits for an answer is on the request that it is a part of."""
    if ticket.task_of is not None:
        raise Refused("task_reply", ticket=ticket.id, parent=ticket.task_of)


def deliver_agent_words(
    turn: Turn,
    ticket: Ticket,
    kept: int,
    words: RichText,
    sent: Sequence[File],
    *,
    wait: bool = False,
    anchor: int | None = None,
) -> Ticket:
    """Bring what is kept of an agent's words to the requester, and show it in the ticket's other threads."""
    must_have_requester(ticket)
    action = Action.REPLY_AND_WAIT if wait else Action.REPLY
    ticket = move_ticket(turn, permissions.must_work_on(turn, ticket), action, by=turn.person.id)
    cards.open_threads(turn, ticket)
    message = Message((words,), files=tuple(f for f in sent if f.kind != "other"))
    if not words and not message.files:
        raise Refused("cannot_cross", what=[content_title(file) for file in sent])
    sources = carry_to_requesters(turn, ticket, message, kept, anchor)
    if not sources:
        raise Refused("recurring" if ticket.recurring else "erased", ticket=ticket.id)
    relay.cannot_cross(turn, sent, sources)
    show_in_other_threads(turn, ticket, kept, "↩️", words, message.files)
    cards.refresh_cards(turn, ticket)
    return ticket


def carry_to_requesters(turn: Turn, ticket: Ticket, message: Message, kept: int, anchor: int | None) -> set[str]:
    """Send an agent's message to all whose request goes on in a ticket; return the sources it goes out on."""
    parties = turn.tx.related.parties(ticket) or [ticket]
    turn.tx.talk.carry(kept, [party.id for party in parties])
    sources = set()
    for party in parties:
        if is_erased(turn.tx.people.of_account(party.account_id).native):
            continue
        address, reader = turn.home_of(party)
        sources.add(address.source)
        shown = which_request.signed_message(turn, party, turn.person.name, message, address.lane)
        turn.send(address, reader, shown, ticket=party.id, carries=kept, anchor=anchor, receipt=True)
    return sources


@on.command("note", role=Role.AGENT)
def note(turn: Turn) -> None:
    """An agent leaves a word for the team: /note text, or from anywhere /note 42 text."""
    ticket, words = addressed_ticket(turn)
    if not words and not turn.event.files:
        raise Refused("usage", usage="/note …")
    keep_note(turn, ticket, words)
    cards.refresh_cards(turn, ticket)
    if turn.channel is None:
        turn.toast(phrase("done.noted", ticket=ticket.id))


def keep_note(turn: Turn, ticket: Ticket, said: RichText | None = None) -> int:
    """Keep a note, and return its id: it stands where it was said, and in the other channels' threads.

    The ticket's threads are made if this is the team's first act: the messenger would make an empty one for the note's mark.
    """
    permissions.must_may(turn, "note")
    cards.open_threads(turn, ticket)
    words = (turn.event.words if said is None else said).strip()
    kept = keep_agent_words(turn, ticket, MessageKind.NOTE, words, None)
    show_in_other_threads(turn, ticket, kept, "📝", words, turn.event.files)
    if turn.channel is not None and turn.event.message and turn.event.kind in (Kind.TEXT, Kind.COMMAND):
        mark_internal_note(turn, ticket, turn.channel, kept)
    return kept


def say_last_word(turn: Turn, ticket: Ticket, words: RichText) -> Ticket:
    """Tell a ticket's requester the last word on it; on a task it is a note, which the thread of its request shows too."""
    if ticket.task_of is None:
        return send_words(turn, ticket, words)
    kept = keep_note(turn, ticket, words)
    parent = turn.tx.related.heir(turn.tx.tickets.get(ticket.task_of))
    relay.in_threads(turn, parent.id, RichText(f"📝 {turn.person.name} · #{ticket.id}"), words, carries=kept)
    return ticket


def mark_internal_note(turn: Turn, ticket: Ticket, channel: Channel, kept: int, *, on: bool = True) -> None:
    """Show on a note that it stayed inside, or no more; where its messenger lets nobody react, a line under it says so."""
    line = turn.draw(Message((phrase("note.kept"),), silent=True), turn.reading(channel))
    payload = dump_rendered(replace(line, facts={"mark": "note", "on": on}))
    values = {"operation": Operation.THREAD, "payload": payload, "ticket_id": ticket.id, "anchor_message": kept}
    turn.promise(turn.where(channel, ticket.id), values)


@on.press(presses.Reply, role=Role.AGENT, act="r")
def prompt(turn: Turn) -> None:
    """The agent is asked for the words of a reply."""
    prompt_in_thread(turn, REPLY, REPLY_WINDOW)


@on.press(presses.Note, role=Role.AGENT)
def prompt_note(turn: Turn) -> None:
    """The agent is asked for the words of a note."""
    prompt_in_thread(turn, NOTE, NOTE_WINDOW)


def prompt_in_thread(turn: Turn, form: Form, window: Form) -> None:
    """Ask where it was pressed, in a window where one opens; the ticket's thread is made if this is the team's first act."""
    ticket = ticket_argument(turn, looking=True)
    cards.open_threads(turn, ticket)
    cards.refresh_cards(turn, ticket)
    form_dialog.open_form(turn, window if turn.event.modal else form, about=DraftFacts(ticket=ticket.id))


@on.submit("reply", role=Role.AGENT, act="r")
def prompted_reply(turn: Turn) -> None:
    """The words asked for by the Reply button go to the requester."""
    wait = turn.event.answers.get(WAIT.name) == "wait"
    turn = with_files(turn)
    send_words(turn, turn.tx.tickets.get(of_draft(turn.event.about.ticket)), prompted_words(turn), wait=wait)


def with_files(turn: Turn) -> Turn:
    """Return the turn with the files that were put into its window, as if they had come with the words."""
    sent = turn.event.answers.get(FILES.name) or ()
    return event_with(turn, files=files_of(sent)) if sent and not turn.event.files else turn


def prompted_words(turn: Turn) -> RichText:
    """Return the words that a prompt asked for: with their formatting where they came as a message, else as typed."""
    return turn.event.words or RichText(str(turn.event.answers.get("text") or ""))


@on.submit("note", role=Role.AGENT)
def prompted_note(turn: Turn) -> None:
    """The words asked for by the Note button stay with the team."""
    turn = with_files(turn)
    keep_note(turn, turn.tx.tickets.get(of_draft(turn.event.about.ticket)), prompted_words(turn))


# Changing what was said


def change_words(turn: Turn, said: TicketMessage) -> None:
    """Let what somebody has changed say so wherever it is shown."""
    ticket = turn.tx.related.heir(turn.tx.tickets.get(said.ticket_id))
    if said.kind is MessageKind.FOLLOW_UP or (turn.channel is None and guesting.may_be_of_guest(turn, said)):
        relay.relay_edit(turn, said, ticket)
        now = turn.tx.talk.get(said.id)
        if said.kind is MessageKind.FOLLOW_UP and now is not None and now.words != said.words:
            guesting.change_told(turn, ticket, now, words_of(now.words))
        return
    permissions.must_may(turn, "r" if said.kind is MessageKind.REPLY else "note")
    turn = event_with(turn, words=words_behind(turn.event, said))
    words = words_of(relay.words_now(turn, said)).strip()
    if not words and not said.files:  # of a command only for whom it was is left: that takes nothing back
        raise Refused("no_words_left")
    turn.tx.talk.edit(said, {**said.words, "text": words.text, "spans": spans_data(words)}, turn.now)
    if said.kind is MessageKind.NOTE:
        guesting.change_told(turn, ticket, said, words)
    if said.kind is MessageKind.REPLY:
        change_sent(turn, ticket, said, words)


def change_sent(turn: Turn, ticket: Ticket, said: TicketMessage, words: RichText) -> None:
    """Let the requester's copy of a reply say what it says now."""
    reader = turn.reader(turn.tx.people.of_account(ticket.account_id))
    message = Message((words,), files=files_of(said.files))
    name = turn.tx.tickets.name(said.person_id)
    first = {lane: outgoing for outgoing, lane, _, _ in reversed(turn.tx.talk.carriers(said.id))}
    for lane, outgoing in first.items():
        shown = which_request.signed_message(turn, ticket, name, message, lane)
        turn.send(Lane(lane), reader, shown, edits=outgoing, carries=said.id, ticket=ticket.id)


REPHRASE = Form(
    "rephrase", {"": "rephrase.title"}, (Field("text", {"": "rephrase.ask"}, "long_text", limit=4000),), review=False
)


@on.press(presses.Rephrase, role=Role.AGENT, act="r")
def rephrase(turn: Turn) -> None:
    """An agent is asked for other words in the place of a reply that was sent."""
    said = own_reply(turn, turn.pressed(presses.Rephrase).message)
    was = {"text": said.words["text"]} if turn.event.modal else {}
    form_dialog.open_form(turn, REPHRASE, answers=was, about=DraftFacts(message=said.id))


@on.submit("rephrase", role=Role.AGENT, act="r")
def rephrased(turn: Turn) -> None:
    """The requester's copy says what it says now; the team reads both."""
    said = own_reply(turn, of_draft(turn.event.about.message))
    ticket, words = turn.tx.related.heir(turn.tx.tickets.get(said.ticket_id)), prompted_words(turn).strip()
    if words.text == said.words["text"]:
        return
    turn.tx.talk.edit(said, {**said.words, "text": words.text, "spans": spans_data(words)}, turn.now)
    change_sent(turn, ticket, said, words)
    for channel in turn.channels:
        if turn.tx.talk.thread(ticket.id, channel.id):
            parts = (words, phrase("talk.edited_from"), words_of(said.words))
            message = Message(parts, title=f"✏️ {turn.person.name}")
            turn.send(turn.where(channel, ticket.id), turn.reading(channel), message, carries=said.id, anchor=said.id)


def own_reply(turn: Turn, number: int) -> TicketMessage:
    """Return a reply of the actor's own that still stands."""
    said = turn.tx.talk.get(number)
    if said is None or said.kind is not MessageKind.REPLY or said.deleted_at is not None:
        raise Refused("expired")
    if said.person_id != turn.person.id:
        raise Refused("not_your_words")
    return said


@on.command("del", role=Role.AGENT)
def take_back(turn: Turn) -> None:
    """An agent takes a sent reply back: /del in reply to it, within 48 hours."""
    shown = turn.shown
    said = turn.tx.talk.get(shown.message_id) if shown and shown.message_id else None
    if said is None or said.kind is not MessageKind.REPLY:
        raise Refused("nothing_to_delete")
    delete_reply(turn, said)


@on.press(presses.Unsend, role=Role.AGENT, act="del")
def unsend(turn: Turn) -> None:
    """An agent takes a sent reply back by the button on its receipt."""
    said = turn.tx.talk.get(turn.pressed(presses.Unsend).message)
    if said is None:
        raise Refused("nothing_to_delete")
    delete_reply(turn, said)


def delete_reply(turn: Turn, said: TicketMessage) -> None:
    """Take a reply back from the requester's chat, if it is the actor's own and not too old; nothing else is taken back.

    Whatever leads here asks for the same permission: the command, the button, a message that is deleted or edited to nothing.
    """
    if said.kind is not MessageKind.REPLY:
        raise Refused("nothing_to_delete")
    permissions.must_may(turn, "del")
    if said.person_id != turn.person.id and not turn.person.may(Role.SENIOR):
        raise Refused("not_your_words")
    if turn.now - said.at > turn.rules.taken_back:
        raise Refused("too_old", hours=int(turn.rules.taken_back.total_seconds() // 3600))
    if said.deleted_at is not None:
        raise Refused("nothing_to_delete")
    ticket = turn.tx.tickets.get(said.ticket_id)
    forget_words(turn, said)
    turn.audit(Deed.TOOK_BACK, ticket=ticket.id, message=said.id)
    receipts.show_receipt(turn, ticket, said, phrase("receipt.deleted"), ())
    if turn.event.interaction:
        turn.toast(phrase("done.deleted"))
