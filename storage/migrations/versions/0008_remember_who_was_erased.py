"""Remember who was erased: by a hash of each account, and since when a person's words are gone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("person", sa.Column("erased_at", Moment(), nullable=True))
    gone = sa.text("erased_at IS NOT NULL")
    op.create_index("ix_person_erased", "person", ["erased_at"], sqlite_where=gone, postgresql_where=gone)
    op.create_table(
        "erased",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("banned", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("banned_until", Moment(), nullable=True),
        sa.Column("listed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE", name="fk_erased_person_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_erased"),
    )
    op.create_index("ix_erased_person_id", "erased", ["person_id"])
    unlisted = sa.text("listed_at IS NULL")
    op.create_index("ix_erased_unlisted", "erased", ["digest"], sqlite_where=unlisted, postgresql_where=unlisted)


def downgrade() -> None:
    op.drop_index("ix_erased_unlisted", "erased")
    op.drop_index("ix_erased_person_id", "erased")
    op.drop_table("erased")
    op.drop_index("ix_person_erased", "person")
    op.drop_column("person", "erased_at")
