"""The vocabulary between the messengers and the talk: ``Event`` in; ``Message``, ``Button``, ``File``, ``Phrase`` out.

Nothing here names a messenger. ``source`` is ``messenger:account`` (a bot's or a team's id), opaque to every handler.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from handlers.vocabulary.draft_facts import NOTHING, DraftFacts
from handlers.vocabulary.payloads import (
    Among,
    ChatMoved,
    FetchedFile,
    LostThread,
    Reaction,
    Receipt,
    Refusal,
    Submission,
)
from handlers.vocabulary.text import SILENCE
from handlers.vocabulary.text import RichText as RichText
from handlers.vocabulary.text import Span as Span
from handlers.vocabulary.text import bold_text as bold_text
from handlers.vocabulary.text import join_lines as join_lines


class Kind(StrEnum):
    """What a person did, or what time did."""

    TEXT = "text"  # said something: words, files or both
    COMMAND = "command"
    PRESS = "press"
    SUBMIT = "submit"
    EDIT = "edit"
    DELETE = "delete"
    REACTION = "reaction"
    MEMBER = "member"  # somebody joined or left a chat, or blocked or unblocked the bot
    HOME = "home"
    TIMER = "timer"
    LOST = "lost"  # a thread of ours is gone: the messenger said so when we wrote into it
    RECEIPT = "receipt"  # what became of an agent's reply
    STANDSTILL = "standstill"  # a team channel refuses what was promised there
    FETCHED = "fetched"  # a file's content is here
    RAW = "raw"  # came in, and nobody could read it: kept as it was


@dataclass(frozen=True, slots=True)
class File:
    """Anything said that is no text (``other``: unknown). ``ref`` is its handle, a link's address; ``facts`` what has none."""

    kind: str  # photo, video, animation, audio, voice, video_note, document, sticker, location, venue, contact, dice, poll, link
    ref: str = ""
    name: str = ""
    size: int = 0
    mime: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""  # whose handle ``ref`` is; empty for a file of our own, whose text is among the facts
    unique: str = field(
        default="", compare=False
    )  # stays the same when the messenger calls the same file by another handle

    @property
    def handle(self) -> str:
        """Return what tells this file from every other."""
        return f"{self.source}|{self.ref or self.name}"

    @property
    def identity(self) -> str:
        """Return what stays the same however often the messenger names the file."""
        return f"{self.source}|{self.unique}" if self.unique else self.handle


@dataclass(frozen=True, slots=True)
class Sender:
    """Who did it, in the messenger's words."""

    native: str
    name: str
    username: str = ""
    language: str = ""
    chat: str = ""  # where the bot may write to them, when the event shows it
    anonymous: bool = False  # wrote as a group or channel: nobody in particular
    zone: str = ""  # their time zone, where the messenger says it
    outsider: bool = (
        False  # a bot, a guest, of another organisation, or not known to be none of these: not of the team unasked
    )


PASSED_ON = "↪ "


def passed_on(origin: str) -> RichText:
    """Return the line above words that somebody only passes on: whose they are."""
    return bold_text(f"{PASSED_ON}{origin}")


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, once, in our words. ``conversation`` is what keeps order; ``key`` is unique within ``source``."""

    kind: Kind
    source: str
    key: str
    conversation: str
    at: datetime
    chat: str = ""
    private: bool = True
    thread: str = ""
    sender: Sender | None = None
    message: str = ""  # native id of the message said, edited, deleted, reacted to, or whose button was pressed
    reply_to: str = ""  # native id of the message it explicitly replies to
    words: RichText = SILENCE
    files: tuple[File, ...] = ()
    gone: tuple[str, ...] = ()  # of a deletion: the files alone that were taken away, by their messenger's ids
    album: str = ""
    name: str = ""  # of the command, the button, the timer, the form
    value: str = ""  # what followed it
    interaction: str = ""  # what the messenger wants answered at once
    facts: Mapping[str, Any] = field(default_factory=dict)  # what a timer or a fetch was given to remember
    burst: tuple["Event", ...] = ()  # of words that were joined because there were too many: each as it came
    origin: str = ""  # whose words somebody only passes on; the first line of the words says so
    parts: tuple[str, ...] = ()  # native ids of all that came as one: the pictures of an album
    quoted: str = ""  # the words of the message a shortcut was used on
    stray: bool = False  # replies from another chat: its thread is where that may stand, or nothing of ours
    passing: bool = False  # in a channel or group that is not the team's
    open_chat: bool = False  # said where others than members can write
    verified: bool = False  # of a membership: the messenger was asked, and answered
    modal: bool = False  # a window may be opened at once, with ``interaction``
    menu: bool = False  # chosen from a menu that stands in the message
    hung_on: str = ""  # native id of the thread's root on which what was pressed hangs
    native_user: str = ""  # whom the messenger's own short answers go to, where it wants to be told
    ticket: int | None = None  # of a timer: whose it is
    person: int | None = None  # of a timer: whom it is about
    late: bool = False  # of a timer: the desk was down when it was due
    why: str = ""  # of what is wrong with a messenger: its own words
    raw: str = ""  # what nobody could read, as it came
    moved: ChatMoved | None = None
    reaction: Reaction | None = None
    lost: LostThread | None = None
    refusal: Refusal | None = None
    receipt: Receipt | None = None
    fetched: FetchedFile | None = None
    submission: Submission | None = None
    among: Among | None = None  # where other people read

    @property
    def answers(self) -> Mapping[str, Any]:
        """Return the answers of a form that was submitted; none of any other event."""
        return self.submission.answers if self.submission is not None else {}

    @property
    def about(self) -> DraftFacts:
        """Return what a form that was submitted was opened with; nothing of any other event."""
        return self.submission.about if self.submission is not None else NOTHING

    @property
    def place(self) -> str:
        """Return the chat as one word, unique over all messengers."""
        return f"{self.source}:{self.chat}"

    @property
    def names_bot(self) -> bool:
        """Return whether the bot is named among other people."""
        return self.among.mentioned if self.among is not None else self.passing

    @property
    def group(self) -> str:
        """Return the chat without the thread in it that its address may name."""
        return self.chat.partition("/")[0]

    @property
    def asked(self) -> str:
        """Return the text without the line that says whose it is."""
        return self._said().text

    def _said(self) -> RichText:
        line, text = passed_on(self.origin).text, self.words.text
        if not self.origin or not text.startswith(line):
            return self.words
        return self.words.cut(len(line), len(text)).strip()

    def joined(self, other: "Event") -> "Event":
        """Return this event with the files and words of a later part of the same album; whose they are stands above them once."""
        said = other._said() if other.origin == self.origin else other.words
        return replace(self, words=join_lines(self.words, said), files=self.files + other.files)


EVENT = TypeAdapter(Event)


def read_event(payload: str) -> Event:
    """Return an event as it was written down, by this version or by one that knew no records; raise ValueError."""
    event = EVENT.validate_json(payload)
    return _with_records(event) if event.facts else event


def _with_records(event: Event) -> Event:
    """Give an event of the version before the records that its facts stood for."""
    facts, new = dict(event.facts), dict[str, Any]()
    for name, flag in _FLAGS.items():
        if name in facts:
            value = facts.pop(name)
            new[flag] = tuple(value) if name == "parts" else value
    for name in ("update", "payload"):
        if event.kind is Kind.RAW and name in facts:
            new["raw"] = facts.pop(name)
    if event.kind is Kind.TIMER and event.ticket is None:
        new["ticket"] = facts.get("ticket")
    if event.kind is Kind.TIMER and event.person is None:
        new["person"] = facts.get("person")
    if event.kind in _RECORDS and facts:
        attribute, record, names = _RECORDS[event.kind]
        given = {name: facts.pop(old) for old, name in names.items() if old in facts}
        if given:
            new[attribute] = TypeAdapter(record).validate_python(given)
    return replace(event, facts=facts, **new) if new else event


_FLAGS = {
    **{name: name for name in ("modal", "menu", "passing", "quoted", "late", "why", "parts")},
    "user": "native_user",
    "asked": "verified",
    "open": "open_chat",
}
_RECORDS: Mapping[Kind, tuple[str, type, Mapping[str, str]]] = {
    Kind.MEMBER: ("moved", ChatMoved, {"from": "was", "to": "now"}),
    Kind.REACTION: ("reaction", Reaction, {"verb": "verb", "added": "added"}),
    Kind.LOST: ("lost", LostThread, {"ticket": "ticket", "channel": "channel"}),
    Kind.STANDSTILL: ("refusal", Refusal, {name: name for name in ("reason", "word", "ticket")}),
    Kind.RECEIPT: (
        "receipt",
        Receipt,
        {name: name for name in ("outgoing", "state", "ticket", "uncertain", "reason", "word", "missing")},
    ),
    Kind.FETCHED: ("fetched", FetchedFile, {"file": "name", "content": "content"}),
    Kind.SUBMIT: ("submission", Submission, {"answers": "answers"}),
}


@dataclass(frozen=True, slots=True)
class Chat:
    """A whole chat as an address."""

    source: str
    chat: str

    @property
    def lane(self) -> str:
        """Return the address as one word."""
        return f"{self.source}:{self.chat}"


@dataclass(frozen=True, slots=True)
class Thread:
    """A ticket's thread in one team channel as an address; the outbox finds or makes the thread when it sends."""

    source: str
    ticket: int
    channel: int

    @property
    def lane(self) -> str:
        """Return the address as one word."""
        return f"{self.source}:#{self.ticket}/{self.channel}"


@dataclass(frozen=True, slots=True)
class Lane:
    """An address by its one word, as it was written down with an earlier promise."""

    lane: str

    @property
    def source(self) -> str:
        """Return whose address it is."""
        return ":".join(self.lane.split(":", 2)[:2])


Address = Chat | Thread | Lane


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something the desk says, by key; resolved for whoever reads it. Facts may be phrases, times, words or numbers."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def phrase(key: str, **facts: Any) -> Phrase:
    """Return a phrase with its facts."""
    return Phrase(key, facts)


GOTO = "goto"  # the name of a button that leads to a message of ours, by our id for it, once that is there


@dataclass(frozen=True, slots=True)
class Button:
    """A button: a label, the name of who hears it, and a key of at most a few bytes; never content."""

    label: "Phrase | Mapping[str, str] | str"  # a mapping is {language: text}
    name: str
    value: str = ""
    danger: bool = False
    url: str = ""
    menu: "tuple[Button, ...]" = ()  # what a press of it leads to: shown as a menu at once where a messenger has menus


Part = Phrase | RichText | str


@dataclass(frozen=True, slots=True)
class Message:
    """What to say: parts one a line, rows of buttons, files. Resolved to ``RenderedMessage`` when it is promised."""

    parts: tuple[Part, ...] = ()
    title: "Phrase | str" = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[File, ...] = ()
    silent: bool = False
    prompt: bool = False  # asks the one person it replies to for words (a forced reply where there is one)
    answers: str = ""  # native id of somebody's message that it replies to, where nothing of ours stands for that


@dataclass(frozen=True, slots=True)
class MenuChoice:
    """One line of a menu as drawn."""

    label: str
    name: str
    value: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True)
class RenderedButton:
    """A button as drawn: its label in the reader's language. One with a menu is that menu."""

    label: str
    name: str
    value: str = ""
    danger: bool = False
    url: str = ""
    menu: tuple[MenuChoice, ...] = ()
    sure: str = ""  # what is asked before what cannot be undone


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A message in its reader's language, ready for any messenger to render."""

    words: RichText = SILENCE
    keys: tuple[tuple[RenderedButton, ...], ...] = ()
    files: tuple[File, ...] = ()
    silent: bool = False
    prompt: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


RENDERED_MESSAGE = TypeAdapter(RenderedMessage)


class Operation(StrEnum):
    """What the outbox does with a promise."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"
    THREAD = "thread"  # rename, close or reopen a ticket's thread, or mark a message in it, as its row says
    HOME = "home"  # show a person's front page
    FETCH = "fetch"  # bring a file's content: it comes back as an event


@dataclass(frozen=True, slots=True)
class Toast:
    """The short immediate answer only the actor sees; ``vital`` ones are sent as a message when they come too late."""

    text: str
    vital: bool = False
    alert: bool = False
    keys: tuple[tuple[RenderedButton, ...], ...] = ()  # where a messenger shows buttons to one person alone


def button_row(*buttons: Button) -> tuple[tuple[Button, ...], ...]:
    """Return one row of buttons."""
    return (buttons,)


def button_column(*buttons: Button) -> tuple[tuple[Button, ...], ...]:
    """Return buttons one under another."""
    return tuple((button,) for button in buttons)
