"""Know which articles say the same in different languages."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("article", sa.Column("translates", Big, nullable=True))
    where = sa.text("translates IS NOT NULL")
    op.create_index("ix_article_translates", "article", ["translates"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_article_translates", "article")
    op.drop_column("article", "translates")
