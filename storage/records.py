"""What is kept for reports and for the desk itself: audit, verdicts, settings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.models import audit, setting, verdict
from storage.types import made_id


class Records:
    """Audit, verdicts and settings, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def audit(
        self,
        act: str,
        at: datetime,
        *,
        person: int | None,
        ticket: int | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down a refusal or an admin's act; never anybody's words."""
        values = {"act": act, "person_id": person, "ticket_id": ticket, "facts": dict(facts or {}), "at": at}
        self._connection.execute(insert(audit).values(values))

    def verdict(
        self,
        *,
        person: int,
        question: str,
        said: Mapping[str, Any],
        language: str,
        verdict_: str,
        candidates: Sequence[Any],
        at: datetime,
    ) -> int:
        """Keep what the knowledge base said to a question; return its id."""
        values = {
            "person_id": person,
            "question": question,
            "said": dict(said),
            "language": language,
            "verdict": verdict_,
            "candidates": list(candidates),
            "at": at,
        }
        return made_id(self._connection.execute(insert(verdict).values(values)))

    def outcome(self, verdict_id: int, outcome: str, ticket: int | None = None) -> None:
        """Keep what came of a verdict."""
        known = update(verdict).where(verdict.c.id == verdict_id)
        self._connection.execute(known.values(outcome=outcome, ticket_id=ticket))

    def said(self, verdict_id: int, person: int) -> Mapping[str, Any] | None:
        """Return what this person said when a verdict was given; None where it was somebody else, or nothing."""
        query = select(verdict.c.said).where(verdict.c.id == verdict_id, verdict.c.person_id == person)
        found: Mapping[str, Any] | None = self._connection.scalar(query)
        return found

    def get(self, name: str) -> Any:
        """Return a setting's value, or None."""
        return self._connection.scalar(select(setting.c.value).where(setting.c.name == name))

    def put(self, name: str, value: Any) -> None:
        """Keep a setting's value."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(setting).values(name=name, value=value)
        kept = statement.on_conflict_do_update(index_elements=["name"], set_={"value": statement.excluded.value})
        self._connection.execute(kept)
