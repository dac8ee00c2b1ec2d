"""Approvals: what needs somebody's yes has it, each answer counts once, and nobody who was not asked sees the question."""

from collections.abc import Iterator

from tests.town.people import Resident
from tests.town.rooms import ASKED_STATUS
from tests.town.town import Town

UNASKED = (
    "SELECT t.id FROM ticket t WHERE t.status = ? AND NOT EXISTS (SELECT 1 FROM approval a WHERE a.ticket_id = t.id"
    " AND a.request_type_id = t.request_type_id AND a.status = t.status AND a.state = 'approved')"
)
ANSWERED = (
    "SELECT a.ticket_id, count(*) AS n FROM approver s JOIN approval a ON a.id = s.approval_id"
    " WHERE s.answered_at IS NOT NULL GROUP BY a.ticket_id"
)
SAID = "SELECT ticket_id, CAST(facts AS text) AS facts FROM entry WHERE action = 'approval'"
ANSWERS = ('"yes"', '"no"', '"changes"')
OPEN = "SELECT ticket_id, count(*) AS n FROM approval WHERE ended_at IS NULL GROUP BY ticket_id HAVING count(*) > 1"
SEATS = "SELECT id, person_id, stand_in_id FROM approver"
BUTTONS = ("approve:", "decline:", "ask_changes:")


def problems(town: Town) -> Iterator[str]:
    """Yield what went on without a yes, or was counted twice, and who was shown what they were not asked."""
    reader = town.life.reader
    for row in reader.rows(UNASKED, ASKED_STATUS):
        yield f"approvals: request {row['id']} is {ASKED_STATUS}, and nobody has said yes"
    for row in reader.rows(OPEN):
        yield f"approvals: request {row['ticket_id']} waits for {row['n']} at once"
    answered = {row["ticket_id"]: row["n"] for row in reader.rows(ANSWERED)}
    said: dict[int, int] = {}
    for row in reader.rows(SAID):
        if any(word in row["facts"] for word in ANSWERS):
            said[row["ticket_id"]] = said.get(row["ticket_id"], 0) + 1
    for ticket, times in said.items():
        if times > answered.get(ticket, 0):
            yield f"approvals: of request {ticket} {times} answers counted, and {answered.get(ticket, 0)} were asked for"
    yield from _shown_to_others(town)


def _shown_to_others(town: Town) -> Iterator[str]:
    seats = {row["id"]: (row["person_id"], row["stand_in_id"]) for row in town.life.reader.rows(SEATS)}
    for person in town.people:
        for line in person.lines():
            for name in line.names if line.by_desk else ():
                if name.startswith(BUTTONS) and not _asked(town, person, seats.get(_seat(name), ())):
                    yield f"approvals: {person} is shown {name}, which they were not asked"


def _seat(name: str) -> int:
    """Return the seat that a button is about; what it carries besides stands behind a point."""
    return int(name.partition(":")[2].partition(".")[0])


def _asked(town: Town, person: Resident, people: tuple[int | None, ...]) -> bool:
    return any(person in town.known_as.get(each, ()) for each in people if each is not None)
