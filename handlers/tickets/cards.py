"""The card: one message that stands for a ticket, the same in every team channel, edited in place whoever acts."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from handlers.tickets import card_sections, details, status_names
from handlers.turns import form_view, permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.forms import load_form
from handlers.vocabulary.messages import (
    GOTO,
    RENDERED_MESSAGE,
    Address,
    Button,
    Chat,
    Lane,
    Message,
    Operation,
    Part,
    RenderedMessage,
    RichText,
    button_row,
    join_lines,
    phrase,
)
from handlers.vocabulary.stored_text import content_title, files_of, words_of
from handlers.vocabulary.translations import Locale
from storage.lifecycle import Action, Refused, StatusKind
from storage.models import MessageKind, Priority, Role, StateKind
from storage.people.erased import is_erased
from storage.people.people import Channel
from storage.tickets.messages import TicketCard, TicketMessage, TicketThread
from storage.tickets.tickets import Ticket

on = Routes()

ICON = {
    StatusKind.NEW: "🆕",
    StatusKind.OPEN: "💬",
    StatusKind.PENDING: "⏳",
    StatusKind.ON_HOLD: "💤",
    StatusKind.RESOLVED: "✅",
    StatusKind.CLOSED: "📁",
}
FLAG = {Priority.URGENT: "🔥", Priority.HIGH: "❗", Priority.NORMAL: "", Priority.LOW: "🔹"}
QUEUE, THREAD = "queue", "thread"
A_MOMENT = timedelta(seconds=2)  # in which a card is there that another one leads to
COPIES = 10  # of a card that follow its ticket
FOLLOWED = timedelta(days=30)
STORY = 40  # messages, the newest, that are told again in another thread; the others stand in the history


def refresh_cards(turn: Turn, ticket: Ticket) -> None:
    """Show a ticket as it is now: on its card in each team channel, at the head of its thread, in the thread's look.

    A task stands on the card of its request too.
    """
    turn.touched.add(ticket.id)
    if ticket.task_of is not None:
        refresh_cards(turn, turn.tx.related.heir(turn.tx.tickets.get(ticket.task_of)))
    known = {(card.channel_id, card.place): card for card in turn.tx.talk.cards(ticket.id)}
    here = turn.channels_of(ticket)
    left = {card.channel_id for card in known.values()} - {channel.id for channel in here}
    for channel in here:
        reader = turn.reading(channel)
        message, card = draw_card(turn, ticket, reader), known.get((channel.id, QUEUE))
        twin = known.get((channel.id, THREAD))
        queued = with_way_to(message, twin) if is_thread_there(turn, ticket, channel) else message
        show_card(turn, ticket, TicketCard(channel.id, QUEUE, 0, ""), chat_of(channel), reader, queued, card)
        if twin is not None:
            show_card(turn, ticket, twin, turn.where(channel, ticket.id), reader, with_way_to(message, card), twin)
        if ticket.id in turn.tx.tickets.lost_secrets and turn.tx.talk.thread(ticket.id, channel.id) is not None:
            line = Message((phrase("secret.gone", ticket=ticket.id),), silent=True)
            turn.send(turn.where(channel, ticket.id), reader, line, ticket=ticket.id)
        follow_thread_look(turn, ticket, channel)
    turn.tx.tickets.lost_secrets.discard(ticket.id)
    if turn.has_own_channels():
        retitle_left_threads(turn, ticket, [channel for channel in turn.channels if channel not in here])
    if left:
        move_ticket_to_channels(turn, ticket, here, {number: known.get((number, QUEUE)) for number in left})
    refresh_copies(turn, ticket)


def move_ticket_to_channels(
    turn: Turn, ticket: Ticket, here: Sequence[Channel], left: Mapping[int, TicketCard | None]
) -> None:
    """Let a ticket stand in other channels: thread and story there, a line with a link and a closed thread where it stood."""
    threaded = {number for _, number in turn.tx.talk.threads([ticket.id])}
    if threaded.intersection(left):
        for channel in here:
            title = thread_title(turn, ticket)
            turn.tx.talk.keep_thread(TicketThread(ticket.id, channel.id, None, title, ticket.kind, open=True))
            promise_thread_head(turn, ticket, channel)
    new = {card.channel_id: card.outgoing_id for card in turn.tx.talk.cards(ticket.id) if card.place == QUEUE}
    for number, card in left.items():
        stood = next((one for one in turn.channels if one.id == number), None)
        turn.tx.talk.drop_card(ticket.id, number)
        if stood is None or card is None:
            continue  # that channel is gone
        reader, group = turn.reading(stood), turn.rules.groups.get(ticket.group_name or "")
        nearest = next((one for one in here if one.source == stood.source), here[0])
        said = phrase(
            "card.moved" if group else "card.moved_first", ticket=ticket.id, group=group.title if group else ""
        )
        link = Button(phrase("card.there"), GOTO, str(new.get(nearest.id) or ""))
        line = Message((said,), buttons=button_row(link), silent=True)
        turn.send(chat_of(stood), reader, line, edits=card.outgoing_id, ticket=ticket.id, ready_at=turn.now + A_MOMENT)
        place = turn.tx.talk.thread(ticket.id, number)
        if place is not None and stood.threads and place.open:
            turn.tx.talk.keep_thread(replace(place, open=False))
            promise_thread_change(turn, ticket, stood, {"open": False})


def show_card(
    turn: Turn,
    ticket: Ticket,
    place: TicketCard,
    address: Address,
    reader: Locale,
    message: Message,
    was: TicketCard | None,
) -> None:
    """Show a card in one place, unless it shows just this already."""
    seen = look_of(message, reader)
    if was is not None and was.look == seen:
        return
    outgoing = turn.send(address, reader, message, edits=was.outgoing_id if was else None, ticket=ticket.id)
    shown = was.outgoing_id if was else outgoing
    turn.tx.talk.keep_card(ticket.id, TicketCard(place.channel_id, place.place, shown, seen))


def look_of(message: Message, reader: Locale) -> str:
    """Return what tells a card as it is drawn now from one that would show anything else."""
    return hashlib.sha1(repr((message, reader)).encode(), usedforsecurity=False).hexdigest()


def with_way_to(message: Message, other: TicketCard | None) -> Message:
    """Return a card with a button that leads to its other self: from the queue into the thread, and back."""
    if other is None:
        return message
    way = Button(phrase("card.to_thread" if other.place == THREAD else "card.to_queue"), GOTO, str(other.outgoing_id))
    return replace(message, buttons=(*message.buttons, (way,)))


def is_thread_there(turn: Turn, ticket: Ticket, channel: Channel) -> bool:
    """Return whether a ticket's thread is a place of its own that somebody can be led to by now."""
    place = turn.tx.talk.thread(ticket.id, channel.id)
    return channel.threads and place is not None and place.native is not None


def chat_of(channel: Channel) -> Chat:
    """Return the whole team channel as an address."""
    return Chat(channel.source, channel.chat)


def draw_card(
    turn: Turn,
    ticket: Ticket,
    reader: Locale,
    buttons: tuple[tuple[Button, ...], ...] | None = None,
    *,
    role: Role | None = None,
) -> Message:
    """Draw a ticket's card, with the buttons that its state allows or with others for a while.

    ``role`` is that of the one person who reads it; without one somebody of the team does, whoever may most.
    """
    kind = turn.tx.requests.type(ticket.request_type_id)
    of_kind = turn.text(phrase(f"request_kind.{kind.kind}"), reader)
    named = f"{form_view.label_text(kind.title, reader, turn)} · {of_kind}"
    marks = (ICON[ticket.kind], FLAG[ticket.priority], f"#{ticket.id}", named)
    shown = main_buttons(turn, ticket) if buttons is None else buttons
    role = role or turn.strongest
    usable = tuple(kept for row in shown if (kept := usable_of(turn, row, role)))
    title = " ".join(mark for mark in marks if mark)
    return Message(tuple(card_lines(turn, ticket, reader)), title, usable, silent=ticket.kind is not StatusKind.NEW)


def card_lines(turn: Turn, ticket: Ticket, reader: Locale) -> list[Part]:
    """Return what a card says of its ticket, a part a line: whose it is, what was said and tried, where it stands."""
    requester = turn.tx.people.of_account(ticket.account_id)
    who = f"{requester.name} @{requester.username}" if requester.username else requester.name
    files = sum(len(said.files) for said, _ in turn.tx.talk.of(ticket.id, STORY))
    parts: list[Part] = [
        RichText(f"{who} · {requester.source.partition(':')[0].title()} · {ticket.language}"),
        RichText(first_words(turn, ticket)),
        form_details(turn, ticket, reader),
    ]
    if files:
        parts.append(phrase("form.files", n=files))
    if tried := tried_answers(turn, ticket):
        parts.append(phrase("card.tried", answers=tried))
    if ticket.previous_id is not None:
        parts.append(phrase("card.previous", ticket=ticket.previous_id))
    parts += card_sections.added_lines(turn, ticket, reader)
    parts.append(state_line(turn, ticket))
    if requester.blocked_at is not None:
        parts.append(phrase("card.erased" if is_erased(requester.native) else "card.unreachable"))
    if ticket.rating is not None:
        parts.append(RichText("⭐" * ticket.rating))
    return parts


def usable_of(turn: Turn, buttons: Sequence[Button], role: Role) -> tuple[Button, ...]:
    """Return the buttons that somebody of a role may press, and of their menus the lines."""
    usable = (one for one in buttons if permissions.may_press_button(turn, one, role))
    return tuple(replace(one, menu=usable_of(turn, one.menu, role)) if one.menu else one for one in usable)


def first_words(turn: Turn, ticket: Ticket) -> str:
    """Return what the requester came with, as it stands now, shortened to a card's size."""
    said = turn.tx.talk.first(ticket.id, MessageKind.FOLLOW_UP)
    text = str(said.words["text"]) if said and said.deleted_at is None else ""
    text = told_at_length(turn, ticket, text) or text or ticket.summary
    return text if len(text) <= 700 else text[:699].rstrip() + "…"


def told_at_length(turn: Turn, ticket: Ticket, first: str) -> str:
    """Return the answer that the first words are but the beginning of: it was told in several messages; empty where none was."""
    form = load_form(turn.tx.requests.form(ticket.form_id))
    longs = (ticket.answers.get(field.name) for field in form.visible(ticket.answers) if field.kind == "long_text")
    return next((each for each in longs if isinstance(each, str) and "\n" in each and first in each), "")


def tried_answers(turn: Turn, ticket: Ticket) -> str:
    """Return the questions of the articles that the requester was shown before, so that nobody sends them again."""
    verdict = turn.tx.records.of_ticket(ticket.id)
    shown = turn.tx.records.tried(verdict) if verdict is not None else []
    return "; ".join(article.question for article in turn.tx.articles.of(shown))


def form_details(turn: Turn, ticket: Ticket, reader: Locale) -> RichText:
    """Return the other answers of the form, one a line, then what the team has answered."""
    form = load_form(turn.tx.requests.form(ticket.form_id))
    told: list[RichText] = []
    for field in (*form.visible(ticket.answers), *details.answered_fields(turn, ticket)):
        answer = ticket.answers.get(field.name)
        if field.name == "type" or field.kind in ("long_text", "file") or answer in (None, ""):
            continue
        label = form_view.label_text(field.label, reader, turn).rstrip(" ?:")
        told.append(RichText(f"{label}: {form_view.answer_text(field, answer, reader, turn)}"))
    return join_lines(*told)


def state_line(turn: Turn, ticket: Ticket) -> Part:
    """Return the line that says where a ticket stands: whose it is, what it waits for, how many words wait unread."""
    status = status_names.status_of(turn, ticket)
    unread = phrase("card.unread", n=ticket.unread) if ticket.unread and ticket.agent_id is None else ""
    if ticket.agent_id is not None:
        return phrase("card.owned", status=status, agent=turn.tx.tickets.name(ticket.agent_id))
    if ticket.active:
        return phrase("card.free", status=status, unread=unread)
    return phrase("card.over", status=status)


def main_buttons(turn: Turn, ticket: Ticket) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons that the ticket's state allows."""
    possible = turn.tx.tickets.workflow(ticket).possible(ticket.status)
    if not ticket.active:
        mended = Action.REOPEN in possible and ticket.merged_into is None
        again = [presses.Reopen(ticket.id).button(phrase("button.reopen"))] if mended else []
        note = presses.Note(ticket.id).button(phrase("button.note"))
        return (
            *card_sections.step_buttons(turn, ticket),
            (*again, note, presses.Teach(ticket.id).button(phrase("button.make_answer"))),
        )
    claim = [presses.Claim(ticket.id).button(phrase("button.claim"))] if ticket.agent_id is None else []
    reply = [presses.Reply(ticket.id).button(phrase("button.reply"))] if ticket.asked_for else []
    talk = (*reply, presses.Note(ticket.id).button(phrase("button.note")))
    resolve = [presses.Resolve(ticket.id).button(phrase("button.resolve"))] if Action.RESOLVE in possible else []
    return (
        (*claim, *talk),
        *card_sections.step_buttons(turn, ticket),
        (*resolve, presses.More(ticket.id).button(phrase("button.more"), menu=more_menu(turn, ticket))),
    )


def more_menu(turn: Turn, ticket: Ticket) -> tuple[Button, ...]:
    """Return the rarer buttons as the lines of a menu, one group after another."""
    return tuple(in_menu(button) for group in grouped_buttons(turn, ticket).values() for button in group)


def in_menu(button: Button) -> Button:
    """Return a button as a line of a menu, where nothing above it says what it is about."""
    if button.name != presses.SetPriority.name:
        return button
    return replace(button, label=phrase("menu.priority", priority=button.label))


GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(  # of the rarer buttons, by their names; the rest is "more"
    {
        "people": ("release", "assign", "escalate", "helpers", "watch"),
        "time": ("hold", "unhold", "snooze", "plan", "time", "priority"),
        "more": (),
    }
)


def grouped_buttons(turn: Turn, ticket: Ticket) -> Mapping[str, list[Button]]:
    """Return the rarer buttons by what they are about."""
    found: dict[str, list[Button]] = {name: [] for name in GROUPS}
    for button in (each for line in rarer_buttons(turn, ticket) for each in line):
        found[next((name for name, acts in GROUPS.items() if button.name in acts), "more")].append(button)
    return {name: buttons for name, buttons in found.items() if buttons}


def rarer_buttons(turn: Turn, ticket: Ticket) -> tuple[tuple[Button, ...], ...]:
    """Return the rarer buttons that the ticket's state allows."""
    possible = turn.tx.tickets.workflow(ticket).possible(ticket.status)
    owned = [presses.Release(ticket.id).button(phrase("button.release"))] if ticket.agent_id is not None else []
    if ticket.kind is StatusKind.ON_HOLD:
        hold = [presses.Unhold(ticket.id).button(phrase("button.resume"))] if Action.RESUME in possible else []
    else:
        hold = [presses.Hold(ticket.id).button(phrase("button.hold"))] if Action.HOLD in possible else []
    urgency = tuple(
        presses.SetPriority(ticket.id, p).button(phrase(f"priority.{p}")) for p in Priority if p is not ticket.priority
    )
    close = [presses.Close(ticket.id).button(phrase("button.close"), danger=True)] if Action.CLOSE in possible else []
    return (
        (*owned, presses.Assign(ticket.id).button(phrase("button.assign")), *hold),
        *card_sections.rarer_buttons(turn, ticket),
        urgency,
        tuple(close),
    )


@on.press(presses.More, role=Role.AGENT, act="")
def more(turn: Turn) -> None:
    """The card shows what its rarer buttons are about, or those of one group: never more than can be taken in at a glance."""
    pressed = turn.pressed(presses.More)
    ticket = turn.tx.tickets.get(pressed.ticket)
    found = grouped_buttons(turn, ticket)
    if pressed.group is not None and pressed.group in found:
        back = presses.More(ticket.id).button(phrase("form.back"))
        redraw_pressed_card(turn, ticket, (*card_sections.buttons_in_rows(found[pressed.group]), (back,)))
        return
    groups = tuple(presses.More(ticket.id, name).button(phrase(f"menu.{name}")) for name in found)
    redraw_pressed_card(turn, ticket, (groups, (presses.Less(ticket.id).button(phrase("form.back")),)))


@on.press(presses.Less, role=Role.AGENT, act="")
def less(turn: Turn) -> None:
    """The card shows its first buttons again."""
    redraw_pressed_card(turn, turn.tx.tickets.get(turn.pressed(presses.Less).ticket))


def redraw_pressed_card(turn: Turn, ticket: Ticket, buttons: tuple[tuple[Button, ...], ...] | None = None) -> None:
    """Draw the pressed card anew, that one only; refuse where it has become a line that tells where the ticket went."""
    address, reader = turn.here
    where = address if turn.event.thread else Chat(address.source, turn.event.chat)
    shown = turn.shown.outgoing_id if turn.shown else None
    if shown is not None and stands_elsewhere(turn, ticket, shown):
        raise Refused("expired")
    role = turn.person.role if turn.channel is None and turn.actor is not None else None
    drawn = draw_card(turn, ticket, reader, buttons, role=role)
    if buttons is None:
        drawn = with_way_to(drawn, other_card(turn, ticket, shown))
    turn.send(where, reader, drawn, edits=shown, ticket=ticket.id)


def stands_elsewhere(turn: Turn, ticket: Ticket, shown: int) -> bool:
    """Return whether what was pressed in a team channel is no card any more: the ticket stands in other channels now."""
    channels = {card.channel_id for card in turn.tx.talk.cards(ticket.id)}
    if turn.channel is None or not channels or turn.channel.id in channels:
        return False
    copies = turn.tx.states.all(StateKind.COPY, turn.now, key=str(ticket.id), limit=COPIES)
    return all(one.value["outgoing"] != shown for one in copies)


def other_card(turn: Turn, ticket: Ticket, shown: int | None) -> TicketCard | None:
    """Return the other self of a card in the same channel, where there is one that somebody can be led to."""
    known = turn.tx.talk.cards(ticket.id)
    own = next((card for card in known if card.outgoing_id == shown), None)
    channel = next((each for each in turn.channels if own is not None and each.id == own.channel_id), None)
    if own is None or channel is None or not is_thread_there(turn, ticket, channel):
        return None
    return next((card for card in known if card.channel_id == own.channel_id and card.place != own.place), None)


def show_card_copy(turn: Turn, ticket: Ticket) -> None:
    """Show a ticket's card here and now; it follows the ticket, until its reader asks for another one."""
    address, reader = turn.here
    where = Chat(address.source, turn.event.chat)  # in the chat that asked, even from another ticket's thread
    role = turn.person.role if turn.channel is None else None
    shown = turn.send(where, reader, draw_card(turn, ticket, reader, role=role), ticket=ticket.id)
    channel = turn.channel.id if turn.channel is not None else None
    value = {"outgoing": shown, "lane": where.lane, "account": turn.person.account_id, "channel": channel}
    turn.tx.states.put(turn.person.id, StateKind.COPY, turn.now + FOLLOWED, value=value, key=str(ticket.id))


def refresh_copies(turn: Turn, ticket: Ticket) -> None:
    """Let the cards that people asked for show a ticket as it is now."""
    for one in turn.tx.states.all(StateKind.COPY, turn.now, key=str(ticket.id), limit=COPIES):
        channel = next((each for each in turn.channels if each.id == one.value["channel"]), None)
        if channel is not None:
            reader, role = turn.reading(channel), None
        else:
            person = permissions.with_standing(turn, turn.tx.people.of_account(one.value["account"]))
            reader, role = turn.reader(person), person.role
        if role is None or role.rank >= Role.AGENT.rank:
            message = replace(draw_card(turn, ticket, reader, role=role), silent=True)
            turn.send(Lane(one.value["lane"]), reader, message, edits=one.value["outgoing"], ticket=ticket.id)


# Threads


def open_threads(turn: Turn, ticket: Ticket) -> None:
    """At the first act of the team each channel's thread is made: the card at its head, the story so far in one post."""
    for channel in turn.channels_of(ticket):
        if turn.tx.talk.thread(ticket.id, channel.id) is None:
            turn.tx.talk.keep_thread(
                TicketThread(ticket.id, channel.id, None, thread_title(turn, ticket), ticket.kind, open=True)
            )
            promise_thread_head(turn, ticket, channel, first=True)


def promise_thread_head(
    turn: Turn, ticket: Ticket, channel: Channel, *, ahead: bool = False, first: bool = False
) -> None:
    """Promise what stands at a thread's head: the card's twin where the thread is a place of its own, then the story."""
    reader = turn.reading(channel)
    address = turn.where(channel, ticket.id)
    if channel.threads:
        card = next((c for c in turn.tx.talk.cards(ticket.id) if (c.channel_id, c.place) == (channel.id, QUEUE)), None)
        message = with_way_to(draw_card(turn, ticket, reader), card)
        twin = turn.send(address, reader, message, ticket=ticket.id, ahead=ahead)
        turn.tx.talk.keep_card(ticket.id, TicketCard(channel.id, THREAD, twin, look_of(message, reader)))
    post_story(turn, ticket, channel, ahead=ahead, but_here=first and not channel.threads)


def post_story(turn: Turn, ticket: Ticket, channel: Channel, *, ahead: bool = False, but_here: bool = False) -> None:
    """Post what was said so far: the words folded into one post, files as they came; ``but_here``: less what stands here."""
    reader = turn.reading(channel)
    address = turn.where(channel, ticket.id)
    told = turn.tx.talk.of(ticket.id, STORY)
    said = [(one, name) for one, name in told if not (but_here and was_written_at(turn, one, channel))]
    if len(told) == STORY and (earlier := turn.tx.talk.count(ticket.id) - STORY):
        turn.send(
            address,
            reader,
            Message((phrase("thread.earlier", n=earlier, ticket=ticket.id),)),
            ticket=ticket.id,
            ahead=ahead,
        )
    words_so_far = [(one, name) for one, name in said if one.words["text"]]
    if channel.threads or len(words_so_far) > 1:
        for one, name in words_so_far:
            message = Message((words_of(one.words),), title=f"{MARK[one.kind]} {name}")
            turn.send(
                address, reader, message, carries=one.id, fold=f"story:{ticket.id}", ticket=ticket.id, ahead=ahead
            )
    for one, name in said:
        if files := files_of(one.files):
            parts = tuple(
                phrase("talk.cannot_cross", what=content_title(file)) for file in files if file.kind == "other"
            )
            message = Message(
                parts, title=f"{MARK[one.kind]} {name}", files=tuple(f for f in files if f.kind != "other")
            )
            turn.send(address, reader, message, carries=one.id, ticket=ticket.id, ahead=ahead)


def was_written_at(turn: Turn, said: TicketMessage, channel: Channel) -> bool:
    """Return whether one of the team wrote a message in a channel, under the card: there it stands."""
    return said.kind is not MessageKind.FOLLOW_UP and turn.tx.talk.origin(said.id) == channel.place


MARK = {MessageKind.FOLLOW_UP: "💬", MessageKind.REPLY: "↩️", MessageKind.NOTE: "📝"}


def thread_title(turn: Turn, ticket: Ticket) -> str:
    """Return a thread's title: the number and the requester, which seldom change, so it is seldom renamed."""
    name = turn.tx.people.of_account(ticket.account_id).name
    return f"#{ticket.id} {name} · {ticket.summary}"[:128].strip()


def follow_thread_look(turn: Turn, ticket: Ticket, channel: Channel) -> None:
    """Let a thread's icon follow the status, close it when the ticket is over, open it when it is not."""
    place = turn.tx.talk.thread(ticket.id, channel.id)
    if place is None or not channel.threads:
        return
    wanted = TicketThread(
        place.ticket_id, place.channel_id, place.native, thread_title(turn, ticket), ticket.kind, ticket.active
    )
    if wanted == place:
        return
    turn.tx.talk.keep_thread(wanted)
    facts = {"look": True} if (wanted.title, wanted.icon) != (place.title, place.icon) else {}
    if wanted.open != place.open:
        facts["open"] = wanted.open
    promise_thread_change(turn, ticket, channel, facts)


def retitle_left_threads(turn: Turn, ticket: Ticket, left: Sequence[Channel]) -> None:
    """Let a closed thread where a ticket stood before say no more than is known now: words may have been taken back."""
    for channel in left:
        place = turn.tx.talk.thread(ticket.id, channel.id)
        title = thread_title(turn, ticket)
        if place is not None and channel.threads and place.title != title:
            turn.tx.talk.keep_thread(replace(place, title=title))
            promise_thread_change(turn, ticket, channel, {"look": True})


def promise_thread_change(turn: Turn, ticket: Ticket, channel: Channel, facts: dict[str, bool]) -> None:
    """Promise a change of a thread itself."""
    payload = RENDERED_MESSAGE.dump_json(RenderedMessage(facts=facts), exclude_defaults=True).decode()
    values = {"operation": Operation.THREAD, "payload": payload, "ticket_id": ticket.id}
    turn.promise(turn.where(channel, ticket.id), values)
