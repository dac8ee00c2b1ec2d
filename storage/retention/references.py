"""Where ids stand that no foreign key guards. What is named there is not deleted, and no id is ever given to another row.

A test holds these lists to the models: a new column that could name a row stands in one of them, or says what else it is.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import Column, Connection, select, union_all

from storage.models import (
    announced,
    announcement,
    approver,
    article,
    audit,
    card,
    draft,
    duty_override,
    guest,
    message,
    metadata,
    outage,
    outage_quote,
    outgoing,
    plan,
    post,
    request_channel,
    searchable,
    ticket,
    verdict,
)

# A column of ids, and the table whose rows they are. A foreign key would cost the hot path, or keep retention from its work.
COLUMNS: Mapping[Column[int], str] = {
    card.c.outgoing_id: "outgoing",
    announcement.c.card: "outgoing",
    announced.c.outgoing_id: "outgoing",
    outage.c.card: "outgoing",
    approver.c.card: "outgoing",
    approver.c.stand_in_card: "outgoing",
    ticket.c.approval_id: "approval",
    outage_quote.c.outgoing_id: "outgoing",
    announcement.c.after: "person",
    draft.c.card: "outgoing",
    duty_override.c.card: "outgoing",
    duty_override.c.swapped_for: "duty_override",
    ticket.c.form_card: "outgoing",
    post.c.outgoing_id: "outgoing",
    post.c.message_id: "message",
    post.c.ticket_id: "ticket",
    message.c.receipt_id: "outgoing",
    guest.c.shown_id: "message",  # 0: the form alone
    outgoing.c.edits: "outgoing",
    outgoing.c.anchor_outgoing: "outgoing",
    outgoing.c.anchor_message: "message",
    outgoing.c.message_id: "message",
    outgoing.c.ticket_id: "ticket",
    audit.c.ticket_id: "ticket",
    verdict.c.ticket_id: "ticket",
    ticket.c.company_id: "company",
    ticket.c.task_of: "ticket",
    plan.c.note_by_id: "person",
    ticket.c.recurrence_id: "recurrence",
    request_channel.c.company_id: "company",
    article.c.translates: "article",
    searchable.c.since: "message",  # 0: not known
    searchable.c.id: "ticket",  # times 4096: one row or more for each
}

BUTTONS = (
    "alias",
    "approval",
    "approver",
    "article",
    "article_remark",
    "draft",
    "duty_override",
    "message",
    "outgoing",
    "person",
    "plan",
    "ticket",
    "verdict",
)

# Texts and documents that may name rows, and of which tables.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "lane.name": ("ticket", "team_channel"),  # source:#ticket/channel
    "inbox.lane": ("ticket", "team_channel"),
    "outgoing.lane": ("ticket", "team_channel"),
    "outgoing.fold": ("ticket",),
    "draft.place": ("ticket", "team_channel"),
    "draft.facts": ("account", "approval", "approver", "article", "ticket", "verdict"),
    "inbox.payload": ("account", *BUTTONS),
    "outgoing.payload": BUTTONS,
    "timer.facts": (
        *("account", "approver", "company", "duty_override", "outgoing", "person", "plan", "recurrence", "ticket"),
        "verdict",
    ),
    "entry.facts": ("approval", "person", "request_type", "ticket"),
    "answered_call.answer": ("article", "company", "message", "person", "ticket"),
    "audit.facts": ("article", "message", "person", "plan", "ticket"),
    "outage.examples": ("verdict",),
    "outage.place": ("outgoing", "ticket"),
    "verdict.candidates": ("article",),
    "verdict.tried": ("article",),
    "verdict.said": ("account",),
    "overheard.said": ("account",),
    "begun.ids": ("inbox",),
    "recurrence.companies": ("company",),
    "standstill.address": ("ticket", "team_channel"),
    "person_state.value": ("account", "outgoing", "person", "plan", "ticket", "verdict"),
}

# Texts and documents that name no row: people's words, the desk's rules, names and figures.
NAMELESS: Collection[str] = {
    *(
        "announcement.words",
        "announcement.files",
        "announcement.segment",
        "announcement.keywords",
        "announcement.place",
    ),
    *("outage.words", "outage.keywords", "outage.cause"),
    *("person.notify", "form.data", "request_type.title", "request_type.fields", "request_type.workflow"),
    *("draft.answers", "ticket.summary", "ticket.answers", "ticket.rating_comment"),
    *(
        "secret_answer.value",
        "known_error.cause",
        "approval.why",
        "approval.question",
        "approval.answer",
        "approver.reason",
        "plan.place",
        "plan.note",
        "recurrence.summary",
        "recurrence.schedule",
        "recurrence.assets",
        "message.words",
        "message.files",
        "old_words.words",
        "searchable.words",
    ),
    *(
        "rules_revision.data",
        "ban.reason",
        "bucket.sent",
        "outgoing.error",
        "setting.value",
        "article_import.revisions",
        "request_channel.settings",
        "company.types",
        "company.workspaces",
        "company.notes",
        "asset.fields",
    ),
    *("article.question", "article.answer", "article.keywords", "article.files", "alias.text", "article_version.data"),
    *("verdict.question", "article_remark.text", "standstill.word"),
    "token.scopes",
}

# Numbers of the same size that are no ids.
COUNTERS: Collection[str] = {"article.revision", "begun.worker", "entry.position"}


def still_named(connection: Connection, ids: Collection[int]) -> set[int]:
    """Return which of these promises something else still names: a card, a draft, a post, a receipt, or one that waits."""
    asked = [
        select(column).where(column.in_(ids), *([outgoing.c.done_at.is_(None)] if column.table is outgoing else []))
        for column, table in COLUMNS.items()
        if table == "outgoing"
    ]
    return set(connection.scalars(union_all(*asked)).all())


def with_own_ids() -> list[str]:
    """Return the tables whose rows get an id by themselves."""
    return [table.name for table in metadata.tables.values() if table.autoincrement_column is not None]
