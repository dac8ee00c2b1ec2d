"""The book is right: statuses follow their workflow, one assignee, clocks and timers as in a plain recount, no loose ends."""

import json
from collections.abc import Iterator
from sqlite3 import Row

from tests.town.rooms import TASK
from tests.town.town import Town
from tests.town.words import ACTIVE

TRUSTED = ("agent", "deserter", "admin", "anonymous admin", "specialist")  # a press names its author, masked or not
# Columns that name an id in another table and are bound by no foreign key; None: the row may be gone by retention.
LOOSE = (
    ("card", "outgoing_id", "outgoing"),
    ("draft", "card", "outgoing"),
    ("post", "outgoing_id", "outgoing"),
    ("post", "message_id", "message"),
    ("post", "ticket_id", "ticket"),
    ("ticket", "task_of", "ticket"),
    ("outgoing", "edits", "outgoing"),
    ("outgoing", "anchor_message", "message"),
    ("outgoing", "anchor_outgoing", "outgoing"),
    ("outgoing", "message_id", "message"),
    ("outgoing", "ticket_id", "ticket"),
    ("message", "receipt_id", "outgoing"),
    ("audit", "ticket_id", "ticket"),
    ("verdict", "ticket_id", "ticket"),
)
ONCE = (
    "remind",
    "auto_close",
    "wake",
    "unclaimed",
    "first_response",
    "resolution",
)  # one waits at a time, of a request
COUNTED = ("inbox", "outgoing", "message", "ticket", "draft", "timer", "verdict", "post", "entry", "article", "alias")


def problems(town: Town) -> Iterator[str]:
    """Yield what is wrong in the rows."""
    reader = town.life.reader
    tickets = reader.rows("SELECT * FROM ticket")
    entries: dict[int, list[Row]] = {}
    for row in reader.rows("SELECT ticket_id, action, was, now, at FROM entry ORDER BY id"):
        entries.setdefault(row["ticket_id"], []).append(row)
    workflows = {row["id"]: row["workflow"] for row in reader.rows("SELECT id, workflow FROM request_type")}
    for ticket in tickets:
        yield from _history(ticket, entries.get(ticket["id"], []))
        yield from _standing(town, ticket, workflows.get(ticket["request_type_id"]))
    yield from _whose(town)
    yield from _helpers(town)
    yield from _surveys(town)
    yield from _plans(town)
    yield from _tasks(town)
    yield from _timers(town)
    yield from _loose(town)
    yield from _reused(town)


def _history(ticket: Row, entries: list[Row]) -> Iterator[str]:
    """The entries of a request are one chain from its beginning to where it stands."""
    about, status = f"book: #{ticket['id']}", ""
    if not entries or entries[0]["action"] != "register":
        yield f"{about} does not begin with its registration"
    for entry in entries:
        if status and entry["was"] != status:
            yield f"{about} went from {status} on from {entry['was']} by {entry['action']}"
        status = entry["now"]
    if entries and status != ticket["status"]:
        yield f"{about} stands at {ticket['status']}, its history ends at {status}"
    if sum(entry["action"] == "register" for entry in entries) > 1:
        yield f"{about} is registered more than once"


def _standing(town: Town, ticket: Row, workflow: str | None) -> Iterator[str]:
    """What a request is like goes with its status."""
    about, kind, status = f"book: #{ticket['id']}", ticket["kind"], ticket["status"]
    data = json.loads(workflow) if workflow and workflow != "null" else None
    named = {kind: kind} if data is None else data["statuses"]
    known = {name: what["kind"] if isinstance(what, dict) else what for name, what in named.items()}
    active, due, paused = kind in ACTIVE, ticket["resolution_due"] is not None, ticket["paused_at"] is not None
    wrong = {
        f"has the status {status} of the kind {kind}, which its workflow does not know": known.get(status) != kind,
        "is new and somebody's": data is None and kind == "new" and ticket["agent_id"] is not None,
        f"is {kind} and has the urgency {ticket['urgency']}": active != (ticket["urgency"] is not None),
        "is over and asleep": not active and ticket["snoozed_until"] is not None,
        f"goes on in another and is {kind}": ticket["merged_into"] is not None and kind != "closed",
        "is a part of itself, or of nothing that ever was": ticket["task_of"] is not None
        and not 0 < ticket["task_of"] < ticket["id"],
        "is a part and goes on in another": ticket["task_of"] is not None and ticket["merged_into"] is not None,
        "goes on in itself": ticket["merged_into"] == ticket["id"],
        "waits for its requester, and its clock runs": kind == "pending" and not paused and due,
        "waits for nobody, and its clock stands": kind in ("new", "open") and paused,
        f"was closed and is {kind}": ticket["closed_at"] is not None and kind != "closed",
        "is closed since never": ticket["closed_at"] is None and kind == "closed",
    }
    yield from (f"{about} {what}" for what, so in wrong.items() if so)


def _whose(town: Town) -> Iterator[str]:
    """Whoever does something to a request is of the team, or of those whose request it is."""
    reader = town.life.reader
    homes: dict[int, set[str]] = {}
    for row in reader.rows("SELECT person_id, source, native FROM account"):
        homes.setdefault(row["person_id"], set()).update(town._homes(row["source"], row["native"]))
    acts = reader.rows(
        "SELECT DISTINCT ticket_id, action, person_id FROM entry WHERE person_id IS NOT NULL AND action <> 'register'"
    )
    for act in acts:
        own = set(homes.get(act["person_id"], ()))
        actors = [person for person in town.people if person.home in own]
        trusted = any(actor.sort in TRUSTED or actor.granted for actor in actors)
        if act["action"] == "follow_up":  # in a channel everybody speaks on a request
            own |= {room for actor in actors for room in actor.rooms if town.channel(room)}
        if actors and not trusted and not own & town.parties(act["ticket_id"]):
            yield f"book: #{act['ticket_id']} had a {act['action']} by {actors[0]}, whose it is not"


def _helpers(town: Town) -> Iterator[str]:
    """Whoever has a request does not help with it besides, and nobody helps with what goes on in another."""
    found = town.life.reader.rows(
        "SELECT h.ticket_id, h.person_id, t.merged_into FROM helper h JOIN ticket t ON t.id = h.ticket_id"
        " WHERE h.ended_at IS NULL AND (t.agent_id = h.person_id OR t.merged_into IS NOT NULL)"
    )
    yield from (
        f"book: {row['person_id']} helps with #{row['ticket_id']} ({row['merged_into'] or 'has it'})" for row in found
    )


def _surveys(town: Town) -> Iterator[str]:
    """Nobody is asked how it was twice about a request, nor about a part of the team's own."""
    asked = town.life.reader.rows(
        "SELECT ticket_id, count(*) AS n FROM outgoing WHERE operation = 'send' AND payload LIKE '%\"nps\"%' GROUP BY 1"
    )
    yield from (f"book: #{row['ticket_id']} was asked about {row['n']} times" for row in asked if row["n"] > 1)
    tasks = town.life.reader.rows(
        "SELECT s.ticket_id FROM survey s JOIN ticket t ON t.id = s.ticket_id WHERE t.task_of > 0"
    )
    yield from (f"book: the task #{row['ticket_id']} was asked about" for row in tasks)
    if town.life.reader.one("SELECT count(*) FROM survey") > 0:
        town.tally.count("reached", "surveys")


def _tasks(town: Town) -> Iterator[str]:
    """What a type's rules give each of its requests is there once, as soon as somebody has it."""
    twice = town.life.reader.rows(
        "SELECT task_of, count(*) AS n FROM ticket WHERE summary = ? AND task_of > 0 GROUP BY 1 HAVING count(*) > 1",
        TASK,
    )
    yield from (f"book: #{row['task_of']} has its type's task {row['n']} times" for row in twice)
    without = town.life.reader.rows(
        "SELECT t.id FROM ticket t JOIN request_type k ON k.id = t.request_type_id WHERE k.name = 'other'"
        " AND t.agent_id IS NOT NULL AND t.closed_at IS NULL AND t.resolved_at IS NULL AND t.merged_into IS NULL"
        " AND t.task_of IS NULL AND NOT EXISTS (SELECT 1 FROM ticket m WHERE m.merged_into = t.id)"
        " AND NOT EXISTS (SELECT 1 FROM ticket p WHERE p.task_of = t.id AND p.summary = ?)",
        TASK,
    )
    yield from (f"book: #{row['id']} is worked on without its type's task" for row in without)
    if town.life.reader.one("SELECT count(*) FROM ticket WHERE summary = ?", TASK) > 0:
        town.tally.count("reached", "tasks of a type")


def _plans(town: Town) -> Iterator[str]:
    """Of one request one time is planned at once, and of what is over none that was still to come when it ended."""
    two = town.life.reader.rows(
        "SELECT a.ticket_id FROM plan a JOIN plan b ON b.ticket_id = a.ticket_id AND b.id > a.id"
        " WHERE a.ended_at IS NULL AND b.ended_at IS NULL AND a.ends_at > b.at"
    )
    yield from (f"book: two times are planned for #{row['ticket_id']} at once" for row in two)
    over = town.life.reader.rows(
        "SELECT p.ticket_id FROM plan p JOIN ticket t ON t.id = p.ticket_id"
        " WHERE p.ended_at IS NULL AND t.urgency IS NULL AND p.begins_at > t.updated_at"
    )
    yield from (f"book: #{row['ticket_id']} is over, and planned for a time to come" for row in over)


def _timers(town: Town) -> Iterator[str]:
    """One timer waits for one thing; what sleeps has one that wakes it; what is resolved has one that closes it."""
    reader = town.life.reader
    waiting = reader.rows(
        "SELECT ticket_id, name, CAST(facts AS text) AS facts, count(*) AS n FROM timer WHERE fired_at IS NULL GROUP BY 1, 2, 3"
    )
    for row in waiting:
        if row["name"] in ONCE and row["ticket_id"] is not None and row["n"] > 1:
            yield f"book: {row['n']} timers {row['name']} wait for #{row['ticket_id']}"
    asleep = {row["id"] for row in reader.rows("SELECT id FROM ticket WHERE snoozed_until IS NOT NULL")}
    wakes = {row["ticket_id"] for row in waiting if row["name"] == "wake"}
    yield from (f"book: nothing wakes #{number}" for number in sorted(asleep - wakes))
    resolved = reader.rows(
        "SELECT id FROM ticket WHERE kind = 'resolved' AND id NOT IN"
        " (SELECT ticket_id FROM timer WHERE fired_at IS NULL AND name = 'auto_close' AND ticket_id IS NOT NULL)"
    )
    yield from (f"book: nothing will close #{row['id']}" for row in resolved)


def _loose(town: Town) -> Iterator[str]:
    """No row names an id that never was."""
    reader = town.life.reader
    for table, column, other in LOOSE:
        most = max(town.highest.get(other, 0), reader.one(f"SELECT coalesce(max(id), 0) FROM {other}"))
        for row in reader.rows(f"SELECT DISTINCT {column} AS id FROM {table} WHERE {column} > ?", most):
            yield f"book: {table}.{column} names {other} {row['id']}, which never was"


def _reused(town: Town) -> Iterator[str]:
    """No id is given twice: a row that is new has an id that is higher than all before."""
    reader = town.life.reader
    for table in COUNTED:
        ids = {row["id"] for row in reader.rows(f"SELECT id FROM {table}")}
        before, most = town.ids.get(table, set()), town.highest.get(table, 0)
        again = sorted(number for number in ids - before if number <= most)
        yield from (f"book: {table} {number} was given before" for number in again[:3])
        town.ids[table] = ids
        town.highest[table] = max(most, max(ids, default=0))
