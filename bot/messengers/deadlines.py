"""How long things may take: one call, one delivery with all its calls, and the lease that outlives it. Bytes take their time."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.vocabulary.deferred import is_deferred
from handlers.vocabulary.messages import File, Operation

CALL = 20.0  # seconds that a call without a file may take
WITHIN = 25.0  # seconds that a delivery without a file may take, with all its calls
SLOWEST = 128 * 1024  # bytes a second that any line we serve on brings through
WRITTEN = timedelta(seconds=15)  # more than that a lease lasts: until what became of the delivery is written down
UNSAID = 20 * 1024 * 1024  # bytes of a file whose size nobody says
MAKING = 10 * 60.0  # seconds that a deferred attachment may take to be made
BIGGEST = 50 * 1024 * 1024  # bytes that any messenger gives or takes


def call_timeout(size: int = 0) -> float:
    """Return the seconds that a call may take which carries so many bytes."""
    return CALL + size / SLOWEST


def delivery_timeout(files: Sequence[File], source: str, operation: Operation, *, uploads: bool) -> float:
    """Return the seconds that a delivery may take; ``uploads`` says that a messenger is given its own files anew."""
    made = [file for file in files if is_deferred(file)]
    moved = [
        file
        for file in files
        if file.source and file.ref and (uploads or file.source != source or operation is Operation.FETCH)
    ]
    ways = 1 if operation is Operation.FETCH else 2  # it is fetched, then it is sent
    sent = sum(UNSAID for _ in made) / SLOWEST
    return WITHIN + ways * sum(expected_file_size(file) for file in moved) / SLOWEST + (MAKING + sent if made else 0)


def expected_file_size(file: File) -> int:
    """Return how many bytes a file has, or may have."""
    return min(file.size or UNSAID, BIGGEST)


def lease_duration(seconds: float) -> timedelta:
    """Return for how long an address is leased for a delivery that may take so many seconds."""
    return timedelta(seconds=seconds) + WRITTEN
