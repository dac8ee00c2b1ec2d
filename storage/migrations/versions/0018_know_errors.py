"""Know of problems what causes them, and which article says what helps meanwhile."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "known_error",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("article_id", Big, nullable=True),
        sa.Column("by_id", Big, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE", name="fk_known_error_ticket_id"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="SET NULL", name="fk_known_error_article_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], ondelete="CASCADE", name="fk_known_error_by_id"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_known_error"),
    )
    op.create_index("ix_known_error_article_id", "known_error", ["article_id"])


def downgrade() -> None:
    op.drop_table("known_error")
