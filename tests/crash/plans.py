"""What must be true of a time that an agent plans: there is one, and its requester hears of it once."""

from collections.abc import Iterator

from tests.crash.checks import Look
from tests.crash.rows import Rows
from tests.crash.town import Town


def problems_of_plans(town: Town, rows: Rows) -> Iterator[str]:
    """Yield what is wrong with what was planned, once all is quiet."""
    look = Look(town, rows)
    for request in town.requests.values():
        if not request.planned:
            continue
        kept = [row for row in rows.plans if row.ticket_id == request.number]
        if [row.sequence for row in kept] != [int(request.over)]:  # its end takes what is still to come off, once
            yield f"#{request.number}: {len(kept)} times are planned, changed {[row.sequence for row in kept]} times"
        words = f"We have planned a time for your request #{request.number}:"
        found = sum(words in text for text in request.home.private(request.requester))
        if not 1 <= found <= 1 + look.at_home(request):
            yield f"#{request.number}: {words!r} was told {found} times, not once"
