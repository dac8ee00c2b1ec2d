"""A turn that ends its process is tried three times over as many starts, and then put aside; everybody else is served."""

import asyncio
from collections.abc import Callable

from bot.intake.turn_loop import TRIES
from bot.operations.dead_letters import dead_letters
from bot.sandbox.telegram import Person
from tests.crash.desks import Desk, Zygote
from tests.crash.on_telegram import TelegramSide

POISON = "deadly"
WITHIN = 45.0
STARTS = 2 * TRIES  # on PostgreSQL a mark may be lost with the process that was about to write it


async def until(seen: Callable[[], object], desk: Desk) -> None:
    """Return when something is seen or the desk has ended."""
    async with asyncio.timeout(WITHIN):
        while not seen():
            if not desk.alive:
                return
            await asyncio.sleep(0.02)


def answered(person: Person) -> bool:
    return person.chat.find("I don't have an answer") is not None


async def test_a_turn_that_kills_the_process_is_a_dead_letter_after_three_starts(
    database_url: str, desks: Zygote
) -> None:
    async with TelegramSide.open(1, ("Bob",)) as side:
        side.sandbox.faults.clear()
        environment = {**side.settings, "DATABASE_URL": database_url, "HTTP_PORT": "0", "LOG_LEVEL": "warning"}
        ann = side.come("Ann")
        others = [side.come(f"Other{n}") for n in range(3)]
        ann.says(f"my question is {POISON}")
        for other in others:
            other.says("Where is the moon?")
        killed = 0
        for _ in range(STARTS):
            desk = await desks.start(environment, poison=POISON)
            await until(lambda: ann.chat.find("as incident"), desk)
            if desk.alive:
                break
            assert await desk.end(1) == -9
            killed += 1
        try:
            assert TRIES <= killed <= (TRIES if database_url.startswith("sqlite") else TRIES + 1)
            [dead] = await dead_letters(database_url)
            assert POISON in dead.payload
            await until(lambda: all(map(answered, others)), desk)
            assert all(map(answered, others))
            ann.says("Where is the moon?")
            await until(lambda: answered(ann), desk)
            assert answered(ann)
        finally:
            desk.stop()
            assert await desk.end(WITHIN) == 0
