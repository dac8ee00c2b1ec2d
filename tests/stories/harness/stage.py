"""What a messenger is to a story: a bot, a team's channel, whoever talks there, and what they see."""

from collections.abc import Awaitable, Mapping
from typing import Any, Protocol

from bot.app import App
from tests.stories.harness.capabilities import Capability
from tests.stories.harness.places import Line, Place

FREELY = 10_000.0  # a sending rate that is none

Native = Any  # somebody as the stage knows them; a story never looks inside


class Trouble(Protocol):
    """What goes wrong between the desk and one chat."""

    def loses_an_answer(self) -> None:
        """Let the next message arrive, and the answer to it get lost."""
        ...

    def answers_instead(self, kind: str) -> None:
        """Let somebody else answer the next message, which does not arrive."""
        ...

    def makes_wait(self, seconds: int) -> None:
        """Let the next message be told to come back later."""
        ...

    def begins(self) -> None:
        """Let nothing arrive, until it ends."""
        ...

    def loses_every_answer(self) -> None:
        """Let every message arrive, and every answer to one get lost, until it ends."""
        ...

    def refuses(self, word: str) -> None:
        """Let every message and every change of one be refused with a word, until it ends."""
        ...

    def ends(self) -> None:
        """Let everything arrive again."""
        ...

    def refuses_a_file(self) -> None:
        """Let the next file be too large."""
        ...


class Stage(Protocol):
    """One messenger, or two joined."""

    # For stories about what only some messengers have: the messenger of the team's side, and the team's channel there.
    sandbox: Any
    team: Any
    founder: Native  # the first of the team, who is in no story

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of a desk on this stage."""
        ...

    @property
    def teams(self) -> set[str]:
        """The rooms of the team."""
        ...

    def of(self, person: Native) -> "Stage":
        """Return the messenger somebody is on."""
        ...

    # The desk

    def joined_by(self, app: App) -> None:
        """Watch a program that is about to start."""
        ...

    async def ready(self) -> None:
        """Return when a started program can be talked to."""
        ...

    async def close(self) -> None:
        """Close the stage."""
        ...

    def stirs(self) -> Awaitable[object]:
        """Return what is done when something changes from now on: nothing may be missed before it is waited for."""
        ...

    def touch(self) -> None:
        """Say that something has changed."""
        ...

    @property
    def unheard(self) -> bool:
        """Whether something that people did has not been received yet."""
        ...

    @property
    def complaints(self) -> list[str]:
        """Everything the desk did that a careful program never does."""
        ...

    # What people do

    def person(self, name: str, *, language: str, username: str | None, agent: bool, outside: bool) -> Native:
        """Let somebody exist; an agent is in the team's channel from the start, unless still ``outside``."""
        ...

    def source(self, person: Native) -> str:
        """Return the account of the desk that a person talks to."""
        ...

    def says(self, person: Native, text: str, at: Place | None, reply_to: Line | None, **more: Any) -> Line:
        """Let somebody say something, or give a command as one does here."""
        ...

    def sends(
        self, person: Native, kind: str, caption: str, at: Place | None, reply_to: Line | None, **more: Any
    ) -> Line:
        """Let somebody send a file of a kind."""
        ...

    def sends_album(self, person: Native, kinds: tuple[str, ...], caption: str, at: Place | None) -> list[Line]:
        """Let somebody send several files at once."""
        ...

    def edits(self, person: Native, line: Line, text: str) -> None:
        """Let somebody change their own words."""
        ...

    def presses(self, person: Native, name: str, line: Line) -> None:
        """Let somebody press what a button would send, whether it is still there or not."""
        ...

    def opens_room(self, name: str, people: list[Native], *, forum: bool = False, private: bool = False) -> str:
        """Let people have a channel or group of their own with the bot in it; return its id."""
        ...

    def bot_in_room(self, name: str, *, there: bool) -> None:
        """Let the bot be thrown out of a room, or let in again."""
        ...

    def another_bot(self, name: str, room: str) -> Native:
        """Let another bot be in a room."""
        ...

    def mentions(self, person: Native, text: str, at: Place | None, reply_to: Line | None) -> Line:
        """Let somebody name the bot, with words after it."""
        ...

    def reacts(self, person: Native, emoji: str, line: Line) -> None:
        """Let somebody put an emoji on a message."""
        ...

    def deletes(self, person: Native, line: Line) -> None:
        """Let somebody delete a message of their own."""
        ...

    def joins(self, person: Native) -> None:
        """Let somebody join the team."""
        ...

    def leaves(self, person: Native, *, heard: bool = True) -> None:
        """Let somebody leave the team; where it is not ``heard``, nothing ever tells the desk."""
        ...

    def trouble(self, person: Native | None) -> Trouble:
        """Return what may go wrong on the way to somebody, or to the team's channel."""
        ...

    # What people see

    def lines(self, person: Native, at: Place | None) -> list[Line]:
        """Return what is seen in a place now, oldest first."""
        ...

    def everything(self) -> dict[str, list[Line]]:
        """Return the lines of every room that somebody of the story reads."""
        ...

    def content(self, person: Native, line: Line) -> tuple[str, bytes]:
        """Return the name and the content of a file that is seen."""
        ...

    def home(self, person: Native) -> str:
        """Return the room of somebody's own chat with the bot."""
        ...

    def toasts(self, person: Native) -> list[str]:
        """Return the short answers that only this person saw, oldest first."""
        ...

    def answered(self, person: Native) -> bool:
        """Return whether the last press of a person has been answered."""
        ...

    def shown_as(self, person: Native, kind: str) -> str:
        """Return what a file of a kind looks like where this person reads."""
        ...

    def can(self, person: Native, capability: Capability) -> bool:
        """Return whether there is something where this person is that not every messenger has."""
        ...

    # Windows

    def window(self, person: Native) -> list[str] | None:
        """Return the fields of the window that is open before somebody, if one is."""
        ...

    def fill(self, person: Native, name: str, answer: str) -> None:
        """Fill one field of the window, by its words where it is a choice."""
        ...

    def submit(self, person: Native) -> None:
        """Submit the window."""
        ...

    def shut(self, person: Native) -> None:
        """Close the window without submitting it."""
        ...

    def problems(self, person: Native) -> dict[str, str]:
        """Return what the window says is wrong, by field."""
        ...
