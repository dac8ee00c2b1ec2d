"""Bound what a turn costs: what is counted stands in an index, and what has begun is known after the process has died."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Counted for /metrics, among all that was ever received or sent.
PARTIAL = (("ix_inbox_dead", "inbox", "incident", "incident IS NOT NULL"),)


def upgrade() -> None:
    op.create_table(
        "begun",
        sa.Column("worker", Big, autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("worker", "slot", name="pk_begun"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE begun SET UNLOGGED")
    for name, table, column, where in PARTIAL:
        op.create_index(name, table, [column], postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def downgrade() -> None:
    for name, table, _, _ in PARTIAL:
        op.drop_index(name, table_name=table)
    op.drop_table("begun")
