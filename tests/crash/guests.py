"""What must be true of a guest: let in once, told once what was said to them, and once that it is over."""

from collections.abc import Iterator

from tests.crash.checks import Look
from tests.crash.rows import Rows
from tests.crash.town import Request, Town


def problems_of_guests(town: Town, rows: Rows) -> Iterator[str]:
    """Yield what is wrong with who was let into a request, once all is quiet."""
    look = Look(town, rows)
    for request in town.requests.values():
        if request.guest is not None:
            yield from _guest(look, request)


def _guest(look: Look, request: Request) -> Iterator[str]:
    assert request.guest is not None
    side, person, words = request.guest
    number = request.number
    kept = [row for row in look.rows.guests if row.ticket_id == number]
    if len(kept) != 1 or (kept[0].ended_at is not None) != request.over:
        yield f"#{number}: its guests are {kept}, and it is {'over' if request.over else 'not over'}"
    told = {words: 1, f"Request #{number} is done. Thank you for your help!": int(request.over)}
    for said, wanted in told.items():
        found = sum(said in text for text in side.private(person))
        if not wanted <= found <= wanted + look.in_lane(side.home(person), number):
            yield f"#{number}: its guest reads {said!r} {found} times, not {wanted}"
    if any(words in text for text in request.home.private(request.requester)):
        yield f"#{number}: its requester reads what was said to its guest"
