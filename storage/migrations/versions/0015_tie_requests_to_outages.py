"""Tie requests to outages one by one, and know which posts quote whose questions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], ondelete="CASCADE", name=f"fk_{table}_{column}")


def upgrade() -> None:
    op.create_table(
        "outage_ticket",
        sa.Column("outage_id", Big, nullable=False),
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        _of("outage_ticket", "outage_id", "outage"),
        _of("outage_ticket", "ticket_id", "ticket"),
        sa.PrimaryKeyConstraint("outage_id", "ticket_id", name="pk_outage_ticket"),
    )
    op.create_index("ix_outage_ticket_ticket_id", "outage_ticket", ["ticket_id"])
    op.execute(
        "INSERT INTO outage_ticket (outage_id, ticket_id, at) SELECT outage_id, ticket_id, at FROM affected"
        " WHERE ticket_id IS NOT NULL AND state <> 'different'"
    )
    op.create_table(
        "outage_quote",
        sa.Column("outgoing_id", Big, nullable=False),
        sa.Column("verdict_id", Big, nullable=False),
        sa.Column("outage_id", Big, nullable=False),
        _of("outage_quote", "verdict_id", "verdict"),
        _of("outage_quote", "outage_id", "outage"),
        sa.PrimaryKeyConstraint("outgoing_id", "verdict_id", name="pk_outage_quote"),
    )
    op.create_index("ix_outage_quote_verdict_id", "outage_quote", ["verdict_id"])
    op.create_index("ix_outage_quote_outage_id", "outage_quote", ["outage_id"])


def downgrade() -> None:
    op.execute(
        "UPDATE affected SET ticket_id = (SELECT max(outage_ticket.ticket_id) FROM outage_ticket"
        " JOIN ticket ON ticket.id = outage_ticket.ticket_id"
        " WHERE outage_ticket.outage_id = affected.outage_id AND ticket.requester_id = affected.person_id)"
        " WHERE state <> 'different'"
    )
    op.drop_table("outage_quote")
    op.drop_table("outage_ticket")
