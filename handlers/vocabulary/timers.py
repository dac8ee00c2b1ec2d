"""What the desk lets time do: each timer by its name, and what it remembers. Timers that are set outlive an update."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Self, dataclass_transform

from pydantic import TypeAdapter


@dataclass_transform(frozen_default=True)
class TimerData:
    """What one timer remembers; a subclass names it. The ticket it is about stands beside it (``Event.ticket``)."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls, *, name: str) -> None:
        """Make it a record."""
        super().__init_subclass__()
        dataclass(frozen=True)(cls)
        cls.name = name

    @property
    def facts(self) -> dict[str, Any]:
        """Return it as it is written down: plain values, times as ISO 8601."""
        found = ((each.name, getattr(self, each.name)) for each in fields(self))  # type: ignore[arg-type]
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found}

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        """Return what was written down; raise ValueError where that is of another timer."""
        return TypeAdapter(cls).validate_python(dict(facts))


class Remind(TimerData, name="remind"):
    """Nobody has said whether it is solved."""

    resolved: datetime  # which resolution is asked about


class AutoClose(TimerData, name="auto_close"):
    """Nobody has said that it is not solved."""

    resolved: datetime


class Wake(TimerData, name="wake"):
    """A snoozed ticket is worked on again."""

    until: datetime


class FirstResponseDue(TimerData, name="first_response"):
    """A first answer is soon due, or was."""

    due: datetime


class ResolutionDue(TimerData, name="resolution"):
    """A solution is soon due, or was."""

    due: datetime


class Unclaimed(TimerData, name="unclaimed"):
    """Nobody has taken a new ticket."""


class ResolveLinked(TimerData, name="resolve_linked"):
    """The next few that come of a problem are resolved: ``by`` whom, ``behind`` which ticket, how many were, and which not."""

    by: int
    behind: int = 0
    done: int = 0
    left: tuple[int, ...] = ()


class Digest(TimerData, name="digest"):
    """A report comes by itself: where, how often, which (its kind, then its filter), and who asked for it."""

    place: str
    every: str
    words: str
    language: str = "en"
    account: int | None = None  # None: it is the team's own

    @property
    def same(self) -> tuple[object, ...]:
        """Return what no two of them may have alike."""
        return self.place, self.every, self.words, self.account


class ReleaseRest(TimerData, name="release"):
    """More of an agent's tickets go back into the queue."""

    agent: int
    left: tuple[int, ...]


class PostAnew(TimerData, name="anew"):
    """More of a team channel's cards are posted anew."""

    channel: int


class MoveGroup(TimerData, name="regroup"):
    """More of a group's active tickets move to the channels in which they stand now."""

    group: str
    past: int = 0  # the last ticket that has


class RefreshPages(TimerData, name="fronts"):
    """The next few agents' front pages are shown anew."""


class QuestionPause(TimerData, name="question"):
    """Whoever is asking a question has written nothing more. It comes in turn with what they say (``conversation``)."""

    account: int
    verdict: int
    heard: int
    conversation: str


class Vanish(TimerData, name="vanish"):
    """What was said to one person among others is taken away, and the command ``under`` which it was said."""

    outgoing: int
    lane: str
    under: str = ""


class AskedAgain(TimerData, name="pending_reminder"):
    """A requester has not answered what they were asked."""

    since: datetime


class Lapse(TimerData, name="pending_close"):
    """A requester has not answered for long."""

    since: datetime


class Idle(TimerData, name="idle_reminder"):
    """Nobody has written on an open ticket; ``again``: its agent was reminded before."""

    since: datetime
    again: bool = False


class LongWork(TimerData, name=""):
    """Work that takes many turns: whose it is, and the message that asked, on which is said how far it is."""

    account: int
    lane: str
    language: str
    zone: str
    shown: int | None


class BulkAct(LongWork, name="bulk"):
    """More of a list is done."""

    act: str
    arg: Any
    left: tuple[int, ...]
    done: int = 0
    undone: tuple[int, ...] = ()

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        """Return what was written down; the version before had another word for what could not be done."""
        return super().read({"undone": facts.get("not", ()), **facts})


class UndoImport(LongWork, name="faq_undo"):
    """More articles of an import are taken back."""

    token: str
    removed: int = 0
    restored: int = 0


class AnnouncementDue(TimerData, name="announce"):
    """An announcement begins, or one phase of planned works."""

    number: int
    phase: str


class AnnounceNext(TimerData, name="announce_some"):
    """The next few are told."""

    number: int
    phase: str
    shown_at: str = ""  # when its card was shown last, ISO


class AnnouncementWatch(TimerData, name="announce_watch"):
    """Its card shows what became of it."""

    number: int
    phase: str
    looks: int = 0


class OutageLook(TimerData, name="notice"):
    """Somebody looks whether many ask alike."""


class OutageSilent(TimerData, name="outage_silent"):
    """Nobody has said a word about an outage since ``told`` (ISO)."""

    outage: int
    told: str


class OutageTell(TimerData, name="outage_tell"):
    """The next few hear the news (``what`` is ``news``), or that it is over (``end``); or requests are resolved (``resolve``)."""

    outage: int
    what: str
    behind: int = 0  # the last person who has heard, or the last request that was resolved
    words: str = ""


class Erase(TimerData, name="erase"):
    """The day to change one's mind is over; ``force``: an operator erases, whoever it is. Whom stands beside it."""

    by: int | None = None
    force: bool = False


class EraseStep(TimerData, name="erasing"):
    """The next piece of an erase."""

    whom: int
    phase: str
    behind: int = 0  # the last row of the phase that was seen to
    tries: int = 0
