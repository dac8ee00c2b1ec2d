"""Never give an id twice, and keep what is remembered of a person in a table of its own, with an end.

SQLite takes the largest id of a table and adds one: once the newest rows are deleted, their ids come again, while cards,
receipts, buttons and addresses still name them. ``AUTOINCREMENT`` remembers the largest id ever given. It can only be asked for
when a table is made, so every table is made anew and filled from the old one; what names an id without a foreign key is
read first, and the sequences go on after the largest of all.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON()

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEPT = timedelta(days=30)  # what a person's state without an end of its own gets

# Where an id stands without a foreign key: a column, and whose id it is.
COLUMNS = (
    ("card.outgoing_id", "outgoing"),
    ("draft.card", "outgoing"),
    ("post.outgoing_id", "outgoing"),
    ("post.message_id", "message"),
    ("post.ticket_id", "ticket"),
    ("message.receipt_id", "outgoing"),
    ("outgoing.edits", "outgoing"),
    ("outgoing.anchor_outgoing", "outgoing"),
    ("outgoing.anchor_message", "message"),
    ("outgoing.message_id", "message"),
    ("outgoing.ticket_id", "ticket"),
    ("audit.ticket_id", "ticket"),
    ("verdict.ticket_id", "ticket"),
)
LANES = ("lane.name", "inbox.lane", "outgoing.lane", "outgoing.fold", "draft.place")
THREAD = re.compile(r"#(\d{1,15})(?:/(\d{1,15}))?$")  # a ticket's thread in a team channel, or the ticket itself
FOLD = re.compile(r"(?:follow_up|joined):(\d{1,15})$")
DOCUMENTS = (
    "draft.facts",
    "draft.answers",
    "timer.facts",
    "audit.facts",
    "entry.facts",
    "inbox.payload",
    "outgoing.payload",
    "setting.value",
    "verdict.tried",
    "verdict.said",
)
# Facts that are ids of ours, by the word they stand under; ids of the messengers are texts and never numbers.
FACTS = {
    "outgoing": "outgoing",
    "shown": "outgoing",
    "card": "outgoing",
    "ticket": "ticket",
    "tickets": "ticket",
    "previous": "ticket",
    "into": "ticket",
    "not": "ticket",
    "left": "ticket",
    "behind": "ticket",
    "message": "message",
    "person": "person",
    "who": "person",
    "other": "person",
    "to": "person",
    "by": "person",
    "asker": "person",
    "account": "account",
    "for": "account",
    "channel": "team_channel",
    "verdict": "verdict",
    "gap": "verdict",
    "article": "article",
    "form": "form",
}
# What the key of a button names, part by part between full stops.
TICKET = ("ticket",)
BUTTONS = {
    "retry": ("outgoing",),
    "unsend": ("message",),
    **dict.fromkeys(("pick", "back", "skip", "clear", "drop", "fix", "submit", "resume"), ("draft",)),
    **dict.fromkeys(("unban", "role", "role_to", "bulk", "bulk_go", "bulk_no", "view"), ("person",)),
    "give": ("ticket", "person"),
    "bulk_to": ("person", "person"),
    "bulk_do": ("", "person"),
    "page": ("", "person"),
    "article": ("verdict", "article"),
    "helped": ("verdict", "article"),
    **dict.fromkeys(("need", "ask", "gap"), ("verdict",)),
    "about": ("verdict", "ticket"),
    "favour": ("article",),
    **dict.fromkeys(("faq_show", "faq_on", "faq_off", "faq_edit", "faq_alias", "faq_history"), ("article",)),
    **dict.fromkeys(("faq_delete", "faq_gone", "faq_older"), ("article",)),
    "faq_restore": ("article_version",),
    **dict.fromkeys(("alias_yes", "alias_no"), ("alias",)),
    "teach_alias": ("ticket", "article"),
    "join": ("ticket", "ticket"),
    **dict.fromkeys(
        ("claim", "release", "assign", "reply", "note", "resolve", "close", "reopen", "more", "less"), TICKET
    ),
    **dict.fromkeys(
        ("hold", "unhold", "priority", "merge", "retype", "as", "escalate", "rate", "card", "status"), TICKET
    ),
    **dict.fromkeys(("teach", "teach_new", "teach_skip", "watch", "doze", "snooze", "spam", "linked"), TICKET),
    **dict.fromkeys(("resolve_linked", "confirm", "again", "withdraw", "canned", "canned_send", "canned_wait"), TICKET),
    **dict.fromkeys(("switch", "move", "tag", "time"), TICKET),
}
SEARCH_PARTS = 4096  # rows that the words of one ticket may have: the id of the first is so many times the ticket's

STATES = {"target": "target", "banned": "ban_told", "proposal": "proposal", "bulk": "bulk", "home": "home"}
ASKED = ("queue", "find", "view")


def upgrade() -> None:
    largest = _remembered()
    if _sqlite():
        _rebuild(lambda made: made.replace("PRIMARY KEY (id)", "PRIMARY KEY (id AUTOINCREMENT)"))
    op.create_table(
        "person_state",
        sa.Column("person_id", Big, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_state_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "kind", "key", name="pk_person_state"),
    )
    op.create_index("ix_person_state_until", "person_state", ["until"])
    op.create_index("ix_person_state_kind_key", "person_state", ["kind", "key"])
    op.create_index("ix_card_outgoing", "card", ["outgoing_id"])
    op.create_index("ix_old_words_until", "old_words", ["until"])
    for name, table, column in PARTIAL:
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], postgresql_where=where, sqlite_where=where)
    _settings_to_states()
    _seed(largest)
    _mend(largest)


PAGE = 500  # rows that are read at once

PARTIAL = (
    ("ix_message_receipt", "message", "receipt_id"),
    ("ix_message_deleted", "message", "deleted_at"),
    ("ix_timer_fired", "timer", "fired_at"),
)


def downgrade() -> None:
    _states_to_settings()
    for name, table, _ in PARTIAL:
        op.drop_index(name, table)
    op.drop_index("ix_old_words_until", "old_words")
    op.drop_index("ix_card_outgoing", "card")
    op.drop_table("person_state")
    if _sqlite():
        _rebuild(lambda made: made.replace("PRIMARY KEY (id AUTOINCREMENT)", "PRIMARY KEY (id)"))


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


# Tables made anew -----------------------------------------------------------------------------------------------------


def _rebuild(change: Callable[[str], str]) -> None:
    """Make each table with an id of its own, and each that refers to one, from its changed text, and move the rows over.

    All of them step aside at once: foreign keys follow a table that is renamed, so none ever leads nowhere, and they stay on.
    """
    made, indexes = _schema()
    for name in made:
        op.execute(f'ALTER TABLE "{name}" RENAME TO "old_{name}"')
    for index in indexes:
        op.execute(f'DROP INDEX "{index}"')
    for text in made.values():
        op.execute(sa.text(change(text).replace(":", r"\:")))
    op.execute("PRAGMA defer_foreign_keys = ON")  # a row may refer to a later one of its own table
    parents_first = _order(made)
    for name in parents_first:
        op.execute(f'INSERT INTO "{name}" SELECT * FROM "old_{name}"')
    for name in reversed(parents_first):
        for number, column in enumerate(
            _refers_to_itself(f"old_{name}")
        ):  # else each row that goes looks at all others
            op.execute(f'CREATE INDEX "old_{name}_{number}" ON "old_{name}" ("{column}")')
        op.execute(f'DROP TABLE "old_{name}"')
    for text in indexes.values():
        op.execute(sa.text(text.replace(":", r"\:")))


def _schema() -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of the tables to make anew and of their indexes, by name."""
    rows = (
        op.get_bind()
        .execute(sa.text("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        .all()
    )
    own = re.compile(r"PRIMARY KEY \(id\b|REFERENCES")
    made = {
        row.name: row.sql
        for row in rows
        if row.type == "table"
        and row.name != "searchable"
        and own.search(row.sql)
        and not row.name.startswith("sqlite_")
    }
    return made, {row.name: row.sql for row in rows if row.type == "index" and row.tbl_name in made}


def _order(made: Iterable[str]) -> list[str]:
    """Return the tables in an order in which each comes after those it refers to."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in made:
        sorter.add(name, *({key.table for key in _foreign_keys(name)} - {name}))
    return list(sorter.static_order())


def _refers_to_itself(name: str) -> list[str]:
    return [key[3] for key in _foreign_keys(name) if key.table == name]


def _foreign_keys(name: str) -> Sequence[Any]:
    return op.get_bind().execute(sa.text(f'PRAGMA foreign_key_list("{name}")')).all()


# What is remembered ---------------------------------------------------------------------------------------------------


def _remembered() -> Counter[str]:
    """Return the largest id that anything names without a foreign key, by table."""
    largest: Counter[str] = Counter()
    for table, number in _named():
        largest[table] = max(largest[table], number)
    return largest


def _named() -> Iterator[tuple[str, int]]:
    """Yield what is named anywhere: a table, and an id."""
    for column, of in COLUMNS:
        yield of, _number(f"SELECT max({column.partition('.')[2]}) FROM {column.partition('.')[0]}")
    yield "ticket", _number("SELECT max(id) FROM searchable") // SEARCH_PARTS
    for text in _texts(LANES, "%#%", "follow_up:%", "joined:%"):
        if found := THREAD.search(text):
            yield from (("ticket", int(found[1])), ("team_channel", int(found[2] or 0)))
        elif found := FOLD.search(text):
            yield "ticket", int(found[1])
    for text in _texts(DOCUMENTS):
        yield from _in_document(_parsed(text))
    for row in op.get_bind().execute(sa.text("SELECT name, value FROM setting")).all():
        yield from _in_setting(row.name, _parsed(row.value))


def _number(query: str) -> int:
    return op.get_bind().scalar(sa.text(query)) or 0


def _texts(columns: Iterable[str], *like: str) -> Iterator[str]:
    """Yield the texts of some columns, a page at a time; only those that are like one of these, where it is said."""
    for each in columns:
        name, _, column = each.partition(".")
        key: sa.ColumnClause[Any] = sa.column("name" if name in ("lane", "setting") else "id")
        text = sa.cast(sa.column(column), sa.Text())
        query = sa.select(key.label("key"), text.label("text")).select_from(sa.table(name)).order_by(key).limit(PAGE)
        if like:
            query = query.where(sa.or_(*(text.like(pattern) for pattern in like)))
        rows = op.get_bind().execute(query).all()
        while rows:
            yield from (row.text for row in rows if row.text)
            rows = op.get_bind().execute(query.where(key > rows[-1].key)).all()


def _parsed(value: Any) -> Any:
    """Return what a column of JSON holds, whichever database gives it; what is no JSON names nothing."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _in_document(value: Any) -> Iterator[tuple[str, int]]:
    """Yield the ids that a document names: by the words they stand under, and as the keys of buttons."""
    if isinstance(value, list):
        for one in value:
            yield from _in_document(one)
    if not isinstance(value, dict):
        return
    yield from _in_button(value.get("name"), value.get("value"))
    for key, one in value.items():
        if key in FACTS:
            yield from ((FACTS[key], number) for number in _ids(one))
        yield from _in_document(one)


def _in_button(name: Any, key: Any) -> Iterator[tuple[str, int]]:
    if isinstance(name, str) and isinstance(key, str):
        for of, part in zip(BUTTONS.get(name, ()), key.split("."), strict=False):
            if of:
                yield from ((of, number) for number in _ids(int(part) if part.isdecimal() else None))


def _in_setting(name: str, value: Any) -> Iterator[tuple[str, int]]:
    """Yield the ids in what was kept under a name: the name tells whose it is, the value may name a ticket or more people."""
    family, _, rest = name.partition(":")
    owner = rest.rpartition(":")[2]
    if family in STATES or family == "asked":
        yield from (("person", number) for number in _ids(int(owner) if owner.isdecimal() else None))
    if family == "target":
        yield from (("ticket", number) for number in _ids(value))
    people = (
        value if family == "turn" else value.get("opened") if family == "fronts" and isinstance(value, dict) else None
    )
    if isinstance(people, dict):
        yield from (("person", int(person)) for person in people if person.isdecimal() and len(person) < LONG)


LONG = 10  # digits: an id of ours is shorter by far, what is longer is a messenger's


def _ids(value: Any) -> Iterator[int]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, int) and not isinstance(one, bool) and 0 < one < 10**LONG:
            yield one


def _seed(largest: Counter[str]) -> None:
    """Let each table's ids go on after the largest that is there or is named."""
    tables = sorted(_with_sequence())
    for name in tables:
        last = max(largest[name], _number(f'SELECT max(id) FROM "{name}"'))
        if last and _sqlite():
            known = f"UPDATE sqlite_sequence SET seq = max(seq, {last}) WHERE name = '{name}'"
            if op.get_bind().execute(sa.text(known)).rowcount == 0:
                op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', {last})")
        elif last:
            given = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {name}_id_seq"
            op.execute(f"SELECT setval('{name}_id_seq', greatest({last}, ({given})))")


def _with_sequence() -> set[str]:
    if _sqlite():
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%PRIMARY KEY (id AUTOINCREMENT)%'"
        return set(op.get_bind().scalars(sa.text(query)))
    query = "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()"
    return {name.removesuffix("_id_seq") for name in op.get_bind().scalars(sa.text(query)) if name.endswith("_id_seq")}


# What was named although it was gone ----------------------------------------------------------------------------------

outgoing = sa.table(
    "outgoing",
    *(sa.column(name) for name in ("id", "lane", "operation", "payload", "message_id", "ticket_id", "state")),
    *(sa.column(name, Moment()) for name in ("ready_at", "created_at", "done_at")),
    sa.column("receipt", sa.Boolean()),
)
post = sa.table(
    "post",
    *(sa.column(name) for name in ("id", "place", "outgoing_id", "message_id", "ticket_id")),
    sa.column("at", Moment()),
)


def _mend(largest: Counter[str]) -> None:
    """Give posts of promises that were deleted after 30 days their promise again, emptied: what changes them goes by it.

    On SQLite a post that is weeks older than the promise it names is of an earlier one with the same id: it gets a new one.
    """
    taken = sa.literal_column(f"post.at < outgoing.created_at - {WEEKS}", sa.Boolean()) if _sqlite() else sa.false()
    joined = post.outerjoin(outgoing, outgoing.c.id == post.c.outgoing_id)
    query = (
        sa.select(post, taken.label("taken"))
        .select_from(joined)
        .where(post.c.outgoing_id.is_not(None), outgoing.c.id.is_(None) | taken)
        .order_by(post.c.id)
    )
    bind = op.get_bind()
    teams = {
        f"{row.source}:{row.chat}": row for row in bind.execute(sa.text("SELECT id, source, chat FROM team_channel"))
    }
    replies = set(bind.scalars(sa.text("SELECT id FROM message WHERE kind = 'reply'")))
    given = max(largest["outgoing"], _number("SELECT max(id) FROM outgoing"))
    numbers: dict[Any, int] = {}  # of a promise that several posts name, each in the chat where it was shown
    known: set[int] = set()
    promises: list[dict[str, Any]] = []
    moved: list[dict[str, int]] = []
    for row in bind.execute(query).all():
        key = (row.outgoing_id, row.place, row.taken)
        if key not in numbers:
            if row.taken or row.outgoing_id in known:
                given += 1
            numbers[key] = given if row.taken or row.outgoing_id in known else row.outgoing_id
            known.add(row.outgoing_id)
            team = teams.get(row.place)
            threaded = team is not None and row.ticket_id is not None and row.message_id is not None
            lane = f"{team.source}:#{row.ticket_id}/{team.id}" if team is not None and threaded else row.place
            promise = {"id": numbers[key], "lane": lane, "operation": "send", "payload": "", "state": "sent"}
            promise |= {"message_id": row.message_id, "ticket_id": row.ticket_id}
            promise |= dict.fromkeys(("ready_at", "created_at", "done_at"), row.at)
            promises.append({**promise, "receipt": team is None and row.message_id in replies})
        if numbers[key] != row.outgoing_id:
            moved.append({"of_id": row.id, "to": numbers[key]})
    if promises:
        bind.execute(sa.insert(outgoing), promises)
    if moved:
        bind.execute(
            sa.update(post).where(post.c.id == sa.bindparam("of_id")).values(outgoing_id=sa.bindparam("to")), moved
        )
    _seed(Counter({"outgoing": given}))
    for mended in MENDED if _sqlite() else ():
        op.execute(mended)


WEEKS = 20 * 24 * 3600 * 10**6  # microseconds; no id was free again before 30 days

# A card, a receipt or a form whose promise is plainly another's, for its id was given again: a new one is sent when it is due.
MENDED = (
    """
    DELETE FROM card WHERE EXISTS (
        SELECT 1 FROM outgoing WHERE outgoing.id = card.outgoing_id
        AND (outgoing.ticket_id IS NULL OR outgoing.ticket_id <> card.ticket_id OR outgoing.message_id IS NOT NULL)
    )
    """,
    """
    UPDATE message SET receipt_id = NULL WHERE receipt_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM outgoing WHERE outgoing.id = message.receipt_id
        AND (outgoing.ticket_id IS NULL OR outgoing.ticket_id <> message.ticket_id OR outgoing.message_id IS NOT NULL)
    )
    """,
    """
    UPDATE draft SET card = NULL WHERE card IS NOT NULL AND EXISTS (
        SELECT 1 FROM outgoing WHERE outgoing.id = draft.card AND outgoing.lane <> draft.place
    )
    """,
)


# What is remembered of a person ---------------------------------------------------------------------------------------

setting = sa.table("setting", sa.column("name"), sa.column("value", Json))
state = sa.table(
    "person_state",
    *(sa.column(name) for name in ("person_id", "kind", "key")),
    sa.column("value", Json),
    sa.column("until", Moment()),
)


def _settings_to_states() -> None:
    bind, now = op.get_bind(), datetime.now(UTC)
    people = set(bind.scalars(sa.text("SELECT id FROM person")))
    found: dict[tuple[int, str, str], dict[str, Any]] = {}
    gone: list[str] = []
    for row in bind.execute(sa.select(setting)).all():
        states = list(_states(row.name, row.value, now))
        for person, kind, key, value, until in states:
            if person in people and len(key) <= 64:
                columns = {"person_id": person, "kind": kind, "key": key, "value": value, "until": until}
                found[person, kind, key] = columns
        if states or row.name.partition(":")[0] in (*STATES, "asked", "link", "turn", "fronts"):
            gone.append(row.name)
    if found:
        bind.execute(sa.insert(state), list(found.values()))
    for name in gone:
        bind.execute(sa.delete(setting).where(setting.c.name == name))


def _states(name: str, value: Any, now: datetime) -> Iterator[tuple[int, str, str, Any, datetime]]:
    """Yield what a setting says of people: person, kind, key, value, until when."""
    family, _, rest = name.partition(":")
    if family in STATES and rest.isdecimal():
        yield int(rest), STATES[family], "", value, now + KEPT
    elif family == "asked" and (where := rest.partition(":"))[0] in ASKED and where[2].isdecimal():
        yield int(where[2]), where[0], "", value, now + KEPT
    elif family == "link":
        yield int(value["person"]), "link", rest, True, datetime.fromisoformat(value["until"])
    elif family == "turn":
        yield from ((int(person), "turn", rest, count, now + 3 * KEPT) for person, count in value.items())
    elif family == "fronts":
        for person, at in value.get("opened", {}).items():
            yield int(person), "page_open", "", False, datetime.fromisoformat(at) + timedelta(hours=12)


def _states_to_settings() -> None:
    bind = op.get_bind()
    turns: dict[str, dict[str, Any]] = {}
    families = {kind: family for family, kind in STATES.items()}
    for row in bind.execute(sa.select(state)).all():
        if row.kind == "turn":
            turns.setdefault(f"turn:{row.key}", {})[str(row.person_id)] = row.value
        elif row.kind == "link":
            turns[f"link:{row.key}"] = {"person": row.person_id, "until": row.until.isoformat()}
        elif row.kind == "page_open":
            opened = turns.setdefault("fronts", {"opened": {}})["opened"]
            opened[str(row.person_id)] = (row.until - timedelta(hours=12)).isoformat()
        elif row.kind in ASKED:
            turns[f"asked:{row.kind}:{row.person_id}"] = row.value
        elif row.kind in families:
            turns[f"{families[row.kind]}:{row.person_id}"] = row.value
    for name, value in turns.items():
        bind.execute(sa.delete(setting).where(setting.c.name == name))
        bind.execute(sa.insert(setting).values(name=name, value=value))
