"""Lay the tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.types import Moment

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON()

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# SQLite's full text: an index over "searchable" that is told what to add and what to take away. Words come made, so the plainest
# tokenizer cuts them at spaces and nowhere else; which row has which word is all that is asked.
SEARCH_WORDS = """
    CREATE VIRTUAL TABLE search_words USING fts5 (
        words, content = 'searchable', content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'ascii'
    )
"""


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", Big, nullable=False),
        sa.Column("revision", Big, nullable=False),
        sa.Column("section", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("keywords", Json, nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", Moment(), nullable=True),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("not_helped", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
    )
    op.create_index("ix_article_revision", "article", ["revision"], unique=False)

    op.create_table(
        "bucket",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("sent", sa.Text(), nullable=False),
        sa.Column("held_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_bucket"),
    )
    op.create_table(
        "form",
        sa.Column("id", Big, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_form"),
        sa.UniqueConstraint("name", "digest", name="uq_form_name_digest"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", Big, nullable=False),
        sa.Column("source", sa.String(length=96), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("lane", sa.String(length=192), nullable=False),
        sa.Column("album", sa.String(length=64), server_default="", nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("ready_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("incident", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("source", "key", name="uq_inbox_source_key"),
    )
    op.create_index("ix_inbox_done", "inbox", ["done_at"], unique=False)
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["lane", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )

    op.create_table(
        "lane",
        sa.Column("side", sa.String(length=3), nullable=False),
        sa.Column("name", sa.String(length=192), nullable=False),
        sa.Column("source", sa.String(length=96), nullable=False),
        sa.Column("ready_at", Moment(), nullable=True),
        sa.Column("leased_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("side", "name", name="pk_lane"),
    )
    op.create_index(
        "ix_lane_side_ready",
        "lane",
        ["side", "ready_at"],
        unique=False,
        postgresql_where=sa.text("ready_at IS NOT NULL"),
        sqlite_where=sa.text("ready_at IS NOT NULL"),
    )

    op.create_table(
        "outgoing",
        sa.Column("id", Big, nullable=False),
        sa.Column("lane", sa.String(length=192), nullable=False),
        sa.Column("rank", sa.Integer(), server_default="0", nullable=False),
        sa.Column("operation", sa.String(length=8), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("fold", sa.String(length=64), server_default="", nullable=False),
        sa.Column("edits", Big, nullable=True),
        sa.Column("anchor_message", Big, nullable=True),
        sa.Column("anchor_outgoing", Big, nullable=True),
        sa.Column("message_id", Big, nullable=True),
        sa.Column("ticket_id", Big, nullable=True),
        sa.Column("receipt", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("ready_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("uncertain", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing"),
    )
    op.create_index("ix_outgoing_done", "outgoing", ["done_at"], unique=False)
    op.create_index(
        "ix_outgoing_edits",
        "outgoing",
        ["edits"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.create_index("ix_outgoing_message", "outgoing", ["message_id"], unique=False)
    op.create_index(
        "ix_outgoing_waiting",
        "outgoing",
        ["lane", "rank", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )

    op.create_table(
        "person",
        sa.Column("id", Big, nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("away_since", Moment(), nullable=True),
        sa.Column("notify", Json, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_table(
        "post",
        sa.Column("id", Big, nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("native", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("outgoing_id", Big, nullable=True),
        sa.Column("message_id", Big, nullable=True),
        sa.Column("ticket_id", Big, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
    )
    op.create_index("ix_post_message", "post", ["message_id"], unique=False)
    op.create_index("ix_post_outgoing", "post", ["outgoing_id"], unique=False)
    op.create_index("ix_post_ticket_place", "post", ["ticket_id", "place"], unique=False)
    op.create_index("ix_post_place_native", "post", ["place", "native"], unique=False)

    op.create_table(
        "request_type",
        sa.Column("id", Big, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("priority", sa.String(24), nullable=False),
        sa.Column("workflow", Json, nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_request_type"),
        sa.UniqueConstraint("name", "revision", name="uq_request_type_name_revision"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )
    op.create_table(
        "team_channel",
        sa.Column("id", Big, nullable=False),
        sa.Column("source", sa.String(length=96), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("threads", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_team_channel"),
        sa.UniqueConstraint("source", "chat", name="uq_team_channel_source_chat"),
    )
    op.create_table(
        "account",
        sa.Column("id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("source", sa.String(length=96), nullable=False),
        sa.Column("native", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("username", sa.String(length=64), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("chat", sa.String(length=64), server_default="", nullable=False),
        sa.Column("blocked_at", Moment(), nullable=True),
        sa.Column("told_until", Moment(), nullable=True),
        sa.Column("name_key", sa.String(length=256), server_default="", nullable=False),
        sa.Column("username_key", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_account_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("source", "native", name="uq_account_source_native"),
    )
    op.create_index("ix_account_name_key", "account", ["name_key"], unique=False)
    op.create_index("ix_account_username_key", "account", ["username_key"], unique=False)
    op.create_index("ix_account_person_id", "account", ["person_id"], unique=False)
    op.create_index("ix_account_source_chat", "account", ["source", "chat"], unique=False)

    op.create_table(
        "alias",
        sa.Column("id", Big, nullable=False),
        sa.Column("article_id", Big, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("proposed_by", Big, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_alias_article_id"),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name="fk_alias_proposed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_alias"),
    )
    op.create_index("ix_alias_article_id", "alias", ["article_id"], unique=False)

    op.create_table(
        "article_version",
        sa.Column("id", Big, nullable=False),
        sa.Column("article_id", Big, nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("person_id", Big, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_article_version_article_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_article_version_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_article_version"),
    )
    op.create_index("ix_article_version_article_id", "article_version", ["article_id"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=True),
        sa.Column("act", sa.String(length=48), nullable=False),
        sa.Column("ticket_id", Big, nullable=True),
        sa.Column("facts", Json, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_audit_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("form_id", Big, nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("card", Big, nullable=True),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name="fk_draft_form_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_draft_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
    )
    op.create_index("ix_draft_card", "draft", ["card"], unique=False)
    op.create_index("ix_draft_person_place", "draft", ["person_id", "place"], unique=False)

    op.create_table(
        "favourite",
        sa.Column("person_id", Big, nullable=False),
        sa.Column("article_id", Big, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_favourite_article_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_favourite_person_id"),
        sa.PrimaryKeyConstraint("person_id", "article_id", name="pk_favourite"),
    )
    op.create_table(
        "member",
        sa.Column("team_channel_id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_member_person_id"),
        sa.ForeignKeyConstraint(["team_channel_id"], ["team_channel.id"], name="fk_member_team_channel_id"),
        sa.PrimaryKeyConstraint("team_channel_id", "person_id", name="pk_member"),
    )
    op.create_index("ix_member_person_id", "member", ["person_id"], unique=False)

    op.create_table(
        "verdict",
        sa.Column("id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("said", Json, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("candidates", Json, nullable=False),
        sa.Column("tried", Json, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("ticket_id", Big, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_verdict_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_verdict"),
    )
    op.create_index("ix_verdict_at", "verdict", ["at"], unique=False)
    op.create_index("ix_verdict_ticket_id", "verdict", ["ticket_id"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("id", Big, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("requester_id", Big, nullable=False),
        sa.Column("account_id", Big, nullable=False),
        sa.Column("request_type_id", Big, nullable=False),
        sa.Column("form_id", Big, nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("priority", sa.String(24), nullable=False),
        sa.Column("agent_id", Big, nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("talked_at", Moment(), nullable=False),
        sa.Column("first_response_at", Moment(), nullable=True),
        sa.Column("first_response_due", Moment(), nullable=True),
        sa.Column("resolution_due", Moment(), nullable=True),
        sa.Column("resolved_at", Moment(), nullable=True),
        sa.Column("resolved_by", Big, nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_comment", sa.Text(), nullable=True),
        sa.Column("previous_id", Big, nullable=True),
        sa.Column("group_name", sa.String(length=32), nullable=True),
        sa.Column("paused_at", Moment(), nullable=True),
        sa.Column("snoozed_until", Moment(), nullable=True),
        sa.Column("merged_into", Big, nullable=True),
        sa.Column("problem_id", Big, nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_ticket_account_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["person.id"], name="fk_ticket_agent_id"),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name="fk_ticket_form_id"),
        sa.ForeignKeyConstraint(["merged_into"], ["ticket.id"], name="fk_ticket_merged_into"),
        sa.ForeignKeyConstraint(["previous_id"], ["ticket.id"], name="fk_ticket_previous_id"),
        sa.ForeignKeyConstraint(["problem_id"], ["ticket.id"], name="fk_ticket_problem_id"),
        sa.ForeignKeyConstraint(["request_type_id"], ["request_type.id"], name="fk_ticket_request_type_id"),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name="fk_ticket_requester_id"),
        sa.ForeignKeyConstraint(["resolved_by"], ["person.id"], name="fk_ticket_resolved_by"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
    )
    op.create_index("ix_ticket_agent_kind", "ticket", ["agent_id", "kind", "created_at", "id"], unique=False)
    op.create_index("ix_ticket_kind_created", "ticket", ["kind", "created_at", "id"], unique=False)
    op.create_index("ix_ticket_requester_talked", "ticket", ["requester_id", "talked_at"], unique=False)
    op.create_index("ix_ticket_group_kind", "ticket", ["group_name", "kind", "created_at", "id"], unique=False)
    for name, columns in (
        ("ix_ticket_queue", ["urgency", "created_at", "id"]),
        ("ix_ticket_kind_queue", ["kind", "urgency", "created_at", "id"]),
        ("ix_ticket_agent_queue", ["agent_id", "urgency", "created_at", "id"]),
        ("ix_ticket_group_queue", ["group_name", "urgency", "created_at", "id"]),
        ("ix_ticket_requester_active", ["requester_id", "talked_at", "id"]),
    ):
        op.create_index(
            name,
            "ticket",
            columns,
            unique=False,
            postgresql_where=sa.text("urgency IS NOT NULL"),
            sqlite_where=sa.text("urgency IS NOT NULL"),
        )
    op.create_index(
        "ix_ticket_resolved",
        "ticket",
        ["resolved_at"],
        unique=False,
        postgresql_where=sa.text("resolved_at IS NOT NULL"),
        sqlite_where=sa.text("resolved_at IS NOT NULL"),
    )
    op.create_index(
        "ix_ticket_problem",
        "ticket",
        ["problem_id"],
        unique=False,
        postgresql_where=sa.text("problem_id IS NOT NULL"),
        sqlite_where=sa.text("problem_id IS NOT NULL"),
    )
    op.create_index(
        "ix_ticket_merged",
        "ticket",
        ["merged_into"],
        unique=False,
        postgresql_where=sa.text("merged_into IS NOT NULL"),
        sqlite_where=sa.text("merged_into IS NOT NULL"),
    )

    op.create_table(
        "card",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("team_channel_id", Big, nullable=False),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("outgoing_id", Big, nullable=False),
        sa.Column("look", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["team_channel_id"], ["team_channel.id"], name="fk_card_team_channel_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_card_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "team_channel_id", "place", name="pk_card"),
    )
    op.create_table(
        "entry",
        sa.Column("id", Big, nullable=False),
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=True),
        sa.Column("action", sa.String(24), nullable=False),
        sa.Column("was", sa.String(length=32), nullable=False),
        sa.Column("now", sa.String(length=32), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_entry_person_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_entry_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
    )
    op.create_index("ix_entry_ticket_id", "entry", ["ticket_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", Big, nullable=False),
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("anchor_id", Big, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("edited_at", Moment(), nullable=True),
        sa.Column("deleted_at", Moment(), nullable=True),
        sa.Column("receipt_id", Big, nullable=True),
        sa.ForeignKeyConstraint(["anchor_id"], ["message.id"], name="fk_message_anchor_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_message_person_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_message_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    op.create_index("ix_message_ticket_id", "message", ["ticket_id"], unique=False)

    op.create_table(
        "thread",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("team_channel_id", Big, nullable=False),
        sa.Column("native", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=128), nullable=False),
        sa.Column("icon", sa.String(length=16), nullable=False),
        sa.Column("open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["team_channel_id"], ["team_channel.id"], name="fk_thread_team_channel_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_thread_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "team_channel_id", name="pk_thread"),
    )
    op.create_index("ix_thread_team_channel_native", "thread", ["team_channel_id", "native"], unique=False)

    op.create_table(
        "timer",
        sa.Column("id", Big, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("ticket_id", Big, nullable=True),
        sa.Column("person_id", Big, nullable=True),
        sa.Column("facts", Json, nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("fired_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_timer_person_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_timer_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
    )
    op.create_index(
        "ix_timer_due",
        "timer",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("fired_at IS NULL"),
        sqlite_where=sa.text("fired_at IS NULL"),
    )
    op.create_index("ix_timer_ticket", "timer", ["ticket_id"], unique=False)

    op.create_table(
        "old_words",
        sa.Column("id", Big, nullable=False),
        sa.Column("message_id", Big, nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_old_words_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_old_words"),
    )
    op.create_index("ix_old_words_message_id", "old_words", ["message_id"], unique=False)

    op.create_table(
        "ticket_tag",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("tag", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_tag_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "tag", name="pk_ticket_tag"),
    )
    op.create_index("ix_ticket_tag_tag", "ticket_tag", ["tag", "ticket_id"], unique=False)

    op.create_table(
        "watcher",
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_watcher_person_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_watcher_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name="pk_watcher"),
    )

    op.create_table(
        "time_spent",
        sa.Column("id", Big, nullable=False),
        sa.Column("ticket_id", Big, nullable=False),
        sa.Column("person_id", Big, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_time_spent_person_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_time_spent_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_time_spent"),
    )
    op.create_index("ix_time_spent_ticket_id", "time_spent", ["ticket_id"], unique=False)

    op.create_table(
        "rules_revision",
        sa.Column("id", Big, nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("act", sa.String(length=48), nullable=False),
        sa.Column("person_id", Big, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_rules_revision_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rules_revision"),
    )

    op.create_table(
        "ban",
        sa.Column("person_id", Big, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("by_id", Big, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_ban_by_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_ban_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_ban"),
    )

    op.create_table(
        "view",
        sa.Column("person_id", Big, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("words", sa.String(length=256), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_view_person_id"),
        sa.PrimaryKeyConstraint("person_id", "name", name="pk_view"),
    )

    op.create_table(
        "canned_use",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_canned_use"),
    )

    op.create_table(
        "searchable",
        sa.Column("id", Big, autoincrement=False, nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_searchable"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_searchable_words", "searchable", ["words"], unique=False, postgresql_using="gin")
    else:
        op.execute(SEARCH_WORDS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("search_words")
    op.drop_table("searchable")
    op.drop_table("canned_use")
    op.drop_table("view")
    op.drop_table("ban")
    op.drop_table("rules_revision")
    op.drop_table("time_spent")
    op.drop_table("watcher")
    op.drop_table("ticket_tag")
    op.drop_table("old_words")
    op.drop_table("timer")
    op.drop_table("thread")
    op.drop_table("message")
    op.drop_table("entry")
    op.drop_table("card")
    op.drop_table("ticket")
    op.drop_table("verdict")
    op.drop_table("member")
    op.drop_table("favourite")
    op.drop_table("draft")
    op.drop_table("audit")
    op.drop_table("article_version")
    op.drop_table("alias")
    op.drop_table("account")
    op.drop_table("team_channel")
    op.drop_table("setting")
    op.drop_table("request_type")
    op.drop_table("post")
    op.drop_table("person")
    op.drop_table("outgoing")
    op.drop_table("lane")
    op.drop_table("inbox")
    op.drop_table("form")
    op.drop_table("bucket")
    op.drop_table("article")
