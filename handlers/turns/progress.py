"""Work that takes many turns says how far it is, on the message that asked."""

from typing import Any

from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Button, Lane, Message, Part
from handlers.vocabulary.timers import LongWork
from handlers.vocabulary.translations import Locale


def asked_by(turn: Turn) -> dict[str, Any]:
    """Return whose work begins in this turn, and where they read of it: what every ``LongWork`` remembers."""
    address, reader = turn.here
    shown = turn.shown.outgoing_id if turn.shown else None
    place = {"lane": address.lane, "language": reader.language, "zone": reader.zone, "shown": shown}
    return {**place, "account": turn.person.account_id}


def tell_progress(turn: Turn, work: LongWork, *parts: Part, buttons: tuple[tuple[Button, ...], ...] = ()) -> None:
    """Say how far it is."""
    turn.send(Lane(work.lane), Locale(work.language, work.zone), Message(parts, buttons=buttons), edits=work.shown)
