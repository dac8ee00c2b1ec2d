"""Databases for the scale bench: so many requests with all that stands around one, by bulk SQL that both databases understand.

One in ten waits. Each has a handful of words, some of them common, some rare, so that a search meets all kinds. What is done to
one takes up to an hour, and the clock runs in office hours, so that a report has working time to count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from bot.operations import seed
from handlers.rules import Rules
from storage.tickets.search_sql import POSTGRES
from storage.tickets.search_terms import search_words
from storage.types import EPOCH

TEAM = ("telegram:42", "-1001")
AGENT = ("7001", "Bob")
OFFICE = {
    "hours": {"office": {"zone": "Europe/Kyiv", "week": {"mon-fri": "08:00-13:00, 14:00-18:00"}}},
    "sla": {"standard": {"hours": "office", "first_response": "4h"}},
}
VOCABULARY = 20_000  # words that are neither common nor rare
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the two databases spell in their own way."""

    at: str  # when request i was talked about: one a minute, the last one an hour ago
    minute: str
    json: str
    tokens: str

    def written(self, sql: str) -> str:
        """Return a statement in this dialect."""
        each = {"at": self.at, "minute": self.minute, "json": self.json, "tokens": self.tokens}
        for name, value in each.items():
            sql = sql.replace(f"{{{name}}}", value)
        return sql


DIALECTS = {
    "sqlite": Dialect("(:now - (:count - i + 60) * 60000000)", "60000000", "{}", "{words}"),
    POSTGRES: Dialect(
        "(CAST(:now AS timestamptz) - (:count - i + 60) * interval '1 minute')",
        "interval '1 minute'",
        "CAST({} AS json)",
        "array_to_tsvector(string_to_array({words} || ' @' || (i >> 15), ' '))",
    ),
}


def stem(word: str) -> str:
    """Return a word as the search knows it."""
    [found] = search_words(word)
    return found


# In one request of five, of a hundred, of ten thousand; and some that are anybody's.
WORDS = f"""'{stem("request")} ' || CAST(i AS VARCHAR(20))
    || CASE WHEN i % 5 = 0 THEN ' {stem("printer")}' ELSE '' END || CASE WHEN i % 100 = 1 THEN ' {stem("invoice")}' ELSE '' END
    || CASE WHEN i % 7 = 0 THEN ' {stem("пароль")}' ELSE '' END || CASE WHEN i % 10000 = 77 THEN ' {stem("elephant")}' ELSE '' END
    || ' w' || CAST(i * 7919 % {VOCABULARY} AS VARCHAR(20)) || ' w' || CAST(i * 104729 % {VOCABULARY} AS VARCHAR(20))
    || ' w' || CAST(i * 1299709 % {VOCABULARY} AS VARCHAR(20)) || ' w' || CAST(i * 611953 % {VOCABULARY} AS VARCHAR(20))"""

STATEMENTS = """
INSERT INTO person (id, name, role, created_at)
SELECT i, 'Person ' || i, 'requester', {at} FROM numbers WHERE i <= :people AND i > 1;

INSERT INTO account (id, person_id, source, native, name, name_key, username, language, chat)
SELECT i, i, 'telegram:42', CAST(9000000 + i AS VARCHAR(20)), 'Person ' || i, 'person ' || i, '', 'en',
       CAST(9000000 + i AS VARCHAR(20))
FROM numbers WHERE i <= :people AND i > 1;

INSERT INTO ticket (id, version, requester_id, account_id, request_type_id, form_id, summary, answers, status, kind, priority,
                    agent_id, language, unread, created_at, updated_at, talked_at, urgency, first_response_at, resolved_at)
SELECT i, 3, 2 + i % (:people - 1), 2 + i % (:people - 1), 1, :form, 'A summary of request ' || i, {json_answers},
       CASE WHEN i % 10 > 0 THEN 'closed' WHEN i % 20 = 0 THEN 'open' ELSE 'new' END,
       CASE WHEN i % 10 > 0 THEN 'closed' WHEN i % 20 = 0 THEN 'open' ELSE 'new' END,
       CASE WHEN i % 200 = 0 THEN 'urgent' ELSE 'normal' END,
       CASE WHEN i % 20 = 10 THEN NULL ELSE 1 END, 'en', 0, {at}, {at}, {at},
       CASE WHEN i % 10 > 0 THEN NULL WHEN i % 200 = 0 THEN 0 ELSE 2 END,
       CASE WHEN i % 20 = 10 THEN NULL ELSE {at} END, CASE WHEN i % 10 > 0 THEN {at} ELSE NULL END
FROM numbers;

INSERT INTO ticket_tag (ticket_id, tag) SELECT i, 'vip' FROM numbers WHERE i % 10 = 0 AND i > :count - 500;

INSERT INTO ticket_tag (ticket_id, tag) SELECT i, 'tag' || (i % 50) FROM numbers WHERE i % 5 = 0;

INSERT INTO entry (ticket_id, person_id, action, was, now, facts, at)
SELECT i, 2 + i % (:people - 1), 'register', '', 'new', {json_begun}, {at} FROM numbers;

INSERT INTO entry (ticket_id, person_id, action, was, now, facts, at)
SELECT i, 1, 'claim', 'new', 'open', {json_empty}, {at} + {minute} * (1 + i * 7 % 19) FROM numbers WHERE i % 20 <> 10;

INSERT INTO entry (ticket_id, person_id, action, was, now, facts, at)
SELECT i, 1, 'reply', 'open', 'open', {json_empty}, {at} + {minute} * (20 + i * 11 % 17) FROM numbers WHERE i % 20 <> 10;

INSERT INTO entry (ticket_id, person_id, action, was, now, facts, at)
SELECT i, 1, 'resolve', 'open', 'resolved', {json_over}, {at} + {minute} * (40 + i * 13 % 15) FROM numbers WHERE i % 10 > 0;

INSERT INTO entry (ticket_id, person_id, action, was, now, facts, at)
SELECT i, NULL, 'close', 'resolved', 'closed', {json_empty}, {at} + {minute} * 59 FROM numbers WHERE i % 10 > 0;

INSERT INTO verdict (person_id, question, said, language, verdict, candidates, tried, outcome, at)
SELECT 2 + (i + 7) % (:people - 1), 'How do I reset the password of ' || i || '?', {json_empty}, 'en',
       CASE WHEN i % 6 = 0 THEN 'unknown' ELSE 'sure' END, {json_list},
       CASE WHEN i % 6 = 0 THEN {json_list} ELSE {json_shown} END,
       CASE WHEN i % 6 = 2 THEN 'helped' WHEN i % 12 = 0 THEN 'handoff' ELSE NULL END, {at}
FROM numbers WHERE i % 2 = 0;

INSERT INTO message (id, ticket_id, person_id, kind, words, files, at)
SELECT i, i, 2 + i % (:people - 1), 'follow_up', {json_words}, {json_list}, {at} FROM numbers;

INSERT INTO card (ticket_id, team_channel_id, place, outgoing_id, look) SELECT i, 1, 'queue', i, 'x' FROM numbers;

INSERT INTO thread (ticket_id, team_channel_id, native, title, icon)
SELECT i, 1, CAST(100 + i AS VARCHAR(20)), 'A thread', 'closed' FROM numbers WHERE i % 20 <> 10;

INSERT INTO post (place, native, part, message_id, at)
SELECT 'telegram:42:' || (9000002 + i % (:people - 1)), CAST(i AS VARCHAR(20)), 0, i, {at} FROM numbers;

INSERT INTO post (place, native, part, outgoing_id, ticket_id, at)
SELECT 'telegram:42:-1001', CAST(i AS VARCHAR(20)), 0, i, i, {at} FROM numbers;

INSERT INTO searchable (id, words) SELECT i * 4096, {tokens} FROM numbers;
"""
JSON = {
    "json_answers": '\'{"details": "What happened"}\'',
    "json_empty": "'{}'",
    "json_begun": '\'{"group": null, "priority": "normal"}\'',
    "json_over": "'{\"due\": null}'",
    "json_words": '\'{"text": "What happened, in the words of request \' || i || \'", "spans": []}\'',
    "json_list": "'[]'",
    "json_shown": "'[1]'",
}


def fill(connection: Connection, count: int, now: datetime) -> None:
    """Write a desk with so many requests: a team channel, an agent, request types, and the requests' people."""
    dialect = DIALECTS[connection.dialect.name]
    seed.seed_rules(connection, document={**seed.example_rules(), **OFFICE}, base=Rules(), now=now)
    form = _team(connection, now)
    connection.execute(text("CREATE TEMPORARY TABLE numbers (i BIGINT PRIMARY KEY)"))
    _numbers(connection, count)
    moment: object = now if connection.dialect.name == POSTGRES else (now - EPOCH) // MICROSECOND
    facts = {"now": moment, "count": count, "people": max(3, count // 5), "form": form}
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            for name, value in JSON.items():
                statement = statement.replace(f"{{{name}}}", dialect.json.replace("{}", value))
            sql = text(dialect.written(statement).replace("{words}", WORDS))
            connection.execute(sql, {name: value for name, value in facts.items() if f":{name}" in sql.text})
    connection.execute(text("DROP TABLE numbers"))


def _team(connection: Connection, now: datetime) -> int:
    """Write the team channel and its agent, and return a form."""
    from storage.transaction import Transaction

    tx = Transaction(connection)
    source, chat = TEAM
    channel = tx.channels.ensure(source, chat, language="en", threads=True)
    native, name = AGENT
    bob = tx.people.meet(source, native, name=name, username=name.lower(), language="en", chat=native, at=now)
    tx.channels.join(channel.id, bob.id, now)
    return tx.requests.form_id("bench", "bench", {"name": "bench", "title": {"en": "Bench"}, "fields": []}, now)


def _numbers(connection: Connection, count: int) -> None:
    if connection.dialect.name == POSTGRES:
        connection.execute(text("INSERT INTO numbers SELECT generate_series(1, :count)"), {"count": count})
    else:
        raw: Any = connection.connection.dbapi_connection
        raw.executemany("INSERT INTO numbers VALUES (?)", ((i,) for i in range(1, count + 1)))


def hasten(connection: Connection) -> Sequence[str]:
    """Take away what makes a bulk slow; return what puts it back."""
    if connection.dialect.name != POSTGRES:
        return ["INSERT INTO search_words (search_words) VALUES ('rebuild')", "ANALYZE"]
    indexes = connection.execute(
        text("""
        SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
        JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = 'public' AND NOT x.indisprimary AND NOT x.indisunique
          AND t.relname IN ('ticket', 'entry', 'message', 'post', 'thread', 'card', 'searchable', 'account')
        """)
    ).all()
    for name, _ in indexes:
        connection.execute(text(f'DROP INDEX "{name}"'))
    for setting in ("session_replication_role = replica", "maintenance_work_mem = '400MB'", "synchronous_commit = off"):
        connection.execute(text(f"SET LOCAL {setting}"))
    return [definition for _, definition in indexes]
