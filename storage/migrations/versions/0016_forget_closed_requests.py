"""Remember of which requests nothing is kept any more that was said, and find the next ones by when they were closed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("forgotten_at", Moment(), nullable=True))
    where = sa.text("closed_at IS NOT NULL AND forgotten_at IS NULL")
    op.create_index("ix_ticket_unforgotten", "ticket", ["closed_at", "id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_ticket_unforgotten", "ticket")
    op.drop_column("ticket", "forgotten_at")
