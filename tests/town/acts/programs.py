"""Other programs: one of them does not take what it is sent, for a while, or takes it and its answer gets lost."""

from random import Random

from tests.town.acts.registry import act
from tests.town.town import Town


@act("a program fails", 3)
async def fails(town: Town, random: Random) -> None:
    if random.random() < 0.5:
        town.program.failing = random.choice((1, 2, 5, 12))
    else:
        town.program.forgets = random.choice((1, 2))
    town.note(f"the program fails {town.program.failing} times, and forgets to answer {town.program.forgets}")
