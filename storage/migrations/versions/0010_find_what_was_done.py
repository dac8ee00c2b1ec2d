"""Find what was done: by request, and by act."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    of_one = sa.text("ticket_id IS NOT NULL")
    op.create_index("ix_audit_ticket", "audit", ["ticket_id"], sqlite_where=of_one, postgresql_where=of_one)
    op.create_index("ix_audit_act", "audit", ["act", "id"])


def downgrade() -> None:
    op.drop_index("ix_audit_act", "audit")
    op.drop_index("ix_audit_ticket", "audit")
