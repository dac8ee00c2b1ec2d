"""One person on two messengers: a one-time code, asked for on one and given on the other, joins both accounts."""

import secrets
from datetime import timedelta

from handlers.audience import OWN
from handlers.messages import phrase
from handlers.router import on
from handlers.turn import Turn
from storage.lifecycle import Refused
from storage.models import StateKind

VALID = timedelta(minutes=10)


@on.command("link", audiences=OWN)
def link(turn: Turn) -> None:
    """A code for the other messenger: /link there with this code makes both accounts one person. Only in private."""
    if not turn.event.private:
        raise Refused("only_private")
    code = turn.event.value.strip().lower()
    if code:
        join(turn, code)
        return
    made = secrets.token_hex(5)
    turn.tx.states.put(turn.person.id, StateKind.LINK, turn.now + VALID, key=made)
    turn.say(phrase("link.code", code=made, minutes=int(VALID.total_seconds() // 60)))


def join(turn: Turn, code: str) -> None:
    """The code is here: both accounts are one person from now on; tickets stay where they are talked on."""
    other = turn.tx.states.owner(StateKind.LINK, code, turn.now)
    if other is None:
        turn.audit("link_refused")
        raise Refused("no_code")
    turn.tx.states.take(other, StateKind.LINK, turn.now, key=code)
    if other != turn.person.id:
        turn.audit("linked", other=other)
        turn.tx.people.link(keep=other, gone=turn.person.id)
    turn.say(phrase("link.done"))
