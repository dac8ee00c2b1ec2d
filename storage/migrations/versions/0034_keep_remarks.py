"""Keep what readers say is missing in an answer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "article_remark",
        sa.Column("id", Big, nullable=False),
        sa.Column("article_id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(160), nullable=True),
        sa.Column("native", sa.String(64), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], ondelete="CASCADE", name="fk_article_remark_article_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE", name="fk_article_remark_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_article_remark"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_article_remark_article_id", "article_remark", ["article_id"])
    op.create_index("ix_article_remark_person_id", "article_remark", ["person_id"])
    op.create_index("ix_article_remark_at", "article_remark", ["at"])


def downgrade() -> None:
    op.drop_table("article_remark")
