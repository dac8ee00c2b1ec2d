"""Find what happened by when it did, and let views be shared."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_entry_at", "entry", ["at", "ticket_id"])
    op.create_index("ix_time_spent_at", "time_spent", ["at"])
    op.add_column("view", sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("view", "shared")
    op.drop_index("ix_time_spent_at", "time_spent")
    op.drop_index("ix_entry_at", "entry")
