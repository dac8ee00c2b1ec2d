"""Let incidents come before other requests that are as urgent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ACTIVE = sa.text("urgency IS NOT NULL")
# An index more or less is not missed by the version before: it sorts what is active while workers are replaced.
QUEUES = {
    "queue": [],
    "kind": ["kind"],
    "agent": ["agent_id"],
    "group": ["group_name"],
}


def upgrade() -> None:
    op.add_column("ticket", sa.Column("after_incidents", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(
        "UPDATE ticket SET after_incidents = FALSE"
        " WHERE request_type_id IN (SELECT id FROM request_type WHERE kind = 'incident')"
    )
    for name, before in QUEUES.items():
        op.drop_index(_old(name), "ticket")
        columns = [*before, "urgency", "after_incidents", "created_at", "id"]
        op.create_index(_new(name), "ticket", columns, sqlite_where=ACTIVE, postgresql_where=ACTIVE)


def downgrade() -> None:
    for name, before in QUEUES.items():
        op.drop_index(_new(name), "ticket")
        columns = [*before, "urgency", "created_at", "id"]
        op.create_index(_old(name), "ticket", columns, sqlite_where=ACTIVE, postgresql_where=ACTIVE)
    op.drop_column("ticket", "after_incidents")


def _old(name: str) -> str:
    return "ix_ticket_queue" if name == "queue" else f"ix_ticket_{name}_queue"


def _new(name: str) -> str:
    return f"ix_ticket_{name}_order"
