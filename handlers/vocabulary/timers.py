"""What the desk lets time do: each timer by its name, and what it remembers. Timers that are set outlive an update."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self, dataclass_transform

from pydantic import TypeAdapter


class Waits(StrEnum):
    """For what a timer waits that rings late, because the desk was down when it was due."""

    HOURS = "hours"  # the next opening of the calendar of its ticket, or of the desk's own
    MORNING = "morning"  # the end of the night of its ticket's requester, or of the desk
    NOTHING = "nothing"


@dataclass_transform(frozen_default=True)
class TimerData:
    """What one timer remembers; a subclass names it. The ticket it is about stands beside it (``Event.ticket``).

    It says as well for what it waits where it rings late: ``late``, or ``at_once`` with the reason why for nothing; and whether
    it is the ``desk``'s: what was promised to others goes on though whoever set it is erased.
    """

    name: ClassVar[str] = ""
    late: ClassVar[Waits] = Waits.NOTHING
    at_once: ClassVar[str] = ""
    desk: ClassVar[bool] = False

    def __init_subclass__(
        cls, *, name: str, late: Waits = Waits.NOTHING, at_once: str = "", desk: bool = False
    ) -> None:
        """Make it a record; raise ValueError where it says both or neither of what it waits for and why for nothing."""
        super().__init_subclass__()
        if name and (late is Waits.NOTHING) is not bool(at_once):
            raise ValueError(f"the timer {name!r}: say for what it waits when it is late, or why it comes at once")
        dataclass(frozen=True)(cls)
        cls.name, cls.late, cls.at_once, cls.desk = name, late, at_once, desk
        if name:
            BY_NAME[name] = cls

    @property
    def facts(self) -> dict[str, Any]:
        """Return it as it is written down: plain values, times as ISO 8601."""
        found = ((each.name, getattr(self, each.name)) for each in fields(self))  # type: ignore[arg-type]
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found}

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        """Return what was written down (``facts``, by the timer's own names); raise ValueError where that is of another timer."""
        return TypeAdapter(cls).validate_python(dict(facts))


BY_NAME: dict[str, type[TimerData]] = {}


class Remind(TimerData, name="remind", late=Waits.MORNING):
    """Nobody has said whether it is solved."""

    resolved: datetime  # which resolution is asked about


class AutoClose(TimerData, name="auto_close", late=Waits.MORNING):
    """Nobody has said that it is not solved."""

    resolved: datetime


class Wake(TimerData, name="wake", late=Waits.HOURS):
    """A snoozed ticket is worked on again."""

    until: datetime


class FirstResponseDue(TimerData, name="first_response", late=Waits.HOURS):
    """A first answer is soon due, or was."""

    due: datetime


class ResolutionDue(TimerData, name="resolution", late=Waits.HOURS):
    """A solution is soon due, or was."""

    due: datetime


class Unclaimed(TimerData, name="unclaimed", late=Waits.HOURS):
    """Nobody has taken a new ticket."""


class AlertNote(TimerData, name="alert_note", late=Waits.HOURS):
    """Something has fired again since the team last read of it."""

    group: int


class ResolveLinked(TimerData, name="resolve_linked", late=Waits.MORNING):
    """The next few that come of a problem are resolved: ``by`` whom, ``behind`` which ticket, how many were, and which not."""

    by: int
    behind: int = 0
    done: int = 0
    left: tuple[int, ...] = ()


class Digest(TimerData, name="digest", late=Waits.MORNING):
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


class AnswerReview(TimerData, name="answer_review", late=Waits.MORNING):
    """Those who look after the answers are told which are worth a look."""


class ReleaseRest(TimerData, name="release", at_once="what nobody has any more is shown to all: only cards change"):
    """More of an agent's tickets go back into the queue."""

    agent: int
    left: tuple[int, ...]


class Survey(TimerData, name="survey", late=Waits.MORNING):
    """A request has been over for a while: its requester is asked how it was."""

    closed: datetime  # which end of it is asked about


class RedrawCards(TimerData, name="redraw", at_once="what has changed is shown to all: only cards change"):
    """More cards are drawn anew."""

    left: tuple[int, ...]


class PostAnew(TimerData, name="anew", at_once="a channel that can be written to again is without its cards"):
    """More of a team channel's cards are posted anew."""

    channel: int


class MoveGroup(TimerData, name="regroup", at_once="only cards move"):
    """More of a group's active tickets move to the channels in which they stand now."""

    group: str
    past: int = 0  # the last ticket that has


class RefreshPages(TimerData, name="fronts", at_once="pages are drawn anew and make no sound"):
    """The next few agents' front pages are shown anew."""


class QuestionPause(TimerData, name="question", at_once="whoever has asked waits for the answer"):
    """Whoever is asking a question has written nothing more. It comes in turn with what they say (``conversation``)."""

    account: int
    verdict: int
    heard: int
    conversation: str


class Vanish(TimerData, name="vanish", at_once="something is taken away, nothing said"):
    """What was said to one person among others is taken away, and the command ``under`` which it was said."""

    outgoing: int
    lane: str
    under: str = ""


class AskedAgain(TimerData, name="pending_reminder", late=Waits.MORNING):
    """A requester has not answered what they were asked."""

    since: datetime


class Lapse(TimerData, name="pending_close", late=Waits.MORNING):
    """A requester has not answered for long."""

    since: datetime


class Idle(TimerData, name="idle_reminder", late=Waits.HOURS):
    """Nobody has written on an open ticket; ``again``: its agent was reminded before."""

    since: datetime
    again: bool = False


class ApprovalReminder(TimerData, name="approval", late=Waits.HOURS):
    """Somebody who is asked for their yes has not answered; for how many times they were asked."""

    seat: int
    times: int


class AnswerReminder(TimerData, name="approval_answer", late=Waits.MORNING):
    """A requester has not answered what was asked before a yes, at this asking; for how many times they were asked."""

    approval: int
    asking: int
    times: int


class PlanSoon(
    TimerData,
    name="plan_soon",
    at_once="once it has begun, nothing is said",
    desk=True,
):
    """What is planned begins soon; for as often as it was changed then."""

    plan: int
    sequence: int


class OpenTasks(TimerData, name="open_tasks", at_once="work that is there is shown to whoever does it", desk=True):
    """The tasks of a request's type are opened."""


class SwapReminder(TimerData, name="swap", late=Waits.MORNING):
    """Somebody has not answered whether they swap shifts: both overrides."""

    first: int
    second: int


class SwapLapse(
    TimerData, name="swap_lapse", at_once="a shift begins, and whoever asked has to know that it is theirs"
):
    """The first of two shifts begins that were to be swapped."""

    first: int
    second: int


class LongWork(TimerData, name=""):
    """Work that takes many turns: whose it is, and the message that asked, on which is said how far it is."""

    account: int
    lane: str
    language: str
    zone: str
    shown: int | None


class BulkAct(LongWork, name="bulk", late=Waits.MORNING):
    """More of a list is done."""

    act: str
    arg: Any
    left: tuple[int, ...]
    done: int = 0
    undone: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()  # resolved or closed: what can be taken back

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self:
        """Return what was written down; in ``facts`` of the version before, "undone" is "not"."""
        return super().read({"undone": facts.get("not", ()), **facts})


class UndoBulk(LongWork, name="bulk_undo", at_once="whoever ended a list by mistake has just asked for it"):
    """More of a list stands as it stood before it was ended."""

    left: tuple[int, ...]
    done: int = 0
    undone: tuple[int, ...] = ()


class UndoImport(
    LongWork, name="faq_undo", at_once="articles are put back, and it stands in the message that asked for it"
):
    """More articles of an import are taken back."""

    token: str
    removed: int = 0
    restored: int = 0


class Recurs(
    TimerData, name="recurs", at_once="the team reads what was missed in one line, and the newest is made", desk=True
):
    """A recurrence makes its requests for a time; for companies after ``behind``, where it makes one for each of many."""

    recurrence: int
    due: datetime
    behind: int = 0


class RecursAnew(
    TimerData, name="recurs_anew", at_once="it makes nothing, and the rules are in force already", desk=True
):
    """The desk's clock or a calendar is another one: recurrences behind this one are aimed by it."""

    behind: int = 0


class AnnouncementDue(TimerData, name="announce", late=Waits.MORNING, desk=True):
    """An announcement begins, or one phase of planned works."""

    number: int
    phase: str


class AnnounceNext(TimerData, name="announce_some", late=Waits.MORNING, desk=True):
    """The next few are told."""

    number: int
    phase: str
    shown_at: str = ""  # when its card was shown last, ISO


class AnnouncementWatch(TimerData, name="announce_watch", at_once="a card counts on and makes no sound", desk=True):
    """Its card shows what became of it."""

    number: int
    phase: str
    looks: int = 0


class OutageLook(TimerData, name="notice", at_once="it asks whether many ask alike now, whenever that is"):
    """Somebody looks whether many ask alike."""


class OutageSilent(TimerData, name="outage_silent", late=Waits.HOURS, desk=True):
    """Nobody has said a word about an outage since ``told`` (ISO)."""

    outage: int
    told: str


class OutageTell(TimerData, name="outage_tell", late=Waits.MORNING):
    """The next few hear the news (``what`` is ``news``), or that it is over (``end``); or requests are resolved (``resolve``)."""

    outage: int
    what: str
    behind: int = 0  # the last person who has heard, or the last request that was resolved
    words: str = ""


class Erase(TimerData, name="erase", at_once="a day was promised, and from then on nothing is kept"):
    """The day to change one's mind is over; ``force``: an operator erases, whoever it is. Whom stands beside it.

    ``idle``: nobody has asked for it, the rules say so of whoever has done nothing for long.
    """

    by: int | None = None
    force: bool = False
    idle: bool = False


class EraseCompany(
    TimerData, name="erase_company", at_once="a day was promised, and from then on nothing is kept", desk=True
):
    """The day to change one's mind about a company is over; ``behind``: the last of its people whose erase has begun."""

    company: int
    by: int | None = None
    begun: bool = False
    behind: int = 0


class EraseStep(TimerData, name="erasing", at_once="an erase that has begun goes on to its end"):
    """The next piece of an erase."""

    whom: int
    phase: str
    behind: int = 0  # the last row of the phase that was seen to
    tries: int = 0
