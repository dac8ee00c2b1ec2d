"""Remember who left a team channel, and when."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "leaving",
        sa.Column("team_channel_id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE", name="fk_leaving_person_id"),
        sa.ForeignKeyConstraint(
            ["team_channel_id"], ["team_channel.id"], ondelete="CASCADE", name="fk_leaving_team_channel_id"
        ),
        sa.PrimaryKeyConstraint("team_channel_id", "person_id", name="pk_leaving"),
    )
    op.create_index("ix_leaving_person_id", "leaving", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("leaving")
