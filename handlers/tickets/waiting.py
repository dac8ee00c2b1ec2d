"""What waits too long: who was asked something is reminded, then let go kindly; an agent is reminded of what nobody talks on."""

from datetime import timedelta

from handlers.rules.notify import TicketEvent
from handlers.tickets import approval_seats, cards, notifications, relay, resolution, waiting_timers
from handlers.tickets.ticket_service import move_ticket
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.messages import Phrase, RichText, phrase
from storage.lifecycle import Action, StatusKind
from storage.models import MessageKind
from storage.tickets.tickets import Ticket

on = Routes()

QUOTED = 200  # characters of the question that is asked again


def still_waiting_ticket(turn: Turn, kind: StatusKind, timer: type[waiting_timers.Waited]) -> Ticket | None:
    """Return the timer's ticket where it has waited all the time; where a word was said since, it goes on waiting from then."""
    ticket = turn.tx.tickets.find(turn.event.ticket) if turn.event.ticket is not None else None
    if ticket is None or ticket.kind is not kind or ticket.snoozed_until is not None:
        return None
    if ticket.talked_at > turn.due(timer).since:
        waiting_timers.schedule_waiting_timer(turn, ticket, timer(ticket.talked_at))
        return None
    return ticket


@on.timer(timers.AskedAgain)
def asked(turn: Turn) -> None:
    """The requester has not answered: they are asked once more, with what they were asked."""
    ticket = still_waiting_ticket(turn, StatusKind.PENDING, timers.AskedAgain)
    if ticket and not (turn.event.late and lapses_by_now(turn, ticket)):
        notifications.notify_of_event(turn, ticket, TicketEvent.ASKED_AGAIN, asked=last_reply_excerpt(turn, ticket))


def lapses_by_now(turn: Turn, ticket: Ticket) -> bool:
    """Return whether a request is let go with the same breath: nobody has time to answer a reminder then."""
    return timedelta(0) < turn.rules.pending_close <= turn.now - ticket.talked_at


def last_reply_excerpt(turn: Turn, ticket: Ticket) -> Phrase | RichText:
    """Return what the team said last, shortened; where it said nothing, that it waits."""
    said = turn.tx.talk.last(ticket.id, MessageKind.REPLY)
    text = " ".join(str(said.words["text"]).split()) if said is not None and said.deleted_at is None else ""
    short = text if len(text) <= QUOTED else text[:QUOTED].rstrip() + "…"
    return phrase("asked_again.words", words=short) if short else phrase("asked_again.nothing")


@on.timer(timers.Lapse)
def lapsed(turn: Turn) -> None:
    """Nobody has answered for long: the request is resolved with a kind word, and a press opens it again."""
    ticket = still_waiting_ticket(turn, StatusKind.PENDING, timers.Lapse)
    if ticket is None or Action.RESOLVE not in turn.tx.tickets.workflow(ticket).possible(ticket.status):
        return
    asked = approval_seats.latest_approval(turn, ticket)
    if approval_seats.is_open(asked):  # it is not the requester alone who is waited for
        waiting_timers.schedule_waiting_timer(turn, ticket, timers.Lapse(turn.now))
        return
    ticket = move_ticket(turn, ticket, Action.RESOLVE, by=None)
    resolution.ask_whether_solved(turn, ticket, told="lapsed")
    cards.refresh_cards(turn, ticket)
    relay.in_threads(turn, ticket.id, phrase("thread.lapsed"))


@on.timer(timers.Idle)
def idle(turn: Turn) -> None:
    """Nobody has said a word on an open request: whoever has it is reminded, and the next time everybody.

    Late, many are reminded of at once: all of it is one message in the channel, and nobody is called in thread after thread.
    """
    ticket = still_waiting_ticket(turn, StatusKind.OPEN, timers.Idle)
    if ticket is None:
        return
    agent = turn.tx.tickets.name(ticket.agent_id) if ticket.agent_id is not None else "–"
    known = {"ticket": ticket.id, "summary": ticket.summary, "agent": agent, "waiting": turn.now - ticket.talked_at}
    again = turn.due(timers.Idle).again
    if again or turn.event.late:
        said = phrase("notice.idle", **known)
        notifications.to_channels(turn, said, turn.channels_of(ticket), fold=timers.Idle.name, ticket=ticket.id)
        if not again:
            waiting_timers.schedule_waiting_timer(turn, ticket, timers.Idle(turn.now, again=True))
        return
    threads = [each for each in turn.channels if turn.tx.talk.thread(ticket.id, each.id)]
    called = (
        notifications.agent_mention(turn, ticket, ticket.agent_id, threads) if ticket.agent_id is not None else None
    )
    for channel in threads:
        if called is None or called.channel == channel.id:
            words = called.words if called is not None else RichText(agent)
            relay.in_thread(turn, ticket.id, channel, words, phrase("thread.idle", **known))
    waiting_timers.schedule_waiting_timer(turn, ticket, timers.Idle(turn.now, again=True))
