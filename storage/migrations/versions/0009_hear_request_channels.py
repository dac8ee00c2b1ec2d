"""Remember the channels where requests are opened, the threads there, and for a while what was said in them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "request_channel",
        sa.Column("id", Big, nullable=False),
        sa.Column("source", sa.String(length=96), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=256), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("lost_at", Moment(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_request_channel"),
        sa.UniqueConstraint("source", "chat", name="uq_request_channel_source_chat"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "request_thread",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("request_channel_id", Big, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("person_id", Big, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        _key("request_thread", "ticket", "CASCADE"),
        _key("request_thread", "request_channel", "CASCADE"),
        _key("request_thread", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_request_thread"),
    )
    op.create_index("ix_request_thread_person_id", "request_thread", ["person_id"])
    op.create_index("ix_request_thread_root", "request_thread", ["request_channel_id", "root"])
    op.create_index("ix_request_thread_topic", "request_thread", ["request_channel_id", "topic"])
    op.create_index("ix_request_thread_author", "request_thread", ["request_channel_id", "person_id", "at"])
    op.create_table(
        "participant",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        _key("participant", "ticket", "CASCADE"),
        _key("participant", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name="pk_participant"),
    )
    op.create_index("ix_participant_person_id", "participant", ["person_id"])
    op.create_table(
        "overheard",
        sa.Column("id", Big, nullable=False),
        sa.Column("request_channel_id", Big, nullable=False),
        sa.Column("native", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("account_id", Big, nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("verdict_id", Big, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        _key("overheard", "request_channel", "CASCADE"),
        _key("overheard", "person", "CASCADE"),
        _key("overheard", "account", "CASCADE"),
        _key("overheard", "verdict", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_overheard"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_overheard_person_id", "overheard", ["person_id"])
    op.create_index("ix_overheard_verdict_id", "overheard", ["verdict_id"])
    op.create_index("ix_overheard_at", "overheard", ["at"])
    op.create_index("ix_overheard_native", "overheard", ["request_channel_id", "native"])


def _key(table: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([f"{to}_id"], [f"{to}.id"], ondelete=ondelete, name=f"fk_{table}_{to}_id")


def downgrade() -> None:
    for name in ("overheard", "participant", "request_thread", "request_channel"):
        op.drop_table(name)
