"""Keep secret answers of forms apart from the others."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "secret_answer",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE", name="fk_secret_answer_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "field", name="pk_secret_answer"),
    )


def downgrade() -> None:
    op.drop_table("secret_answer")
