"""Requests that somebody points at: by an emoji on a message, or by a yes to the bot's own question."""

from collections.abc import Mapping
from datetime import timedelta

from handlers.channels.buttons import must_be_of
from handlers.channels.chatter import is_short_text
from handlers.channels.chosen import Opens, channel_setting, in_quiet_hours, opens_requests_by
from handlers.channels.opening import Seed, is_served, open_request, seed_heard
from handlers.turns.permissions import with_standing
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import ANYWHERE
from handlers.vocabulary.messages import Message, Phrase, button_row, phrase
from storage.desk.request_channels import Overheard, RequestChannel
from storage.lifecycle import Refused
from storage.models import MessageKind, Role, StateKind
from storage.queues.spoken import Said
from storage.tickets.tickets import Ticket

on = Routes()

EMOJI = ("🎫", "ticket", "admission_tickets", "✍", "✍️")  # Telegram lets people put only some on a message
COUNTED = ("sent", "suppressed", "opened", "dismissed")


def open_request_by_emoji(turn: Turn, channel: RequestChannel) -> None:
    """Somebody has put the emoji on a message: a request is made of it, unless it is of one already."""
    reaction = turn.event.reaction
    if (
        reaction is None
        or not reaction.added
        or reaction.emoji not in EMOJI
        or not opens_requests_by(turn, channel, Opens.EMOJI)
    ):
        return
    heard = turn.tx.request_channels.heard(channel.id, turn.event.message)
    if heard is None:  # it is of a request already, it was taken back, or it is too long ago
        part_from_request(turn, channel, turn.event.message)
        return
    seed = seed_heard(turn, heard)
    if seed.author.may(Role.AGENT) or not is_served(turn, seed.author):
        return
    if turn.tx.request_channels.under(channel.id, seed.native) is None:
        open_request(turn, channel, seed)


def part_from_request(turn: Turn, channel: RequestChannel, native: str) -> Ticket | None:
    """Make a request of its own of a message that joined another one; None where the message, or the actor, is none for that.

    It stands by itself (on Slack: in no thread), is not what its request is made of, and its author or the team points at it.
    """
    talk = turn.tx.talk
    place, who = talk.author_at(channel.source, channel.chat, native) or ("", 0)
    by_itself = f"{channel.place}/{native}" if turn.can(channel.source).rooted else channel.place
    ref = talk.at(place, native) if place == by_itself else None
    said = talk.get(ref.message_id) if ref is not None and ref.message_id is not None else None
    if said is None or said.kind is not MessageKind.FOLLOW_UP or said.deleted_at is not None:
        return None
    first = talk.first(said.ticket_id, MessageKind.FOLLOW_UP)
    if first is None or first.id == said.id or not turn.tx.related.heir(turn.tx.tickets.get(said.ticket_id)).active:
        return None
    author = next((one for one in turn.tx.people.by_account(who) if one.source == channel.source), None)
    if author is None or (turn.person.id != author.id and not turn.person.may(Role.AGENT)):
        return None
    author = with_standing(turn, author)
    if author.may(Role.AGENT) or not is_served(turn, author):
        return None
    whole: Said = {"words": said.words, "files": said.files, "place": place, "native": native}
    return open_request(turn, channel, Seed(author, whole, native, turn.event.thread, parted=said.id))


def offer_to_open_request(turn: Turn, channel: RequestChannel, heard: int) -> None:
    """The bot asks the author whether to open a request: once a while, and not for a few words."""
    if not turn.event.files and is_short_text(turn.event.asked):
        return
    asked = turn.tx.states.get(turn.person.id, StateKind.OFFERED, turn.now, key=str(channel.id))
    if asked is not None or in_quiet_hours(turn, channel):
        count_offer_outcome(turn, channel, "suppressed")
        return
    again = turn.now + timedelta(hours=float(channel_setting(turn, channel, "again")))
    turn.tx.states.put(turn.person.id, StateKind.OFFERED, again, value=True, key=str(channel.id))
    count_offer_outcome(turn, channel, "sent")
    buttons = button_row(
        presses.OfferYes(heard).button(phrase("button.offer_yes")),
        presses.OfferNo(heard).button(phrase("button.offer_no")),
    )
    said = phrase("channel.offer", name=turn.person.name)
    turn.send(*turn.here, Message((said,), buttons=buttons, answers=turn.event.message))


@on.press(presses.OfferYes, audiences=ANYWHERE)
def accepted(turn: Turn) -> None:
    """The author wants a request."""
    channel, heard = offered_message(turn)
    count_offer_outcome(turn, channel, "opened")
    replace_offer_by_choice(turn, phrase("channel.offer_taken"))
    open_request(turn, channel, seed_heard(turn, heard))


@on.press(presses.OfferNo, audiences=ANYWHERE)
def declined(turn: Turn) -> None:
    """The author wants none."""
    channel, _ = offered_message(turn)
    count_offer_outcome(turn, channel, "dismissed")
    replace_offer_by_choice(turn, phrase("channel.offer_left"))


def offered_message(turn: Turn) -> tuple[RequestChannel, Overheard]:
    """Return what was asked about, if it is the actor's to answer; refuse what is over."""
    channel, heard = turn.request_channel, turn.tx.request_channels.heard_as(turn.pressed(presses.OfferYes).heard)
    if channel is None or heard is None or heard.channel_id != channel.id:
        raise Refused("expired")
    must_be_of(turn, turn.tx.people.of_account(heard.account_id))
    return channel, heard


def replace_offer_by_choice(turn: Turn, said: Phrase) -> None:
    """Leave the choice in the place of the question."""
    turn.say(said, edits=turn.shown.outgoing_id if turn.shown else None)


def count_offer_outcome(turn: Turn, channel: RequestChannel, what: str) -> None:
    """Count what became of the bot's questions in a channel."""
    turn.tx.request_channels.count_offer(channel.id, what)


def offer_figures(turn: Turn, channel: RequestChannel) -> Mapping[str, int]:
    """Return what became of the bot's questions in a channel."""
    return turn.tx.request_channels.offer_counts(channel.id)
