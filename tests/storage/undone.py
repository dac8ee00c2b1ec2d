"""Many examples in one transaction: what each wrote is taken back."""

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection


@contextlib.contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """Take back whatever is written inside."""
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
