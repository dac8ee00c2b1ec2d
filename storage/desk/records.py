"""What is kept for reports and for the desk itself: audit, verdicts, settings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from storage.engine.compiled import Prepared
from storage.engine.setting_table import SettingTable
from storage.models import audit, verdict
from storage.queues.spoken import Said
from storage.types import made_id

NO_QUESTION = GREETING, RELATED = "greeting", "related"  # verdicts on what asks nothing, or answers something
# Outcomes of a question that leaves no gap: joined is a word on a ticket, of an outage all is known.
SETTLED = ("helped", "written", "joined", "outage")
_OF_TICKET = Prepared(
    select(verdict.c.id).where(verdict.c.ticket_id == bindparam("of_ticket")).order_by(verdict.c.id).limit(1), once=True
)
_TRIED = Prepared(select(verdict.c.tried).where(verdict.c.id == bindparam("of_id")), once=True)


class Records(SettingTable):
    """Audit, verdicts and settings, as one transaction sees them."""

    def audit(
        self,
        act: str,
        at: datetime,
        *,
        person: int | None,
        ticket: int | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down a refusal or an admin's act; never anybody's words.

        ``facts`` are {"who": a person it was done to}, and what else ``/audit`` shows of the act, by its name.
        """
        values = {"act": act, "person_id": person, "ticket_id": ticket, "facts": dict(facts or {}), "at": at}
        self._connection.execute(insert(audit).values(values))

    def verdict(
        self,
        *,
        person: int,
        question: str,
        said: Said,
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
            "tried": [],
            "at": at,
        }
        return made_id(self._connection.execute(insert(verdict).values(values)))

    def outcome(self, verdict_id: int, outcome: str, ticket: int | None = None) -> None:
        """Keep what came of a verdict."""
        known = update(verdict).where(verdict.c.id == verdict_id)
        self._connection.execute(known.values(outcome=outcome, ticket_id=ticket))

    def conclude(self, verdict_id: int, outcome: str) -> bool:
        """Keep what came of a verdict unless that is known; return whether it was not."""
        open_ = update(verdict).where(verdict.c.id == verdict_id, verdict.c.outcome.is_(None))
        return self._connection.execute(open_.values(outcome=outcome)).rowcount > 0

    def outcome_of(self, verdict_id: int) -> str | None:
        """Return what came of a verdict, if anything has."""
        return self._connection.scalar(select(verdict.c.outcome).where(verdict.c.id == verdict_id))

    def said(self, verdict_id: int, person: int) -> Said | None:
        """Return what this person said when a verdict was given; None where it was somebody else, nothing, or too long ago."""
        query = select(verdict.c.said).where(verdict.c.id == verdict_id, verdict.c.person_id == person)
        found: Said | None = self._connection.scalar(query)
        return found or None

    def unanswered(self, verdict_id: int, person: int) -> Said | None:
        """Return what this person said when a verdict was given of which nothing has come yet; None where something has."""
        query = select(verdict.c.said).where(verdict.c.id == verdict_id, verdict.c.person_id == person)
        found: Said | None = self._connection.scalar(query.where(verdict.c.outcome.is_(None)))
        return found or None

    def request_of(self, verdict_id: int, person: int) -> int | None:
        """Return the request that came of what this person said, if one has."""
        query = select(verdict.c.ticket_id).where(verdict.c.id == verdict_id, verdict.c.person_id == person)
        return self._connection.scalar(query.where(verdict.c.outcome == "handoff"))

    def recent(self, person: int, since: datetime, most: int = 20) -> list[tuple[int, str, Said]]:
        """Return what a person asked since then, the latest first: verdict id, question, and the whole of what was said."""
        query = select(verdict.c.id, verdict.c.question, verdict.c.said)
        theirs = query.where(verdict.c.person_id == person, verdict.c.at >= since).order_by(verdict.c.id.desc())
        return [(row[0], row[1], row[2]) for row in self._connection.execute(theirs.limit(most)).all()]

    def reconsider(self, verdict_id: int, **found: Any) -> None:
        """Let a verdict be about more, or other, words: its question, what was said, the verdict, the candidates."""
        self._connection.execute(update(verdict).where(verdict.c.id == verdict_id).values(**found))

    def drop(self, verdict_id: int) -> None:
        """Keep nothing of a verdict: nothing was asked."""
        self._connection.execute(delete(verdict).where(verdict.c.id == verdict_id))

    def question(self, verdict_id: int) -> str:
        """Return the question of a verdict; empty where there is none."""
        return self._connection.scalar(select(verdict.c.question).where(verdict.c.id == verdict_id)) or ""

    def candidates(self, verdict_id: int) -> list[int]:
        """Return the articles that a verdict found, the likeliest first."""
        found = self._connection.scalar(select(verdict.c.candidates).where(verdict.c.id == verdict_id)) or ()
        return [int(article) for article, *_ in found]

    def tried(self, verdict_id: int, article_id: int | None = None) -> list[int]:
        """Return the articles that were shown for a verdict, this one added."""
        shown = list(_TRIED.scalar(self._connection, {"of_id": verdict_id}) or ())
        if article_id is not None and article_id not in shown:
            shown.append(article_id)
            self._connection.execute(update(verdict).where(verdict.c.id == verdict_id).values(tried=shown))
        return shown

    def stand_beside(self, verdict_id: int, number: int) -> None:
        """Remember beside which ticket an answer was shown."""
        self._connection.execute(update(verdict).where(verdict.c.id == verdict_id).values(ticket_id=number))

    def beside(self, verdict_id: int) -> int | None:
        """Return the ticket beside which an answer was shown."""
        return self._connection.scalar(select(verdict.c.ticket_id).where(verdict.c.id == verdict_id))

    def shown_beside(self, number: int) -> set[int]:
        """Return the articles that a ticket's requester was shown before it, and beside it."""
        query = select(verdict.c.tried).where(verdict.c.ticket_id == number)
        return {article for tried in self._connection.scalars(query).all() for article in tried or ()}

    def of_ticket(self, number: int) -> int | None:
        """Return the verdict that led to a ticket."""
        found: int | None = _OF_TICKET.scalar(self._connection, {"of_ticket": number})
        return found

    def gaps(self, since: datetime, limit: int = 2000) -> list[tuple[int, str]]:
        """Return questions that no article answered (verdict id, question), the newest first."""
        query = (
            select(verdict.c.id, verdict.c.question)
            .where(verdict.c.at >= since, verdict.c.question != "", verdict.c.verdict != "sure")
            .where(func.coalesce(verdict.c.outcome, "").not_in(SETTLED))
            .order_by(verdict.c.id.desc())
            .limit(limit)
        )
        return [(row[0], row[1]) for row in self._connection.execute(query).all()]
