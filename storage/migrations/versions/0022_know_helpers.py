"""Know who helps with a request beside the agent who has it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "helper",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE", name="fk_helper_ticket_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE", name="fk_helper_person_id"),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name="pk_helper"),
    )
    op.create_index("ix_helper_person_id", "helper", ["person_id"])


def downgrade() -> None:
    op.drop_table("helper")
