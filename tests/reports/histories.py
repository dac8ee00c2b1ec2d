"""Random lives of requests: acted on the real tables, and kept beside in the plainest form, for whoever counts them again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from storage.lifecycle import Action, Refused
from storage.models import Priority, rules_revision, verdict
from storage.tickets.tickets import Ticket
from storage.transaction import Transaction
from tests.storage.rows import kind, known

MINUTE = timedelta(minutes=1)
ZONES = ("UTC", "Europe/Kyiv", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
STARTS = (  # both changes of the clock, a month's border, a year's
    datetime(2026, 3, 20, tzinfo=UTC),
    datetime(2026, 10, 17, tzinfo=UTC),
    datetime(2026, 12, 22, tzinfo=UTC),
)
DAYS = 20
ACTS = (
    *("claim", "assign", "release", "reply", "reply", "reply_and_wait", "follow_up", "hold", "resume", "resolve"),
    *("resolve", "close", "reopen", "set_priority", "rate", "escalate", "retype", "merge"),
)
TEXTS = ("How do I reset my password?", "Where is the cafeteria menu?", "Printer toner is empty")  # nothing alike
OUTCOMES = (*[None] * 4, "helped", "handoff", "joined", "outage", "more")
OWN = {  # a workflow of names of its own
    "name": "repair",
    "start": "new",
    "statuses": {"new": "new", "open": "open", "parts": "pending", "fixed": "resolved", "closed": "closed"},
    "moves": {
        "new": {"claim": "open", "reply": "open", "resolve": "fixed", "close": "closed"},
        "open": {"reply": "open", "reply_and_wait": "parts", "resolve": "fixed", "close": "closed", "release": "new"},
        "parts": {"follow_up": "open", "reply": "open", "resolve": "fixed", "close": "closed"},
        "fixed": {"reopen": "open", "close": "closed"},
        "closed": {"reopen": "open"},
    },
}


@dataclass(slots=True)
class Was:
    """What a ticket was from a minute on."""

    at: datetime
    status: str  # by its kind
    type: str
    group: str | None
    priority: str
    agent: int | None
    act: str
    by: int | None
    value: int = 0
    due: datetime | None = None


@dataclass(slots=True)
class Question:
    """A question to the knowledge base, and what came of it."""

    at: datetime
    person: int
    text: str
    verdict: str
    tried: list[int]
    outcome: str | None
    ticket: int | None


@dataclass(slots=True)
class Life:
    """A desk's life: its zone, its rules as they changed, and every ticket's states."""

    seed: int
    zone: str
    start: datetime
    rules: list[tuple[datetime, dict[str, Any]]]
    tickets: dict[int, list[Was]] = field(default_factory=dict)
    answer_due: dict[int, datetime | None] = field(default_factory=dict)
    spent: list[tuple[int, int, datetime]] = field(default_factory=list)
    agents: list[int] = field(default_factory=list)
    companies: dict[int, int | None] = field(default_factory=dict)  # a ticket's requester's, as it was registered
    tags: dict[int, list[str]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    @property
    def end(self) -> datetime:
        """Return when it is over."""
        return self.start + timedelta(days=DAYS)


def document(random: Random, zone: str) -> dict[str, Any]:
    """Return rules with calendars of their own."""
    begin = random.choice(("08:00", "09:30"))
    office = {"zone": zone, "week": {"mon-fri": f"{begin}-13:00, 14:00-18:00"}}
    night = {"zone": zone, "week": {"mon-sun": "22:00-06:00"}}
    pause = random.choice((["pending"], ["pending", "on_hold"], []))
    return {
        "hours": {"office": office, "night": night},
        "sla": {"standard": {"first_response": "1h", "pause": pause}, "round": {"resolution": "5h", "hours": "night"}},
        "groups": {
            "one": {"title": {"en": "One"}, "hours": "office"},
            "two": {"title": {"en": "Two"}, "hours": "night"},
        },
        "types": {"repair": {"title": {"en": "Repair"}, "sla": random.choice(("round", "standard"))}},
    }


def lived(tx: Transaction, seed: int, count: int = 12) -> Life:
    """Let a desk live on these tables, and return what happened."""
    random = Random(seed)
    zone, start = random.choice(ZONES), random.choice(STARTS)
    changes = sorted(start + MINUTE * random.randrange(60, DAYS * 1440) for _ in range(random.randrange(3)))
    life = Life(seed, zone, start, [(at, document(random, zone)) for at in (start, *changes)])
    for at, data in life.rules:
        tx.connection.execute(insert(rules_revision).values(data=data, act="apply", person_id=None, at=at))
    life.agents = [known(tx, name).id for name in ("Bob", "Eve", "Zed")]
    types = {"other": kind(tx, "other"), "repair": kind(tx, "repair", workflow=OWN)}
    moments = sorted(start + MINUTE * random.randrange(DAYS * 1440) for _ in range(count))
    members = {known(tx, name).id: tx.companies.put(of, start).id for name, of in (("Ann0", "Acme"), ("Ann1", "Brew"))}
    for person, company in members.items():
        tx.companies.join(company, person)
    for place, at in enumerate(moments):
        if place == count // 2:  # one of them goes to work elsewhere
            tx.companies.leave(leaver := min(members))
            del members[leaver]
        _one(tx, random, life, types, at)
        number = max(life.tickets)
        life.companies[number] = members.get(life.tickets[number][0].by or 0)
    for number in random.sample(sorted(life.tickets), min(4, len(life.tickets))):
        at = start + MINUTE * random.randrange(DAYS * 1440)
        who, minutes = random.choice(life.agents), random.randrange(5, 90)
        tx.labelled.spend(number, who, minutes, at)
        life.spent.append((who, minutes, at))
    _label_and_ask(tx, Random(-seed), life)
    return life


def _label_and_ask(tx: Transaction, random: Random, life: Life) -> None:
    """Put tags on tickets, and let their people ask the knowledge base, some of them again and again on one day."""
    for number in life.tickets:
        life.tags[number] = random.sample(("vip", "refund", "новий"), random.randrange(3))
        tx.labelled.tag(number, life.tags[number])
    people = [known(tx, f"Ann{each}").id for each in range(4)]
    for _ in range(8):
        person, at = random.choice(people), life.start + MINUTE * random.randrange(DAYS * 1440)
        for _ in range(random.randrange(1, 4)):
            asked = Question(
                at, person, random.choice(TEXTS), random.choice(("sure", "maybe", "unknown", "greeting", "related")),
                random.choice(([], [1], [2], [1, 2])), random.choice(OUTCOMES), random.choice((*[None] * 9, min(life.tickets))),
            )  # fmt: skip
            life.questions.append(asked)
            values = {"person_id": person, "question": asked.text, "verdict": asked.verdict, "tried": asked.tried}
            facts = {"outcome": asked.outcome, "ticket_id": asked.ticket, "at": at}
            empty = {"said": {}, "language": "en", "candidates": []}
            tx.connection.execute(insert(verdict).values(**values, **facts, **empty))
            at += MINUTE * random.choice((0, 600, 1439, 1440))


def _one(tx: Transaction, random: Random, life: Life, types: Mapping[str, int], at: datetime) -> None:
    ann = known(tx, f"Ann{random.randrange(4)}")
    name, group, priority = (
        random.choice(("other", "repair")),
        random.choice((None, "one", "two")),
        random.choice(tuple(Priority)),
    )
    due = random.choice((None, at + MINUTE * random.randrange(10, 2000)))
    solve = random.choice((None, at + MINUTE * random.randrange(10, 9000)))
    form = tx.requests.form_id("new", "0", {"name": "new", "title": {}, "fields": []}, at)
    made = tx.tickets.add(
        at=at, requester_id=ann.id, account_id=ann.account_id, request_type_id=types[name], form_id=form, summary="x",
        answers={}, priority=priority, language="en", group_name=group, first_response_due=due, resolution_due=solve,
    )  # fmt: skip
    life.answer_due[made.id] = due
    life.tickets[made.id] = [Was(at, "new", name, group, priority, None, "register", ann.id)]
    for _ in range(random.randrange(9)):
        at += MINUTE * random.randrange(1, 2500)
        if at >= life.end:
            return
        made = _act(tx, random, life, types, made, ann.id, at)


def _act(
    tx: Transaction, random: Random, life: Life, types: Mapping[str, int], on: Ticket, ann: int, at: datetime
) -> Ticket:
    """Do something to a ticket, if it can be done, and write it down."""
    states, agent = life.tickets[on.id], random.choice(life.agents)
    last = states[-1]
    act = random.choice(ACTS)
    value = 0
    try:
        match act:
            case "set_priority":
                chosen = random.choice(tuple(Priority))
                on = tx.tickets.change(on, at=at, action=Action.SET_PRIORITY, by=agent, priority=chosen)
            case "rate":
                if on.active:
                    return on
                value = random.randrange(1, 6)
                on = tx.tickets.change(on, at=at, action=Action.RATE, by=ann, rating=value)
            case "escalate":
                if not on.active:
                    return on
                group = random.choice(("one", "two"))
                on = tx.tickets.change(on, at=at, action=Action.ESCALATE, by=agent, group_name=group, agent_id=None)
            case "retype":
                name = "other" if last.type == "repair" else "repair"
                on = tx.tickets.retype(on, types[name], by=agent, at=at)
            case "merge":
                others = [n for n in life.tickets if n != on.id and tx.tickets.get(n).active]
                if not others or not on.active:
                    return on
                on = tx.tickets.act(on, Action.MERGE, by=agent, at=at, to=random.choice(others))
            case _:
                by = ann if act in ("follow_up", "reopen") else agent
                to = random.choice(life.agents) if act == "assign" else None
                on = tx.tickets.act(on, Action(act), by=by, at=at, to=to)
    except Refused:
        return on
    name = next(name for name, number in types.items() if number == on.request_type_id)
    by = ann if act in ("follow_up", "reopen", "rate") else agent
    states.append(Was(at, on.kind, name, on.group_name, on.priority, on.agent_id, act, by, value, on.resolution_due))
    return on


def day_of(life: Life, at: datetime) -> Any:
    """Return the desk's own day of a moment."""
    return at.astimezone(ZoneInfo(life.zone)).date()
