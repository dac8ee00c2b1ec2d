"""The tables. What each is for stands beside it; which rules they obey stands in the modules that write them."""

from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.lifecycle import Action, StatusKind
from storage.types import Moment, Word

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Json = JSON()  # not JSONB, which forgets the order of keys: choices are shown as they were written
Big = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself only for INTEGER keys


def _partial(name: str, column: str, where: str) -> Index:
    """Return an index over the rows for which a condition holds."""
    return Index(name, column, postgresql_where=text(where), sqlite_where=text(where))


class Role(StrEnum):
    """What a person may do here, weakest first."""

    REQUESTER = "requester"
    AGENT = "agent"
    SENIOR = "senior"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Return the place in the order of roles, 0 for a requester."""
        return _RANKS[self]


_RANKS = {role: rank for rank, role in enumerate(Role)}


class Priority(StrEnum):
    """How urgent a ticket is, most urgent first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class MessageKind(StrEnum):
    """Whose words these are on a ticket, and who reads them."""

    FOLLOW_UP = "follow_up"  # the requester's, the first words included
    REPLY = "reply"  # an agent's, to the requester
    NOTE = "note"  # an agent's, for agents only


class ApprovalState(StrEnum):
    """How it stands with somebody's yes."""

    OPEN = "open"
    CHANGES = "changes"  # the requester was asked something first
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class DutyChange(StrEnum):
    """What an override does to who is on duty."""

    INSTEAD = "instead"
    ALSO = "also"
    WITHOUT = "without"


class PlanAnswer(StrEnum):
    """What a requester says of a time that is planned."""

    SUITS = "suits"
    OTHER = "other"


class Answer(StrEnum):
    """What somebody says who is asked for their yes."""

    YES = "yes"
    NO = "no"
    CHANGES = "changes"
    REPLACED = "replaced"  # somebody else is asked in their place: they cannot be reached


class StateKind(StrEnum):
    """What the desk remembers of a person for a while."""

    TARGET = "target"  # the ticket that their next words join
    QUEUE = "queue"  # the last questions they asked of the queue, of the search, and the views they looked at
    FIND = "find"
    VIEW = "view"
    BAN_TOLD = "ban_told"  # they heard why they are not served
    LINK = "link"  # codes, questions and joins of accounts; the key says which
    PROPOSAL = "proposal"  # what they are about to change
    REPORT = "report"  # the last reports they asked for
    BULK = "bulk"  # what they are about to do to many tickets
    HOME = "home"  # how they look at their front page
    PAGE_OPEN = "page_open"  # an agent's front page is open, and kept up to date
    GUEST = "guest"  # under which names they may have meant a new guest
    OFFERED = "offered"  # they were asked whether to open a request; its key is the request channel
    ASKING = "asking"  # the question that they are still asking; its key is the account they ask it on
    NOTE_TOLD = "note_told"  # they heard today how what they write in a thread is sent
    COPY = "copy"  # a ticket's card that they asked for, and that follows it; its key is the ticket
    UNDO = "undo"  # how a ticket stood before they ended it just now; its key is the ticket
    FILE = "file"  # the command that waits for a file of theirs
    TURN = "turn"  # when they last had their turn in a group; its key is the group
    TOLD = "told"  # they have read of planned works, or of an outage; its key says of which
    AUDIT = "audit"  # what they asked last of what was done
    EXPORTED = "exported"  # they asked for all that is theirs; not given again before its end
    ERASING = "erasing"  # what is looked for while they are being erased: their accounts, chats and names


class Sending(StrEnum):
    """The fate of a promised message."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


# People ----------------------------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    Column("id", Big, primary_key=True),
    Column("name", String(256), nullable=False),
    Column("role", Word(Role), nullable=False),  # as granted; membership of a team channel makes an agent besides
    Column("language", String(8)),  # chosen by /language; None: as the account says
    Column("time_zone", String(64)),
    Column("away_since", Moment),
    Column("notify", Json),  # {event: whether told}, as chosen by /notify; None: as the desk's rules say
    Column("created_at", Moment, nullable=False),
    Column("erased_at", Moment),  # their words, names and ids are gone since then, or are going
    _partial("ix_person_erased", "erased_at", "erased_at IS NOT NULL"),
)

stand_in = Table(  # who is asked in somebody's place while they are away
    "stand_in",
    metadata,
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
)

account = Table(  # one identity of a person on one messenger
    "account",
    metadata,
    Column("id", Big, primary_key=True),
    Column("person_id", Big, ForeignKey("person.id"), nullable=False, index=True),
    Column("source", String(96), nullable=False),  # messenger:bot id or messenger:team id
    Column("native", String(64), nullable=False),
    Column("name", String(256), nullable=False),
    Column("username", String(64), nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column(
        "chat", String(64), nullable=False, server_default=""
    ),  # where the bot may write to them; "" until they wrote
    Column("blocked_at", Moment),
    Column("told_until", Moment),  # heard that nobody is there; not said again before then
    Column("name_key", String(256), nullable=False, server_default=""),  # as it is looked for, whatever the letter case
    Column("username_key", String(64), nullable=False, server_default=""),
    UniqueConstraint("source", "native"),
    Index("ix_account_source_chat", "source", "chat"),
    Index("ix_account_name_key", "name_key"),
    Index("ix_account_username_key", "username_key"),
)

erased = Table(  # whose account was erased: a hash of it, so that what they did before does not bring them back
    "erased",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("banned", Boolean, nullable=False, server_default=false()),
    Column("banned_until", Moment),  # None: until lifted
    Column("listed_at", Moment),  # stands in the list outside the database since then
    _partial("ix_erased_unlisted", "digest", "listed_at IS NULL"),
)

team_channel = Table(  # a chat where agents see the queue
    "team_channel",
    metadata,
    Column("id", Big, primary_key=True),
    Column("source", String(96), nullable=False),
    Column("chat", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("threads", Boolean, nullable=False),  # the messenger gives each ticket a thread of its own (a forum)
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("own_language", String(8)),  # chosen for this channel; None: what the desk speaks in all of them
    Column("lost_at", Moment),  # since when a group's own channel is gone, or the bot is not in it
    UniqueConstraint("source", "chat"),
)

member = Table(
    "member",
    metadata,
    Column("team_channel_id", Big, ForeignKey("team_channel.id"), primary_key=True),
    Column("person_id", Big, ForeignKey("person.id"), primary_key=True, index=True),
    Column("since", Moment, nullable=False),  # the newest proof of it: a leaving before that is over
)

leaving = Table(  # who has left a team channel, and when: what they said before does not bring them back
    "leaving",
    metadata,
    Column("team_channel_id", Big, ForeignKey("team_channel.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("at", Moment, nullable=False),
)

# Requests --------------------------------------------------------------------------------------------------------

form = Table(  # a revision of a guided dialog; never changed once written, so drafts and tickets may pin it
    "form",
    metadata,
    Column("id", Big, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("data", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("name", "digest"),
)

request_type = Table(  # a service of the catalogue, one row a revision; the newest row of a name is in force
    "request_type",
    metadata,
    Column("id", Big, primary_key=True),
    Column("name", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String(16), nullable=False),  # ITIL: incident, service, information, documentation, change
    Column("title", Json, nullable=False),  # {language: text}
    Column("fields", Json, nullable=False),
    Column("priority", Word(Priority), nullable=False),
    Column("workflow", Json),  # None: the default one
    Column("current", Boolean, nullable=False),
    Column("retired", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("name", "revision"),
)

draft = Table(  # a half-filled form
    "draft",
    metadata,
    Column("id", Big, primary_key=True),
    Column("person_id", Big, ForeignKey("person.id"), nullable=False),
    Column("place", String(160), nullable=False),  # lane of the address where it is filled
    Column("form_id", Big, ForeignKey("form.id"), nullable=False),
    Column("step", String(64), nullable=False),  # the field asked now, or "review"
    Column("waiting", Boolean, nullable=False),  # takes typed input; false once it gave way to something else
    Column("answers", Json, nullable=False),
    Column("facts", Json, nullable=False),  # what the form was opened with: a ticket, a tried answer
    Column("card", Big),  # the outgoing message it is shown on
    Column("updated_at", Moment, nullable=False),
    Index("ix_draft_person_place", "person_id", "place"),
    Index("ix_draft_card", "card"),
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", Big, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("requester_id", Big, ForeignKey("person.id"), nullable=False),
    Column("account_id", Big, ForeignKey("account.id"), nullable=False),  # the account it is talked on
    Column("request_type_id", Big, ForeignKey("request_type.id"), nullable=False),
    Column("form_id", Big, ForeignKey("form.id"), nullable=False, index=True),
    Column("summary", Text, nullable=False),
    Column("answers", Json, nullable=False),
    Column("status", String(32), nullable=False),
    Column("kind", Word(StatusKind), nullable=False),
    Column("priority", Word(Priority), nullable=False),
    Column("agent_id", Big, ForeignKey("person.id")),
    Column("language", String(8), nullable=False),
    Column("unread", Integer, nullable=False),  # requester's messages since an agent last answered
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("talked_at", Moment, nullable=False),  # the last word on either side
    Column("first_response_at", Moment),
    Column("first_response_due", Moment),
    Column("resolution_due", Moment),
    Column("resolved_at", Moment),
    Column("resolved_by", Big, ForeignKey("person.id")),
    Column("closed_at", Moment),
    Column("rating", Integer),
    Column("rating_comment", Text),
    Column("previous_id", Big, ForeignKey("ticket.id")),  # the closed ticket that a late message came for
    Column("group_name", String(32)),  # whose work it is; None: the whole team's
    Column("paused_at", Moment),  # since when the resolution clock stands: it waits for its requester
    Column("snoozed_until", Moment),  # wakes then, or by the requester's word
    Column("merged_into", Big, ForeignKey("ticket.id")),  # the ticket that goes on for this one
    Column("problem_id", Big, ForeignKey("ticket.id")),  # the problem that this is one case of
    Column(
        "urgency", Integer
    ),  # its priority's place among all, the queue's order; None: it is over and waits for nobody
    Column("ended_at", Moment),  # when its requester needed it no more, while it goes on for others
    Column("form_card", Big),  # the outgoing that shows its requester what they answered in the form
    Column("company_id", Big),  # its requester's when it was registered
    Column("forgotten_at", Moment),  # since when nothing of what was said on it is kept
    Column("task_of", Big),  # the ticket that this one is a part of: the team's own, its requester is who asked for it
    _partial("ix_ticket_task_of", "task_of", "task_of IS NOT NULL"),
    Column(  # among those as urgent incidents come first
        "after_incidents", Boolean, nullable=False, server_default=true()
    ),
    Column("approval_id", Big),  # the yes that it waits for now; None: it waits for nobody's
    Column("recurrence_id", Big),  # what made it, where nobody asked for it but the team's own schedule
    Index(
        "ix_ticket_unforgotten",
        "closed_at",
        "id",
        postgresql_where=text("closed_at IS NOT NULL AND forgotten_at IS NULL"),
        sqlite_where=text("closed_at IS NOT NULL AND forgotten_at IS NULL"),
    ),
    _partial("ix_ticket_company", "company_id", "company_id IS NOT NULL"),
    _partial("ix_ticket_recurrence", "recurrence_id", "recurrence_id IS NOT NULL"),
    _partial("ix_ticket_form_card", "form_card", "form_card IS NOT NULL"),
    _partial("ix_ticket_resolved_by", "resolved_by", "resolved_by IS NOT NULL"),
    Index("ix_ticket_requester_talked", "requester_id", "talked_at"),
    Index("ix_ticket_kind_created", "kind", "created_at", "id"),
    Index("ix_ticket_agent_kind", "agent_id", "kind", "created_at", "id"),
    Index("ix_ticket_group_kind", "group_name", "kind", "created_at", "id"),
    *(
        Index(name, *columns, postgresql_where=text("urgency IS NOT NULL"), sqlite_where=text("urgency IS NOT NULL"))
        for name, columns in (
            ("ix_ticket_queue_order", ("urgency", "after_incidents", "created_at", "id")),
            ("ix_ticket_kind_order", ("kind", "urgency", "after_incidents", "created_at", "id")),
            ("ix_ticket_agent_order", ("agent_id", "urgency", "after_incidents", "created_at", "id")),
            ("ix_ticket_group_order", ("group_name", "urgency", "after_incidents", "created_at", "id")),
            ("ix_ticket_requester_active", ("requester_id", "talked_at", "id")),
        )
    ),
    Index(
        "ix_ticket_resolved",
        "resolved_at",
        postgresql_where=text("resolved_at IS NOT NULL"),
        sqlite_where=text("resolved_at IS NOT NULL"),
    ),
    Index(
        "ix_ticket_problem",
        "problem_id",
        postgresql_where=text("problem_id IS NOT NULL"),
        sqlite_where=text("problem_id IS NOT NULL"),
    ),
    Index(
        "ix_ticket_merged",
        "merged_into",
        postgresql_where=text("merged_into IS NOT NULL"),
        sqlite_where=text("merged_into IS NOT NULL"),
    ),
)

known_error = Table(  # a problem whose cause is known, and what helps meanwhile
    "known_error",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
    Column("cause", Text, nullable=False),
    Column(
        "article_id", Big, ForeignKey("article.id", ondelete="SET NULL"), index=True
    ),  # the workaround, for all who ask
    Column("by_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
)

approval = Table(  # somebody's yes that a request waits for, or waited for
    "approval",
    metadata,
    Column("id", Big, primary_key=True),
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False, index=True),
    Column(  # a yes is one to a request of this type
        "request_type_id", Big, ForeignKey("request_type.id", ondelete="CASCADE"), nullable=False
    ),
    Column("status", String(32), nullable=False),  # to which a yes leads; "": asked once, whatever the workflow says
    Column("stood", String(32), nullable=False),  # the status in which the request stood when it was asked
    Column("state", Word(ApprovalState), nullable=False),
    Column("need", String(8), nullable=False),  # of what was asked once: whose yes it takes, of any, all, or a majority
    Column("round", Integer, nullable=False),  # which of its workflow's rounds is asked, from 0
    Column("asking", Integer, nullable=False),  # how many times people were asked so far
    Column("by_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),  # who asks
    Column("why", Text, nullable=False),
    Column("question", Text, nullable=False, server_default=""),  # what the requester was asked last, before a yes
    Column("answer", Text, nullable=False, server_default=""),
    Column("digest", String(64), nullable=False),  # of what those who are asked have read
    Column("at", Moment, nullable=False),
    Column("since", Moment, nullable=False),  # when people were asked last
    Column("ended_at", Moment),
)

approver = Table(  # who is asked for a yes, each time they are; asking 0: whom an agent has named
    "approver",
    metadata,
    Column("id", Big, primary_key=True),
    Column("approval_id", Big, ForeignKey("approval.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("asking", Integer, nullable=False),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column(
        "stand_in_id", Big, ForeignKey("person.id", ondelete="CASCADE"), index=True
    ),  # who is asked for them besides
    Column("card", Big),  # the outgoing that asks them, and the one that asks who stands in
    Column("stand_in_card", Big),
    Column("answer", Word(Answer)),
    Column("reason", Text, nullable=False, server_default=""),
    Column("answered_by", Big, ForeignKey("person.id", ondelete="CASCADE"), index=True),
    Column("answered_at", Moment),
)

secret_answer = Table(  # what was answered to a secret question; among the ticket's answers stand dots
    "secret_answer",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
    Column("field", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

ticket_tag = Table(
    "ticket_tag",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id"), primary_key=True),
    Column("tag", String(32), primary_key=True),
    Index("ix_ticket_tag_tag", "tag", "ticket_id"),
)

watcher = Table(  # who hears of a ticket besides its agent
    "watcher",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id"), primary_key=True),
    Column("person_id", Big, ForeignKey("person.id"), primary_key=True),
)

helper = Table(  # who helps with a ticket beside the agent who has it
    "helper",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),  # since when they help no more
)

guest = Table(  # who outside the team is let into one ticket by an agent
    "guest",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("at", Moment, nullable=False),
    Column("told_at", Moment, nullable=False),  # the last word between them and the team
    Column("shown_id", Big),  # the last message of the requester's that they were shown; 0: the form alone
    Column("ended_at", Moment),  # since when they are none any more
)

survey = Table(  # which requests were asked about how it was, each once
    "survey",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("scale", String(8), nullable=False),  # stars (whose answer is the ticket's rating), nps
    Column("at", Moment, nullable=False),
    Column("score", Integer),  # 0 to 10, of nps
    Column("scored_at", Moment, index=True),
    Index("ix_survey_person_id_at", "person_id", "at"),
)

plan = Table(  # when somebody is to see to a ticket, each time that was agreed on; who has the ticket has its plan
    "plan",
    metadata,
    Column("id", Big, primary_key=True),
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False, index=True),
    Column("place", Text, nullable=False, server_default=""),  # told to the requester
    Column("note", Text, nullable=False, server_default=""),  # the team's own
    Column(
        "by_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True
    ),  # who wrote the place last
    Column("sequence", Integer, nullable=False, server_default="0"),  # how often it was changed since
    Column("at", Moment, nullable=False),
    Column("answer", Word(PlanAnswer)),  # of its requester: whether this time suits
    Column("ended_at", Moment),  # since when it is off
    Column("note_by_id", Big, index=True),  # who wrote the note last; NULL, of before 0035: by_id
)

duty_override = Table(  # who is on duty for a while, otherwise than by the rules
    "duty_override",
    metadata,
    Column("id", Big, primary_key=True),
    Column("rota", String(32), nullable=False),
    Column("change", Word(DutyChange), nullable=False),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("begins_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False, index=True),
    Column("by_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("agreed_at", Moment),  # since when it holds; until then it is asked for
    Column("ended_at", Moment),
    Column("swapped_for", Big),  # the other half of a swap
    Column("card", Big),  # on which it is asked for
)

time_spent = Table(
    "time_spent",
    metadata,
    Column("id", Big, primary_key=True),
    Column("ticket_id", Big, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("person_id", Big, ForeignKey("person.id"), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_time_spent_person", "person_id"),
    Index("ix_time_spent_at", "at"),
)

entry = Table(  # one line of a ticket's history
    "entry",
    metadata,
    Column("id", Big, primary_key=True),
    Column("ticket_id", Big, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("person_id", Big, ForeignKey("person.id")),  # None: the desk itself
    Column("action", Word(Action), nullable=False),
    Column("was", String(32), nullable=False),
    Column("now", String(32), nullable=False),
    Column("facts", Json, nullable=False),
    Column("at", Moment, nullable=False),
    # Its place in the feed of events: 0 until somebody reads the feed; None: from before there was one (storage/tickets/feed.py)
    Column("position", Big),
    _partial("ix_entry_person", "person_id", "person_id IS NOT NULL"),
    Index("ix_entry_at", "at", "ticket_id"),
    Index(
        "ix_entry_position",
        "position",
        "id",
        postgresql_where=text("position IS NOT NULL"),
        sqlite_where=text("position IS NOT NULL"),
    ),
)

message = Table(  # what was said on a ticket
    "message",
    metadata,
    Column("id", Big, primary_key=True),
    Column("ticket_id", Big, ForeignKey("ticket.id"), nullable=False, index=True),
    Column("person_id", Big, ForeignKey("person.id"), nullable=False),
    Column("kind", Word(MessageKind), nullable=False),
    Column("words", Json, nullable=False),  # {"text", "spans"}
    Column("files", Json, nullable=False),
    Column("anchor_id", Big, ForeignKey("message.id")),  # the message it replies to
    Column("at", Moment, nullable=False),
    Column("edited_at", Moment),
    Column("deleted_at", Moment),
    Column("receipt_id", Big),  # the outgoing message that tells its author what became of it
    *(
        Index(name, column, postgresql_where=text(f"{column} IS NOT NULL"), sqlite_where=text(f"{column} IS NOT NULL"))
        for name, column in (("ix_message_receipt", "receipt_id"), ("ix_message_deleted", "deleted_at"))
    ),
    Index("ix_message_person", "person_id"),
)

carried = Table(  # which replies went to whom: the requester of a ticket has read these, and no others
    "carried",
    metadata,
    Column(
        "ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True
    ),  # their own, though it goes on in another
    Column("message_id", Big, ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_carried_message", "message_id"),
)

old_words = Table(  # what a message said before each edit
    "old_words",
    metadata,
    Column("id", Big, primary_key=True),
    Column("message_id", Big, ForeignKey("message.id"), nullable=False, index=True),
    Column("words", Json, nullable=False),
    Column("until", Moment, nullable=False, index=True),
)

searchable = Table(  # a request's words, as storage/tickets/search_terms.py makes them; SQLite's index over it is a virtual table
    "searchable",
    metadata,
    # 4096 times the ticket's number, and which part of it
    Column("id", Big, primary_key=True, autoincrement=False),
    Column("words", Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
    # The first message whose words it has, if any; those of later ones too, up to where the next part begins
    Column("since", Big, nullable=False, server_default="0"),
)
Index("ix_searchable_words", searchable.c.words, postgresql_using="gin").ddl_if(dialect="postgresql")

# Places ----------------------------------------------------------------------------------------------------------

card = Table(
    "card",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id"), primary_key=True),
    Column("team_channel_id", Big, ForeignKey("team_channel.id"), primary_key=True),
    Column("place", String(8), primary_key=True),  # "queue", or "thread" for its twin at the thread's head
    Column("outgoing_id", Big, nullable=False),
    Column("look", String(40), nullable=False),  # of what it shows, so that what would change nothing is not sent
    Index("ix_card_outgoing", "outgoing_id"),
)

thread = Table(
    "thread",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id"), primary_key=True),
    Column("team_channel_id", Big, ForeignKey("team_channel.id"), primary_key=True),
    Column("native", String(64)),  # None until the messenger made it
    Column("title", String(128), nullable=False),
    Column("icon", String(16), nullable=False),  # the status it shows, by name
    Column("open", Boolean, nullable=False, server_default=true()),
    Index("ix_thread_team_channel_native", "team_channel_id", "native"),
)

post = Table(  # which native message shows which of ours: both ways, incoming and outgoing
    "post",
    metadata,
    Column("id", Big, primary_key=True),
    Column("place", String(160), nullable=False),  # source:chat
    Column("native", String(64), nullable=False),
    Column("part", Integer, nullable=False),  # of a message split over several
    Column("outgoing_id", Big),
    Column("message_id", Big),
    Column("ticket_id", Big),
    Column("field", String(64), nullable=False, server_default=""),  # of the ticket's form, which it has answered
    Column("at", Moment, nullable=False),
    Index("ix_post_place_native", "place", "native"),
    Index("ix_post_ticket_place", "ticket_id", "place"),
    Index("ix_post_outgoing", "outgoing_id"),
    Index("ix_post_message", "message_id"),
)

# Companies -------------------------------------------------------------------------------------------------------

company = Table(  # whom people belong to
    "company",
    metadata,
    Column("id", Big, primary_key=True),
    Column("name", String(128), nullable=False),
    Column("name_key", String(128), nullable=False, unique=True),  # as it is looked for, whatever the letter case
    Column("contract", String(64), nullable=False, server_default=""),  # its number
    Column("until", String(10), nullable=False, server_default=""),  # the last day of the contract, YYYY-MM-DD
    Column("policy", String(32), nullable=False, server_default=""),  # of the rules' sla, before the type's own
    Column("group_name", String(32), nullable=False, server_default=""),  # whose work its requests are
    Column("types", Json, nullable=False),  # names of the request types that the contract covers; none: all
    Column("notes", Text, nullable=False, server_default=""),
    Column(
        "workspaces", Json, nullable=False
    ),  # ids of Slack workspaces whose people are its people; nothing reads them yet
    Column("at", Moment, nullable=False),
)

company_person = Table(
    "company_person",
    metadata,
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("company_id", Big, ForeignKey("company.id", ondelete="CASCADE"), nullable=False, index=True),
)

company_approver = Table(  # who of a company, or for it, says yes to what its people ask for
    "company_approver",
    metadata,
    Column("company_id", Big, ForeignKey("company.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
)

recurrence = Table(  # requests that the team makes of itself, at set times
    "recurrence",
    metadata,
    Column("id", Big, primary_key=True),
    Column("by_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    # The team's, whose its requests are.
    Column("account_id", Big, ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("stage", String(16), nullable=False),
    Column("summary", Text, nullable=False),
    Column("schedule", Json, nullable=False),  # handlers/vocabulary/schedules.py
    Column("type_name", String(32), nullable=False),
    Column("group_name", String(32)),
    Column("priority", Word(Priority)),  # None: its type's
    Column("holidays", String(8), nullable=False),
    Column("again", String(8), nullable=False),  # where the last one is still open
    Column("companies", Json, nullable=False),  # ids; none: the team's alone
    Column("next_at", Moment),  # for when its timer is set
    Column("created_at", Moment, nullable=False),
    Column("last_at", Moment),  # the newest time for which it has made requests
    Column("assets", Json),  # one for each asset: {"kind": a kind or "", "words": that it has}
    Index(
        "ix_recurrence_created_at",
        "created_at",
        "id",
        postgresql_where=text("stage = 'draft'"),
        sqlite_where=text("stage = 'draft'"),
    ),
)

# Assets ----------------------------------------------------------------------------------------------------------

asset = Table(  # what people work with: a laptop, a printer, a lift
    "asset",
    metadata,
    Column("id", Big, primary_key=True),
    Column("number", String(64), nullable=False),  # as it stands on its label
    Column("number_key", String(64), nullable=False, unique=True),  # its letters and digits, as they are looked for
    Column("kind", String(32), nullable=False),  # of the rules' assets
    Column("name", String(128), nullable=False, server_default=""),
    Column("fields", Json, nullable=False),  # {field of its kind: text}
    Column("company_id", Big, ForeignKey("company.id", ondelete="SET NULL")),  # whose it is
    Column("person_id", Big, ForeignKey("person.id", ondelete="SET NULL")),  # who has it
    Column("retired_at", Moment),
    Column("at", Moment, nullable=False),
    _partial("ix_asset_company_id", "company_id", "company_id IS NOT NULL"),
    _partial("ix_asset_person_id", "person_id", "person_id IS NOT NULL"),
    _partial("ix_asset_kind", "kind", "retired_at IS NULL"),  # how many there are of each
)

asset_word = Table(  # the words an asset is found by
    "asset_word",
    metadata,
    Column("word", String(32, collation="C").with_variant(String(32), "sqlite"), primary_key=True),
    Column("asset_id", Big, ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_asset_word_asset_id", "asset_id", "word"),
)

ticket_asset = Table(  # which assets a request is about
    "ticket_asset",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
    Column("asset_id", Big, ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_ticket_asset_asset_id", "asset_id", "ticket_id"),
)

# Where people already talk ---------------------------------------------------------------------------------------

request_channel = Table(  # a channel or group of clients or colleagues where requests are opened
    "request_channel",
    metadata,
    Column("id", Big, primary_key=True),
    Column("source", String(96), nullable=False),
    Column("chat", String(64), nullable=False),
    Column("title", String(256), nullable=False),
    Column("settings", Json, nullable=False),  # what an admin chose there; where it says nothing, the rules do
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("lost_at", Moment),  # since when the bot is not in it
    Column("at", Moment, nullable=False),
    Column("company_id", Big, index=True),  # whose people talk there
    UniqueConstraint("source", "chat"),
)

offer_count = Table(  # how often something became of the bot's questions in a request channel
    "offer_count",
    metadata,
    Column("request_channel_id", Big, ForeignKey("request_channel.id", ondelete="CASCADE"), primary_key=True),
    Column("outcome", String(16), primary_key=True),  # sent, suppressed, opened, dismissed
    Column("number", Integer, nullable=False),
)

request_thread = Table(  # where a request is talked on that was opened in a request channel
    "request_thread",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
    Column("request_channel_id", Big, ForeignKey("request_channel.id", ondelete="CASCADE"), nullable=False),
    Column("root", String(64), nullable=False),  # native id of the message it hangs on
    Column("topic", String(64), nullable=False, server_default=""),  # the forum topic that it stands in
    Column("person_id", Big, ForeignKey("person.id", ondelete="SET NULL"), index=True),  # its author
    Column("at", Moment, nullable=False),
    Index("ix_request_thread_root", "request_channel_id", "root"),
    Index("ix_request_thread_topic", "request_channel_id", "topic"),
    Index("ix_request_thread_author", "request_channel_id", "person_id", "at"),
)

participant = Table(  # who has said something on a request in its channel
    "participant",
    metadata,
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
)

overheard = Table(  # what was said in a request channel and has opened nothing, for a day or two: it may be pointed at
    "overheard",
    metadata,
    Column("id", Big, primary_key=True),
    Column("request_channel_id", Big, ForeignKey("request_channel.id", ondelete="CASCADE"), nullable=False),
    Column("native", String(64), nullable=False),
    Column("topic", String(64), nullable=False, server_default=""),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("account_id", Big, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("said", Json, nullable=False),
    Column(
        "verdict_id", Big, ForeignKey("verdict.id", ondelete="SET NULL"), index=True
    ),  # what the knowledge base said of it
    Column("at", Moment, nullable=False, index=True),
    Index("ix_overheard_native", "request_channel_id", "native"),
)

# The desk's rules ------------------------------------------------------------------------------------------------

rules_revision = Table(  # every state of the desk's rules; the newest is in force
    "rules_revision",
    metadata,
    Column("id", Big, primary_key=True),
    Column("data", Json, nullable=False),  # as in desk.yaml
    Column("act", String(48), nullable=False),  # what brought it: apply, or the command
    Column("person_id", Big, ForeignKey("person.id")),  # None: the operator
    Column("at", Moment, nullable=False),
)

ban = Table(  # whom the desk does not serve for a while
    "ban",
    metadata,
    Column("person_id", Big, ForeignKey("person.id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("until", Moment),  # None: until lifted
    Column("by_id", Big, ForeignKey("person.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

view = Table(  # a filter of the queue that an agent keeps
    "view",
    metadata,
    Column("person_id", Big, ForeignKey("person.id"), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("words", String(256), nullable=False),
    Column("shared", Boolean, nullable=False, server_default=false()),  # the whole team may look at it
)

canned_use = Table(  # how often a canned reply was sent
    "canned_use",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("count", Integer, nullable=False),
)

# To many at once -------------------------------------------------------------------------------------------------

announcement = Table(
    "announcement",
    metadata,
    Column("id", Big, primary_key=True),
    Column("by_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("stage", String(16), nullable=False),
    Column("words", Json, nullable=False),  # {language: {"text", "spans"}}
    Column("files", Json, nullable=False),
    # {"to": everybody, language, waiting, type, group or company; "value", "since"}
    Column("segment", Json, nullable=False),
    Column("phase", String(16), nullable=False),  # of planned works: before, begun, over
    Column("after", Big, nullable=False),  # the last person looked at in this phase
    Column("starts_at", Moment),
    Column("begins_at", Moment),  # of planned works
    Column("ends_at", Moment),
    Column(
        "keywords", Text, nullable=False, server_default=""
    ),  # who asks about these meanwhile reads of the works first
    Column("card", Big),  # the outgoing message that shows how far it is
    Column("place", Json, nullable=False),  # where that is: lane, language, zone
    Column("created_at", Moment, nullable=False),
    _partial("ix_announcement_ends", "ends_at", "ends_at IS NOT NULL"),
)

announced = Table(  # who is told of an announcement: once each, whoever tells them
    "announced",
    metadata,
    Column("announcement_id", Big, ForeignKey("announcement.id", ondelete="CASCADE"), primary_key=True),
    Column("phase", String(16), primary_key=True),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("outgoing_id", Big),
    _partial("ix_announced_outgoing", "outgoing_id", "outgoing_id IS NOT NULL"),
)

outage = Table(  # something that is broken for many: noticed, declared, told of, ended
    "outage",
    metadata,
    Column("id", Big, primary_key=True),
    Column("stage", String(16), nullable=False, index=True),  # asked, open, over, dismissed
    Column("words", Text, nullable=False),  # what is known, as it was said last
    Column("keywords", Text, nullable=False),
    Column("examples", Json, nullable=False),  # verdicts whose questions are alike
    Column("by_id", Big, ForeignKey("person.id", ondelete="CASCADE"), index=True),
    Column("noticed_at", Moment),
    Column("declared_at", Moment),
    Column("told_at", Moment),  # when something was said of it last
    Column("ended_at", Moment),
    Column("cause", Text, nullable=False, server_default=""),  # what it was, told afterwards
    Column("card", Big),
    # Where its card is: lane, language, zone; of one that was noticed, how many asked alike, and how many do usually.
    Column("place", Json, nullable=False),
    Column("at", Moment, nullable=False),
)

affected = Table(  # whom an outage concerns: who asked alike, and whose requests were linked
    "affected",
    metadata,
    Column("outage_id", Big, ForeignKey("outage.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("account_id", Big, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    # As the version before keeps it, one of a person: outage_ticket has them all.
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), index=True),
    Column("state", String(16), nullable=False),  # told, waits, different, linked, ended
    Column("at", Moment, nullable=False),
)

outage_ticket = Table(  # which requests are of an outage: resolved with its end
    "outage_ticket",
    metadata,
    Column("outage_id", Big, ForeignKey("outage.id", ondelete="CASCADE"), primary_key=True),
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("at", Moment, nullable=False),
)

outage_quote = Table(  # which of our posts quotes which question: the one that asks the team whether there is an outage
    "outage_quote",
    metadata,
    Column("outgoing_id", Big, primary_key=True, autoincrement=False),
    Column("verdict_id", Big, ForeignKey("verdict.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("outage_id", Big, ForeignKey("outage.id", ondelete="CASCADE"), nullable=False, index=True),
)

# In, out, later --------------------------------------------------------------------------------------------------

lane = Table(  # a conversation of the inbox or an address of the outbox: what is served one at a time, in order
    "lane",
    metadata,
    Column("side", String(3), primary_key=True),  # "in" or "out"
    Column("name", String(192), primary_key=True),
    Column("source", String(96), nullable=False),
    Column("ready_at", Moment),  # when its head may be served; None: nothing waits
    Column("leased_until", Moment),  # outbox only: somebody is sending
    Index(
        "ix_lane_side_ready",
        "side",
        "ready_at",
        postgresql_where=text("ready_at IS NOT NULL"),
        sqlite_where=text("ready_at IS NOT NULL"),
    ),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Big, primary_key=True),
    Column("source", String(96), nullable=False),
    Column("key", String(160), nullable=False),  # native, unique within its source
    Column("lane", String(192), nullable=False),
    Column("album", String(64), nullable=False, server_default=""),
    Column("payload", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column(
        "ready_at", Moment, nullable=False
    ),  # later than received: companions of an album, or another try, are waited for
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("done_at", Moment),
    Column("incident", String(16)),  # set: a dead letter
    UniqueConstraint("source", "key"),
    Index(
        "ix_inbox_waiting", "lane", "id", postgresql_where=text("done_at IS NULL"), sqlite_where=text("done_at IS NULL")
    ),
    Index("ix_inbox_done", "done_at"),
    _partial("ix_inbox_dead", "incident", "incident IS NOT NULL"),
)

begun = Table(  # which events have their turn now, by process; unlogged, and unused on SQLite (storage/engine/begun_turns.py)
    "begun",
    metadata,
    Column("worker", Big, primary_key=True, autoincrement=False),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("ids", Text, nullable=False),
    Column("tries", Integer, nullable=False),
)

outgoing = Table(
    "outgoing",
    metadata,
    Column("id", Big, primary_key=True),
    Column("lane", String(192), nullable=False),
    Column("rank", Integer, nullable=False, server_default="0"),  # below 0: goes before what already waits in its lane
    Column("operation", String(8), nullable=False),
    Column("payload", Text, nullable=False),
    Column(
        "fold", String(64), nullable=False, server_default=""
    ),  # rows of one fold that wait together become one post
    Column("edits", Big),  # the outgoing whose post it changes or deletes
    Column("anchor_message", Big),
    Column("anchor_outgoing", Big),
    Column("message_id", Big),  # the message of a ticket that it carries
    Column("ticket_id", Big),
    Column("receipt", Boolean, nullable=False, server_default=false()),  # its author is told what became of it
    Column("state", Word(Sending), nullable=False),
    Column("ready_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("uncertain", Boolean, nullable=False, server_default=false()),
    Column("error", Text),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column(
        "tried_at", Moment
    ),  # since when it is tried and nobody answers: from here counts how long that is waited for
    Index(
        "ix_outgoing_waiting",
        "lane",
        "rank",
        "id",
        postgresql_where=text("done_at IS NULL"),
        sqlite_where=text("done_at IS NULL"),
    ),
    _partial("ix_outgoing_edits", "edits", "done_at IS NULL"),
    Index("ix_outgoing_message", "message_id"),
    Index("ix_outgoing_done", "done_at"),
    _partial("ix_outgoing_failed", "state", "state = 'failed'"),
)

bucket = Table(  # a sending rate: when its last messages were sent
    "bucket",
    metadata,
    Column("name", String(160), primary_key=True),
    Column(
        "sent", Text, nullable=False
    ),  # JSON: microseconds since 1970, the oldest first, no more than the rate counts
    Column("held_until", Moment),  # the messenger said to wait
)

standstill = Table(  # an address in a team place that takes nothing now, until somebody changes a setting there
    "standstill",
    metadata,
    Column("address", String(192), primary_key=True),  # a lane of the outbox, or the topics of a chat as a whole
    Column("place", String(160), nullable=False),  # source:chat
    Column("reason", String(32), nullable=False),  # a phrase key after "standstill."
    Column("word", Text, nullable=False),  # the messenger's own
    Column("since", Moment, nullable=False),
    Column("told", Boolean, nullable=False),  # it was the first of its place to be refused so: the admins heard of it
)

timer = Table(
    "timer",
    metadata,
    Column("id", Big, primary_key=True),
    Column("name", String(32), nullable=False),
    Column("ticket_id", Big, ForeignKey("ticket.id")),
    Column("person_id", Big, ForeignKey("person.id")),
    Column("facts", Json, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("fired_at", Moment),
    _partial("ix_timer_due", "due_at", "fired_at IS NULL"),
    Index("ix_timer_ticket", "ticket_id"),
    _partial("ix_timer_fired", "fired_at", "fired_at IS NOT NULL"),
    _partial("ix_timer_person", "person_id", "person_id IS NOT NULL"),
)

# Other programs ----------------------------------------------------------------------------------------------------

token = Table(  # lets another program in, by the hash of a secret that was shown once
    "token",
    metadata,
    Column("id", Big, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),  # who acts by it
    Column("per_minute", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment),
)

answered_call = Table(  # a call that changed something, and what it was answered: told again to whoever repeats it
    "answered_call",
    metadata,
    Column("id", Big, primary_key=True),
    Column("token_id", Big, ForeignKey("token.id", ondelete="CASCADE"), nullable=False),
    Column("key", String(255), nullable=False),  # the caller's own, Idempotency-Key
    Column("digest", String(64), nullable=False),  # of what was asked
    Column("status", Integer, nullable=False),
    Column("answer", Json, nullable=False),  # ids, states and times; nobody's words
    Column("at", Moment, nullable=False, index=True),
    UniqueConstraint("token_id", "key"),
)

alert_group = Table(  # what monitoring says is broken, as one request: many alerts, or one
    "alert_group",
    metadata,
    Column("id", Big, primary_key=True),
    Column("key", String(64), nullable=False),  # a digest of the program's own, and of which program
    Column("ticket_id", Big, ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("current", Boolean, nullable=False),  # what fires again joins it, or takes its request up again
    Column("firings", Integer, nullable=False),
    Column("noted", Integer, nullable=False),
    Column("note_at", Moment),
    Column("began_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("over_at", Moment),
    Index("uq_alert_group_key", "key", unique=True, sqlite_where=text("current"), postgresql_where=text("current")),
    Index("ix_alert_group_last_at", "last_at", "id"),
)

alert = Table(  # one alert of a group, while any of the group fires
    "alert",
    metadata,
    Column("group_id", Big, ForeignKey("alert_group.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("firing", Boolean, nullable=False),
)

# What reports will ask for ---------------------------------------------------------------------------------------

audit = Table(  # every refusal and every act of an admin
    "audit",
    metadata,
    Column("id", Big, primary_key=True),
    Column("person_id", Big, ForeignKey("person.id")),
    Column("act", String(48), nullable=False),
    Column("ticket_id", Big),
    Column("facts", Json, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    _partial("ix_audit_person", "person_id", "person_id IS NOT NULL"),
    _partial("ix_audit_ticket", "ticket_id", "ticket_id IS NOT NULL"),
    Index("ix_audit_act", "act", "id"),
)

article = Table(  # a question with its answer, as it is now
    "article",
    metadata,
    Column("id", Big, primary_key=True),
    Column("revision", Big, nullable=False, index=True),  # of the whole knowledge base when this article last changed
    Column("section", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),  # Markdown
    Column("keywords", Json, nullable=False),
    Column("files", Json, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("deleted_at", Moment),
    Column("helped", Integer, nullable=False),
    Column("not_helped", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("translates", Big),  # the article that this one says in another language; all of one are tied to the same
    _partial("ix_article_translates", "translates", "translates IS NOT NULL"),
)

alias = Table(  # another way people ask an article's question
    "alias",
    metadata,
    Column("id", Big, primary_key=True),
    Column("article_id", Big, ForeignKey("article.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("state", String(8), nullable=False),  # "live", "proposed" or "refused"
    Column("proposed_by", Big, ForeignKey("person.id")),
    Column("at", Moment, nullable=False),
    _partial("ix_alias_proposed_by", "proposed_by", "proposed_by IS NOT NULL"),
)

article_version = Table(  # every state an article was in
    "article_version",
    metadata,
    Column("id", Big, primary_key=True),
    Column("article_id", Big, ForeignKey("article.id"), nullable=False, index=True),
    Column("act", String(16), nullable=False),
    Column("data", Json, nullable=False),
    Column("person_id", Big, ForeignKey("person.id")),
    Column("at", Moment, nullable=False),
    _partial("ix_article_version_person", "person_id", "person_id IS NOT NULL"),
)

favourite = Table(  # an article a person keeps at hand
    "favourite",
    metadata,
    Column("person_id", Big, ForeignKey("person.id"), primary_key=True),
    Column("article_id", Big, ForeignKey("article.id"), primary_key=True),
)

article_remark = Table(  # what a reader says is missing or wrong in an answer
    "article_remark",
    metadata,
    Column("id", Big, primary_key=True),
    Column("article_id", Big, ForeignKey("article.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("place", String(160)),  # with native: the message in which it was written, if it was one
    Column("native", String(64)),
    Column("at", Moment, nullable=False, index=True),
)

verdict = Table(  # every answer of the knowledge base and what came of it
    "verdict",
    metadata,
    Column("id", Big, primary_key=True),
    Column("person_id", Big, ForeignKey("person.id"), nullable=False),
    Column("question", Text, nullable=False),
    Column("said", Json, nullable=False),  # the whole of it, so that nothing is retyped: words, files, place, native
    Column("language", String(8), nullable=False),
    Column("verdict", String(8), nullable=False),
    Column("candidates", Json, nullable=False),
    Column("tried", Json, nullable=False),  # ids of the articles that were shown
    Column("outcome", String(16)),
    Column("ticket_id", Big, index=True),
    Column("at", Moment, nullable=False, index=True),
    Index("ix_verdict_person_at", "person_id", "at"),
)

person_state = Table(  # what the desk remembers of a person for a while; each row has an end
    "person_state",
    metadata,
    # The version before this table deletes people without a thought of it.
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Word(StateKind), primary_key=True),
    Column("key", String(64), primary_key=True),  # "" where a person has one of a kind
    Column("value", Json, nullable=False),
    Column("until", Moment, nullable=False, index=True),
    Index("ix_person_state_kind_key", "kind", "key"),
)

own_account = Table(  # our own on a messenger
    "own_account",
    metadata,
    Column("source", String(96), primary_key=True),  # messenger:bot id or messenger:team id
    Column(
        "heard_until", Moment
    ),  # up to when everything was heard there; None: it never was, or its messenger keeps it
    Column("team_chat", String(64)),  # the team channel that the operator's settings name there
)

moved_chat = (
    Table(  # a chat that its messenger has given another id: the operator's settings may name the old one for years
        "moved_chat",
        metadata,
        Column("source", String(96), primary_key=True),
        Column("was", String(64), primary_key=True),
        Column("now", String(64), nullable=False),
    )
)

article_import = Table(  # an import of articles that can be undone; the newest are kept
    "article_import",
    metadata,
    Column("token", String(16), primary_key=True),
    Column("revisions", Json, nullable=False),  # of the knowledge base, one for each part of the file
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)

setting = Table(  # what the desk itself remembers, of nobody in particular
    "setting",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("value", Json, nullable=False),
)


def columns_that_name(table: Table) -> list[Column[int]]:
    """Return every column that points at rows of a table."""
    return [key.parent for each in metadata.sorted_tables for key in each.foreign_keys if key.column is table.c.id]


for _table in metadata.tables.values():
    if _table.autoincrement_column is not None:  # else SQLite gives the id of a deleted row to the next one
        _table.dialect_options["sqlite"]["autoincrement"] = True
