"""Let the team's requests come by themselves: at which times, what they are, and which request was made so."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MADE = sa.text("recurrence_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "recurrence",
        sa.Column("id", Big, nullable=False),
        sa.Column("by_id", Big, nullable=False),
        sa.Column("account_id", Big, nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("schedule", sa.JSON(), nullable=False),
        sa.Column("type_name", sa.String(length=32), nullable=False),
        sa.Column("group_name", sa.String(length=32), nullable=True),
        sa.Column("priority", sa.String(length=24), nullable=True),
        sa.Column("holidays", sa.String(length=8), nullable=False),
        sa.Column("again", sa.String(length=8), nullable=False),
        sa.Column("companies", sa.JSON(), nullable=False),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], ondelete="CASCADE", name="fk_recurrence_by_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE", name="fk_recurrence_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recurrence"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_recurrence_by_id", "recurrence", ["by_id"])
    op.create_index("ix_recurrence_account_id", "recurrence", ["account_id"])
    op.add_column("ticket", sa.Column("recurrence_id", Big, nullable=True))
    op.create_index("ix_ticket_recurrence", "ticket", ["recurrence_id"], sqlite_where=MADE, postgresql_where=MADE)


def downgrade() -> None:
    op.drop_index("ix_ticket_recurrence", "ticket")
    op.drop_column("ticket", "recurrence_id")
    op.drop_table("recurrence")
