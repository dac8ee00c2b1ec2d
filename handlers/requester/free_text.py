"""One free text box: where a requester's message goes, in the order the product names."""

from datetime import timedelta
from typing import Any

from handlers.articles import answering
from handlers.requester import beside_request, open_question, solved_question, visiting
from handlers.tickets import expected_response, relay, replies, request_types, which_request
from handlers.tickets.parties import within_reopen_window
from handlers.tickets.readable import Readable, own_ticket, readable_all, readable_ticket
from handlers.tickets.ticket_service import change_ticket
from handlers.turns import form_dialog
from handlers.turns.awaited_file import takes_file
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import Audience
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.messages import Button, Kind, button_column, button_row, phrase
from handlers.vocabulary.stored_text import whole_message
from kb import Sure, another, consent, courtesy, nudges
from storage.lifecycle import Refused, StatusKind
from storage.models import MessageKind, StateKind

on = Routes()


@on.kind(Kind.TEXT)
def text(turn: Turn) -> None:
    """Words or files were sent: to a draft, into a ticket's thread, or into the one free text box; in public, to the answers."""
    if turn.audience is Audience.PUBLIC:
        answering.answer_from_articles(turn)
    elif turn.channel is not None:
        if not form_dialog.takes_words(turn):
            replies.said_in_team(turn)
    elif not takes_as_answer(turn) and not takes_file(turn):
        free_text(turn)


def takes_as_answer(turn: Turn) -> bool:
    """Give the words to a waiting draft, unless they explicitly reply to a ticket's message."""
    return not (turn.event.reply_to and turn.number) and form_dialog.takes_words(turn)


def free_text(turn: Turn) -> None:
    """Join a ticket, be courteous, ask which of two things is meant, or ask the knowledge base."""
    if (
        turn.event.reply_to
        and turn.number
        and (meant := turn.tx.tickets.find(turn.number))
        and meant.requester_id == turn.person.id
    ):
        handle_explicit_reply(turn, meant.id)
        return
    recent = recent_requests(turn, turn.rules.reopen_window)
    if visiting.takes_words(turn, recent):
        return
    if solved_question.take_yes_or_no(turn, recent) or answers_an_agent(turn, recent):
        return
    talking = [view for view in recent if view.active and view.talked_at >= turn.now - turn.rules.conversation_window]
    waiting = talking or active_ones(turn)
    if waiting and not turn.event.files and nudges(turn.event.asked):
        pass_on_nudge(turn, waiting[0])
        return
    manners = courtesy(turn.event.asked) if not turn.event.files else None
    if manners and (talking or (manners == "thanks" and not open_question.has_waiting_question(turn))):
        turn.say(phrase(f"courtesy.{manners}", name=turn.person.name))
    elif talking:
        join_newest(turn, talking)
    else:
        open_question.add_to_question(turn)


def answers_an_agent(turn: Turn, recent: list[Readable]) -> bool:
    """Let words join what waits for them: a request that is pending on its requester, or one whose agent has just asked.

    Of several it is the one that waits longest, unless the requester has chosen another.
    """
    active = active_ones(turn)
    pending = sorted((view for view in active if view.kind is StatusKind.PENDING), key=lambda view: view.talked_at)
    chosen = turn.tx.states.get(turn.person.id, StateKind.TARGET, turn.now)
    if isinstance(chosen, int) and any(view.number == chosen for view in active) and len(active) > 1:
        pending = [view for view in pending if view.number == chosen]
    asked = pending or [view for view in recent if view.active and asked_by_agent(turn, view)]
    if not asked:
        return False
    add_to_ticket(turn, asked[0], active)
    return True


def active_ones(turn: Turn) -> list[Readable]:
    """Return the actor's requests that somebody works on or waits for, the one talked on last first."""
    return [view for view in readable_all(turn, turn.tx.tickets.of_requester(turn.person.id, 10)) if view.active]


def asked_by_agent(turn: Turn, view: Readable) -> bool:
    """Return whether the last word on a request is a question of the team's."""
    goes_on = turn.tx.related.heir(turn.tx.tickets.get(view.number))
    last = turn.tx.talk.last_word(goes_on.id)
    return last is not None and last.kind is MessageKind.REPLY and "?" in str(last.words["text"])


def pass_on_nudge(turn: Turn, view: Readable) -> None:
    """Whoever has the request hears that its requester asks for a word; they hear by when it is due, honestly."""
    ticket = own_ticket(turn, view.number)
    due = expected_response.honest_answer(turn, turn.tx.related.heir(ticket), view.number)
    relay.follow_up(turn, ticket)
    turn.say(*due, ticket=view.number)


def recent_requests(turn: Turn, window: timedelta) -> list[Readable]:
    """Return the requester's tickets with a word on either side within a window, the latest first."""
    found = readable_all(turn, turn.tx.tickets.recent(turn.person.id, turn.now - window))
    return sorted(found, key=lambda view: view.talked_at, reverse=True)


def handle_explicit_reply(turn: Turn, number: int) -> None:
    """An explicit reply joins its ticket; one to a ticket that is over asks, or begins a new one linked to it."""
    ticket = own_ticket(turn, number)
    view = readable_ticket(turn, ticket)
    if view.active:
        relay.follow_up(turn, ticket)
    elif view.kind is StatusKind.RESOLVED and (answer := consent(turn.event.asked)) in ("yes", "no"):
        solved_question.confirm_or_reopen(turn, view.number, whole_message(turn.event), agrees=answer == "yes")
    elif within_reopen_window(turn, view):
        ask_which(turn, view)
    else:
        turn.say(phrase("request.linked", ticket=view.number))
        request_types.begin_request(turn, said=whole_message(turn.event), about=DraftFacts(previous=view.number))


def join_newest(turn: Turn, talking: list[Readable]) -> None:
    """The ticket talked on last takes it; of two at one moment the one that was chosen."""
    chosen = turn.tx.states.get(turn.person.id, StateKind.TARGET, turn.now)
    latest = [view for view in talking if view.talked_at == talking[0].talked_at]
    add_to_ticket(turn, next((view for view in latest if view.number == chosen), latest[0]), talking)


def add_to_ticket(turn: Turn, view: Readable, possible: list[Readable]) -> None:
    """Let a ticket take the words; where that is not where the last ones went, or another would fit, it is said.

    What answers an agent is another matter only where it says so itself.
    """
    target, several = view.number, len(possible) > 1
    ticket = turn.tx.tickets.get(target)
    kept = relay.follow_up(turn, ticket)
    waits = view.kind is StatusKind.PENDING
    apart = another(turn.event.asked) if waits else beside_request.stands_beside(turn, ticket, kept)
    if several and turn.tx.states.get(turn.person.id, StateKind.TARGET, turn.now) != target:
        joined = phrase("talk.target", ticket=target, summary=which_request.first_words(view.summary))
        others = other_ticket_buttons(possible, target)
    elif apart:
        joined, others = phrase("talk.joined", ticket=target), ()
    else:
        joined, others = None, ()
    if joined is not None:
        way_out = beside_request.apart_button(turn, whole_message(turn.event), kept)
        turn.say(joined, buttons=(*others, *way_out), ticket=target)
    if several:
        remember_target(turn, target)


def remember_target(turn: Turn, number: int) -> None:
    """Remember which ticket the requester's words went to, so that it is said when the next ones go elsewhere."""
    turn.tx.states.put(turn.person.id, StateKind.TARGET, turn.now + turn.rules.conversation_window, value=number)


def talked_on(turn: Turn) -> list[Readable]:
    """Return the active tickets with a word on either side within the conversation window, the latest first."""
    return [view for view in recent_requests(turn, turn.rules.conversation_window) if view.active]


def other_ticket_buttons(talking: list[Readable], target: int) -> tuple[tuple[Button, ...], ...]:
    """Return the tickets that would fit as well, as buttons."""
    rest = [view for view in talking if view.number != target]
    return button_column(*(presses.SwitchTo(view.number).button(f"#{view.number} {view.summary}") for view in rest[:3]))


@on.press(presses.SwitchTo)
def switch(turn: Turn) -> None:
    """The next messages go to another of the requester's tickets."""
    ticket = own_ticket(turn, turn.pressed(presses.SwitchTo).ticket)
    number = ticket.id
    if not readable_ticket(turn, ticket).active:
        raise Refused("over", ticket=number)
    change_ticket(turn, ticket, talked_at=turn.now)
    remember_target(turn, number)
    turn.toast(phrase("talk.switched", ticket=number))
    turn.say(
        phrase("talk.switched", ticket=number),
        buttons=other_ticket_buttons(talked_on(turn), number),
        edits=turn.shown.outgoing_id if turn.shown else None,
        ticket=number,
    )


@on.press(presses.AnswerRequest)
def aimed(turn: Turn) -> None:
    """What the requester writes next answers this reply, whichever request was talked on last."""
    ticket = own_ticket(turn, turn.pressed(presses.AnswerRequest).ticket)
    if not readable_ticket(turn, ticket).active:
        raise Refused("over", ticket=ticket.id)
    change_ticket(turn, ticket, talked_at=turn.now)
    remember_target(turn, ticket.id)
    turn.toast(phrase("talk.switched", ticket=ticket.id))


def ask_which(turn: Turn, view: Readable) -> None:
    """A sure answer if there is one, and the question: about the older ticket, or something new? Nothing reopens unasked."""
    kept, verdict = answering.consult_articles(turn)
    if isinstance(verdict, Sure):
        answering.respond_with(turn, kept, verdict)
    buttons = button_row(
        presses.AboutTicket(kept, view.number).button(phrase("talk.about", ticket=view.number)),
        presses.AskArticles(kept).button(phrase("talk.new_question")),
    )
    turn.say(phrase("talk.which", ticket=view.number, summary=view.summary), buttons=buttons)


@on.press(presses.AboutTicket)
def about(turn: Turn) -> None:
    """It was about the older ticket: it joins, and reopens one that was over."""
    meant = turn.pressed(presses.AboutTicket)
    kept, number = meant.verdict, meant.ticket
    ticket = own_ticket(turn, number)
    what = turn.tx.records.said(kept, turn.person.id)
    if what is None:
        raise Refused("over", ticket=number)
    if solved_question.add_words_to_request(turn, ticket, what, edits=turn.shown.outgoing_id if turn.shown else None):
        turn.tx.records.outcome(kept, "joined", turn.tx.related.heir(ticket).id)
    else:
        request_types.begin_request(turn, said=what, about=DraftFacts(previous=ticket.id))


@on.press(presses.AskArticles)
def ask(turn: Turn) -> None:
    """It was something new: the knowledge base answers, or a person will."""
    kept = turn.pressed(presses.AskArticles).verdict
    what = turn.tx.records.said(kept, turn.person.id)
    if what is None:
        raise Refused("expired")
    replace_buttons_by_choice(turn, phrase("talk.asked"))
    reader = turn.reader(turn.person)
    text = str(what["words"]["text"])
    answering.respond_with(turn, kept, turn.kb.find(turn.tx.articles, text, reader.language))


def replace_buttons_by_choice(turn: Turn, *parts: Any) -> None:
    """Leave the choice made as text where its buttons were."""
    turn.say(*parts, edits=turn.shown.outgoing_id if turn.shown else None)
