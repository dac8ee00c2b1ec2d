"""Let somebody outside the team into one request."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "guest",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.Column("shown_id", Big, nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE", name="fk_guest_ticket_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE", name="fk_guest_person_id"),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name="pk_guest"),
    )
    op.create_index("ix_guest_person_id", "guest", ["person_id"])


def downgrade() -> None:
    op.drop_table("guest")
