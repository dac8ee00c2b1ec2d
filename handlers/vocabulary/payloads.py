"""What an event carries besides words, by its kind: each a record of its own, None on events of other kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.vocabulary.draft_facts import NOTHING, DraftFacts
from storage.types import Answers


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """The messenger gave a chat another id."""

    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji that stands for a command was put on a message, or taken away."""

    verb: str
    added: bool = True
    emoji: str = ""  # the messenger's own name of it


@dataclass(frozen=True, slots=True)
class LostThread:
    """A ticket's thread in a team channel is not there any more."""

    ticket: int
    channel: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A team channel takes nothing, or will never show one message; ``word`` is the messenger's own."""

    reason: str
    word: str = ""
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a promised message: ``state`` is a ``Sending``, ``reason`` and ``word`` say why it failed."""

    outgoing: int
    state: str
    ticket: int | None = None
    uncertain: bool = False
    reason: str = ""
    word: str = ""
    missing: tuple[str, ...] = ()  # files that could not be brought, by name


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file's content, in base64."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Submission:
    """The answers of a form, by the names of its fields; the form's id and the message it was filled on, where it has one.

    ``about`` is what the form was opened with.
    """

    answers: Answers = field(default_factory=dict)
    form: int | None = None
    card: int | None = None
    about: DraftFacts = NOTHING


@dataclass(frozen=True, slots=True)
class Above:
    """The message that a mention of the bot answers, where the messenger brings it along: whose it is, and what it says."""

    native: str
    user: str
    name: str
    username: str = ""
    language: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[Mapping[str, Any], ...] = ()
    at: datetime | None = None  # when it was said


@dataclass(frozen=True, slots=True)
class Among:
    """What matters of what is said or done where other people read, or was asked for from there."""

    mentioned: bool = False  # the bot is named
    thread: str = ""  # native id of what it hangs on there: of a thread's root, of what was pressed or reacted to
    command: str = ""  # what it would be among the team, and where that ends in the words
    command_end: int = 0
    title: str = ""  # what the place is called, where the messenger says it
    forum: bool = False  # it gives each ticket a thread of its own
    asked_in: str = ""  # the chat in which something was asked that is answered in private
    above: Above | None = None
