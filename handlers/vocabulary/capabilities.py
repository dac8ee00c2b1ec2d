"""What messengers differ in, as far as what is said depends on it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a messenger can do that not every one can."""

    menus: bool = False  # it shows rarer buttons as a menu
    gives: int = 0  # bytes of a file that can be brought out of it; 0: any number
    takes: int = 0  # bytes of a file that can be brought into it
    rooted: bool = False  # what is talked about has a thread under the message that it began with
    handles: bool = False  # a file of its own is sent again by its handle: nothing has to be brought
    whispers: bool = False  # among others it shows one person alone what is theirs alone
    takes_away: bool = False  # in a chat with one person it lets us take away what they said themselves
    overhears: bool = False  # in a channel it hears what is not said to it, once it is invited there
    request_emoji: str = "🎫"  # that people put on a message to make it a request
    command: str = "/"  # how a command is typed
    in_thread: str = "/"  # how it is typed in a thread


def capabilities_of(able: Mapping[str, Capabilities], source: str) -> Capabilities:
    """Return what the messenger of a source can do, of what each can, by its name."""
    return able.get(source.partition(":")[0], Capabilities())
