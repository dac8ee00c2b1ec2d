"""Tie tasks to the request that they are a part of."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("task_of", Big, nullable=True))
    where = sa.text("task_of IS NOT NULL")
    op.create_index("ix_ticket_task_of", "ticket", ["task_of"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_ticket_task_of", "ticket")
    op.drop_column("ticket", "task_of")
