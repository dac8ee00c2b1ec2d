"""One messenger of the town: what its people do there, and what can be seen there afterwards."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

WORDS = re.compile(r"\b(?:first|more|reply|note)-\d{6}\b")
APPROVE = "👍 Approve"
PATIENCE = 150.0  # seconds a person waits for the bot's next question, restarts included
REFUSED = 0.1  # the share of sends that are answered 429


@dataclass(frozen=True, slots=True)
class Shown:
    """What the bot has said in one message: its text, and by what its files are known."""

    text: str
    files: tuple[str, ...] = ()


class Side(ABC):
    """A messenger with a team channel. ``person`` and ``agent`` are its own people, ``number`` is a request's."""

    sandbox: Any  # what is acted on, where it has to be seen closely
    source: str
    settings: Mapping[str, str]
    agents: list[Any]
    team_chat: str  # the id of the team's channel
    clients: Any  # a channel where each post is a request
    certain: bool  # what was sent in doubt is looked up, so that it never comes twice
    lasting: bool  # what a file is known by here is known on every other side too

    # The desk, seen from here

    @property
    @abstractmethod
    def listening(self) -> int:
        """A number that grows when a desk listens here."""

    @property
    @abstractmethod
    def introduced(self) -> int:
        """A number that grows when a desk asks here who it is."""

    @property
    @abstractmethod
    def unheard(self) -> list[str]:
        """What people did here that has not been taken yet."""

    @property
    def given_up(self) -> Collection[str]:
        """The words that the messenger has stopped telling of: the desk finds them by itself, after others."""
        return ()

    @property
    @abstractmethod
    def refused(self) -> int:
        """How many sends were answered 429."""

    @contextmanager
    def is_down(self) -> Iterator[None]:
        """Answer no call of the desk's while the block lasts."""
        fault = self.sandbox.faults.drop(after=False, times=None)
        try:
            yield
        finally:
            self.sandbox.faults.remove(fault)

    @abstractmethod
    def at_peace(self) -> None:
        """Refuse nothing any more."""

    @abstractmethod
    def wrong(self, keys: Collection[str]) -> Iterator[str]:
        """Yield what is wrong here; ``keys`` are those of the events that the desk has stored."""

    # What people do

    @abstractmethod
    def come(self, name: str) -> Any:
        """Let somebody exist; return them."""

    @abstractmethod
    def come_among_others(self, name: str) -> Any:
        """Let somebody exist who talks in the request channel; return them."""

    @abstractmethod
    def wrote_before(self, name: str) -> tuple[Any, str, str]:
        """Let somebody exist who has written to the bot on an earlier day; return them, their id and their private chat."""

    @abstractmethod
    def team_reads(self) -> list[str]:
        """Return what the bot shows in the team's channel outside of threads."""

    @abstractmethod
    async def ask(self, person: Any, words: str) -> int:
        """Ask in the request channel; return the request's number."""

    @abstractmethod
    async def register(self, person: Any, words: str) -> int:
        """Go through the whole dialog, however often the desk dies meanwhile; return the request's number."""

    @abstractmethod
    def greet(self, agent: Any) -> None:
        """Let an agent have their own chat with the bot."""

    @abstractmethod
    def command(self, agent: Any, words: str, number: int) -> None:
        """Give a command in the request's thread: ``words`` are its name and what follows."""

    @abstractmethod
    async def approve(self, agent: Any, number: int) -> None:
        """Say yes in one's own chat once one is asked about a request, again where nobody has heard it."""

    @abstractmethod
    def say(self, person: Any, words: str, number: int) -> None:
        """Say more about a request."""

    @abstractmethod
    def send_files(self, person: Any, name: str, number: int) -> list[str]:
        """Send three files at once; return what they are known by."""

    @abstractmethod
    def reply(self, agent: Any, words: str, number: int) -> Any:
        """Answer a requester in the request's thread; return the id of what was written."""

    @abstractmethod
    def note(self, agent: Any, words: str, number: int) -> None:
        """Say in the request's thread what its requester must not read."""

    @abstractmethod
    async def press(self, agent: Any, label: str, number: int) -> None:
        """Press a button on the request's card, again where nobody has heard it."""

    # What is seen

    @abstractmethod
    def offers(self, label: str, number: int) -> bool:
        """Return whether the request's card is there, with this button."""

    @abstractmethod
    def rest(self) -> None:
        """All is quiet: what is there now may be relied on."""

    @abstractmethod
    def private(self, person: Any) -> list[str]:
        """Return what the bot has said to somebody, oldest first."""

    @abstractmethod
    def thread(self, number: int) -> list[Shown]:
        """Return what the bot shows of a request's talk, oldest first."""

    @abstractmethod
    def receipts(self, number: int, reply: Any, receipt: int | None) -> list[str]:
        """Return the receipts of an agent's reply, by its id and by the desk's own id of the receipt."""

    @abstractmethod
    def threads(self, number: int) -> int:
        """Return how many threads a request has."""

    @abstractmethod
    def home(self, person: Any) -> str:
        """Return the lane of somebody's private chat, or nothing where no doubt is left there."""

    @abstractmethod
    def known_by(self, file: Mapping[str, Any]) -> str:
        """Return what a file that the desk has kept is known by."""
