"""What agents and requesters do all day, as events: the scale bench times them, and a test reads their plans."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.vocabulary.messages import Event, Kind, RichText, Sender
from tests.bench.scale_fill import AGENT, TEAM
from tests.clock import MONDAY

SOURCE, CHAT = TEAM
BOB = Sender(AGENT[0], AGENT[1], username=AGENT[1].lower(), language="en", chat=AGENT[0])


@dataclass(frozen=True, slots=True)
class Act:
    """Something somebody does; ``event`` makes it anew for each time, counted from 0, among so many requests."""

    name: str
    event: Callable[[int, int], Event]

    def arriving(self, key: int, turn: int, count: int, at: datetime) -> Event:
        """Return the event with a key of its own."""
        return replace(self.event(turn, count), key=str(key), at=at)


def said(command: str, words: str = "") -> Event:
    """Return a command of Bob's in the team channel."""
    told = RichText(words)
    return Event(
        Kind.COMMAND,
        SOURCE,
        "",
        CHAT,
        MONDAY,
        CHAT,
        private=False,
        sender=BOB,
        message="0",
        words=told,
        name=command,
        value=words,
    )


def waiting(turn: int, count: int) -> int:
    """Return a request that waits for somebody, another one each time, the newest first."""
    return count - 10 - 20 * turn


def claim(turn: int, count: int) -> Event:
    """Bob presses Claim on a card."""
    number = waiting(turn, count)
    pressed = said("claim", str(number))
    return replace(
        pressed,
        kind=Kind.PRESS,
        words=RichText(),
        message=str(number),
        interaction="x",
        conversation=f"{CHAT}#{number}",
    )


def card(turn: int, count: int) -> Event:
    """Bob asks for a card."""
    return said("card", str(count - 1 - turn))


def my(turn: int, count: int) -> Event:
    """A requester looks at their own requests."""
    native = str(9000000 + 2 + turn % (max(3, count // 5) - 1))
    somebody = Sender(native, f"Person {9 + turn}", language="en", chat=native)
    return Event(Kind.COMMAND, SOURCE, "", native, MONDAY, native, sender=somebody, message="1", name="my")


def always(event: Event) -> Callable[[int, int], Event]:
    """Return the same event each time."""
    return lambda _turn, _count: event


ACTS = (
    Act("claim", claim),
    Act("card", card),
    Act("/my", my),
    Act("/mine", always(said("mine"))),
    Act("/queue", always(said("queue"))),
    Act("/queue free urgent", always(said("queue", "free urgent"))),
    Act("/queue @bob older than 2h", always(said("queue", "@bob older than 2h"))),
    Act("/queue #vip", always(said("queue", "#vip"))),
    Act("/queue closed", always(said("queue", "closed"))),
    Act("/find, in one of five", always(said("find", "printers"))),
    Act("/find, in one of a hundred", always(said("find", "invoices"))),
    Act("/find, in one of ten thousand", always(said("find", "elephants"))),
    Act("/find, two words", always(said("find", "printer пароль"))),
    Act("/find, a word begun", always(said("find", "request invo"))),
    Act("/find, in none", always(said("find", "giraffe"))),
)
