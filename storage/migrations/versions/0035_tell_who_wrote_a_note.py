"""Tell who wrote the note of a planned time from who wrote its place: an erase takes each away with its own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("plan", sa.Column("note_by_id", Big, nullable=True))
    op.create_index("ix_plan_note_by_id", "plan", ["note_by_id"])


def downgrade() -> None:
    op.drop_index("ix_plan_note_by_id", "plan")
    op.drop_column("plan", "note_by_id")
