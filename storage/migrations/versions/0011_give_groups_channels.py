"""Let a team channel be a group's own: with a language that was chosen there, and gone for a while."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("team_channel", sa.Column("own_language", sa.String(length=8), nullable=True))
    op.add_column("team_channel", sa.Column("lost_at", Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("team_channel", "lost_at")
    op.drop_column("team_channel", "own_language")
