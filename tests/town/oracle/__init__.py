"""What must be true, told by one who has not read the product: from the wire of the messengers and the bare rows of the file."""

from collections.abc import Iterator

from tests.town.oracle import (
    announced,
    approvals,
    book,
    channels,
    delivery,
    ends,
    forgotten,
    programs,
    readers,
    recurring,
    retention,
    rota,
    sites,
)
from tests.town.town import Town


def problems(town: Town) -> Iterator[str]:
    """Yield all that is wrong after a settling."""
    yield from readers.problems(town)
    yield from book.problems(town)
    yield from delivery.problems(town)
    yield from retention.problems(town)
    yield from channels.problems(town)
    yield from forgotten.problems(town)
    yield from announced.problems(town)
    yield from recurring.problems(town)
    yield from programs.problems(town)
    yield from approvals.problems(town)
    yield from rota.problems(town)
    yield from sites.problems(town)


def at_the_end(town: Town) -> Iterator[str]:
    """Yield all that is wrong when trouble has ended and all that was promised has had its time."""
    yield from problems(town)
    yield from delivery.at_the_end(town)
    yield from channels.at_the_end(town)
    yield from ends.problems(town)
    yield from forgotten.at_the_end(town)
    yield from announced.at_the_end(town)
    yield from programs.at_the_end(town)
    yield from rota.at_the_end(town)
    yield from sites.at_the_end(town)


__all__ = ["at_the_end", "problems"]
