"""What a start cannot do without is waited for."""

import asyncio
import logging
from itertools import chain, repeat
from typing import Protocol, TypeVar

from storage.database import Database, Trouble, Work

log = logging.getLogger("frontdesk")

T = TypeVar("T")

PAUSES = (1, 2, 5, 10, 30)  # seconds between tries while the database is in trouble


class Patient(Protocol):
    """Whose health /readyz asks for."""

    healthy: bool


async def insist(database: Database, work: Work[T], patient: Patient) -> T:
    """Run ``work`` as soon as the database can serve; until then somebody is not healthy."""
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        try:
            return await database.run(work)
        except Trouble as trouble:
            patient.healthy = False
            log.warning("the database cannot serve: %s", trouble, extra={"event": "database_trouble"})
        await asyncio.sleep(pause)
    raise AssertionError("it repeats for ever")
