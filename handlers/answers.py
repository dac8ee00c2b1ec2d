"""One free text box: where a requester's message goes, in the order the product names."""

from datetime import timedelta
from typing import Any

from handlers import cards, consult, interview, notices, relay, replies, requests
from handlers.messages import Button, Kind, column, phrase, row
from handlers.router import PAIR, on
from handlers.rules.notify import Occasion
from handlers.said import whole
from handlers.turn import Turn
from kb import Sure, courtesy
from storage.lifecycle import Action, Refused
from storage.models import StateKind
from storage.tickets import Ticket


@on.kind(Kind.TEXT)
def text(turn: Turn) -> None:
    """Words or files were sent: to a draft, into a ticket's thread, or into the one free text box."""
    if turn.channel is not None:
        if not interview.takes(turn):
            replies.said_in_team(turn)
    elif not takes_as_answer(turn):
        free_text(turn)


def takes_as_answer(turn: Turn) -> bool:
    """Give the words to a waiting draft, unless they explicitly reply to a ticket's message."""
    return not (turn.event.reply_to and turn.number) and interview.takes(turn)


def free_text(turn: Turn) -> None:
    """Join a ticket, be courteous, ask which of two things is meant, or ask the knowledge base."""
    if (
        turn.event.reply_to
        and turn.number
        and (meant := turn.tx.tickets.find(turn.number))
        and meant.requester_id == turn.person.id
    ):
        joined(turn, meant)
        return
    if not turn.event.files and (manners := courtesy(turn.event.words.text)):
        turn.say(phrase(f"courtesy.{manners}", name=turn.person.name))
        return
    recent = lately(turn, turn.rules.reopen_window)
    talking = [t for t in recent if t.active and t.talked_at >= turn.now - turn.rules.conversation_window]
    if talking:
        join_newest(turn, talking)
        return
    older = next((t for t in recent if t.active or within_reopen(turn, t)), None) or older_active(turn)
    if older is not None:
        ask_which(turn, older)
        return
    consult.consult(turn)


def lately(turn: Turn, window: timedelta) -> list[Ticket]:
    """Return the requester's tickets with a word on either side within a window, the latest first."""
    found = turn.tx.related.standing(turn.tx.tickets.recent(turn.person.id, turn.now - window))
    return sorted(found, key=lambda ticket: ticket.talked_at, reverse=True)


def older_active(turn: Turn) -> Ticket | None:
    """Return an active ticket that nobody has talked on for longer than the reopen window."""
    return next(
        (t for t in turn.tx.related.standing(turn.tx.tickets.of_requester(turn.person.id, 5)) if t.active), None
    )


def within_reopen(turn: Turn, ticket: Ticket) -> bool:
    """Return whether a resolved or closed ticket may still be reopened by its requester."""
    return ticket.resolved_at is not None and turn.now - ticket.resolved_at <= turn.rules.reopen_window


def joined(turn: Turn, ticket: Ticket) -> None:
    """An explicit reply joins its ticket; one to a ticket that is over asks, or begins a new one linked to it."""
    [ticket] = turn.tx.related.standing([ticket])
    if ticket.active:
        relay.follow_up(turn, ticket)
    elif within_reopen(turn, ticket):
        ask_which(turn, ticket)
    else:
        turn.say(phrase("request.linked", ticket=ticket.id))
        requests.begin(turn, said=whole(turn.event), facts={"previous": ticket.id})


def join_newest(turn: Turn, talking: list[Ticket]) -> None:
    """The ticket talked on last takes it; where it differs from the last target, or another would fit, a line says so."""
    target = talking[0]
    relay.follow_up(turn, target)
    if len(talking) == 1:
        return
    if turn.tx.states.get(turn.person.id, StateKind.TARGET, turn.now) != target.id:
        turn.say(phrase("talk.target", ticket=target.id), buttons=others(talking, target.id), ticket=target.id)
    aim(turn, target.id)


def aim(turn: Turn, number: int) -> None:
    """Remember which ticket the requester's words went to, so that it is said when the next ones go elsewhere."""
    turn.tx.states.put(turn.person.id, StateKind.TARGET, turn.now + turn.rules.conversation_window, value=number)


def talked_on(turn: Turn) -> list[Ticket]:
    """Return the active tickets with a word on either side within the conversation window, the latest first."""
    return [t for t in lately(turn, turn.rules.conversation_window) if t.active]


def others(talking: list[Ticket], target: int) -> tuple[tuple[Button, ...], ...]:
    """Return the tickets that would fit as well, as buttons."""
    rest = [t for t in talking if t.id != target]
    return column(*(Button(f"#{t.id} {t.summary}", "switch", str(t.id)) for t in rest[:3]))


@on.press("switch")
def switch(turn: Turn) -> None:
    """The next messages go to another of the requester's tickets."""
    ticket, number = relay.own(turn, int(turn.event.value)), int(turn.event.value)
    if not ticket.active:
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


def ask_which(turn: Turn, ticket: Ticket) -> None:
    """A sure answer if there is one, and the question: about the older ticket, or something new? Nothing reopens unasked."""
    kept, verdict = consult.consulted(turn)
    if isinstance(verdict, Sure):
        consult.respond(turn, kept, verdict)
    buttons = row(
        Button(phrase("talk.about", ticket=ticket.id), "about", f"{kept}.{ticket.id}"),
        Button(phrase("talk.new_question"), "ask", str(kept)),
    )
    turn.say(phrase("talk.which", ticket=ticket.id, summary=ticket.summary), buttons=buttons)


@on.press("about", key=PAIR)
def about(turn: Turn) -> None:
    """It was about the older ticket: it joins, and reopens one that was over."""
    kept, _, number = turn.event.value.partition(".")
    ticket = relay.own(turn, int(number))
    what = turn.tx.records.said(int(kept), turn.person.id)
    if what is None:
        raise Refused("over", ticket=number)
    if not ticket.active:
        if not within_reopen(turn, ticket):
            requests.begin(turn, said=what, facts={"previous": int(number)})
            return
        ticket = turn.tx.tickets.act(ticket, Action.REOPEN, by=turn.person.id, at=turn.now)
        notices.announce(turn, ticket, Occasion.REOPENED, own=True)
        cards.refresh(turn, ticket)  # first: it opens the thread again
    turn.tx.records.outcome(int(kept), "joined", ticket.id)
    relay.follow_up(turn, ticket, what)
    settle(turn, phrase("talk.joined", ticket=number))


@on.press("ask")
def ask(turn: Turn) -> None:
    """It was something new: the knowledge base answers, or a person will."""
    kept = int(turn.event.value)
    what = turn.tx.records.said(kept, turn.person.id)
    if what is None:
        raise Refused("expired")
    settle(turn, phrase("talk.asked"))
    reader = turn.reader(turn.person)
    text = str(what["words"]["text"])
    consult.respond(turn, kept, turn.kb.find(turn.tx.articles, text, reader.language))


def settle(turn: Turn, *parts: Any) -> None:
    """Leave the choice made as text where its buttons were."""
    turn.say(*parts, edits=turn.shown.outgoing_id if turn.shown else None)
