"""Keep both halves of a swap together, and the question on which it is asked for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("duty_override", sa.Column("swapped_for", Big, nullable=True))
    op.add_column("duty_override", sa.Column("card", Big, nullable=True))


def downgrade() -> None:
    op.drop_column("duty_override", "card")
    op.drop_column("duty_override", "swapped_for")
