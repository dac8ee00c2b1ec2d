"""Find the requests that have a form: those that nobody has are forgotten."""

from collections.abc import Sequence

from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_ticket_form_id", "ticket", ["form_id"])


def downgrade() -> None:
    op.drop_index("ix_ticket_form_id", "ticket")
