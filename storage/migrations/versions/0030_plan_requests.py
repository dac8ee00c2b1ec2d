"""Know when somebody is to see to a request."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", Big, nullable=False),
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("begins_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("by_id", Big, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answer", sa.String(24), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE", name="fk_plan_ticket_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], ondelete="CASCADE", name="fk_plan_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_plan_ticket_id", "plan", ["ticket_id"])
    op.create_index("ix_plan_by_id", "plan", ["by_id"])
    op.create_index("ix_plan_ends_at", "plan", ["ends_at"])


def downgrade() -> None:
    op.drop_table("plan")
