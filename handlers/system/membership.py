"""What an event proves about who belongs to the team: one table, and what follows from it."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from handlers.tickets import guesting
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Event, Kind
from storage.models import Role

# What the messenger answered when it was asked bears our own time: two clocks may differ by so much, and in doubt somebody
# has left.
CLOCKS = timedelta(minutes=1)
DOUBT = timedelta(days=1)


class Proof(StrEnum):
    """What an event says about a membership."""

    JOINED = "joined"  # the messenger says that they are there
    LEFT = "left"  # the messenger says that they are not
    SPOKE = "spoke"  # they said something where members alone can
    NOTHING = "nothing"  # it asks whether they are a member, and says nothing of it


# Whoever leaves can still press, submit and react for a while, and an edit may be of words from before: only the messenger's
# own word, and words that were said then, tell of a membership.
PROVES: Mapping[Kind, Proof] = MappingProxyType(
    {
        Kind.TEXT: Proof.SPOKE,
        Kind.COMMAND: Proof.SPOKE,
        Kind.MEMBER: Proof.JOINED,
        Kind.PRESS: Proof.NOTHING,
        Kind.SUBMIT: Proof.NOTHING,
        Kind.EDIT: Proof.NOTHING,
        Kind.DELETE: Proof.NOTHING,
        Kind.REACTION: Proof.NOTHING,
        Kind.HOME: Proof.NOTHING,
        Kind.TIMER: Proof.NOTHING,
        Kind.LOST: Proof.NOTHING,
        Kind.STANDSTILL: Proof.NOTHING,
        Kind.RECEIPT: Proof.NOTHING,
        Kind.FETCHED: Proof.NOTHING,
        Kind.RAW: Proof.NOTHING,
    }
)


def membership_proof(event: Event) -> Proof:
    """Return what an event proves about its sender's membership of the chat it happened in."""
    sender = event.sender
    if event.private or sender is None or not sender.native or sender.anonymous:
        return Proof.NOTHING
    found = PROVES[event.kind]
    if event.kind is Kind.MEMBER:
        found = {"joined": Proof.JOINED, "left": Proof.LEFT}.get(event.name, Proof.NOTHING)
    elif found is Proof.SPOKE and (not event.message or event.open_chat):  # a slash command is no message
        found = Proof.NOTHING
    return Proof.NOTHING if sender.outsider and found is not Proof.LEFT else found


def learn_membership(turn: Turn) -> bool:
    """Keep what an event proves about its actor; return whether they came or went by it."""
    found = membership_proof(turn.event)
    if found is Proof.NOTHING or turn.channel is None or turn.actor is None:
        return False
    channels, channel, person, at = turn.tx.channels, turn.channel.id, turn.actor.id, turn.event.at
    asked = turn.event.verified
    if found is Proof.LEFT:
        return channels.leave(channel, person, at, asked=asked)
    if asked:
        came = channels.join(channel, person, at - CLOCKS, since=at - DOUBT)
    else:
        came = channels.join(channel, person, at, told=found is Proof.JOINED)
    if came:
        guesting.end_visits(turn, person)  # what one of the team says in private is theirs, and no guest's
    return came


def belongs_to_team(turn: Turn) -> bool:
    """Return whether whoever acts in a team channel is of the team; elsewhere, and where nobody acts, there is nothing to ask."""
    if turn.channel is None or turn.actor is None or turn.event.kind is Kind.MEMBER:
        return True
    return turn.actor.may(Role.AGENT)
