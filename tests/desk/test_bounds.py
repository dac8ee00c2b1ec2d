"""What a turn costs is bounded, whatever there is: every route, beside ten times as much of everything as a team has."""

import asyncio
import json
import re
import shutil
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text

from bot.delivery.article_import import MOST
from bot.intake.turn_runner import TurnRunner
from handlers import dispatch
from handlers.contents import CONTENTS
from handlers.rules import Rules
from handlers.rules.book import RulesCache
from handlers.turns.knowledge import Knowledge, index_of
from handlers.turns.router import NAMED, Route
from handlers.vocabulary.draft_facts import DraftFacts
from handlers.vocabulary.fetches import ANSWER_CODE, SHOW_CODE, UNFETCHED, WEBHOOK_TEST
from handlers.vocabulary.messages import Event, Kind, RichText, Sender
from handlers.vocabulary.payloads import ChatMoved, FetchedFile, LostThread, Reaction, Receipt, Refusal, Submission
from storage.desk.articles import Articles
from storage.desk.articles_import import Brought, bring_in
from storage.engine.compiled import savepoint
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.lifecycle import Refused
from storage.models import Role, account, card, message, outgoing, post, ticket, verdict
from storage.queues.inbox import dead_count, inbox_backlog
from storage.queues.outbox import outbox_backlog as promised
from storage.queues.undelivered import count_undelivered as failed
from storage.tickets.search import Search, of_message
from storage.transaction import Transaction
from tests.bench.scale_fill import AGENT, TEAM, fill, hasten
from tests.clock import MONDAY, HandClock

TICKETS, ARTICLES, SAID, GAPS = 3000, 3000, 3000, 2000  # one ticket in ten is active
STATEMENTS, MILLISECONDS = 200, 250
TALK = TICKETS  # the request with the long talk: open, and the agent's own
SOURCE, GROUP = TEAM

# What a button may carry, a command may be followed by: the first that fits the route's shape, or each of them.
VALUES = (
    "0badcafe.question.1",
    "0badcafe.1",
    *(
        "",
        str(TALK),
        f"{TALK}.1",
        f"{TALK}.{ARTICLES}",
        f"{TALK}.high",
        f"{TALK}.5",
        f"{TALK}.1h",
        f"{TALK}.agent",
        f"{TALK}.1.1",
        f"{ARTICLES}.uk",
    ),
    *(
        f"1.{TALK}.deadbeef",
        f"{TALK}.deadbeef",
        "1.1.deadbeef",
        f"resolve.{TALK}.deadbeef",
        f"xlsx.queue.{TALK}.deadbeef",
        f"xlsx.{TALK}.deadbeef",
        "overview.1",
        "deadbeef",
        "0.1",
        "0.",
        "en",
        "anew",
    ),
    *("waiting", "desk", "type", "reply", "claimed", "billing", f"{TALK}.billing"),
)
ARGUMENTS = (
    "",
    str(TALK),
    f"{TALK} high",
    f"{TALK} {TALK - 20}",
    "printer",
    "request printer",
    "What happened?",
    "resolve",
    "csv",
    "thing number7 = So",
    "1",
    f"{TALK} 2h",
    f"{TALK} billing",
    f"{TALK} vip",
    f"{TALK} tomorrow 10:00",
    "clients",
    "person 17",
)
ANSWERS: Mapping[str, Any] = {
    "to": "everybody",
    "words": "We move on Monday",
    "begins": "tomorrow 9:00",
    "ends": "tomorrow 18:00",
    "cause": "A cable",
    "text": "words",
    "tags": "vip",
    "spent": "5",
    "when": "tomorrow 10:00",
    "aliases": "other words",
    "type": "billing",
    "details": "It broke",
    "question": "A question",
    "answer": "An answer",
    "language": "en",
    "who": "Person 17",
    "reason": "x",
    "length": "1d",
}
FACTS: Mapping[str, Any] = {
    "draft": 1,
    "step": "details",
    "place": f"{SOURCE}:{GROUP}",
    "every": "week",
    "words": "overview",
    "ticket": TALK,
    "card": 1,
    "article": 7,
    "account": 1,
    "person": 1,
    "by": 1,
    "whom": 1,
    "phase": "words",
    "tries": 0,
    "number": 1,
    "shown_at": "",
    "looks": 0,
    "outage": 1,
    "told": "",
    "what": "news",
    "behind": 0,
    "done": 0,
    "left": [],
    "resolved": MONDAY.isoformat(),
    "again": [{"kind": "document", "ref": "f1", "name": "answers.csv", "source": SOURCE}],
    "token": "0badcafe",
    "removed": 0,
    "restored": 0,
    "channel": 1,
    "group": "network",
    "past": 0,
    "act": "tag",
    "arg": ["vip"],
    "not": [],
    "lane": f"{SOURCE}:{GROUP}",
    "language": "en",
    "zone": "UTC",
    "shown": None,
    "asked": "",
    "asker": 1,
    "due": MONDAY.isoformat(),
    "until": MONDAY.isoformat(),
    "agent": 1,
    "since": MONDAY.isoformat(),
    "verdict": 1,
    "heard": 1,
    "conversation": f"{SOURCE}/{GROUP}",
    "outgoing": 1,
    "under": "1",
    "company": 1,
    "recurrence": 1,
    "seat": 1,
    "approval": 1,
    "asking": 1,
    "guest": 1,
    "plan": 1,
    "sequence": 0,
    "first": 1,
    "second": 2,
    "times": 1,
}
# What a word means in one route's facts that means something else in those of others.
OWN_FACTS: Mapping[str, Mapping[str, Any]] = {"idle_reminder": {"again": True}, "alert_note": {"group": 1}}
RECORDS: Mapping[str, Any] = {
    "moved": ChatMoved(GROUP, "-2001"),
    "reaction": Reaction("claim"),
    "lost": LostThread(TALK, 1),
    "refusal": Refusal("archived", "is_archived", TALK),
    "receipt": Receipt(TALK, "sent", TALK),
    "fetched": FetchedFile("a.csv", ""),
}
RULES = "rule_"  # submissions of rules: they cost what the rules are, and nothing of what is counted here


@dataclass(frozen=True)
class Cost:
    """What one event of a route cost."""

    event: Event
    statements: int
    milliseconds: float

    def __str__(self) -> str:
        e = self.event
        return f"{e.kind} {e.name} {e.value!r} private={e.private}: {self.statements} statements, {self.milliseconds:.0f} ms"


@pytest.fixture(scope="module")
async def large(
    sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Database, Knowledge]]:
    """Yield a database with ten times as much of everything as a team has, and its index."""
    path = tmp_path_factory.mktemp("large") / "large.db"
    await asyncio.to_thread(shutil.copy, sqlite_file, path)
    database = await open_database(f"sqlite+aiosqlite:///{path}")
    await database.run(build)
    knowledge = Knowledge()
    rows = await database.run(lambda c: Articles(c).everything())
    knowledge.swap(await asyncio.to_thread(index_of, rows), await database.run(lambda c: Articles(c).revision()))
    yield database, knowledge
    await database.close()


def build(connection: Connection) -> None:
    after = hasten(connection)
    fill(connection, TICKETS, MONDAY)
    tx = Transaction(connection)
    tx.people.grant(1, Role.ADMIN)
    brought = [
        Brought(
            None, f"section{n % 40}", "en", f"thing number{n} kind{n % 97} sort{n % 89}", "So.", (), (f"way{n} to it",)
        )
        for n in range(ARTICLES)
    ]
    bring_in(connection, brought, by=None, at=MONDAY)
    requester = connection.scalar(select(ticket.c.requester_id).where(ticket.c.id == TALK))
    said: list[dict[str, Any]] = [
        {"ticket_id": TALK, "person_id": requester if n % 3 else 1, "kind": "follow_up" if n % 3 else "reply",
         "words": {"text": f"word{n} and the printer, number {n}", "spans": []}, "files": [], "at": MONDAY}
        for n in range(SAID)
    ]  # fmt: skip
    connection.execute(insert(message), said)
    new = connection.execute(select(message).where(message.c.ticket_id == TALK).order_by(message.c.id)).all()
    search = Search(connection)
    for row in new:
        search.add(TALK, of_message(row.words, row.files), row.id)
    place = f"{SOURCE}:{chat(connection)}"
    posts = [{"place": place, "native": f"t{row.id}", "part": 0, "message_id": row.id, "at": MONDAY} for row in new]
    connection.execute(insert(post), posts)
    gaps = [
        {"person_id": 2 + n % 500, "question": f"how about gap{n % 1700} of thing{n % 331}?", "said": {}, "language": "en",
         "verdict": "unknown", "candidates": [], "tried": [], "at": MONDAY}
        for n in range(GAPS)
    ]  # fmt: skip
    connection.execute(insert(verdict), gaps)
    done = [
        {"lane": f"{SOURCE}:{n}", "operation": "send", "payload": "", "state": "sent", "ready_at": MONDAY, "created_at": MONDAY,
         "done_at": MONDAY}
        for n in range(TICKETS)
    ]  # fmt: skip
    connection.execute(insert(outgoing), done)
    connection.execute(card.update().values(look="x"))
    for statement in after:
        connection.execute(text(statement))


def chat(connection: Connection) -> str:
    """Return where the requester of the long talk is."""
    found = connection.scalar(
        select(account.c.chat).join(ticket, ticket.c.account_id == account.c.id).where(ticket.c.id == TALK)
    )
    assert found is not None
    return str(found)


def events(route: Route, connection: Connection) -> Iterator[Event]:
    """Yield ways to reach a route: by the agent in the thread and in private, by the requester, with what may follow."""
    ann, (bob, name) = chat(connection), AGENT
    last = connection.scalar(
        select(message.c.id).where(message.c.ticket_id == TALK).order_by(message.c.id.desc()).limit(1)
    )
    reply = connection.scalar(
        select(message.c.id).where(message.c.ticket_id == TALK, message.c.kind == "reply").limit(1)
    )  # the agent's own, which they may put in other words
    facts = {**FACTS, "message": reply, **OWN_FACTS.get(route.name, {})}
    records = {**RECORDS, "submission": Submission(ANSWERS, 1, 1, DraftFacts.read(facts))}
    senders = [
        (Sender(bob, name, language="en", chat=bob), False),
        (Sender(bob, name, language="en", chat=bob), True),
        (Sender(ann, "Person", language="en", chat=ann), True),
    ]
    for (sender, private), value, number in product(senders, values(route), range(2)):
        said = RichText("" if route.kind is Kind.PRESS else value or "What happened, in other words?")
        if (number and route.kind is not Kind.TEXT) or (private and value in ARGUMENTS[4:]):
            continue
        yield Event(
            route.kind, SOURCE, "key", "c", MONDAY,
            chat=sender.chat if private else GROUP, private=private, thread="" if private else str(100 + TALK),
            sender=sender, message=f"t{last}" if route.kind is not Kind.PRESS else str(TALK), words=said, name=route.name,
            reply_to=f"t{last}" if number and private else "", value=value,
            interaction="1" if route.kind in (Kind.PRESS, Kind.SUBMIT) else "", facts=facts, **records,
            ticket=TALK if route.kind is Kind.TIMER else None,
        )  # fmt: skip


def values(route: Route) -> list[str]:
    if route.kind is Kind.COMMAND:
        return list(ARGUMENTS)
    if route.kind is Kind.PRESS and route.key:
        fitting = [value for value in VALUES if re.fullmatch(route.key, value)]
        assert fitting, f"{route.name}: write a value that fits {route.key}"
        return fitting[:3]
    if route.kind is Kind.MEMBER:
        return ["joined", "left", "blocked", "unblocked", "moved", "bot_removed", "revoked"]
    return [""]


class Undone(Exception):
    """Nothing of a trial is kept."""


def cost(connection: Connection, turning: TurnRunner, event: Event) -> Cost:
    """Return what an event costs, and undo it."""
    raw: Any = connection.connection.dbapi_connection
    seen: list[str] = []
    if event.kind is Kind.MEMBER:
        event = replace(event, name=event.value)
    try:
        with savepoint(connection):
            raw.set_trace_callback(seen.append)
            begun = thread_time()
            try:
                give(connection, turning, event)
            finally:
                took = thread_time() - begun
                raw.set_trace_callback(None)
            raise Undone
    except Undone:
        return Cost(event, len([one for one in seen if not one.startswith("--")]), took * 1000)


def give(connection: Connection, turning: TurnRunner, event: Event) -> None:
    """Give a turn; a form's answers come to its handler as they do from its draft."""
    if event.kind is not Kind.SUBMIT:
        turning.give(connection, event)
        return
    turn = turning.turn(connection, event)
    route = CONTENTS.router.find(Kind.SUBMIT, event.name)
    assert route is not None
    if dispatch.admit_event(turn):
        try:
            route.handler(turn)
        except Refused as refusal:
            dispatch.answer_refusal(turn, refusal)


ROUTES = [
    route
    for route in CONTENTS.router.routes.values()
    if not (route.kind is Kind.SUBMIT and route.name.startswith(RULES))
]


def turning_of(knowledge: Knowledge) -> TurnRunner:
    return TurnRunner(HandClock(), RulesCache(Rules()), knowledge, {}, {})


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.kind} {route.name}".strip())
async def test_no_turn_of_a_route_costs_more_than_it_may(large: tuple[Database, Knowledge], route: Route):
    """At most so many statements, and so much time of its own, whoever causes it and wherever."""
    database, knowledge = large
    turning = turning_of(knowledge)

    def story(connection: Connection) -> list[Cost]:
        found: list[Cost] = []
        for event in events(route, connection):
            if route.kind is Kind.FETCHED:
                content = CONTENT.get(route.name) or imported(connection)
                event = replace(event, fetched=FetchedFile("a.csv", content))
            found.append(cost(connection, turning, event))
            if (
                found[-1].milliseconds > MILLISECONDS
            ):  # what is read for the first time, and other people's work, count once
                found[-1] = min(found[-1], cost(connection, turning, event), key=lambda one: one.milliseconds)
        return found

    costs = await database.run(story)
    assert costs
    assert any(one.statements > 3 for one in costs)
    over = [str(one) for one in costs if one.statements > STATEMENTS or one.milliseconds > MILLISECONDS]
    assert over == []


def hot(connection: Connection) -> Iterator[tuple[Event, int]]:
    """Yield what a desk hears all day, with the statements that it may take: nothing is asked twice (storage/engine/memo.py)."""
    ann, (bob, name) = chat(connection), AGENT
    agent, requester = Sender(bob, name, language="en", chat=bob), Sender(ann, "Person 7", language="en", chat=ann)
    waiting = connection.scalar(select(ticket.c.id).where(ticket.c.agent_id.is_(None), ticket.c.urgency.is_not(None)))
    claimed = Event(
        Kind.PRESS, SOURCE, "k", "c", MONDAY, GROUP, private=False, sender=agent, message=str(waiting), name="claim",
        value=str(waiting), interaction="1",
    )  # fmt: skip
    # With the way back to the card, a timer for when it lies, the copies and front pages that show it.
    yield claimed, 46
    said = Event(
        Kind.TEXT, SOURCE, "k", ann, MONDAY, ann, sender=requester, message="m1", words=RichText("Still broken")
    )
    yield said, 36  # compared with the request types too: it may be another matter
    inside = replace(said, chat=GROUP, private=False, thread=str(100 + TALK), sender=agent)
    yield replace(inside, message="m2", kind=Kind.COMMAND, name="r", value="Soon", words=RichText("Soon")), 51
    yield replace(inside, message="m3", words=RichText("He is angry")), 24  # it is told that nobody else reads it


async def test_what_is_heard_all_day_asks_for_nothing_twice(large: tuple[Database, Knowledge]):
    database, knowledge = large
    turning = turning_of(knowledge)

    def story(connection: Connection) -> list[str]:
        events = list(hot(connection))
        for sender in {event.sender for event, _ in events if event.sender}:  # as they are known after their first word
            known: Any = {"name": sender.name, "username": "", "language": sender.language, "chat": sender.chat}
            Transaction(connection).people.meet(SOURCE, sender.native, at=MONDAY, **known)
        cost(connection, turning, events[0][0])  # whoever is first reads the rules
        costs = [(cost(connection, turning, event), most) for event, most in events]
        return [f"{one} of {most}" for one, most in costs if not 10 < one.statements <= most]

    assert await database.run(story) == []


TESTED = b64encode(json.dumps({"webhook": "crm", "said": "taken", "ms": 5}).encode()).decode()
CODES = b64encode(json.dumps([f"https://it.example.com/{n}?a={n}&b={n}" for n in range(10)]).encode()).decode()
CONTENT = {
    WEBHOOK_TEST: TESTED,
    ANSWER_CODE: CODES,
    SHOW_CODE: CODES,
    UNFETCHED: TESTED,
}  # of a file, by what asked for it


def imported(connection: Connection) -> str:
    """Return what was read of a file of as many articles as a chat takes, and as much to say about it as is said."""
    problem = ("empty_answer", 7, {"text": "What?" * 16})
    read = {
        "problems": [problem] * 10,
        "wrong": MOST,
        "revision": Articles(connection).revision(),
        "added": MOST // 2,
        "changed": MOST // 2,
        "same": 0,
        "alone": MOST,
        "new": [("quite a new thing?" * 20, "So. " * 70, "", "en")] * 3,
        "edited": [(1, "thing number1", ["answer", "aliases"])] * 3,
        "clashes": [("others_id", 9, {"id": 9, "text": "a", "other": "b"})] * 3,
        "clashing": MOST,
        "left_out": [("row_off", 9, {})] * 3,
        "leaving": MOST,
        "columns": {"question": "A “Question”", "answer": "B “Answer”"},
        "unsure": ["question"],
        "headings": [("A", "Question"), ("B", "Answer")],
        "charset": "cp1251",
    }
    return b64encode(json.dumps(read).encode()).decode()


def test_every_kind_of_event_has_a_route_or_is_heard_before_any():
    """So that a new kind cannot be forgotten here."""
    assert {route.kind for route in ROUTES} >= {*NAMED, Kind.TEXT, Kind.EDIT, Kind.DELETE, Kind.MEMBER, Kind.HOME}


@pytest.mark.slow
async def test_an_upgraded_group_is_shown_anew_some_tickets_a_turn(large: tuple[Database, Knowledge]):
    """All of its active tickets have their card in the end, and no turn had to draw them all."""
    database, knowledge = large
    turning = turning_of(knowledge)

    def story(connection: Connection) -> tuple[list[Cost], int]:
        raw: Any = connection.connection.dbapi_connection
        costs: list[Cost] = []
        event = Event(
            Kind.MEMBER,
            SOURCE,
            "moved",
            GROUP,
            MONDAY,
            GROUP,
            private=False,
            name="moved",
            moved=ChatMoved(GROUP, "-2001"),
        )
        try:
            with savepoint(connection):
                for _ in range(TICKETS):
                    seen: list[str] = []
                    raw.set_trace_callback(seen.append)
                    begun = thread_time()
                    turn = turning.give(connection, event)
                    raw.set_trace_callback(None)
                    costs.append(Cost(event, len(seen), (thread_time() - begun) * 1000))
                    if not turn.scheduled:
                        break
                    event = Event(Kind.TIMER, "desk", "t", "c", MONDAY, name="anew", facts={"channel": 1})
                left = connection.scalar(
                    text(
                        "SELECT count(*) FROM ticket WHERE urgency IS NOT NULL AND id NOT IN (SELECT ticket_id FROM card)"
                    )
                )
                raise Undone
        except Undone:
            return costs, int(left or 0)

    costs, left = await database.run(story)
    assert left == 0
    assert len(costs) > 10
    assert [str(one) for one in costs if one.statements > STATEMENTS] == []
    assert sorted(one.milliseconds for one in costs)[len(costs) // 2] < MILLISECONDS


@pytest.mark.parametrize(
    "count", [inbox_backlog, dead_count, promised, failed], ids=lambda one: f"{one.__module__}.{one.__name__}"
)
async def test_what_is_measured_reads_no_table_whole(large: tuple[Database, Knowledge], count: Any):
    database, _ = large

    def story(connection: Connection) -> list[str]:
        raw: Any = connection.connection.dbapi_connection
        seen: list[str] = []
        raw.set_trace_callback(seen.append)
        count(connection)
        raw.set_trace_callback(None)
        plans = [row for one in seen for row in connection.execute(text(f"EXPLAIN QUERY PLAN {one}"))]
        return [row[3] for row in plans if row[3].startswith("SCAN") and "USING" not in row[3]]

    assert await database.run(story) == []
