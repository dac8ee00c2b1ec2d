"""Ask for somebody's yes: who is asked, what they answer, who stands in for whom, and who approves for a company."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _approval()
    _approver()
    _pair("company_approver", "company_id", "company", "person_id", both=True)
    _pair("stand_in", "person_id", "person", "other_id", both=False)
    op.add_column("ticket", sa.Column("approval_id", Big, nullable=True))


def downgrade() -> None:
    op.drop_column("ticket", "approval_id")
    for table in ("stand_in", "company_approver", "approver", "approval"):
        op.drop_table(table)


def _approval() -> None:
    op.create_table(
        "approval",
        sa.Column("id", Big, nullable=False),
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("request_type_id", Big, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("stood", sa.String(32), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("need", sa.String(8), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asking", sa.Integer(), nullable=False),
        sa.Column("by_id", Big, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), server_default="", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        _key("approval", "ticket_id", "ticket"),
        _key("approval", "by_id", "person"),
        _key("approval", "request_type_id", "request_type"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        sqlite_autoincrement=True,
    )
    for column in ("ticket_id", "by_id"):
        op.create_index(f"ix_approval_{column}", "approval", [column])


def _approver() -> None:
    people = ("person_id", "stand_in_id", "answered_by")
    op.create_table(
        "approver",
        sa.Column("id", Big, nullable=False),
        sa.Column("approval_id", Big, nullable=False),
        sa.Column("asking", sa.Integer(), nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("stand_in_id", Big, nullable=True),
        sa.Column("card", Big, nullable=True),
        sa.Column("stand_in_card", Big, nullable=True),
        sa.Column("answer", sa.String(24), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", Big, nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        _key("approver", "approval_id", "approval"),
        *(_key("approver", column, "person") for column in people),
        sa.PrimaryKeyConstraint("id", name="pk_approver"),
        sqlite_autoincrement=True,
    )
    for column in ("approval_id", *people):
        op.create_index(f"ix_approver_{column}", "approver", [column])


def _pair(table: str, first: str, of: str, second: str, *, both: bool) -> None:
    op.create_table(
        table,
        sa.Column(first, Big, nullable=False),
        sa.Column(second, Big, nullable=False),
        _key(table, first, of),
        _key(table, second, "person"),
        sa.PrimaryKeyConstraint(*((first, second) if both else (first,)), name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_{second}", table, [second])


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], ondelete="CASCADE", name=f"fk_{table}_{column}")
