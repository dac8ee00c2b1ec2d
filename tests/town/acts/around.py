"""What happens around people: time, restarts, deaths, trouble, comings and goings."""

from datetime import timedelta
from random import Random

from bot.monitoring.failpoints import POINTS
from tests.town.acts.registry import act, choose, possible
from tests.town.people import AGENT, DESERTER, LINKED, REQUESTER, STRANGER, on_telegram
from tests.town.town import Town

SPANS = (
    *(timedelta(seconds=3), timedelta(seconds=40), timedelta(minutes=7), timedelta(hours=1), timedelta(hours=5)),
    *(timedelta(days=1), timedelta(days=3), timedelta(days=8), timedelta(days=40)),
)
OFTEN = (12, 12, 10, 8, 6, 5, 3, 2, 1)


@act("time passes", 12)
async def passes(town: Town, random: Random) -> None:
    span = random.choices(SPANS, OFTEN)[0]
    town.note(f"{span} pass")
    await town.settle()
    await town.passes(span)
    town.tally.count("time", str(span))


@act("the clock is put back", 1)
async def back(town: Town, random: Random) -> None:
    await town.settle()
    by = random.choice((2, 45, 600))
    town.life.clock.skew -= timedelta(seconds=by)
    town.note(f"the desk's clock goes back by {by} s")


@act("the clock is wrong for a while", 1)
async def wrong(town: Town, random: Random) -> None:
    """It is a day ahead, people go on, and then it is put right."""
    await town.settle()
    clock = town.life.clock
    clock.skew = timedelta(0) if clock.skew > timedelta(hours=1) else timedelta(days=1)
    town.note(f"the desk's clock is off by {clock.skew}")


@act("the desk is restarted", 2)
async def restarts(town: Town, random: Random) -> None:
    town.note("a restart")
    await town.life.restart()


@act("the desk dies", 6)
async def dies(town: Town, random: Random) -> None:
    point, times = random.choice((*POINTS, "idle")), random.choice((1, 1, 2, 3))
    town.note(f"death at {point}, {times}")
    if point == "idle":
        town.life.kill()
    else:
        town.life.arm(point, times)


@act("trouble begins", 7)
async def begins(town: Town, random: Random) -> None:
    town.note(f"trouble: {town.trouble.begin(random)}")


@act("trouble ends", 5)
async def ends(town: Town, random: Random) -> None:
    if not town.trouble.lasts:
        choose(random, [])
    town.trouble.end()
    town.note("no trouble any more")


@act("the database is held", 2)
async def held(town: Town, random: Random) -> None:
    """Somebody else writes into the file for a while: a command beside the desk."""
    await town.settle()
    if town.trouble.lock is None:
        town.trouble.lock = town.life.reader.holds()
        town.tally.count("fault", "database held")
        town.note("the database is held")


@act("joins the team", 2)
async def joins(town: Town, random: Random) -> None:
    by = choose(random, [person for person in town.of_sort(DESERTER, AGENT) if not person.here])
    possible(lambda: by.side.joins(by.native))
    town.note(f"{by.name} joins")


@act("leaves the team", 3)
async def leaves(town: Town, random: Random) -> None:
    by = choose(random, [person for person in town.of_sort(DESERTER) if person.here])
    possible(lambda: by.side.leaves(by.native))
    town.note(f"{by.name} leaves")


@act("blocks the bot", 2)
async def blocks(town: Town, random: Random) -> None:
    among = [p for p in town.of_sort(REQUESTER, STRANGER, LINKED) if on_telegram(p.side) and not p.blocked]
    by = choose(random, among)
    by.native.blocks()
    by.blocked = True
    town.note(f"{by.name} blocks the bot")


@act("lets the bot write again", 3)
async def unblocks(town: Town, random: Random) -> None:
    by = choose(random, [person for person in town.people if person.blocked])
    by.native.unblocks()
    by.blocked = False
    town.note(f"{by.name} unblocks the bot")


@act("a topic is lost", 1)
async def lost(town: Town, random: Random) -> None:
    side = choose(random, [side for side in town.sides if on_telegram(side)])
    topic = choose(random, list(side.team.topics))
    side.team.delete_topic(topic.id)
    town.note(f"the topic {topic.name} is deleted")
    town.tally.count("fault", "lost topic")
