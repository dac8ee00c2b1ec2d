"""Approvals: somebody's yes that a request waits for. Whoever is asked has a seat, and each seat is answered once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update
from sqlalchemy.sql import ColumnElement

from storage.engine.compiled import Prepared
from storage.lifecycle import Action
from storage.models import Answer, ApprovalState, approval, approver, company_approver, entry, stand_in
from storage.queues.spoken import with_replaced_lines
from storage.types import made_id

WORDS = ("why", "question", "answer")  # of an approval, that people wrote
NAMED = 0  # the asking under which stand those whom an agent has named
INSTEAD = -1  # and those whom one has named in the place of others in the first round; in the next it is one less


@dataclass(frozen=True, slots=True)
class Approval:
    """A yes that is asked for, in the columns' order."""

    id: int
    ticket_id: int
    request_type_id: int
    status: str
    stood: str
    state: ApprovalState
    need: str
    round: int
    asking: int
    by_id: int
    why: str
    question: str
    answer: str
    digest: str
    at: datetime
    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who is asked, in the columns' order."""

    id: int
    approval_id: int
    asking: int
    person_id: int
    stand_in_id: int | None
    card: int | None
    stand_in_card: int | None
    answer: Answer | None
    reason: str
    answered_by: int | None
    answered_at: datetime | None

    def is_of(self, person_id: int) -> bool:
        """Return whether somebody may answer here: whose it is, or who stands in."""
        return person_id in (self.person_id, self.stand_in_id)


_GET = Prepared(select(approval).where(approval.c.id == bindparam("of_id")))


class Approvals:
    """The approvals, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, number: int) -> Approval | None:
        """Return an approval, if there is one of this number."""
        row = _GET.first(self._connection, {"of_id": number}) if 0 < number < 2**31 else None
        return Approval(*row) if row else None

    def of(self, ticket: int) -> list[Approval]:
        """Return all that was ever asked about a request, the oldest first."""
        query = select(approval).where(approval.c.ticket_id == ticket).order_by(approval.c.id)
        return [Approval(*row) for row in self._connection.execute(query).all()]

    def granted(self, ticket: int, type_id: int, status: str) -> bool:
        """Return whether a request has, since it came to its type, the yes that a status needs."""
        its = (approval.c.ticket_id == ticket, approval.c.request_type_id == type_id, approval.c.status == status)
        query = select(approval.c.id).where(*its, approval.c.state == ApprovalState.APPROVED)
        given = set(self._connection.scalars(query))
        return bool(given) and not given.isdisjoint(self._asked_as_now(ticket))

    def _asked_as_now(self, ticket: int) -> set[int]:
        """Return what was asked about a request since it came to its type: another type in between uses a yes up."""
        query = select(entry.c.action, entry.c.facts).where(entry.c.ticket_id == ticket)
        query = query.where(entry.c.action.in_((Action.APPROVAL, Action.RETYPE))).order_by(entry.c.id)
        asked: set[int] = set()
        for action, facts in self._connection.execute(query).all():
            asked = set() if action is Action.RETYPE else {*asked, facts["approval"]}
        return asked

    def begin(self, at: datetime, **values: Any) -> Approval:
        """Write down what is asked for; whom is asked next."""
        begun = {"state": ApprovalState.OPEN, "round": 0, "asking": 0, "at": at, "since": at, **values}
        made = made_id(self._connection.execute(insert(approval).values(begun)))
        return self._again(made)

    def change(self, number: int, **values: Any) -> Approval:
        """Change how it stands with an approval."""
        self._connection.execute(update(approval).where(approval.c.id == number).values(values))
        return self._again(number)

    def _again(self, number: int) -> Approval:
        row = self._connection.execute(select(approval).where(approval.c.id == number)).one()
        return Approval(*row)

    # Who is asked

    def seat(self, approval_id: int, asking: int, person_id: int, stand_in_id: int | None = None) -> Seat:
        """Give somebody a seat, and whoever stands in for them."""
        values = {"approval_id": approval_id, "asking": asking, "person_id": person_id, "stand_in_id": stand_in_id}
        made = made_id(self._connection.execute(insert(approver).values(values)))
        return Seat(*self._connection.execute(select(approver).where(approver.c.id == made)).one())

    def change_seat(self, number: int, **values: Any) -> None:
        """Change what stands at a seat."""
        self._connection.execute(update(approver).where(approver.c.id == number).values(values))

    def seats(self, approval_id: int, asking: int) -> list[Seat]:
        """Return who was asked at one asking, in that order."""
        its = (approver.c.approval_id == approval_id, approver.c.asking == asking)
        query = select(approver).where(*its).order_by(approver.c.id)
        return [Seat(*row) for row in self._connection.execute(query).all()]

    def all_seats(self, approval_id: int) -> list[Seat]:
        """Return who was ever asked for a yes."""
        query = select(approver).where(approver.c.approval_id == approval_id).order_by(approver.c.id)
        return [Seat(*row) for row in self._connection.execute(query).all()]

    def named_instead(self, approval_id: int, round_: int | None = None) -> list[Seat]:
        """Return who was named in others' place, in a round or ever; ``stand_in_id`` is in whose place, None in nobody's."""
        its = approver.c.asking <= INSTEAD if round_ is None else approver.c.asking == INSTEAD - round_
        query = select(approver).where(approver.c.approval_id == approval_id, its).order_by(approver.c.id)
        return [Seat(*row) for row in self._connection.execute(query).all()]

    def get_seat(self, number: int) -> Seat | None:
        """Return a seat, if there is one of this number."""
        if not 0 < number < 2**31:
            return None
        row = self._connection.execute(select(approver).where(approver.c.id == number)).first()
        return Seat(*row) if row else None

    def answer(self, seat: int, said: Answer, reason: str, *, by: int, at: datetime) -> bool:
        """Keep what somebody says, once; return False where the seat was answered before."""
        free = (approver.c.id == seat, approver.c.answer.is_(None))
        values = {"answer": said, "reason": reason, "answered_by": by, "answered_at": at}
        return self._connection.execute(update(approver).where(*free).values(values)).rowcount == 1

    def waiting_for(self, person_id: int, limit: int) -> list[tuple[Approval, Seat]]:
        """Return the seats that somebody has not answered yet, as whose it is or standing in, the oldest first."""
        theirs = or_(approver.c.person_id == person_id, approver.c.stand_in_id == person_id)
        query = select(approval, approver).join(approver, approver.c.approval_id == approval.c.id)
        query = query.where(theirs, approver.c.answer.is_(None), approver.c.asking == approval.c.asking)
        query = query.where(approval.c.ended_at.is_(None)).order_by(approver.c.id).limit(limit)
        width = len(approval.c)
        return [(Approval(*row[:width]), Seat(*row[width:])) for row in self._connection.execute(query).all()]

    def rewrite(self, ticket: int, change: Callable[[str], str]) -> bool:
        """Let what was asked and answered about a request say something else; return whether that changed anything."""
        changed = False
        for each in self.of(ticket):
            words = {name: change(getattr(each, name)) for name in WORDS}
            if any(words[name] != getattr(each, name) for name in WORDS):
                self._connection.execute(update(approval).where(approval.c.id == each.id).values(words))
                changed = True
            for seat in self.all_seats(each.id):
                if (reason := change(seat.reason)) != seat.reason:
                    self.change_seat(seat.id, reason=reason)
                    changed = True
        return changed

    def forget_answered(self, ticket: int, text: str) -> bool:
        """Keep a message in no answer to what was asked before a yes; return whether it was in one."""
        found = [(each, _without(each.answer, text)) for each in self.of(ticket) if each.answer]
        changed = [(each, left) for each, left in found if left != each.answer]
        for each, left in changed:
            self.change(each.id, answer=left)
        return bool(changed)

    def written_by(self, person_id: int, most: int) -> list[Approval]:
        """Return what has words of somebody's: why they asked, what they asked first, or why they said no."""
        why, question = (approval.c.why != "") & (approval.c.by_id == person_id), _question_is_by(person_id)
        reason = select(approver.c.id).where(approver.c.approval_id == approval.c.id, *_reasoned(person_id))
        query = select(approval).where(or_(why, question, reason.exists())).order_by(approval.c.id).limit(most)
        return [Approval(*row) for row in self._connection.execute(query).all()]

    def forget_written(self, number: int, person_id: int) -> None:
        """Keep of what was asked and answered no word of somebody's, and what others wrote."""
        this = approval.c.id == number
        self._connection.execute(update(approval).where(this, approval.c.by_id == person_id).values(why=""))
        self._connection.execute(update(approval).where(this, _question_is_by(person_id)).values(question=""))
        reasons = (approver.c.approval_id == number, *_reasoned(person_id))
        self._connection.execute(update(approver).where(*reasons).values(reason=""))

    def forget(self, ticket: int) -> None:
        """Keep no word of what was asked about a request."""
        forget_approvals(self._connection, [ticket])

    # Who stands in, and who approves for a company

    def stand_in(self, person_id: int) -> int | None:
        """Return who stands in for somebody while they are away."""
        query = select(stand_in.c.other_id).where(stand_in.c.person_id == person_id, stand_in.c.other_id != person_id)
        found: int | None = self._connection.scalar(query)
        return found

    def let_stand_in(self, person_id: int, other: int | None) -> None:
        """Let somebody stand in for a person who is away, or (None) nobody any more."""
        self._connection.execute(delete(stand_in).where(stand_in.c.person_id == person_id))
        if other is not None:
            self._connection.execute(insert(stand_in).values(person_id=person_id, other_id=other))

    def of_company(self, company_id: int) -> list[int]:
        """Return who says yes for a company."""
        query = select(company_approver.c.person_id).where(company_approver.c.company_id == company_id)
        return list(self._connection.scalars(query.order_by(company_approver.c.person_id)))

    def let_approve(self, company_id: int, person_id: int, *, may: bool) -> bool:
        """Let somebody say yes for a company, or no more; return whether that changed anything."""
        its = (company_approver.c.company_id == company_id, company_approver.c.person_id == person_id)
        known = self._connection.execute(select(company_approver).where(*its)).first() is not None
        if known == may:
            return False
        if may:
            self._connection.execute(insert(company_approver).values(company_id=company_id, person_id=person_id))
        else:
            self._connection.execute(delete(company_approver).where(*its))
        return True


def _reasoned(person_id: int) -> tuple[ColumnElement[bool], ...]:
    return approver.c.answered_by == person_id, approver.c.reason != ""


def _question_is_by(person_id: int) -> ColumnElement[bool]:
    """What was asked first is the reason of whoever asked for changes."""
    asked = (approver.c.approval_id == approval.c.id, approver.c.reason == approval.c.question)
    found = select(approver.c.id).where(*asked, approver.c.answer == Answer.CHANGES, *_reasoned(person_id))
    return found.exists()


def _without(answer: str, text: str) -> str:
    """Return an answer without one of the messages that it was told in, the last of which may be cut off."""
    left, lines = with_replaced_lines(answer, text, ""), answer.split("\n")
    ends = ("\n".join(lines[at:]) for at in range(len(lines)))
    cut = next((end for end in ends if end and text.startswith(end)), "") if left == answer else ""
    return left.removesuffix(cut).rstrip("\n") if cut else left


def forget_approvals(connection: Connection, tickets: Collection[int]) -> None:
    """Keep of what was asked about requests who said what and when, and no word of anybody's."""
    numbers = select(approval.c.id).where(approval.c.ticket_id.in_(tickets))
    connection.execute(update(approver).where(approver.c.approval_id.in_(numbers)).values(reason=""))
    emptied = update(approval).where(approval.c.ticket_id.in_(tickets))
    connection.execute(emptied.values(dict.fromkeys(WORDS, "")))
