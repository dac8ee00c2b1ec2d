"""The desk's rules: what an operator or an admin decides, as one frozen record.

The settings name a few; the document (desk.yaml, or commands in chat) everything else. ``document.read`` makes one of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.rules.assets import AssetKind
from handlers.rules.calendars import Calendar, round_the_clock
from handlers.rules.canned import Canned
from handlers.rules.choice_source import ChoiceSource
from handlers.rules.goals import Goals
from handlers.rules.groups import Group
from handlers.rules.impact import USUAL, Matrix, counted_priority
from handlers.rules.monitoring import MonitoringRule
from handlers.rules.notify import NotifyRule
from handlers.rules.outages import OutageRule
from handlers.rules.people import Roles
from handlers.rules.rota import Rota
from handlers.rules.sla import STANDARD, Policy, plain_policy
from handlers.rules.surveys import SurveyRule
from handlers.rules.types import TypeRule
from handlers.rules.webhooks import Webhook
from handlers.vocabulary.translations import Texts
from storage.lifecycle import WorkflowData
from storage.models import Priority
from storage.types import Answers


@dataclass(frozen=True, slots=True)
class Rules:
    """Windows, languages, who is an admin from the start, and every section of the document."""

    language: str = "en"
    zone: str = "UTC"
    team_language: str = "en"
    admins: frozenset[tuple[str, str]] = frozenset()  # (messenger, native id)
    talk: str = "internal"  # or "direct": all that is said in a thread is sent, but notes
    digest: str = "week"  # how often a report comes into the team's channels: "off", "day", "week", "month"
    reports: str = "all"  # whose work agents see in reports: their "own", their "group", or "all"
    conversation_window: timedelta = timedelta(hours=24)
    reopen_window: timedelta = timedelta(days=7)
    auto_close: timedelta = timedelta(days=3)
    reminder: timedelta = timedelta(days=2)  # after resolving; before auto_close
    unclaimed_reminder: timedelta = timedelta(minutes=30)
    pending_reminder: timedelta = timedelta(days=3)  # after the requester was asked something; 0: never
    pending_close: timedelta = timedelta(days=7)  # after which a request that waits for them is resolved; 0: never
    idle_reminder: timedelta = timedelta(hours=24)  # of working time without a word on an open request; 0: never
    plan_reminder: timedelta = timedelta(hours=1)  # before what is planned begins; 0: never
    first_response: timedelta = timedelta(hours=4)
    fold: timedelta = timedelta(seconds=2)  # a requester's messages within this are one post
    night: tuple[int, int] = (22, 7)  # hours of the reader between which a private message makes no sound
    taken_back: timedelta = timedelta(hours=48)  # how long a sent reply can be deleted
    texts: Mapping[str, Texts] = field(default_factory=dict)
    types: Mapping[str, TypeRule] = field(default_factory=dict)
    assets: Mapping[str, AssetKind] = field(default_factory=dict)
    impact: Matrix = field(default_factory=lambda: USUAL)
    workflows: Mapping[str, WorkflowData] = field(default_factory=dict)
    notify: tuple[NotifyRule, ...] = ()
    outages: OutageRule = field(default_factory=OutageRule)
    monitoring: MonitoringRule = field(default_factory=MonitoringRule)
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    surveys: SurveyRule | None = None  # None: whoever says that it is solved is asked at once, in stars
    goals: Goals = field(default_factory=dict)  # by figures of the reports
    privacy: Mapping[str, timedelta] = field(default_factory=dict)  # how long rows are kept, by the name of their term
    groups: Mapping[str, Group] = field(default_factory=dict)
    rota: Mapping[str, Rota] = field(default_factory=dict)
    roles: Roles = field(default_factory=Roles)
    hours: Mapping[str, Calendar] = field(default_factory=dict)
    sla: Mapping[str, Policy] = field(default_factory=dict)
    canned: Mapping[str, Canned] = field(default_factory=dict)

    def is_night(self, here: datetime) -> bool:
        """Return whether it is somebody's night, by the clock on their wall: it begins before midnight."""
        begins, ends = self.night
        return here.hour >= begins or here.hour < ends

    @property
    def all_admins(self) -> frozenset[tuple[str, str]]:
        """Return the admins that the settings and the document name, as (messenger, native id)."""
        return self.admins | {
            (messenger, native) for messenger, _, native in (a.partition(":") for a in self.roles.admins)
        }

    def policy(self, kind: str, own: str = "") -> Policy:
        """Return the policy of a request: a company's ``own``, else its type's, else the standard one."""
        if own in self.sla:
            return self.sla[own]
        named = self.types[kind].sla if kind in self.types else ""
        return self.sla.get(named) or self.sla.get(STANDARD) or plain_policy(self.first_response)

    def priority_of(self, kind: str, answers: Answers) -> Priority | None:
        """Return the priority that follows from a form's answers; None where its type does not ask for what it follows from."""
        asks = kind in self.types and self.types[kind].impact
        return counted_priority(self.impact, kind, answers) if asks else None

    @property
    def choice_sources(self) -> Mapping[str, ChoiceSource]:
        """Return what gives choices to questions, by key; one that several name is asked as often as any of them wants."""
        named = [source for rule in self.types.values() for source in rule.sources]
        return {source.key: source for source in sorted(named, key=lambda source: source.every, reverse=True)}

    def calendar(self, name: str) -> Calendar:
        """Return a calendar; one of no name is round the clock."""
        return self.hours.get(name) or round_the_clock(self.zone)
