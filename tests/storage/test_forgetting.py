"""Everything has its end: each kind of row is emptied or gone when its time has come, not before, and a little at a time."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, Select, Table, delete, event, func, insert, select, text, update

from storage.desk.request_types import Requests
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import (
    Sending,
    StateKind,
    alert_group,
    alias,
    announcement,
    answered_call,
    article_remark,
    audit,
    ban,
    bucket,
    card,
    draft,
    entry,
    form,
    inbox,
    lane,
    message,
    metadata,
    old_words,
    outage,
    outgoing,
    person_state,
    post,
    recurrence,
    rules_revision,
    setting,
    thread,
    ticket,
    timer,
    verdict,
)
from storage.people.guests import NEVER
from storage.queues import catch_up, undelivered
from storage.queues.outbox import enqueue
from storage.retention.forgetting import CHUNK, TERMS, Mark, forget_expired_rows
from storage.tickets.search import Search
from storage.types import EPOCH
from tests.clock import MONDAY
from tests.storage.test_ids import ROWS, typed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 500 * DAY


def put(connection: Connection, table: Table, **values: Any) -> int:
    """Write a row; return its id."""
    row = {**typed(table.name, ROWS.get(table.name, {})), **values}
    if table is inbox:
        row.setdefault("key", "")
        row["key"] = f"{connection.scalar(select(func.count()).select_from(inbox))}"
    made = connection.execute(insert(table).values(row)).inserted_primary_key
    assert made is not None
    return int(made[0]) if isinstance(made[0], int) else 0


def world(connection: Connection) -> None:
    """Leave the rows that others refer to; their number is 7, and the next one's is larger."""
    names = ("form", "article", "request_type", "team_channel", "person", "account", "ticket", "message", "token")
    for name, number in (*((name, 7) for name in names), ("person", 8)):
        connection.execute(insert(metadata.tables[name]).values({"id": number, **typed(name, ROWS.get(name, TOKEN))}))
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT setval('{name}_id_seq', {number})"))


def all_of_it(connection: Connection, now: datetime = NOW) -> int:
    """Forget until there is nothing more; return how many transactions that would be."""
    marks: Mapping[str, Mark] = {}
    turns, more = 0, True
    while more:
        marks, more = forget_expired_rows(connection, now, marks)
        turns += 1
    return turns


def ticks(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


# What is written at a moment; how long it is kept; what is left of it then: nothing, or these columns.
ANNOUNCED = {"by_id": 7, "stage": "done", "words": {}, "files": [], "segment": {}, "phase": "", "after": 0, "place": {}}
TOKEN = {"name": "Shop", "digest": "", "scopes": [], "person_id": 7, "per_minute": 60, "created_at": MONDAY}
BROKEN = {"by_id": 7, "stage": "over", "words": "", "keywords": "", "examples": [], "place": {}}
KEPT: dict[str, tuple[Table, Callable[[datetime], dict[str, Any]], timedelta, dict[str, Any] | None]] = {
    "an announcement": (announcement, lambda at: {**ANNOUNCED, "created_at": at}, 396 * DAY, None),
    "an outage": (outage, lambda at: {**BROKEN, "at": at}, 396 * DAY, None),
    "handled": (inbox, lambda at: {"payload": "words", "done_at": at}, 48 * HOUR, {"payload": ""}),
    "handled long ago": (inbox, lambda at: {"done_at": at}, 30 * DAY, None),
    "a dead letter": (inbox, lambda at: {"payload": "words", "done_at": at, "incident": "cafe"}, 30 * DAY, None),
    "sent": (outgoing, lambda at: {"payload": "words", "done_at": at}, 48 * HOUR, {"payload": ""}),
    "sent long ago": (outgoing, lambda at: {"done_at": at}, 30 * DAY, None),
    "failed": (outgoing, lambda at: {"payload": "w", "done_at": at, "state": Sending.FAILED}, 30 * DAY, None),
    "for a guest": (
        outgoing,
        lambda at: {"payload": "w", "created_at": at, "done_at": None, "ready_at": NEVER, "state": Sending.QUEUED},
        30 * DAY,
        {"payload": "", "state": Sending.DROPPED},
    ),
    "taken back": (
        message,
        lambda at: {"words": {"text": "secret", "spans": []}, "files": [{"name": "a"}], "deleted_at": at},
        48 * HOUR,
        {"words": {"text": "", "spans": []}, "files": []},
    ),
    "a file taken back that had no words": (
        message,
        lambda at: {"words": {"text": "", "spans": []}, "files": [{"name": "passport.jpg"}], "deleted_at": at},
        48 * HOUR,
        {"words": {"text": "", "spans": []}, "files": []},
    ),
    "said before": (old_words, lambda at: {"until": at}, 30 * DAY, None),
    "a timer": (timer, lambda at: {"fired_at": at}, 30 * DAY, None),
    "a draft": (draft, lambda at: {"updated_at": at}, 30 * DAY, None),
    "a question": (
        verdict,
        lambda at: {"at": at, "question": "my PIN is 1234?", "said": {"words": {}}, "outcome": "helped"},
        90 * DAY,
        {"question": "", "said": {}, "outcome": "helped"},
    ),
    "what a reader said of an answer": (
        article_remark,
        lambda at: {"article_id": 7, "person_id": 7, "text": "words", "at": at},
        90 * DAY,
        None,
    ),
    "a refused alias": (alias, lambda at: {"at": at, "state": "refused"}, 90 * DAY, None),
    "an act": (audit, lambda at: {"at": at}, 365 * DAY, None),
    "a ban": (
        ban,
        lambda at: {"person_id": 7, "reason": "spam", "until": at, "by_id": 8, "at": at - DAY},
        30 * DAY,
        None,
    ),
    "where it is shown": (post, lambda at: {"at": at, "outgoing_id": None}, 396 * DAY, None),
    "a state": (
        person_state,
        lambda at: {"person_id": 7, "kind": StateKind.FIND, "key": "", "value": [], "until": at},
        timedelta(0),
        None,
    ),
    "an answered call": (
        answered_call,
        lambda at: {"token_id": 7, "key": str(at), "digest": "", "status": 201, "answer": {}, "at": at},
        DAY,
        None,
    ),
    "what recurs and was never started": (
        recurrence,
        lambda at: {
            "by_id": 7,
            "account_id": 7,
            "stage": "draft",
            "summary": "words",
            "schedule": {},
            "type_name": "",
            "holidays": "keep",
            "again": "note",
            "companies": [],
            "created_at": at,
        },
        7 * DAY,
        None,
    ),
    "what fired": (
        alert_group,
        lambda at: {
            "ticket_id": 7,
            "key": str(at),
            "current": True,
            "firings": 1,
            "noted": 1,
            "began_at": at,
            "last_at": at,
        },
        396 * DAY,
        None,
    ),
    "a form that nobody uses": (
        form,
        lambda at: {"name": "site", "digest": str(at), "data": {}, "created_at": at},
        30 * DAY,
        None,
    ),
    "a rate": (
        bucket,
        lambda at: {"name": "telegram:1:5", "sent": f"[1, {ticks(at)}]", "held_until": None},
        DAY,
        None,
    ),
}


@pytest.mark.parametrize("what", KEPT)
async def test_it_is_kept_so_long_and_no_longer(database: Database, what: str):
    table, made, kept, left = KEPT[what]

    def story(connection: Connection) -> None:
        world(connection)
        key = table.primary_key.columns.values()[-1]
        before = connection.scalar(select(func.count()).select_from(table))
        put(connection, table, **made(NOW - kept + HOUR))
        newest = select(table).order_by(key.desc()).limit(1)
        was = connection.execute(newest).one()
        all_of_it(connection)
        assert connection.execute(newest).one() == was, "too early"
        all_of_it(connection, NOW + 2 * HOUR)
        if left is None:
            assert connection.scalar(select(func.count()).select_from(table)) == before
        else:
            row = connection.execute(newest).one()
            assert {name: getattr(row, name) for name in left} == left

    await database.run(story)


def test_each_term_is_tried_here():
    tried = {table.name for table, *_ in KEPT.values()}
    assert tried | {"rules_revision", "lane", "setting", "overheard", "ticket", "person"} == {
        term.key[0].table.name for term in TERMS
    }


async def test_what_is_not_over_has_no_end(database: Database):
    """However old it is: waiting, live, in force or for good."""

    def story(connection: Connection) -> None:
        world(connection)
        at = NOW - 600 * DAY
        put(connection, inbox, payload="words", received_at=at)
        put(connection, outgoing, payload="words", created_at=at, done_at=None, state=Sending.QUEUED)
        put(connection, timer, due_at=at)
        put(connection, alias, at=at)
        put(connection, ban, person_id=7, reason="spam", until=None, by_id=8, at=at)
        put(connection, lane, side="in", name="busy", source="telegram:1", ready_at=at)
        put(connection, lane, side="out", name="leased", source="telegram:1", leased_until=NOW)
        put(connection, bucket, name="held", sent="[1]", held_until=NOW + HOUR)
        tables = (inbox, outgoing, timer, alias, ban, lane, bucket, message, ticket)
        was = [connection.execute(select(table)).all() for table in tables]
        all_of_it(connection)
        assert [connection.execute(select(table)).all() for table in tables] == was

    await database.run(story)


@pytest.mark.parametrize("by", ["card", "draft", "post", "receipt", "edit", "reply", "nothing"])
async def test_a_promise_that_is_named_stays_emptied(database: Database, by: str):
    def story(connection: Connection) -> None:
        world(connection)
        old = put(connection, outgoing, id=40, payload="words", error="drawn", done_at=NOW - 60 * DAY)
        put(connection, outgoing, id=41, payload="words", done_at=NOW - 60 * DAY)
        waits = {"payload": "", "created_at": NOW, "ready_at": NEVER, "done_at": None, "state": Sending.QUEUED}
        match by:
            case "card":
                put(connection, card, ticket_id=7, team_channel_id=7, place="queue", outgoing_id=old, look="")
            case "draft":
                put(connection, draft, card=old, updated_at=NOW)
            case "post":
                put(connection, post, outgoing_id=old, at=NOW - 60 * DAY)
            case "receipt":
                connection.execute(update(message).values(receipt_id=old))
            case "edit":
                put(connection, outgoing, id=50, edits=old, **waits)
            case "reply":
                put(connection, outgoing, id=50, anchor_outgoing=old, **waits)
        all_of_it(connection)
        left = connection.execute(select(outgoing.c.id, outgoing.c.payload, outgoing.c.error).where(outgoing.c.id < 50))
        assert left.all() == ([] if by == "nothing" else [(old, "", None)])

    await database.run(story)


async def test_what_failed_and_is_shown_in_part_is_listed_no_more(database: Database):
    def story(connection: Connection) -> None:
        world(connection)
        old = put(connection, outgoing, id=40, payload="w", state=Sending.FAILED, done_at=NOW - 60 * DAY)
        put(connection, post, outgoing_id=old, at=NOW - 60 * DAY)
        assert undelivered.count_undelivered(connection) == 1
        all_of_it(connection)
        assert undelivered.count_undelivered(connection) == 0
        assert connection.scalars(select(outgoing.c.state)).all() == [Sending.DROPPED]

    await database.run(story)


async def test_the_last_post_of_a_promise_takes_it_along(database: Database):
    def story(connection: Connection) -> None:
        world(connection)
        connection.execute(update(ticket).values(kind="closed"))
        for number in (40, 41):
            put(connection, outgoing, id=number, payload="", done_at=NOW - 400 * DAY)
            put(connection, post, outgoing_id=number, at=NOW - 400 * DAY, ticket_id=7)
        put(connection, post, outgoing_id=41, at=NOW, ticket_id=7)  # one of them is shown anew since
        all_of_it(connection)
        assert connection.scalars(select(outgoing.c.id)).all() == [41]
        assert connection.scalars(select(post.c.outgoing_id)).all() == [41]

    await database.run(story)


async def test_a_ticket_that_goes_on_is_shown_where_it_was(database: Database):
    def story(connection: Connection) -> None:
        world(connection)
        for facts in ({"ticket_id": 7}, {"ticket_id": None, "message_id": 7}):
            put(connection, post, at=NOW - 400 * DAY, **facts)
        all_of_it(connection)
        assert connection.scalar(select(func.count()).select_from(post)) == 2
        connection.execute(update(ticket).values(kind="closed"))
        all_of_it(connection)
        assert connection.scalar(select(func.count()).select_from(post)) == 0

    await database.run(story)


async def test_the_newest_rules_stay_however_old_they_are(database: Database):
    def story(connection: Connection) -> None:
        world(connection)
        ids = [put(connection, rules_revision, at=NOW - 400 * DAY) for _ in range(60)]
        all_of_it(connection)
        assert connection.scalars(select(rules_revision.c.id).order_by(rules_revision.c.id)).all() == ids[10:]

    await database.run(story)


async def test_an_address_at_which_nothing_waits_is_made_again_by_the_next_message(database: Database):
    def story(connection: Connection) -> None:
        put(connection, lane, side="out", name="telegram:1:5", source="telegram:1")
        all_of_it(connection)
        assert connection.scalars(select(lane.c.name)).all() == []
        enqueue(connection, "telegram:1", {"lane": "telegram:1:5", "operation": "send", "payload": ""}, NOW)
        assert connection.scalars(select(lane.c.ready_at)).all() == [NOW]

    await database.run(story)


async def test_a_guest_who_never_came_leaves_no_address_that_waits(database: Database):
    def story(connection: Connection) -> None:
        words = {"lane": "telegram:1:@guest-1", "operation": "send", "payload": "Hello", "ready_at": NEVER}
        enqueue(connection, "telegram:1", words, NOW - 31 * DAY)
        all_of_it(connection)
        all_of_it(connection)
        assert connection.scalars(select(lane.c.name)).all() == []
        assert connection.scalars(select(outgoing.c.payload)).all() == [""]
        all_of_it(connection, NOW + 31 * DAY)
        assert connection.scalars(select(outgoing.c.id)).all() == []

    await database.run(story)


def _count(connection: Connection, query: Select[int]) -> int:
    return connection.execute(query).scalar_one()


async def test_a_transaction_has_a_bound_and_the_next_one_goes_on(database: Database):
    many = CHUNK * 2 + 100

    def rows(connection: Connection) -> None:
        world(connection)
        event_ = typed("inbox", {**ROWS["inbox"], "payload": "words", "done_at": NOW - 3 * DAY})
        connection.execute(insert(inbox), [{**event_, "key": str(n)} for n in range(many)])

    await database.run(rows)
    marks: Mapping[str, Mark] = {}
    emptied: list[int] = []
    more = True
    left = select(func.count()).select_from(inbox).where(inbox.c.payload == "")
    while more:
        marks, more = await database.run(partial(forget_expired_rows, now=NOW, marks=marks))
        emptied.append(await database.run(partial(_count, query=left)))
    assert emptied == [CHUNK, 2 * CHUNK, many]


async def test_a_form_stays_while_a_request_or_a_draft_has_it_and_is_written_again_when_it_is_opened(
    database: Database,
):
    def story(connection: Connection) -> None:
        world(connection)
        forms = Requests(connection)
        asked, begun, unused = (
            forms.form_id("site", digest, {"fields": [digest]}, NOW - 90 * DAY)
            for digest in ("asked", "begun", "unused")
        )
        put(connection, ticket, id=100, form_id=asked)
        half = put(connection, draft, form_id=begun, updated_at=NOW)
        for _ in range(2):
            all_of_it(connection)
            assert connection.scalars(select(form.c.id).order_by(form.c.id)).all() == [7, asked, begun]
        again = forms.form_id("site", "unused", {"fields": ["unused"]}, NOW)
        assert again > unused
        connection.execute(delete(draft).where(draft.c.id == half))
        all_of_it(connection)
        assert connection.scalars(select(form.c.id).order_by(form.c.id)).all() == [7, asked, again]

    await database.run(story)


async def test_what_was_looked_at_is_not_looked_at_again(database: Database):
    """Rows that stay because they are named would else be read anew each hour."""

    def story(connection: Connection) -> None:
        world(connection)
        for number in range(40, 60):
            put(connection, outgoing, id=number, payload="", done_at=NOW - 60 * DAY)
            put(connection, post, outgoing_id=number, at=NOW - 60 * DAY)
        marks, _ = forget_expired_rows(connection, NOW, {})
        term = next(term for term in TERMS if term.name == "old promises")
        assert term.next(connection, NOW, marks[term.name], CHUNK) == []
        assert len(term.next(connection, NOW, None, CHUNK)) == 20

    await database.run(story)


async def test_each_look_goes_by_an_index(sqlite_url: str):
    """An hour's look must not cost more the more there is. (PostgreSQL's plans depend on how full the tables are.)"""
    small = {"drafts", "bans", "refused", "rules"}  # a few rows a person or an article
    waiting = {"guests"}  # finds its rows by an index of what waits, and sorts these
    database = await open_database(sqlite_url)

    def story(connection: Connection) -> None:
        plans: list[str] = []

        def explain(_conn: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            plans.extend(row[3] for row in rows)

        event.listen(connection, "before_cursor_execute", explain)
        for term in (term for term in TERMS if term.name not in small):
            types = [column.type.python_type for column in term.key]
            somewhere = tuple(0 if kind is int else "" if kind is str else NOW for kind in types)
            for mark in (None, somewhere):
                plans.clear()
                term.next(connection, NOW, mark, CHUNK)
                in_order = [step for step in plans if step.startswith("SCAN") and "INDEX" not in step]
                assert not in_order or term.key[0].name == "id", (term.name, plans)
                assert not any("TEMP B-TREE" in step for step in plans) or term.name in waiting, (term.name, plans)

    await database.run(story)
    await database.close()


async def test_what_a_worker_of_the_version_before_wrote_is_not_kept(database: Database):
    def story(connection: Connection) -> None:
        ours = set(connection.scalars(select(setting.c.name)).all())
        names = ("target:7", "asked:find:7", "link:0a1b", "turn:vip", "knowledge.revision", "fronts")
        connection.execute(insert(setting), [{"name": name, "value": 1} for name in names])
        all_of_it(connection)
        assert set(connection.scalars(select(setting.c.name)).all()) - ours == {"knowledge.revision", "fronts"}

    await database.run(story)


async def test_what_may_be_read_back_is_known_until_then(database: Database):
    """A desk that stood still for long reads back what was said since it last heard: what it has heard is known by its key."""

    def story(connection: Connection) -> None:
        mark = NOW - 40 * DAY
        catch_up.remember_heard(connection, "slack:T1", mark)
        for source, at in (("slack:T1", mark), ("slack:T1", mark - 2 * DAY), ("slack:T2", mark), ("telegram:1", mark)):
            put(connection, inbox, source=source, received_at=at, done_at=at)
        all_of_it(connection)
        assert connection.execute(select(inbox.c.source, inbox.c.received_at)).all() == [("slack:T1", mark)]
        all_of_it(connection, mark + 400 * DAY)
        assert connection.execute(select(inbox.c.id)).all() == []

    await database.run(story)


def test_the_terms_are_told_apart():
    assert len({term.name for term in TERMS}) == len(TERMS)
    assert len({term.told for term in TERMS if term.told != "deleted after 30 days"}) == len(TERMS) - 1


async def test_words_of_closed_requests_end_where_the_rules_say_so(database: Database):
    """By when they were closed, with those that were merged into them, a few a transaction; what is open stays."""

    def story(connection: Connection) -> None:
        world(connection)
        secret = {"summary": "secret", "answers": {"pin": "secret"}, "rating_comment": "secret"}
        closed = {**secret, "kind": "closed", "closed_at": NOW - 41 * DAY}
        for number in range(100, 150):
            put(connection, ticket, id=number, **closed)
        put(connection, ticket, id=200, **{**closed, "closed_at": NOW - 39 * DAY})
        put(connection, ticket, id=201, **{**closed, "merged_into": 200})  # it goes on in one that was closed later
        put(connection, ticket, id=202, **{**closed, "merged_into": 100, "closed_at": NOW - 45 * DAY})
        put(connection, ticket, id=203, **{**secret, "created_at": NOW - 900 * DAY})
        said = {"words": {"text": "secret", "spans": []}, "files": [{"name": "secret"}]}
        for number in (100, 201, 202, 203):
            of = put(connection, message, id=1000 + number, ticket_id=number, **said)
            put(connection, old_words, message_id=of, words={"text": "secret"}, until=NOW)
        put(connection, entry, ticket_id=100, action="rate", facts={"rating": "5", "rating_comment": "secret"})
        put(connection, thread, ticket_id=100, team_channel_id=7, title="#100 secret", icon="closed")
        Search(connection).add(100, ["secret"])
        marks: Mapping[str, Mark] = {}
        rounds, more = 0, True
        while more:
            marks, more = forget_expired_rows(connection, NOW, marks, {"requests": 40 * DAY})
            rounds += 1
        assert rounds == 3
        left = connection.scalars(select(ticket.c.id).where(ticket.c.summary == "secret").order_by(ticket.c.id)).all()
        assert left == [200, 201, 203]
        gone = select(ticket.c.id).where(ticket.c.forgotten_at == NOW).order_by(ticket.c.id)
        assert connection.scalars(gone).all() == [*range(100, 150), 202]
        words = connection.execute(select(message.c.ticket_id, message.c.words, message.c.files).order_by(message.c.id))
        kept = {row.ticket_id: row.words["text"] or row.files for row in words if row.ticket_id > 7}
        assert kept == {100: [], 201: "secret", 202: [], 203: "secret"}
        assert connection.scalars(select(entry.c.facts).where(entry.c.ticket_id == 100)).all() == [{"rating": "5"}]
        assert connection.scalars(select(thread.c.title)).all() == ["#100"]
        assert Search(connection).find("secret") == []
        assert connection.scalar(select(func.count()).select_from(old_words)) == 2

    await database.run(story)


async def test_a_rule_changes_how_long_a_kind_is_kept_and_no_other(database: Database):
    def story(connection: Connection) -> None:
        world(connection)
        put(connection, draft, updated_at=NOW - 10 * DAY)
        put(connection, verdict, at=NOW - 10 * DAY, question="my PIN")
        forget_expired_rows(connection, NOW, {}, {"drafts": 7 * DAY})
        assert connection.scalar(select(func.count()).select_from(draft)) == 0
        assert "my PIN" in connection.scalars(select(verdict.c.question)).all()

    await database.run(story)
