"""Know whom people belong to: companies, their contracts, and whose a request is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    words = ((64, "contract"), (10, "until"), (32, "policy"), (32, "group_name"))
    op.create_table(
        "company",
        sa.Column("id", Big, nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("name_key", sa.String(length=128), nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False, server_default="") for length, name in words),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False, server_default=""),
        sa.Column("workspaces", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_company"),
        sa.UniqueConstraint("name_key", name="uq_company_name_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "company_person",
        sa.Column("person_id", Big, nullable=False),
        sa.Column("company_id", Big, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE", name="fk_company_person_person_id"),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], ondelete="CASCADE", name="fk_company_person_company_id"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_company_person"),
    )
    op.create_index("ix_company_person_company_id", "company_person", ["company_id"])
    where = sa.text("company_id IS NOT NULL")
    for table in ("ticket", "request_channel"):
        op.add_column(table, sa.Column("company_id", Big, nullable=True))
    op.create_index("ix_ticket_company", "ticket", ["company_id"], sqlite_where=where, postgresql_where=where)
    op.create_index("ix_request_channel_company_id", "request_channel", ["company_id"])


def downgrade() -> None:
    op.drop_index("ix_request_channel_company_id", "request_channel")
    op.drop_index("ix_ticket_company", "ticket")
    for table in ("request_channel", "ticket"):
        op.drop_column(table, "company_id")
    op.drop_table("company_person")
    op.drop_table("company")
