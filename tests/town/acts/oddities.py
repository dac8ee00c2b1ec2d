"""What people do that the desk is not made for, and ways that only some messengers have."""

import re
from random import Random

from tests.stories.harness.places import Line
from tests.town.acts.registry import act, choose, possible
from tests.town.acts.talk import own, talker
from tests.town.people import AGENT, LINKED, REQUESTER, STRANGER, Resident, on_telegram
from tests.town.town import Town

ODD = ("sticker", "video_note", "location", "contact", "dice", "poll", "animation", "audio")
CODE = re.compile(r"\b[0-9a-f]{10}\b")
EMOJI = ("👀", "✅", "👍", "🔥")
NAMED = ("eyes", "white_check_mark", "+1")


@act("sends something odd", 3)
async def odd(town: Town, random: Random) -> None:
    by = talker(town, random)
    if not on_telegram(by.side):
        choose(random, [])
    kind = random.choice(ODD)
    possible(lambda: by.side.sends(by.native, kind, "", None, None))
    town.note(f"{by.name} sends a {kind}")


@act("reacts", 4)
async def reacts(town: Town, random: Random) -> None:
    by = choose(random, [person for person in town.people if person.sort not in ("bot", "anonymous admin")])
    team = by.here and random.random() < 0.7
    line = choose(random, [line for line in by.lines(team=team) if not line.service and not line.passing][-8:])
    if on_telegram(by.side):
        possible(lambda: by.native.reacts(random.choice(EMOJI), int(line.id), at=int(line.room)))
    else:
        on = possible(lambda: by.side.sandbox.message(line.room, line.id))
        possible(lambda: by.native.reacts(random.choice(NAMED), on))
    town.note(f"{by.name} reacts")


@act("looks at the front page", 3)
async def front(town: Town, random: Random) -> None:
    by = choose(random, [p for p in town.people if not on_telegram(p.side) and p.sort != "bot"])
    by.native.opens_home()
    town.note(f"{by.name} looks at the front page")


def code_of(by: Resident) -> str:
    """Return the newest code in somebody's chat."""
    codes = [code for line in by.lines() if line.by_desk for code in CODE.findall(line.text)]
    return codes[-1] if codes else ""


async def _asks(town: Town, by: Resident, random: Random) -> str:
    possible(lambda: town.says(by, own(town, by, random), "/link"))
    await town.settle()
    return choose(random, [code for code in [code_of(by)] if code])


@act("links two accounts", 3)
async def links(town: Town, random: Random) -> None:
    both = town.of_sort(LINKED)
    if len(both) < 2:
        choose(random, [])
    first, second = random.sample(both, 2)
    code = await _asks(town, first, random)
    possible(lambda: town.says(second, own(town, second, random), f"/link {code}"))
    town.tally.count("reached", "linked")


@act("an agent types a stranger's code", 2)
async def tricked(town: Town, random: Random) -> None:
    """Somebody talks an agent into typing a code of theirs."""
    stranger = choose(random, town.of_sort(STRANGER))
    agent = choose(random, town.of_sort(AGENT))
    code = await _asks(town, stranger, random)
    possible(lambda: town.says(agent, own(town, agent, random), f"/link {code}"))
    await town.settle()
    possible(lambda: town.says(stranger, own(town, stranger, random), "/queue"))


@act("is given a role", 1)
async def role(town: Town, random: Random) -> None:
    admin = choose(random, [person for person in town.of_sort("admin") if person.here])
    whom = choose(random, [person for person in town.of_sort(AGENT) if person.username])
    possible(lambda: town.says(admin, own(town, admin, random), f"/role @{whom.username} senior"))
    whom.granted = "senior"


@act("replies elsewhere", 2)
async def replies(town: Town, random: Random) -> None:
    """A reply to one's own words, or to a line that is long gone by."""
    by = choose(random, town.of_sort(REQUESTER, LINKED))
    lines: list[Line] = [line for line in by.lines() if not line.service and not line.passing]
    line = choose(random, lines)
    word = own(town, by, random)
    possible(lambda: town.says(by, word, reply_to=line))
