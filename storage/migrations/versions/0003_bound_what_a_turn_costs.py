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
PARTIAL = (
    ("ix_inbox_dead", "inbox", "incident", "incident IS NOT NULL"),
    ("ix_outgoing_failed", "outgoing", "state", "state = 'failed'"),
    # Whose they are: asked when two accounts become one person's.
    ("ix_ticket_resolved_by", "ticket", "resolved_by", "resolved_by IS NOT NULL"),
    ("ix_entry_person", "entry", "person_id", "person_id IS NOT NULL"),
    ("ix_timer_person", "timer", "person_id", "person_id IS NOT NULL"),
    ("ix_alias_proposed_by", "alias", "proposed_by", "proposed_by IS NOT NULL"),
    ("ix_article_version_person", "article_version", "person_id", "person_id IS NOT NULL"),
    ("ix_audit_person", "audit", "person_id", "person_id IS NOT NULL"),
)
WHOLE = (
    ("ix_message_person", "message", "person_id"),
    ("ix_time_spent_person", "time_spent", "person_id"),
)


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
    for name, table, column in WHOLE:
        op.create_index(name, table, [column])
    # Parts of a talk say with which message they begin; 0 where that is not known: then all of them are written anew.
    op.add_column("searchable", sa.Column("since", Big, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("searchable", "since")
    for name, table, _ in WHOLE:
        op.drop_index(name, table_name=table)
    for name, table, _, _ in PARTIAL:
        op.drop_index(name, table_name=table)
    op.drop_table("begun")
