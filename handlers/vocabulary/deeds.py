"""Deeds: whatever is written down of what somebody did, so that they can answer for it; each has its words in every language."""

from enum import StrEnum


class Deed(StrEnum):
    """What was done, as ``/audit`` names it."""

    REFUSED = "refused"
    # Who may what
    ROLE = "role"
    BANNED = "banned"
    UNBANNED = "unbanned"
    LEFT_TEAM = "left_team"
    LINKED = "linked"
    UNLINKED = "unlinked"
    LINK_REFUSED = "link_refused"
    LINK_DECLINED = "link_declined"
    GUEST_CAME = "guest_came"
    # The rules
    RULES_APPLIED = "rules_applied"
    RULES_CHANGED = "rules_changed"
    # Answers
    ARTICLE_ADDED = "article_added"
    ARTICLE_EDITED = "article_edited"
    ARTICLE_ON = "article_on"
    ARTICLE_OFF = "article_off"
    ARTICLE_DELETED = "article_deleted"
    ARTICLE_RESTORED = "article_restored"
    ARTICLES_IMPORTED = "articles_imported"
    IMPORT_UNDONE = "import_undone"
    ARTICLES_EXPORTED = "articles_exported"
    LIST_EXPORTED = "list_exported"
    ALIAS_ADDED = "alias_added"
    ALIAS_TAKEN = "alias_taken"
    ALIAS_REFUSED = "alias_refused"
    # Requests
    SPAM = "spam"
    TOOK_BACK = "took_back"
    REDACTED = "redacted"
    SECRET_SHOWN = "secret_shown"
    BULK = "bulk"
    RESOLVED_LINKED = "resolved_linked"
    NOT_A_REQUEST = "not_a_request"
    CHANNEL = "channel"
    COMPANY = "company"
    COMPANIES_IMPORTED = "companies_imported"
    # A person's data
    EXPORTED = "exported"
    ERASE_ASKED = "erase_asked"
    ERASE_CALLED_OFF = "erase_called_off"
    ERASE_REFUSED = "erase_refused"
    ERASED = "erased"
    ERASE_DONE = "erase_done"
    # Many at once
    ANNOUNCED = "announced"
    ANNOUNCEMENT_PAUSED = "announcement_paused"
    ANNOUNCEMENT_RESUMED = "announcement_resumed"
    ANNOUNCEMENT_CANCELLED = "announcement_cancelled"
    OUTAGE_DECLARED = "outage_declared"
    OUTAGE_DISMISSED = "outage_dismissed"
    OUTAGE_UPDATED = "outage_updated"
    OUTAGE_ENDED = "outage_ended"
    # The messengers
    BOT_REMOVED = "bot_removed"
    REVOKED = "revoked"
    MESSENGER_REFUSED = "messenger_refused"
    STANDS = "stands"
    UNSHOWN = "unshown"
