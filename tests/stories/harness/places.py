"""Where things are said in a story, and what is seen there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a story: one's own chat with the bot, the queue, a ticket's thread, or a room where others talk."""

    ticket: int | None = None
    room: str = ""

    def __str__(self) -> str:
        if self.room:
            return f"the room {self.room!r}"
        return "the queue" if self.ticket is None else f"the thread of #{self.ticket}"


QUEUE = Place()


def THREAD(ticket: int) -> Place:  # noqa: N802 - reads like QUEUE
    """Return a ticket's thread."""
    return Place(ticket)


def ROOM(name: str) -> Place:  # noqa: N802 - reads like QUEUE
    """Return a room of other people's: a channel or a group."""
    return Place(room=name)


@dataclass(frozen=True, slots=True)
class Line:
    """A message as whoever is in the chat sees it now. Ids grow with time; what they are is the messenger's business."""

    room: str
    id: str
    author: str
    by_desk: bool
    kind: str
    text: str
    buttons: tuple[str, ...] = ()
    reply_to: str = ""
    marked: tuple[tuple[str, str], ...] = ()  # (kind of formatting, the words it falls on)
    names: tuple[str, ...] = ()  # what each button would send: its name and key
    service: bool = False
    album: str = ""
    passing: bool = False  # shown to one person, and gone when they look away
    menu: tuple[tuple[str, str], ...] = ()  # labels and names of what stands in menus on it
    thread: str = ""  # what it hangs on, where messages hang on others
    reactions: tuple[str, ...] = ()  # by whomever
    ways: tuple[tuple[str, str], ...] = ()  # labels of buttons that only lead to another message, and where to

    @property
    def look(self) -> tuple[object, ...]:
        """Return what a reader would notice a change of."""
        return (self.kind, self.text, self.buttons, self.menu, self.marked)

    def __str__(self) -> str:
        buttons = "".join(f" [{label}]" for label in self.buttons)
        return f"{self.author}: {self.text!r}{'' if self.kind == 'text' else f' ({self.kind})'}{buttons}"
