"""Other programs: one does not take what it is sent for a while, or its answer gets lost; one offers other choices."""

from datetime import timedelta
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


@act("a program offers other choices", 4)
async def offers(town: Town, random: Random) -> None:
    """What a question can be answered with changes, or there is no list for a while; now and then some time passes."""
    if random.random() < 0.3:
        town.sites.failing = random.choice((1, 2, 5))
    else:
        town.sites.changes(random.randrange(3, 1000))
    town.note(f"the program offers {town.sites.offers}, and fails {town.sites.failing} times")
    if random.random() < 0.5:
        await town.passes(timedelta(minutes=random.choice((6, 20))))
