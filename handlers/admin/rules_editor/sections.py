"""The sections of the rules that are changed in chat: which parts an entry of each is asked for in."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.admin.rules_editor.parts import Part, text_parts
from handlers.admin.rules_editor.shelves import Named, Notices, Questions, Shelf, Statuses, Texts, Whole
from handlers.rules.general import DURATIONS, TALK
from handlers.rules.goals import LENGTHS
from handlers.rules.groups import Take
from handlers.rules.impact import IMPACTS
from handlers.rules.notify import TicketEvent, Who
from handlers.rules.privacy import KINDS as KEPT
from handlers.rules.rota import Every
from handlers.rules.surveys import Scale
from handlers.rules.types import BY, ITIL, TITLE, WHOSE
from handlers.vocabulary.forms import KINDS
from handlers.vocabulary.translations import LANGUAGES
from storage.lifecycle import StatusKind
from storage.models import Priority, Role


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the rules as chat knows it; one that is a ``Whole`` has no entries and is one itself."""

    name: str  # in the document
    word: str  # the command, and the form's name
    shelf: Shelf
    parts: tuple[Part, ...]
    begun: tuple[Part, ...] = ()  # asked for a new entry only
    named: bool = True  # a new entry is asked for its name
    within: str = ""  # the word of the section to whose entries its own belong
    ordered: bool = False  # people see its entries in their order, which can be changed

    @property
    def one(self) -> bool:
        """Return whether there are no entries in it."""
        return isinstance(self.shelf, Whole)

    @property
    def adds(self) -> bool:
        """Return whether an entry can be added to it."""
        return not self.one and not isinstance(self.shelf, Texts)


DESK = Section(
    "desk",
    "desk",
    Whole("desk"),
    (
        Part("language", ("language",), "choice", options=LANGUAGES),
        Part("team_language", ("team_language",), "choice", options=LANGUAGES),
        Part("time_zone", ("time_zone",), limit=64),
        Part("talk", ("talk",), "choice", options=TALK),
        *(Part(name, (name,)) for name in DURATIONS),
    ),
)
GROUP = Section(
    "groups",
    "group",
    Named("groups"),
    (
        *text_parts("title", "title"),
        Part("members", ("members",), "long_text", "accounts", limit=3000),
        Part("keywords", ("keywords",), "long_text", "list", limit=3000),
        Part("take", ("take",), "choice", options=tuple(Take)),
        Part("capacity", ("capacity",), "number", "number"),
        Part("escalate_to", ("escalate_to",), "choice", among="groups"),
        Part("of_hours", ("hours",), "choice", among="hours"),
    ),
)
ROTA = Section(
    "rota",
    "rota",
    Named("rota"),
    (
        *text_parts("title", "title"),
        Part("of_group", ("group",), "choice", among="groups", required=True),
        Part("duty_people", ("people",), "long_text", "accounts", required=True, limit=3000, hint="duty_people"),
        Part("duty_every", ("every",), "choice", options=tuple(Every)),
        Part("duty_begins", ("begins",), required=True, limit=10, hint="duty_begins"),
        Part("duty_at", ("at",), limit=5, hint="duty_at"),
        Part("of_hours", ("hours",), "choice", among="hours"),
        Part("slack_group", ("slack_group",), limit=32, hint="slack_group", later=True),
    ),
)
HOURS = Section(
    "hours",
    "hours",
    Named("hours"),
    (
        Part("zone", ("zone",), required=True, limit=64),
        Part("week", ("week",), "long_text", "lines", required=True, limit=1000),
        Part("holidays", ("holidays",), limit=16),
        Part("days", ("days",), "long_text", "lines", limit=3000),
    ),
)
SLA = Section(
    "sla",
    "sla",
    Named("sla"),
    (
        Part("of_hours", ("hours",), "choice", among="hours"),
        Part("first_response", ("first_response",), "long_text", "lines", limit=300),
        Part("resolution", ("resolution",), "long_text", "lines", limit=300),
        Part("warn", ("warn",), limit=8),
        Part("pause", ("pause",), shape="some", limit=40),
    ),
)
WORKFLOW = Section(
    "workflows", "workflow", Named("workflows"), (), begun=(Part("like", ("like",), "choice", among="workflows"),)
)
STATUS = Section(
    "workflows",
    "status",
    Statuses(),
    (
        Part("status_kind", ("kind",), "choice", required=True, options=tuple(StatusKind), named="status"),
        *text_parts("title", "title", limit=40),
        Part("comes_from", ("comes_from",), "long_text", "list", limit=500),
        Part("moves", ("moves",), "long_text", "moves", limit=1000),
        Part("starts", ("starts",), "yes_no", "only_yes"),
    ),
    within="workflow",
)
TYPE = Section(
    "types",
    "type",
    Named("types"),
    (
        *text_parts("title", "title", limit=TITLE),
        Part("kind", ("kind",), "choice", options=ITIL),
        Part("priority", ("priority",), "choice", options=tuple(Priority), named="priority"),
        Part("of_group", ("group",), "choice", among="groups"),
        Part("of_sla", ("sla",), "choice", among="sla"),
        Part("of_workflow", ("workflow",), "choice", among="workflows"),
        Part("may_file", ("may_file",), "long_text", "who", limit=3000),
        Part("asks_impact", ("impact",), "yes_no", "only_yes", hint="asks_impact"),
        Part("type_tasks", ("tasks",), "long_text", "tasks", limit=2000, hint="type_tasks", later=True),
    ),
    ordered=True,
)
QUESTION = Section(
    "types",
    "question",
    Questions(),
    (
        *text_parts("question", "label", limit=200),
        Part("answer_kind", ("kind",), "choice", options=KINDS, named="rule.kind"),
        *text_parts("question_hint", "hint", limit=200),
        Part("required", ("required",), "yes_no", "yes"),
        Part("choices", ("choices",), "long_text", "choices", limit=3000, when={"answer_kind": ("choice",)}),
        Part("choices_from", ("choices_from",), shape="source", limit=520, when={"answer_kind": ("choice",)}),
        Part("when", ("when",), "long_text", "when", limit=500),
        Part("most", ("limit",), "number", "number", when={"answer_kind": ("text", "long_text")}),
        Part("pattern", ("pattern",), when={"answer_kind": ("text",)}),
        Part("answered_by", ("by",), "choice", options=BY, named="rule.by"),
        Part("secret", ("secret",), "yes_no", "only_yes", hint="secret"),
        Part("asset_of", ("of",), "long_text", "list", limit=300, when={"answer_kind": ("asset",)}),
        Part("asset_whose", ("whose",), "choice", options=WHOSE, named="rule.whose", when={"answer_kind": ("asset",)}),
    ),
    within="type",
    ordered=True,
)
ROLE = Section(
    "roles",
    "role",
    Whole("roles"),
    (
        Part("admins", ("admins",), "long_text", "accounts", limit=3000),
        Part("seniors", ("seniors",), "long_text", "accounts", limit=3000),
        Part("permissions", ("permissions",), "long_text", "lines", limit=2000),
    ),
)
NOTICE = Section(
    "notify",
    "notice",
    Notices(),
    (
        Part("of_event", ("event",), "choice", required=True, options=tuple(TicketEvent), named="event"),
        *(Part(f"tell_{who}", ("tell", who), "yes_no", "yes", required=True) for who in Who),
        Part("of_type", ("type",), "choice", among="types"),
        Part("of_role", ("role",), "choice", options=tuple(Role), named="role"),
    ),
    named=False,
)
UNBOUND = ("requests", "people")  # kept for ever, unless it is said how long
PRIVACY = Section(
    "privacy",
    "privacy",
    Whole("privacy"),
    tuple(Part(f"keep_{kind}", (kind,), hint=f"keep_{kind}" if kind in UNBOUND else "kept") for kind in KEPT),
)
OUTAGES = Section(
    "outages",
    "outages",
    Whole("outages"),
    (
        Part("notice", ("notice",), "yes_no", "yes"),
        Part("alike", ("people",), "number", "number"),
        Part("alike_within", ("within",), hint="alike_within"),
    ),
)
MONITORING = Section(
    "monitoring",
    "monitoring",
    Whole("monitoring"),
    (
        Part("alerts_type", ("type",), "choice", among="types"),
        Part("of_group", ("group",), "choice", among="groups"),
        Part("group_by", ("group_by",), "long_text", "list", limit=1000, hint="group_by"),
        Part("reopen_within", ("reopen",), hint="reopen_within"),
    ),
)
WEBHOOK = Section(
    "webhooks",
    "webhook",
    Named("webhooks"),
    (
        Part("address", ("url",), required=True, limit=500),
        Part("events", ("events",), "long_text", "list", limit=1000),
        Part("of_type", ("type",), "choice", among="types"),
        Part("of_group", ("group",), "choice", among="groups"),
        Part("reads_words", ("words",), "yes_no", "only_yes", hint="reads_words"),
    ),
)
ASSETS = Section(
    "assets",
    "assets",
    Named("assets"),
    (
        *text_parts("title", "title", limit=60),
        Part("asset_fields", ("fields",), "long_text", "choices", limit=3000, hint="choices"),
    ),
)
IMPACT = Section(
    "impact",
    "impact",
    Whole("impact"),
    tuple(Part(f"impact_{name}", (name,), "long_text", "lines", limit=200, hint="impact") for name in IMPACTS),
)
SURVEYS = Section(
    "surveys",
    "surveys",
    Whole("surveys"),
    (
        Part("survey_after", ("after",), hint="survey_after"),
        Part("survey_share", ("share",), "number", "number"),
        Part("survey_once_in", ("once_in",), hint="survey_once_in"),
        Part("survey_scale", ("scale",), "choice", options=tuple(Scale)),
    ),
)
GOALS = Section(
    "goals",
    "goals",
    Whole("goals"),
    (
        Part("goal_liked", ("liked",), "number", "number"),
        Part("goal_nps", ("nps",), "number", "number"),
        *(Part(f"goal_{name}", (name,), hint="goal_length") for name in LENGTHS),
    ),
)
REPLY = Section("canned", "reply", Named("canned"), text_parts("reply_text", "text", kind="long_text", limit=2000))
TEXT = Section("texts", "text", Texts(), text_parts("own_text", "text", kind="long_text", limit=2000))

SECTIONS: Mapping[str, Section] = {
    section.word: section
    for section in (
        DESK,
        GROUP,
        HOURS,
        ROTA,
        SLA,
        WORKFLOW,
        STATUS,
        ASSETS,
        IMPACT,
        TYPE,
        QUESTION,
        ROLE,
        NOTICE,
        PRIVACY,
        OUTAGES,
        MONITORING,
        WEBHOOK,
        SURVEYS,
        GOALS,
        REPLY,
        TEXT,
    )
}
