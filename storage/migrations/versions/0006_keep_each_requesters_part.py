"""Keep each requester's part: when it ended, and which replies went to them; find what a person asked."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

message = sa.table("message", sa.column("id"), sa.column("ticket_id"), sa.column("kind"), sa.column("at", Moment))
entry = sa.table(
    "entry",
    sa.column("id"),
    sa.column("ticket_id"),
    sa.column("action"),
    sa.column("facts", sa.JSON()),
    sa.column("at", Moment),
)
carried = sa.table("carried", sa.column("ticket_id"), sa.column("message_id"))


def upgrade() -> None:
    op.add_column("ticket", sa.Column("ended_at", Moment(), nullable=True))
    op.create_table(
        "carried",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("message_id", Big, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="CASCADE", name="fk_carried_message_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE", name="fk_carried_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "message_id", name="pk_carried"),
    )
    op.create_index("ix_carried_message", "carried", ["message_id"])
    op.create_index("ix_verdict_person_at", "verdict", ["person_id", "at"])
    connection = op.get_bind()
    replies = sa.select(message.c.ticket_id, message.c.id).where(message.c.kind == "reply")
    connection.execute(carried.insert().from_select(["ticket_id", "message_id"], replies))
    _merged(connection)


def _merged(connection: Any) -> None:
    """Replies on a ticket went to those of every ticket that had been merged into it by then, directly or over others."""
    merges = connection.execute(
        sa.select(entry.c.ticket_id, entry.c.facts, entry.c.at).where(entry.c.action == "merge").order_by(entry.c.id)
    ).all()
    behind: dict[int, list[int]] = {}  # by ticket: those it goes on for
    for gone, facts, at in merges:
        kept, joining = int(facts["to"]), [gone, *behind.pop(gone, [])]
        behind.setdefault(kept, []).extend(joining)
        since = sa.select(message.c.id).where(
            message.c.ticket_id == kept, message.c.kind == "reply", message.c.at >= at
        )
        for number in joining:
            heard = sa.select(sa.literal(number, Big), since.subquery().c.id)
            connection.execute(carried.insert().from_select(["ticket_id", "message_id"], heard))


def downgrade() -> None:
    op.drop_index("ix_verdict_person_at", "verdict")
    op.drop_table("carried")
    op.drop_column("ticket", "ended_at")
