"""What is done for many at once, and what is taken out of all that is kept: announcements, blacked out words, erased people."""

import json
from datetime import timedelta
from random import Random

from tests.stories.harness.places import Line
from tests.town.acts.forms import IN_TWO_DAYS, STEPS, fill, step
from tests.town.acts.registry import act, choose, follow, possible
from tests.town.acts.talk import own, press
from tests.town.acts.team import agent, threads
from tests.town.people import ADMIN, LINKED, REQUESTER, STRANGER, Resident, buttons
from tests.town.town import TEAM, THREAD, Town
from tests.town.words import OPEN, OWN, tokens

WHEN, LATER = ("When?", "Коли?", "Когда?"), 0.5  # the question, and how often the answer is a time
MIND = timedelta(days=1, minutes=1)  # after which an erase begins that nobody called off


def button(lines: list[Line], name: str) -> tuple[Line, str] | None:
    """Return the newest line with a button of a kind, and the button."""
    shown = [(line, each) for line in lines for each in buttons(line) if each.partition(":")[0] == name]
    return shown[-1] if shown else None


@act("announces", 4)
async def announces(town: Town, random: Random) -> None:
    """An admin writes to many, from the first question to the last press."""
    by = choose(random, town.of_sort(ADMIN))
    possible(lambda: town.says(by, own(town, by, random), "/announce"))
    await town.settle()
    for _ in range(STEPS):
        if by.side.window(by.native) is not None:
            fill(town, by, random, slips=0)
        elif meant := button(by.lines()[-3:], "announce_go"):
            press(town, by, *meant)
            town.tally.count("reached", "announced")
            await follow(town, random, "stops an announcement, or lets it go on", "wants no more announcements")
            return
        elif random.random() < LATER and by.lines()[-1].text.startswith(WHEN):
            possible(lambda: town.says(by, own(town, by, random), IN_TWO_DAYS))
        elif not step(town, by, random):
            return
        await town.settle()


@act("stops an announcement, or lets it go on", 4)
async def stops(town: Town, random: Random) -> None:
    by = choose(random, town.of_sort(ADMIN))
    kinds = ("announce_pause", "announce_on", "announce_stop")
    shown = [found for name in kinds if (found := button(by.lines(), name))]
    press(town, by, *choose(random, shown))


@act("wants no more announcements", 2)
async def declines(town: Town, random: Random) -> None:
    by = choose(random, [p for p in town.of_sort(REQUESTER, STRANGER, LINKED) if button(p.lines(), "announce_off")])
    shown = button(by.lines(), "announce_off")
    assert shown is not None
    press(town, by, *shown)


@act("blacks words out", 6)
async def blacks_out(town: Town, random: Random) -> None:
    """A part of what a requester wrote, by the request's thread."""
    by, ticket = agent(town, random), choose(random, threads(town))
    said = town.life.reader.rows("SELECT words FROM message WHERE ticket_id = ? AND deleted_at IS NULL", ticket)
    found = [town.words[token] for row in said for token in tokens(json.loads(row["words"]).get("text", ""))]
    word = choose(random, [each for each in found if each.kind in (OWN, OPEN) and not each.edited])
    possible(lambda: town.says(by, town.word(by, TEAM, random), f"/redact {word.token}", THREAD(ticket)))
    await town.settle()
    if not kept(town, word.token):
        word.gone = "blacked out"
        town.tally.count("reached", "blacked out")
    elif town.life.troubled():
        word.edited = True  # it may be heard when the trouble is over


def kept(town: Town, token: str) -> bool:
    """Return whether any request's words have it."""
    return bool(town.life.reader.one("SELECT count(*) FROM message WHERE CAST(words AS text) LIKE ?", f"%{token}%"))


@act("asks to be erased", 6)
async def asks_to_be_erased(town: Town, random: Random) -> None:
    """Whoever means it waits a day; whoever does not may call it off."""
    by = choose(random, town.of_sort(REQUESTER, STRANGER, LINKED))
    possible(lambda: town.says(by, own(town, by, random), "/privacy"))
    await town.settle()
    for name in ("erase_ask", "erase_yes"):
        await pressed(town, by, name)
    if random.random() < 0.2:
        await pressed(town, by, "erase_no")
    elif random.random() < 0.7:
        await town.passes(MIND)
        await town.passes(timedelta(minutes=30))


async def pressed(town: Town, by: Resident, name: str) -> None:
    """Press the newest button of a kind, if there is one, and let the desk hear it."""
    shown = button(by.lines(), name)
    if shown is not None:
        press(town, by, *shown)
        await town.settle()
