"""The team plans when it sees to requests, moves it and takes it back; requesters say whether it suits, late and twice."""

from random import Random

from tests.town.acts.registry import act, choose, follow, possible
from tests.town.acts.talk import press
from tests.town.acts.team import agent, threads
from tests.town.people import buttons
from tests.town.town import QUEUE, TEAM, Town

WHEN = ("tomorrow 10-12", "завтра о 11", "2-4 pm", "friday 9:00 for 2h", "пн 9-11")


@act("plans a time", 6)
async def plans_time(town: Town, random: Random) -> None:
    """With a note that is the team's own; now and then it is off again."""
    by, ticket = agent(town, random), choose(random, threads(town))
    if random.random() < 0.2:
        possible(lambda: by.side.says(by.native, f"/plan {ticket} off", QUEUE, None))
        return
    word = town.word(by, TEAM, random)
    possible(lambda: town.says(by, word, f"/plan {ticket} {random.choice(WHEN)} {word.text}", QUEUE))
    town.tally.count("reached", "plans")
    await follow(town, random, "answers to a planned time")


@act("answers to a planned time", 6)
async def answers_plan(town: Town, random: Random) -> None:
    """It suits, or another would be better: once, twice, or after it was moved."""
    asked = [
        (by, line, name)
        for by in town.people
        for line in by.lines()
        for name in buttons(line)
        if name.startswith(("plan_suits:", "plan_other:"))
    ]
    by, line, name = choose(random, asked)
    for _ in range(random.choice((1, 1, 2))):
        press(town, by, line, name)
