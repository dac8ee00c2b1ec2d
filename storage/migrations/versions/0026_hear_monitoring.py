"""Hear what monitoring says is broken: alerts by their keys, and the request that stands for a group of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "alert_group",
        sa.Column("id", Big, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("firings", sa.Integer(), nullable=False),
        sa.Column("noted", sa.Integer(), nullable=False),
        sa.Column("note_at", Moment(), nullable=True),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.Column("over_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE", name="fk_alert_group_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alert_group"),
        sqlite_autoincrement=True,
    )
    where = sa.text("current")
    op.create_index(
        "uq_alert_group_key", "alert_group", ["key"], unique=True, sqlite_where=where, postgresql_where=where
    )
    op.create_index("ix_alert_group_ticket_id", "alert_group", ["ticket_id"])
    op.create_index("ix_alert_group_last_at", "alert_group", ["last_at", "id"])
    op.create_table(
        "alert",
        sa.Column("group_id", Big, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("firing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["alert_group.id"], ondelete="CASCADE", name="fk_alert_group_id"),
        sa.PrimaryKeyConstraint("group_id", "key", name="pk_alert"),
    )


def downgrade() -> None:
    op.drop_table("alert")
    op.drop_index("ix_alert_group_last_at", "alert_group")
    op.drop_index("ix_alert_group_ticket_id", "alert_group")
    op.drop_index("uq_alert_group_key", "alert_group")
    op.drop_table("alert_group")
