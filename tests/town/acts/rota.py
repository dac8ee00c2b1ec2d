"""Who is on duty for the group with a channel of its own: it is looked at, changed for a while, and swapped."""

from functools import partial
from random import Random

from tests.town.acts.registry import act, choose, possible
from tests.town.acts.talk import press
from tests.town.acts.team import agent
from tests.town.people import ADMIN, SPECIALIST, buttons
from tests.town.rooms import GROUP, MONEY, on_rota
from tests.town.town import QUEUE, Town

WHEN = ("tomorrow 10-18", "tomorrow", "завтра 9:00-12:00", "friday", "сьогодні 8:00-23:00")


@act("looks at the rota", 2)
async def looks(town: Town, random: Random) -> None:
    """Who is on duty now, until when, and who comes next."""
    by = agent(town, random)
    possible(lambda: by.side.says(by.native, "/rota", QUEUE, None))


@act("changes who is on duty", 5)
async def overrides(town: Town, random: Random) -> None:
    """Somebody instead, besides, or not; now and then what was changed is taken back, half of a swap too."""
    by = choose(random, town.of_sort(ADMIN))
    kept = [row["id"] for row in town.life.reader.rows("SELECT id FROM duty_override ORDER BY id")]
    if kept and random.random() < 0.4:
        possible(lambda: by.side.says(by.native, f"/rota override {random.choice(kept)} off", None, None))
        return
    other = choose(random, [*on_rota(town.places), *town.of_sort(SPECIALIST, ADMIN)])
    said = f"{random.choice(WHEN)} {random.choice(('', '', '+', '-'))}{other.name}"
    possible(lambda: by.side.says(by.native, f"/rota override {MONEY} {said}", None, None))


@act("swaps shifts", 10)
async def swaps(town: Town, random: Random) -> None:
    """The next shift of one for that of another, who has looked at the rota; answered at once, late, twice, or never."""
    if random.random() < 0.3:
        answer(town, random)
        return
    by = choose(random, on_rota(town.places))
    other = choose(random, [person for person in on_rota(town.places) if person is not by])
    for one in (by, other):  # who has said nothing is not known yet, and who has no chat with the bot cannot be asked
        room = next(room for room in town.places if room.kind == GROUP and one in room.people)
        for place in (room.place, None):
            possible(partial(one.side.says, one.native, "/rota", place, None))
    await town.settle()
    possible(lambda: by.side.says(by.native, f"/rota swap {other.name}", None, None))
    await town.settle()
    if random.random() < 0.6:
        answer(town, random)


def answer(town: Town, random: Random) -> None:
    """Let somebody who was asked agree or not, once or twice."""
    asked = [
        (by, line, name)
        for by in on_rota(town.places)
        for line in by.lines()
        for name in buttons(line)
        if name.startswith(("swap_yes:", "swap_no:"))
    ]
    by, line, name = choose(random, asked)
    for _ in range(random.choice((1, 1, 2))):
        press(town, by, line, name)
