"""What must be true of a yes that an agent asks a colleague for: asked once, answered once, and everybody hears of it once."""

from collections import Counter
from collections.abc import Iterator

from storage.lifecycle import Action
from storage.models import Answer, ApprovalState
from tests.crash.checks import Look
from tests.crash.rows import Rows
from tests.crash.town import Request, Town

STEPS = {ApprovalState.OPEN: 1, Answer.YES: 1, ApprovalState.APPROVED: 1}  # entries of one question that got its yes


def problems_of_approvals(town: Town, rows: Rows) -> Iterator[str]:
    """Yield what is wrong with what was asked, and with its answers, once all is quiet."""
    look = Look(town, rows)
    for request in town.requests.values():
        if request.asked is not None:
            yield from _kept(look, request)
            yield from _told(look, request)


def _kept(look: Look, request: Request) -> Iterator[str]:
    """In the database: one question with one seat, its yes, and one entry of each step."""
    asked = [row for row in look.rows.approvals if row.ticket_id == request.number]
    if [row.state for row in asked] != [ApprovalState.APPROVED]:
        yield f"#{request.number}: its approvals are {[row.state for row in asked]}, not one that is approved"
    answers = [row.answer for row in look.rows.seats if row.approval_id in {each.id for each in asked}]
    if len([answer for answer in answers if answer is Answer.YES]) != 1:
        yield f"#{request.number}: those who were asked have answered {answers}, not yes once"
    entries = (row for row in look.rows.entries if row.ticket_id == request.number and row.action == Action.APPROVAL)
    steps = Counter(row.facts["state"] for row in entries)
    if steps != Counter({step.value: times for step, times in STEPS.items()}):
        yield f"#{request.number}: the steps of its approval are {dict(steps)}"


def _told(look: Look, request: Request) -> Iterator[str]:
    """Whoever is asked has the question once, and once more for each reminder; whoever asked hears the yes once."""
    assert request.asked is not None
    number, fired = request.number, (row for row in look.rows.timers if row.fired_at is not None)
    reminded = sum(row.name == "approval" and row.ticket_id == number for row in fired)
    (asking, asker), (side, approver) = request.asked
    for where, who, words, more in (
        (side, approver, f"Your approval is needed: #{number} ", reminded),
        (asking, asker, f"#{number} “{request.said[0]}” is approved.", 0),
    ):
        found = sum(words in text for text in where.private(who))
        most = 1 + more + look.in_lane(where.home(who), number)
        if not 1 <= found <= most:
            yield f"#{number}: {who.name} reads {words!r} {found} times, not once, nor up to {most} times"
