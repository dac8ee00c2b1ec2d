"""The section ``types``: request types, each with its form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from handlers.rules.choice_source import MOST, ChoiceSource, read_choice_source
from handlers.rules.impact import FIELDS, IMPACT, URGENCY
from handlers.rules.node import NAME, Node
from handlers.rules.type_tasks import TypeTask, read_type_tasks
from handlers.vocabulary import patterns
from handlers.vocabulary.forms import KINDS, FieldData, Form, load_field
from storage.models import Priority
from storage.tickets import search_terms

ITIL = ("incident", "service", "information", "documentation", "change")
WHO = ("everyone", "agents")
FIELD = (
    "name",
    "label",
    "kind",
    "hint",
    "required",
    "limit",
    "pattern",
    "choices",
    "choices_from",
    "when",
    "by",
    "secret",
    "of",
    "whose",
    "guest",
)
DEFAULTS = {
    "kind": "text",
    "hint": {},
    "required": True,
    "limit": 0,
    "pattern": "",
    "choices": {},
    "when": {},
    "by": "",
    "secret": False,
    "of": [],
    "whose": "own",
    "guest": False,
    "source": "",
}
BY = ("requester", "agent")
WHOSE = ("own", "all")  # assets that a requester may choose: theirs and their company's, or anybody's by its number
GENERAL = frozenset(  # in the names of many a type, and in what people say of anything
    search_terms.search_words(
        "question request problem other another something питання заявка проблема інше вопрос заявка другое"
    )
)
TITLE = 75  # characters: what fits into a choice of a window


@dataclass(frozen=True, slots=True)
class TypeRule:
    """A request type as the rules describe it; fields as the form's own data."""

    name: str
    kind: str
    title: Mapping[str, str]
    priority: Priority
    fields: Sequence[FieldData]
    group: str = ""
    sla: str = ""
    workflow: str = ""
    may_file: tuple[str, ...] = ()  # accounts; () is everyone, or agents alone
    agents_only: bool = False
    impact: bool = False  # asks who is affected, and whether they can work: the priority follows
    sources: tuple[ChoiceSource, ...] = ()  # of its questions' choices
    tasks: tuple[TypeTask, ...] = ()  # that begin as soon as somebody has a request of it
    words: frozenset[str] = frozenset()  # that tell of it, as the search knows them: its titles and its form's choices


def read_request_types(node: Node) -> dict[str, TypeRule]:
    """Return the request types in their order."""
    found = {name: _type(name, inner) for name, inner in node.entries().items()}
    if node.given and not found and not node.problems:
        node.refuse("no_types")
    if len({source.key for rule in found.values() for source in rule.sources}) > MOST:
        node.refuse("choice_sources", most=MOST)
    return found


def _type(name: str, node: Node) -> TypeRule:
    given = node.fields(
        "kind", "title", "priority", "group", "sla", "workflow", "may_file", "fields", "impact", "tasks"
    )
    who = given["may_file"]
    agents_only = who.value == "agents"
    accounts = who.accounts() if who.value not in WHO else ()
    sources: list[ChoiceSource] = []
    title, fields = given["title"].words(limit=TITLE), _fields(given["fields"], sources)
    asks = given["impact"].yes()
    words = _telling_words(title, fields)
    if asks and (own := {field["name"] for field in fields} & {IMPACT, URGENCY}):
        given["fields"].refuse("twice", word=", ".join(sorted(own)))
    return TypeRule(
        name,
        given["kind"].choice(ITIL, "service"),
        title,
        Priority(given["priority"].choice(Priority, Priority.NORMAL)),
        [*fields, *FIELDS] if asks else fields,
        given["group"].reference("groups"),
        given["sla"].reference("sla"),
        given["workflow"].reference("workflows"),
        accounts,
        agents_only,
        asks,
        tuple(sources),
        read_type_tasks(given["tasks"]),
        words,
    )


def _telling_words(title: Mapping[str, str], fields: Iterable[FieldData]) -> frozenset[str]:
    """Return the words of a type's titles, and of what its requester chooses among."""
    asked = (field for field in map(load_field, fields) if field.kind == "choice" and not field.by)
    choices = (label.values() for field in asked for label in field.options.values())
    return frozenset(search_terms.distinct_words(chain(title.values(), *choices))) - GENERAL


def _fields(node: Node, sources: list[ChoiceSource]) -> list[FieldData]:
    """Return the form's fields as ``handlers.vocabulary.forms.load_field`` takes them."""
    fields: list[FieldData] = []
    for inner in node.items():
        data = _field(inner, fields, sources)
        if data is not None:
            fields.append(data)
    if all(field.get("by") for field in fields):
        node.refuse("no_fields")
    return fields


def _field(node: Node, earlier: Sequence[FieldData], sources: list[ChoiceSource]) -> FieldData | None:
    given = node.fields(*FIELD)
    name = given["name"].text(limit=32, required=True)
    if name and not NAME.fullmatch(name):
        given["name"].refuse("name", word=name)
    if name in {field["name"] for field in earlier}:
        given["name"].refuse("twice", word=name)
    kind = given["kind"].choice(KINDS, "text")
    by = given["by"].choice(BY, "agent" if kind == "check" else "requester")
    if kind == "check" and by != "agent":
        given["by"].refuse("check_by_agent")
    asked = [
        field for field in earlier if by == "agent" or not field.get("by")
    ]  # nobody waits for what the team answers
    choices = {key: inner.words(limit=TITLE) for key, inner in given["choices"].entries().items()}
    source = _source(given["choices_from"], sources, may_be=kind == "choice" and not choices)
    if kind == "choice" and not (choices or given["choices_from"].given):
        given["choices"].refuse("missing")
    data: dict[str, Any] = {
        "name": name,
        "label": given["label"].words(),
        "kind": kind,
        "hint": given["hint"].words(required=False),
        "required": given["required"].yes(default=True),
        "limit": given["limit"].whole(0, low=1, high=3000),
        "pattern": _pattern(given["pattern"]),
        "choices": choices,
        "when": _when(given["when"], asked),
        "by": "" if by == "requester" else by,
        "secret": given["secret"].yes(),
        "of": [one.reference("assets") for one in given["of"].items()],
        "whose": given["whose"].choice(WHOSE, "own"),
        "guest": given["guest"].yes(),
        "source": source,
    }
    return _loads(node, {key: value for key, value in data.items() if value != DEFAULTS.get(key)})


def _source(node: Node, sources: list[ChoiceSource], *, may_be: bool) -> str:
    """Return the key of what gives a question's choices; empty where the rules give them."""
    if node.given and not may_be:
        node.refuse("choices_from")
        return ""
    source = read_choice_source(node)
    if source is None:
        return ""
    sources.append(source)
    return source.key


def _pattern(node: Node) -> str:
    """Return a field's pattern, tried on hostile words."""
    pattern = node.text()
    try:
        patterns.check_speed(pattern)
    except patterns.Unfit as unfit:
        node.refuse("pattern_slow" if unfit.slow else "pattern", word=pattern, error=str(unfit))
        return ""
    return pattern


def _when(node: Node, earlier: Sequence[FieldData]) -> dict[str, list[str]]:
    """Return the condition: fields asked before this one, each with the answers that ask it."""
    if not node.given:
        return {}
    if not isinstance(node.value, Mapping):
        node.refuse("mapping")
        return {}
    before = {str(field["name"]): field for field in earlier}
    found: dict[str, list[str]] = {}
    for key, value in node.value.items():
        inner = node.at(key, value)
        if str(key) not in before:
            inner.refuse("not_asked_before", word=str(key), known=", ".join(before) or "—")
            continue
        if before[str(key)].get("source"):  # what it offers is not known here
            found[str(key)] = [one.text(limit=TITLE) for one in inner.items()]
            continue
        options = list(before[str(key)].get("choices") or ("yes", "no"))
        found[str(key)] = [one.choice(options) for one in inner.items()]
    return found


def _loads(node: Node, data: FieldData) -> FieldData | None:
    if not data["name"]:
        return None
    try:
        Form("check", {}, (load_field({**data, "when": None}),))
    except ValueError as error:
        node.refuse("field", error=str(error))
    return data
