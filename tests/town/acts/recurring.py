"""The team lets requests come by themselves, pauses, changes and deletes them, and time passes."""

from datetime import timedelta
from random import Random

from tests.town.acts.many import button
from tests.town.acts.registry import act, choose, possible
from tests.town.acts.talk import press
from tests.town.acts.team import agent
from tests.town.town import QUEUE, TEAM, Town

WHEN = ("day 10:00", "weekdays at 9", "2 days 8:30", "щодня об 11:00", "monday 9:00")
KINDS = ("every_go", "every_pause", "every_delete", "every_again", "every_part")


@act("lets a request recur", 4)
async def lets_recur(town: Town, random: Random) -> None:
    """From the words to the press that starts it; a day or two later there are requests."""
    by = agent(town, random)
    word = town.word(by, TEAM, random)
    possible(lambda: town.says(by, word, f"/every {random.choice(WHEN)} {word.text}", QUEUE))
    await town.settle()
    if found := button(by.lines(team=True), "every_go"):
        press(town, by, *found)
        await town.settle()
        town.tally.count("reached", "recurs")
        if random.random() < 0.5:
            await town.passes(timedelta(days=random.choice((1, 2))))


@act("changes what recurs", 3)
async def changes_recurrence(town: Town, random: Random) -> None:
    by = agent(town, random)
    found = button(by.lines(team=True), random.choice(KINDS))
    press(town, by, *choose(random, [found] if found else []))
