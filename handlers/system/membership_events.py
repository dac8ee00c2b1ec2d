"""Who belongs: joining and leaving a team channel, stopping the bot and letting it write again, chats that change their id."""

from dataclasses import replace
from datetime import timedelta

from handlers.agent.queue import release_tickets
from handlers.agent.rota_swap_answers import end_unanswered
from handlers.home import updates
from handlers.rules.change import put_document
from handlers.system import admin_alerts, membership
from handlers.tickets import approval_stand_ins, cards, helping, on_duty, relay
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Kind, phrase
from storage.lifecycle import ACTIVE
from storage.people.people import Channel
from storage.queues.moved_chats import remember_move

on = Routes()

EACH = 5  # tickets whose cards and stories are posted anew in one turn


@on.kind(Kind.MEMBER)
def member(turn: Turn) -> None:
    """Somebody came or went; each case is one line below."""
    cases = {
        "joined": handle_member_joined,
        "left": handle_member_left,
        "blocked": handle_bot_blocked,
        "unblocked": handle_bot_unblocked,
        "moved": handle_chat_moved,
        "bot_removed": admin_alerts.alert_bot_removed,
        "bot_added": admin_alerts.alert_bot_added,
        "revoked": admin_alerts.alert_token_revoked,
        "refused": admin_alerts.alert_messenger_refused,
    }
    case = cases.get(turn.event.name)
    if case is not None:
        case(turn)


def handle_member_joined(turn: Turn) -> None:
    """Who joins a team channel is an agent, and on duty again where it is their day."""
    if membership.learn_membership(turn):
        on_duty.call_anew(turn)


def handle_member_left(turn: Turn) -> None:
    """Who leaves is none any more, at once, and their tickets wait for somebody else."""
    if not membership.learn_membership(turn) or turn.actor is None:
        return
    updates.refresh_pages(turn, [turn.actor.id])
    if not any(person.id == turn.actor.id for person in turn.tx.people.team()):
        release_tickets(turn, turn.actor.id)
        approval_stand_ins.refresh_waiting(turn, turn.actor.id)
        helping.end_help(turn, turn.actor.id)
        on_duty.call_anew(turn)
        end_unanswered(turn, turn.actor)
        turn.audit(Deed.LEFT_TEAM)


def handle_bot_blocked(turn: Turn) -> None:
    """A requester stopped the bot: their cards say so, and so do the threads of their active tickets."""
    mark_blocked(turn, "thread.blocked", blocked=True)


def handle_bot_unblocked(turn: Turn) -> None:
    """A requester let the bot write again."""
    mark_blocked(turn, "thread.unblocked", blocked=False)


def mark_blocked(turn: Turn, said: str, *, blocked: bool) -> None:
    """Keep whether a requester can be written to, and tell the team where it matters."""
    person = turn.actor or turn.tx.people.at_chat(turn.event.source, turn.event.chat)
    if person is None or bool(person.blocked_at) == blocked:
        return
    turn.tx.people.set_blocked(person.account_id, turn.now if blocked else None)
    approval_stand_ins.refresh_waiting(turn, person.id)
    for ticket in turn.tx.tickets.of_requester(person.id, 50):
        if ticket.active:
            cards.refresh_cards(turn, ticket)
            relay.in_threads(turn, ticket.id, phrase(said, name=person.name))


def handle_chat_moved(turn: Turn) -> None:
    """A group was upgraded: its new id is kept, and live cards are posted anew, for the old ones cannot be reached."""
    change = turn.event.moved
    if change is None:
        return
    if (requests := turn.tx.request_channels.at(turn.event.source, change.was)) is not None:
        turn.tx.request_channels.move(requests.id, change.now)
        remember_move(turn.tx.connection, requests.source, change.was, change.now)
    for channel in turn.channels:
        if channel.source == turn.event.source and channel.chat == change.was:
            turn.tx.channels.move(channel.id, change.now)
            remember_move(turn.tx.connection, channel.source, change.was, change.now)
            turn.tx.talk.lose_threads(channel.id)
            fresh = replace(channel, chat=change.now)
            rename_group_channel(turn, channel.word, fresh.word)
            turn.channels[turn.channels.index(channel)] = fresh
            post_cards_anew(turn, fresh)


def rename_group_channel(turn: Turn, was: str, now: str) -> None:
    """Let the rules name a group's channel by its new id."""
    newest = turn.tx.rules.newest()
    if newest is None or not any(was in group.channels for group in turn.rules.groups.values()):
        return
    groups = {name: {**entry} for name, entry in newest.data["groups"].items()}
    for entry in groups.values():
        if was in (entry.get("channels") or ()):
            entry["channels"] = [now if word == was else word for word in entry["channels"]]
    turn.rules = put_document(turn.tx, {**newest.data, "groups": groups}, turn.rules, act="moved", by=None, at=turn.now)


def post_cards_anew(turn: Turn, channel: Channel) -> None:
    """Post the cards and stories of a channel's active tickets anew, some a turn: the rest follow by a timer."""
    own, others = turn.groups_of(channel), turn.has_own_channels()
    found = turn.tx.talk.live(channel.id, list(ACTIVE), EACH + 1, of=own, but=() if own else others)
    done = 0
    for number in found[:EACH]:
        ticket = turn.tx.tickets.get(number)
        cards.refresh_cards(turn, ticket)
        done += 1
        if turn.tx.talk.thread(number, channel.id):
            cards.promise_thread_head(turn, ticket, channel)
            break  # a story may be long
    if len(found) > done:
        turn.schedule(timers.PostAnew(channel.id), timedelta(0))


@on.timer(timers.PostAnew)
def anew_again(turn: Turn) -> None:
    """More of a channel's cards are posted anew."""
    number = turn.due(timers.PostAnew).channel
    channel = next((c for c in turn.channels if c.id == number), None)
    if channel is not None:
        post_cards_anew(turn, channel)


@on.timer(timers.MoveGroup)
def regroup(turn: Turn) -> None:
    """A group has other channels now: its active tickets move there, some a turn."""
    due = turn.due(timers.MoveGroup)
    found = turn.tx.tickets.active_of_group(due.group, after=due.past, limit=EACH)
    for number in found:
        cards.refresh_cards(turn, turn.tx.tickets.get(number))
    if len(found) == EACH:
        turn.schedule(timers.MoveGroup(due.group, found[-1]), timedelta(0))


@on.kind(Kind.LOST)
def lost(turn: Turn) -> None:
    """A thread was deleted: another is made, with the card and the story at its head, before what waits to be said in it."""
    if (gone := turn.event.lost) is None:
        return
    ticket = turn.tx.tickets.find(gone.ticket)
    channel = next((c for c in turn.channels if c.id == gone.channel), None)
    if ticket is not None and channel is not None:
        cards.promise_thread_head(turn, ticket, channel, ahead=True)
