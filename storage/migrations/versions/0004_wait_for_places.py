"""Remember since when a message is tried, and which team places take nothing."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("outgoing", sa.Column("tried_at", Moment(), nullable=True))
    op.create_table(
        "standstill",
        sa.Column("address", sa.String(length=192), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_standstill"),
    )


def downgrade() -> None:
    op.drop_table("standstill")
    op.drop_column("outgoing", "tried_at")
