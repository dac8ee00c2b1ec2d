"""Know for which time a recurrence has made its requests, and for which assets."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What the desk has promised to others is nobody's own: it stays where whoever set it is erased.
PROMISED = ("recurs", "announce", "announce_some", "announce_watch", "outage_silent", "erase_company")
DRAFT = sa.text("stage = 'draft'")


def upgrade() -> None:
    op.add_column("recurrence", sa.Column("last_at", Moment(), nullable=True))
    op.add_column("recurrence", sa.Column("assets", sa.JSON(), nullable=True))
    op.create_index(
        "ix_recurrence_created_at", "recurrence", ["created_at", "id"], sqlite_where=DRAFT, postgresql_where=DRAFT
    )

    timer = sa.table("timer", sa.column("name", sa.String), sa.column("person_id"), sa.column("fired_at"))
    waits = sa.update(timer).where(timer.c.name.in_(PROMISED), timer.c.fired_at.is_(None))
    op.execute(waits.values(person_id=None))


def downgrade() -> None:
    op.drop_index("ix_recurrence_created_at", "recurrence")
    op.drop_column("recurrence", "assets")
    op.drop_column("recurrence", "last_at")
