"""Know which requests were asked about how it was, and who would recommend the desk."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("ticket_id", Big, nullable=False, autoincrement=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("scale", sa.String(8), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("scored_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE", name="fk_survey_ticket_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE", name="fk_survey_person_id"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_survey"),
    )
    op.create_index("ix_survey_person_id_at", "survey", ["person_id", "at"])
    op.create_index("ix_survey_scored_at", "survey", ["scored_at"])


def downgrade() -> None:
    op.drop_table("survey")
