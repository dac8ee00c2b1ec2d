"""One free text box: where a requester's message goes, in the order the product names."""

from datetime import timedelta
from typing import Any

from handlers.articles import answering
from handlers.tickets import relay, replies, request_types
from handlers.tickets.parties import rejoin_part, within_reopen_window
from handlers.tickets.readable import Readable, own_ticket, readable, readable_all
from handlers.turns import form_dialog
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import Audience
from handlers.vocabulary.messages import Button, Kind, column, phrase, row
from handlers.vocabulary.stored_text import whole
from kb import Sure, courtesy
from storage.lifecycle import Refused
from storage.models import StateKind

on = Routes()


@on.kind(Kind.TEXT)
def text(turn: Turn) -> None:
    """Words or files were sent: to a draft, into a ticket's thread, or into the one free text box; in public, to the answers."""
    if turn.audience is Audience.PUBLIC:
        answering.consult(turn)
    elif turn.channel is not None:
        if not form_dialog.takes(turn):
            replies.said_in_team(turn)
    elif not takes_as_answer(turn):
        free_text(turn)


def takes_as_answer(turn: Turn) -> bool:
    """Give the words to a waiting draft, unless they explicitly reply to a ticket's message."""
    return not (turn.event.reply_to and turn.number) and form_dialog.takes(turn)


def free_text(turn: Turn) -> None:
    """Join a ticket, be courteous, ask which of two things is meant, or ask the knowledge base."""
    if (
        turn.event.reply_to
        and turn.number
        and (meant := turn.tx.tickets.find(turn.number))
        and meant.requester_id == turn.person.id
    ):
        joined(turn, meant.id)
        return
    if not turn.event.files and (manners := courtesy(turn.event.asked)):
        turn.say(phrase(f"courtesy.{manners}", name=turn.person.name))
        return
    recent = lately(turn, turn.rules.reopen_window)
    talking = [view for view in recent if view.active and view.talked_at >= turn.now - turn.rules.conversation_window]
    if talking:
        join_newest(turn, talking)
        return
    older = next((view for view in recent if view.active or within_reopen_window(turn, view)), None)
    older = older or older_active(turn)
    if older is not None:
        ask_which(turn, older)
        return
    answering.consult(turn)


def lately(turn: Turn, window: timedelta) -> list[Readable]:
    """Return the requester's tickets with a word on either side within a window, the latest first."""
    found = readable_all(turn, turn.tx.tickets.recent(turn.person.id, turn.now - window))
    return sorted(found, key=lambda view: view.talked_at, reverse=True)


def older_active(turn: Turn) -> Readable | None:
    """Return an active ticket that nobody has talked on for longer than the reopen window."""
    found = readable_all(turn, turn.tx.tickets.of_requester(turn.person.id, 5))
    return next((view for view in found if view.active), None)


def joined(turn: Turn, number: int) -> None:
    """An explicit reply joins its ticket; one to a ticket that is over asks, or begins a new one linked to it."""
    ticket = own_ticket(turn, number)
    view = readable(turn, ticket)
    if view.active:
        relay.follow_up(turn, ticket)
    elif within_reopen_window(turn, view):
        ask_which(turn, view)
    else:
        turn.say(phrase("request.linked", ticket=view.number))
        request_types.begin(turn, said=whole(turn.event), facts={"previous": view.number})


def join_newest(turn: Turn, talking: list[Readable]) -> None:
    """The ticket talked on last takes it; where it differs from the last target, or another would fit, a line says so."""
    target = talking[0].number
    relay.follow_up(turn, turn.tx.tickets.get(target))
    if len(talking) == 1:
        return
    if turn.tx.states.get(turn.person.id, StateKind.TARGET, turn.now) != target:
        turn.say(phrase("talk.target", ticket=target), buttons=others(talking, target), ticket=target)
    aim(turn, target)


def aim(turn: Turn, number: int) -> None:
    """Remember which ticket the requester's words went to, so that it is said when the next ones go elsewhere."""
    turn.tx.states.put(turn.person.id, StateKind.TARGET, turn.now + turn.rules.conversation_window, value=number)


def talked_on(turn: Turn) -> list[Readable]:
    """Return the active tickets with a word on either side within the conversation window, the latest first."""
    return [view for view in lately(turn, turn.rules.conversation_window) if view.active]


def others(talking: list[Readable], target: int) -> tuple[tuple[Button, ...], ...]:
    """Return the tickets that would fit as well, as buttons."""
    rest = [view for view in talking if view.number != target]
    return column(*(presses.SwitchTo(view.number).button(f"#{view.number} {view.summary}") for view in rest[:3]))


@on.press(presses.SwitchTo)
def switch(turn: Turn) -> None:
    """The next messages go to another of the requester's tickets."""
    ticket = own_ticket(turn, turn.pressed(presses.SwitchTo).ticket)
    number = ticket.id
    if not readable(turn, ticket).active:
        raise Refused("over", ticket=number)
    turn.tx.tickets.change(ticket, at=turn.now, talked_at=turn.now)
    aim(turn, number)
    turn.toast(phrase("talk.switched", ticket=number))
    turn.say(
        phrase("talk.target", ticket=number),
        buttons=others(talked_on(turn), number),
        edits=turn.shown.outgoing_id if turn.shown else None,
        ticket=number,
    )


def ask_which(turn: Turn, view: Readable) -> None:
    """A sure answer if there is one, and the question: about the older ticket, or something new? Nothing reopens unasked."""
    kept, verdict = answering.consulted(turn)
    if isinstance(verdict, Sure):
        answering.respond(turn, kept, verdict)
    buttons = row(
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
    view = readable(turn, ticket)
    if not view.active:
        if not within_reopen_window(turn, view):
            request_types.begin(turn, said=what, facts={"previous": ticket.id})
            return
        rejoin_part(turn, ticket)  # first: it opens the thread again
    turn.tx.records.outcome(kept, "joined", turn.tx.related.heir(ticket).id)
    relay.follow_up(turn, turn.tx.tickets.get(ticket.id), what)
    settle(turn, phrase("talk.joined", ticket=number))


@on.press(presses.AskArticles)
def ask(turn: Turn) -> None:
    """It was something new: the knowledge base answers, or a person will."""
    kept = turn.pressed(presses.AskArticles).verdict
    what = turn.tx.records.said(kept, turn.person.id)
    if what is None:
        raise Refused("expired")
    settle(turn, phrase("talk.asked"))
    reader = turn.reader(turn.person)
    text = str(what["words"]["text"])
    answering.respond(turn, kept, turn.kb.find(turn.tx.articles, text, reader.language))


def settle(turn: Turn, *parts: Any) -> None:
    """Leave the choice made as text where its buttons were."""
    turn.say(*parts, edits=turn.shown.outgoing_id if turn.shown else None)
