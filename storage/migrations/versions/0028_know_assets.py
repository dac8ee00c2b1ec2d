"""Know what people work with: assets, the words each is found by, and which requests are about it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "asset",
        sa.Column("id", Big, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("number_key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False, server_default=""),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("company_id", Big, nullable=True),
        sa.Column("person_id", Big, nullable=True),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], ondelete="SET NULL", name="fk_asset_company_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="SET NULL", name="fk_asset_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_asset"),
        sa.UniqueConstraint("number_key", name="uq_asset_number_key"),
        sqlite_autoincrement=True,
    )
    for name in ("company_id", "person_id"):
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_asset_{name}", "asset", [name], sqlite_where=where, postgresql_where=where)
    word = sa.String(length=32, collation="C").with_variant(sa.String(length=32), "sqlite")
    op.create_table(
        "asset_word",
        sa.Column("word", word, nullable=False),
        sa.Column("asset_id", Big, nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], ondelete="CASCADE", name="fk_asset_word_asset_id"),
        sa.PrimaryKeyConstraint("word", "asset_id", name="pk_asset_word"),
    )
    where = sa.text("retired_at IS NULL")
    op.create_index("ix_asset_kind", "asset", ["kind"], sqlite_where=where, postgresql_where=where)
    op.create_index("ix_asset_word_asset_id", "asset_word", ["asset_id", "word"])
    op.create_table(
        "ticket_asset",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("asset_id", Big, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE", name="fk_ticket_asset_ticket_id"),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], ondelete="CASCADE", name="fk_ticket_asset_asset_id"),
        sa.PrimaryKeyConstraint("ticket_id", "asset_id", name="pk_ticket_asset"),
    )
    op.create_index("ix_ticket_asset_asset_id", "ticket_asset", ["asset_id", "ticket_id"])


def downgrade() -> None:
    op.drop_index("ix_ticket_asset_asset_id", "ticket_asset")
    op.drop_table("ticket_asset")
    op.drop_index("ix_asset_kind", "asset")
    op.drop_index("ix_asset_word_asset_id", "asset_word")
    op.drop_table("asset_word")
    for name in ("person_id", "company_id"):
        op.drop_index(f"ix_asset_{name}", "asset")
    op.drop_table("asset")
