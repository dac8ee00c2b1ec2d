"""Let other programs in: their tokens, what their calls were answered, and the place of each event in the feed they read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("entry", sa.Column("position", Big, nullable=True))
    where = sa.text("position IS NOT NULL")
    op.create_index("ix_entry_position", "entry", ["position", "id"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "token",
        sa.Column("id", Big, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE", name="fk_token_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("name", name="uq_token_name"),
        sa.UniqueConstraint("digest", name="uq_token_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_token_person_id", "token", ["person_id"])
    op.create_table(
        "answered_call",
        sa.Column("id", Big, nullable=False),
        sa.Column("token_id", Big, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"], ondelete="CASCADE", name="fk_answered_call_token_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answered_call"),
        sa.UniqueConstraint("token_id", "key", name="uq_answered_call_token_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_answered_call_at", "answered_call", ["at"])


def downgrade() -> None:
    op.drop_index("ix_answered_call_at", "answered_call")
    op.drop_table("answered_call")
    op.drop_index("ix_token_person_id", "token")
    op.drop_table("token")
    op.drop_index("ix_entry_position", "entry")
    op.drop_column("entry", "position")
