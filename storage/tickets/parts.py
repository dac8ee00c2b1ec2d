"""What ties tickets and is written for many at once: whose part has ended, and which problem they come of. No status."""

from sqlalchemy import Connection, bindparam, exists, update

from storage.engine.compiled import Prepared
from storage.models import ticket

_other = ticket.alias("other")
_ALL_BACK = Prepared(
    update(ticket)
    .where(
        (ticket.c.id == bindparam("of_id")) | (ticket.c.merged_into == bindparam("of_id")),
        ticket.c.ended_at.is_not(None),
        ~exists().where(
            (_other.c.id == bindparam("of_id")) | (_other.c.merged_into == bindparam("of_id")),
            _other.c.ended_at.is_(None),
        ),
    )
    .values(ended_at=None)
)
_RELINK = Prepared(update(ticket).where(ticket.c.problem_id == bindparam("was")).values(problem_id=bindparam("now")))


def relink_problem(connection: Connection, problem: int, to: int) -> None:
    """Let what comes of one problem come of another."""
    _RELINK.run(connection, {"was": problem, "now": to})


def all_back(connection: Connection, number: int) -> bool:
    """Let a ticket that is taken up again go on for all where none of them needed it any more; return whether it was so."""
    return _ALL_BACK.run(connection, {"of_id": number}) > 0
