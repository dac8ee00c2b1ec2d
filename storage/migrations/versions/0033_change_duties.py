"""Know who is on duty otherwise than by the rules."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "duty_override",
        sa.Column("id", Big, nullable=False),
        sa.Column("rota", sa.String(32), nullable=False),
        sa.Column("change", sa.String(24), nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("begins_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("by_id", Big, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("agreed_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE", name="fk_duty_override_person_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], ondelete="CASCADE", name="fk_duty_override_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_duty_override"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_duty_override_person_id", "duty_override", ["person_id"])
    op.create_index("ix_duty_override_by_id", "duty_override", ["by_id"])
    op.create_index("ix_duty_override_ends_at", "duty_override", ["ends_at"])


def downgrade() -> None:
    op.drop_table("duty_override")
