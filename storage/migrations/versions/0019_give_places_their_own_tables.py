"""Remember of accounts, chats, channels and imports what was kept under names among the settings.

The version before goes on with the settings, which stay as they are: it looks back farther, or learns a chat's new id once more.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

HEARD, TEAM_CHANNEL, MOVED, OFFERS, IMPORTS = "heard:", "team channel ", "moved:", "offers ", "knowledge.imports"
setting = sa.table("setting", sa.column("name", sa.String), sa.column("value", sa.JSON))
own_account = sa.table(
    "own_account", sa.column("source", sa.String), sa.column("heard_until", Moment()), sa.column("team_chat", sa.String)
)
moved_chat = sa.table(
    "moved_chat", sa.column("source", sa.String), sa.column("was", sa.String), sa.column("now", sa.String)
)
offer_count = sa.table(
    "offer_count",
    sa.column("request_channel_id", Big),
    sa.column("outcome", sa.String),
    sa.column("number", sa.Integer),
)
article_import = sa.table(
    "article_import",
    sa.column("token", sa.String),
    sa.column("revisions", sa.JSON),
    sa.column("added", sa.Integer),
    sa.column("changed", sa.Integer),
    sa.column("at", Moment()),
)


def upgrade() -> None:
    op.create_table(
        "own_account",
        sa.Column("source", sa.String(length=96), nullable=False),
        sa.Column("heard_until", Moment(), nullable=True),
        sa.Column("team_chat", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("source", name="pk_own_account"),
    )
    op.create_table(
        "moved_chat",
        sa.Column("source", sa.String(length=96), nullable=False),
        sa.Column("was", sa.String(length=64), nullable=False),
        sa.Column("now", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("source", "was", name="pk_moved_chat"),
    )
    op.create_table(
        "offer_count",
        sa.Column("request_channel_id", Big, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_channel_id"],
            ["request_channel.id"],
            ondelete="CASCADE",
            name="fk_offer_count_request_channel_id",
        ),
        sa.PrimaryKeyConstraint("request_channel_id", "outcome", name="pk_offer_count"),
    )
    op.create_table(
        "article_import",
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("revisions", sa.JSON(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_article_import"),
    )
    _fill()


def _fill() -> None:
    connection = op.get_bind()
    known: dict[str, dict[str, Any]] = {}
    for name, value in _settings(HEARD):
        known.setdefault(name, {})["heard_until"] = datetime.fromisoformat(value)
    for name, value in _settings(TEAM_CHANNEL):
        known.setdefault(name, {})["team_chat"] = value
    blank = {"heard_until": None, "team_chat": None}
    rows: dict[sa.TableClause, list[dict[str, Any]]] = {
        own_account: [{"source": name, **blank, **found} for name, found in known.items()],
        moved_chat: [
            {"source": of, "was": was, "now": now}
            for name, now in _settings(MOVED)
            for of, _, was in [name.rpartition(":")]
        ],
        offer_count: [
            {"request_channel_id": int(number), "outcome": outcome, "number": count}
            for number, counted in _settings(OFFERS)
            for outcome, count in counted.items()
            if connection.scalar(sa.text("SELECT id FROM request_channel WHERE id = :id"), {"id": int(number)})
        ],
        article_import: [
            {"token": token, **taken, "at": datetime(1970, 1, 1, 0, 0, place, tzinfo=UTC)}  # the newest last
            for _, imports in _settings(IMPORTS)
            for place, (token, taken) in enumerate(imports.items())
        ],
    }
    for table, found in rows.items():
        if found:
            connection.execute(table.insert(), found)


def _settings(prefix: str) -> Iterator[tuple[str, Any]]:
    named = setting.c.name.startswith(prefix, autoescape=True)
    for row in op.get_bind().execute(sa.select(setting).where(named).order_by(setting.c.name)).all():
        yield row.name.removeprefix(prefix), row.value


def downgrade() -> None:
    for name, value in _told():
        _put(name, value)
    for table in ("article_import", "offer_count", "moved_chat", "own_account"):
        op.drop_table(table)


def _told() -> Iterator[tuple[str, Any]]:
    connection = op.get_bind()
    for row in connection.execute(sa.select(own_account)).all():
        if row.heard_until is not None:
            yield f"{HEARD}{row.source}", row.heard_until.isoformat()
        if row.team_chat is not None:
            yield f"{TEAM_CHANNEL}{row.source}", row.team_chat
    for row in connection.execute(sa.select(moved_chat)).all():
        yield f"{MOVED}{row.source}:{row.was}", row.now
    counted: dict[int, dict[str, int]] = {}
    for row in connection.execute(sa.select(offer_count)).all():
        counted.setdefault(row.request_channel_id, {})[row.outcome] = row.number
    yield from ((f"{OFFERS}{number}", count) for number, count in counted.items())
    imports = connection.execute(sa.select(article_import).order_by(article_import.c.at)).all()
    if imports:
        yield (
            IMPORTS,
            {row.token: {"revisions": row.revisions, "added": row.added, "changed": row.changed} for row in imports},
        )


def _put(name: str, value: Any) -> None:
    connection = op.get_bind()
    connection.execute(sa.delete(setting).where(setting.c.name == name))
    connection.execute(setting.insert(), {"name": name, "value": value})
