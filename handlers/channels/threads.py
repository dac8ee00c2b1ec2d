"""A request's thread in its channel: whoever speaks there speaks on it, and an agent who answers there has replied."""

from handlers.channels.chatter import asks_for_nothing
from handlers.tickets import cards, relay
from handlers.tickets.agent_words import keep_agent_words, show_in_other_threads
from handlers.tickets.parties import rejoin_part, within_reopen_window
from handlers.tickets.readable import readable_ticket
from handlers.tickets.ticket_service import move_ticket
from handlers.turns.permissions import role_needed_for
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import RENDERED_MESSAGE
from storage.desk.request_channels import RequestChannel, RequestThread
from storage.lifecycle import Action, StatusKind
from storage.models import MessageKind, Role
from storage.queues import outbox
from storage.tickets.messages import MessageRef
from storage.tickets.tickets import Ticket


def event_request_thread(turn: Turn, channel: RequestChannel) -> RequestThread | None:
    """Return the request in whose thread something is said: that of the message it answers, or of its topic."""
    event, requests = turn.event, turn.tx.request_channels
    if turn.can(event.source).rooted:
        root = event.chat.partition("/")[2]
        return requests.under(channel.id, root) or request_thread_of(turn, turn.tx.talk.at(event.place, root))
    if event.reply_to:
        return request_thread_of(turn, turn.shown) or request_answered_before(turn, channel)
    return unless_taken_back(turn, requests.in_topic(channel.id, event.thread))


def request_thread_of(turn: Turn, shown: MessageRef | None) -> RequestThread | None:
    """Return the thread of the request that a message is part of, or tells of."""
    return (
        turn.tx.request_channels.thread_of(shown.ticket_id)
        if shown is not None and shown.ticket_id is not None
        else None
    )


def request_answered_before(turn: Turn, channel: RequestChannel) -> RequestThread | None:
    """Return the request of the message that a line of ours answers, said before there was a request, as long as that is kept."""
    shown = turn.shown
    if shown is None or shown.ticket_id is not None or shown.outgoing_id is None:
        return None
    payload = outbox.payload_of(turn.tx.connection, shown.outgoing_id)
    above = RENDERED_MESSAGE.validate_json(payload).facts.get("answers") if payload else None
    return turn.tx.request_channels.under(channel.id, str(above)) if above else None


def unless_taken_back(turn: Turn, thread: RequestThread | None) -> RequestThread | None:
    """Return the request that words join by place or time alone: not one that its author took back, unless said to it."""
    ticket = turn.tx.tickets.get(thread.ticket_id) if thread is not None else None
    if ticket is None or ticket.ended_at is not None:
        return None
    goes_on = turn.tx.related.heir(ticket)
    closed_unsolved = goes_on.kind is StatusKind.CLOSED and goes_on.resolved_at == goes_on.closed_at
    return None if closed_unsolved else thread


def add_to_request(turn: Turn, channel: RequestChannel, thread: RequestThread) -> bool:
    """Let words join a request; return whether they did: one that is over for good, or of nobody any more, takes none."""
    ticket = turn.tx.tickets.get(thread.ticket_id)
    if turn.tx.erasure.erased_at(ticket.requester_id) is not None:
        return False
    view = readable_ticket(turn, ticket)
    if view.active:
        speak_on_request(turn, ticket)
        return True
    if turn.person.may(Role.AGENT) or (not turn.event.files and asks_for_nothing(turn.event.asked)):
        return True  # what is said after the end, and asks for nothing
    if not within_reopen_window(turn, view):
        return False
    reopen_by_follow_up(turn, ticket)
    return True


def speak_on_request(turn: Turn, ticket: Ticket) -> None:
    """Somebody speaks on a request under way: an agent answers it, anybody else follows it up."""
    if turn.person.may(Role.AGENT) and turn.person.id != ticket.requester_id:
        record_agent_reply(turn, ticket)
    else:
        follow_up(turn, ticket)


def reopen_by_follow_up(turn: Turn, ticket: Ticket) -> None:
    """Somebody goes on where a request was thought to be done: its author takes it up again by that, in its own thread."""
    if ticket.requester_id == turn.person.id:
        ticket = rejoin_part(turn, ticket)
    else:
        ticket = move_ticket(turn, turn.tx.related.heir(ticket), Action.REOPEN, by=None)
        cards.refresh_cards(turn, ticket)
    follow_up(turn, turn.tx.tickets.get(ticket.id))


def follow_up(turn: Turn, ticket: Ticket) -> None:
    """Somebody speaks on a request: they take part in it from now on."""
    turn.tx.request_channels.take_part(ticket.id, turn.person.id)
    relay.follow_up(turn, ticket)


def record_agent_reply(turn: Turn, ticket: Ticket) -> None:
    """An agent has answered in the channel itself: that is a reply, and it stands with the team's as theirs."""
    if not turn.person.may(role_needed_for(turn, "r")):
        follow_up(turn, ticket)
        return
    goes_on = turn.tx.related.heir(ticket)
    goes_on = move_ticket(turn, goes_on, Action.REPLY, by=turn.person.id)
    cards.open_threads(turn, goes_on)  # first: a thread that opens now tells all that was said before
    kept = keep_agent_words(turn, goes_on, MessageKind.REPLY, turn.event.words.strip(), None)
    turn.tx.talk.carry(kept, [ticket.id])
    show_in_other_threads(turn, goes_on, kept, "↩️", turn.event.words.strip(), turn.event.files)
    cards.refresh_cards(turn, goes_on)
