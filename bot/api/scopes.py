"""Scopes: what a token lets its program do. Roles say the rest: a program acts as somebody of the team."""

from enum import StrEnum


class Scope(StrEnum):
    """One right of a token."""

    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    ARTICLES_READ = "articles:read"
    ARTICLES_WRITE = "articles:write"
    REPORTS_READ = "reports:read"
    EVENTS_READ = "events:read"
    MONITORING = "monitoring"


def read_scopes(words: str) -> list[Scope]:
    """Return the scopes that are named, apart by commas or spaces; raise ValueError with the one that there is not."""
    return list(dict.fromkeys(Scope(word) for word in words.replace(",", " ").split()))
