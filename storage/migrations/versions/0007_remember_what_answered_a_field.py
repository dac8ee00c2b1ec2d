"""Remember which message answered which field of a request's form, and which of ours shows all answers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("post", sa.Column("field", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("form_card", Big, nullable=True))
    where = sa.text("form_card IS NOT NULL")
    op.create_index("ix_ticket_form_card", "ticket", ["form_card"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_ticket_form_card", "ticket")
    op.drop_column("ticket", "form_card")
    op.drop_column("post", "field")
