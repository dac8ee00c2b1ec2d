"""Tell many at once: announcements, planned works, outages, and who was told of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON()

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], ondelete="CASCADE", name=f"fk_{table}_{column}")


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", Big, nullable=False),
        sa.Column("by_id", Big, nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("segment", Json, nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("after", Big, nullable=False),
        sa.Column("starts_at", Moment(), nullable=True),
        sa.Column("begins_at", Moment(), nullable=True),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.Column("keywords", sa.Text(), nullable=False, server_default=""),
        sa.Column("card", Big, nullable=True),
        sa.Column("place", Json, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        _of("announcement", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_announcement"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_announcement_by_id", "announcement", ["by_id"])
    ends = sa.text("ends_at IS NOT NULL")
    op.create_index("ix_announcement_ends", "announcement", ["ends_at"], sqlite_where=ends, postgresql_where=ends)
    op.create_table(
        "announced",
        sa.Column("announcement_id", Big, nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("outgoing_id", Big, nullable=True),
        _of("announced", "announcement_id", "announcement"),
        _of("announced", "person_id", "person"),
        sa.PrimaryKeyConstraint("announcement_id", "phase", "person_id", name="pk_announced"),
    )
    op.create_index("ix_announced_person_id", "announced", ["person_id"])
    sent = sa.text("outgoing_id IS NOT NULL")
    op.create_index("ix_announced_outgoing", "announced", ["outgoing_id"], sqlite_where=sent, postgresql_where=sent)
    op.create_table(
        "outage",
        sa.Column("id", Big, nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("keywords", sa.Text(), nullable=False),
        sa.Column("examples", Json, nullable=False),
        sa.Column("by_id", Big, nullable=True),
        sa.Column("noticed_at", Moment(), nullable=True),
        sa.Column("declared_at", Moment(), nullable=True),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False, server_default=""),
        sa.Column("card", Big, nullable=True),
        sa.Column("place", Json, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        _of("outage", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_outage"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outage_by_id", "outage", ["by_id"])
    op.create_index("ix_outage_stage", "outage", ["stage"])
    op.create_table(
        "affected",
        sa.Column("outage_id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("account_id", Big, nullable=False),
        sa.Column("ticket_id", Big, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        _of("affected", "outage_id", "outage"),
        _of("affected", "person_id", "person"),
        _of("affected", "account_id", "account"),
        _of("affected", "ticket_id", "ticket"),
        sa.PrimaryKeyConstraint("outage_id", "person_id", name="pk_affected"),
    )
    op.create_index("ix_affected_person_id", "affected", ["person_id"])
    op.create_index("ix_affected_ticket_id", "affected", ["ticket_id"])


def downgrade() -> None:
    for table in ("affected", "outage", "announced", "announcement"):
        op.drop_table(table)
