"""What the desk asks of a messenger, and how a messenger says that something went wrong."""

import math
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from bot.messengers.deadlines import WITHIN
from bot.messengers.wire import pause_seconds
from bot.monitoring.health import Contact
from handlers.vocabulary.capabilities import Capabilities
from handlers.vocabulary.messages import Event, File, Operation, RenderedMessage, Toast
from handlers.vocabulary.modals import Modal
from storage.queues.outbox import Outgoing, Rate
from storage.tickets.messages import TicketThread
from storage.types import Answers

if TYPE_CHECKING:
    from aiohttp import web

    from bot.messengers.downloads import Room


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to do at one address, with every native id looked up."""

    rows: tuple[Outgoing, ...]  # several where waiting messages fold into one post
    operation: Operation
    source: str
    chat: str
    drawn: RenderedMessage
    thread: TicketThread | None = None
    threads: bool = False  # the chat gives each ticket a thread of its own
    private: bool = True
    shown: tuple[str, ...] = ()  # native ids of what is edited or deleted, part by part
    anchor: str = ""  # native id it replies to
    topic: str = ""  # the forum topic of a group of other people that it is said in
    root: str = ""  # native id of the message that its ticket's thread hangs on
    begun: tuple[str, ...] = ()  # parts that an earlier try got through
    among: bool = False  # a line in a team channel's own chat, among others: what answers it is about no ticket
    loaded: Mapping[str, bytes] = field(
        default_factory=dict
    )  # content of files whose handle this messenger does not know
    missing: tuple[File, ...] = ()  # files whose content is not to be had: they are named in the words
    seconds: float = WITHIN  # it may take, with all its calls, since its address was leased
    leased: float = math.inf  # when that was, by time.monotonic()

    @property
    def left(self) -> float:
        """Return the seconds that are left for it."""
        return self.seconds - (monotonic() - self.leased) if self.leased < math.inf else self.seconds

    @property
    def doubtful(self) -> bool:
        """Return whether it may have been said before."""
        return any(row.uncertain for row in self.rows)

    @property
    def says(self) -> bool:
        """Return whether it says something that would be there twice, were it done twice."""
        return self.operation is Operation.SEND or (self.operation is Operation.EDIT and not self.shown)


@dataclass(frozen=True, slots=True)
class Team:
    """The team channel as the messenger knows it."""

    chat: str
    threads: bool  # it gives each ticket a thread of its own
    was: str = ""  # the id in the settings, where the chat has another one now


@dataclass(frozen=True, slots=True)
class Delivered:
    """The native ids that show it now, part by part."""

    natives: tuple[str, ...] = ()
    chat: str = ""  # the chat's own id, where the address named a person
    certain: bool = False  # it was looked up whether an earlier try had arrived: it is there once


class Undelivered(Exception):
    """It did not get through; ``natives`` are the parts that did."""

    def __init__(self, reason: str = "", natives: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.natives = tuple(natives)


class Wait(Undelivered):
    """The messenger said to come back after so many seconds."""

    def __init__(self, seconds: float, natives: Sequence[str] = ()) -> None:
        self.seconds = pause_seconds(seconds)
        super().__init__(f"told to wait {self.seconds:g} s", natives)


class Unreachable(Undelivered):
    """No answer, or none that makes sense: it may have arrived, unless ``doubt`` is false.

    ``looked`` says that no earlier try had: the messenger was asked.
    """

    def __init__(
        self, reason: str = "", natives: Sequence[str] = (), *, doubt: bool = True, looked: bool = False
    ) -> None:
        super().__init__(reason, natives)
        self.doubt = doubt
        self.looked = looked


class Rejected(Undelivered):
    """The messenger refuses it; ``reason`` is a phrase key after ``undelivered.``, ``word`` is the messenger's own."""

    def __init__(self, reason: str, natives: Sequence[str] = (), *, word: str = "") -> None:
        super().__init__(reason, natives)
        self.word = word

    @property
    def why(self) -> str:
        """Return the reason, and the messenger's own word."""
        return f"{self.reason}: {self.word}" if self.word else self.reason


class ThreadLost(Undelivered):
    """The thread is gone."""


class ThreadShut(Undelivered):
    """The thread is there, and takes nothing."""


class Moved(Undelivered):
    """The chat has another id now."""

    def __init__(self, chat: str) -> None:
        super().__init__("the chat was upgraded")
        self.chat = chat


class Revoked(Exception):
    """The token is not valid any more: this messenger cannot be served."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an interaction gets at once; a messenger that wants an answer to each gets an empty one at least."""

    event: Event
    toasts: Sequence[Toast] = field(default_factory=tuple)
    opening: int | None = None  # the draft whose window is to be opened


class Forms(Protocol):
    """What a messenger with windows asks about a draft."""

    async def draw(self, draft: int, answers: Answers) -> Modal | None:
        """Return the window of a draft with these answers in it; None where the draft is over."""
        ...

    async def wrong(self, draft: int, answers: Answers) -> dict[str, str]:
        """Return what is wrong with the answers, by field, in the filler's words."""
        ...


class CallRefused(Exception):
    """A call to us is not taken: it is not the messenger's, or not one that we understand."""

    def __init__(self, messenger: str, reason: str, status: int) -> None:
        super().__init__(f"{messenger}: {reason}")
        self.messenger = messenger
        self.reason = reason  # a word of bot.messengers.refused_calls
        self.answer = status  # what they are answered with


Accept = Callable[[Sequence[Event]], Awaitable[None]]
Lead = Callable[[], Awaitable[bool]]
Hook = Callable[["web.Request"], Awaitable["web.StreamResponse"]]


class Messenger(Protocol):
    """A messenger as the desk knows it: one source, one way in, one way out."""

    name: str  # what people call it, in small letters: the first part of its source
    source: str  # whose account it is; "" until ``prepare`` has asked, where only the messenger can say
    contact: Contact

    def start_link(self, payload: str) -> str:
        """Return a link that opens a chat with the bot and tells it this; "" where the bot may write to anybody itself."""
        ...

    def link_to(self, chat: str, native: str) -> str:
        """Return a link that leads whoever is in a chat to a message in it; "" where there is none."""
        ...

    able: Capabilities
    rooted: bool  # a ticket has a thread of its own in its requester's chat
    uploads: bool  # what it gave us it wants anew, content and all
    looks: bool  # it can be asked whether what was sent has arrived: nothing that it shows comes twice

    async def ping(self) -> None:
        """Ask whether it is there and takes our token; raise Undelivered where it does not answer, Revoked where it refuses."""
        ...

    def on_gap(self, tell: Callable[[], None]) -> None:
        """Call this after a time in which something may have gone unheard."""
        ...

    async def present(self, chat: str, people: Collection[str]) -> Mapping[str, bool]:
        """Return of each of these people, by native id, whether they are in a channel of the team's and may be of the team.

        Whoever nothing can be said of is left out. Raises Undelivered.
        """
        ...

    async def prepare(self) -> Team | None:
        """Check the account and what it may do; return the team channel, where the settings name one here.

        Raises OperatorError where a setting is wrong, and waits where the messenger does not answer.
        """
        ...

    async def receive(self, accept: Accept, lead: Lead) -> None:
        """Bring events to the inbox until cancelled; one process at a time where the messenger allows no more.

        Raises Revoked where the account is not valid any more.
        """
        ...

    def hooks(self, accept: Accept) -> Mapping[str, Hook]:
        """Return what it wants served over HTTP, by path; empty where it calls nobody."""
        ...

    def read(self, event: Event) -> Event | None:
        """Read again what could not be read when it came (``Kind.RAW``): raise where that fails, None where nobody spoke."""
        ...

    async def deliver(self, delivery: Delivery) -> Delivered:
        """Do it, or raise one of the above."""
        ...

    async def open_thread(self, chat: str, place: TicketThread) -> str:
        """Make a ticket's thread; return its native id."""
        ...

    async def drop_thread(self, chat: str, native: str) -> None:
        """Take a thread away that was made and is not needed."""
        ...

    async def fetch(self, file: File, room: "Room") -> bytes:
        """Return a file's content; raise Rejected("too_big") over what the messenger lets a bot download."""
        ...

    async def answer(self, answer: Answer) -> None:
        """Answer an interaction at once; raise Undelivered when it came too late."""
        ...

    async def busy(self, event: Event) -> None:
        """Show whoever caused an event that an answer is under way."""
        ...

    def rates(self, chat: str, operation: Operation) -> Mapping[str, Rate]:
        """Return the rates that an operation in this chat spends from, by bucket name; empty where none is kept."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
