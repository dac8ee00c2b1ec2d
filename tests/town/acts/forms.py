"""How people fill forms: in their window, or question by question, with slips; whole, or left half-way."""

from random import Random
from typing import Any

from tests.stories.harness.slack import SlackStage
from tests.town.acts.registry import act, choose, possible
from tests.town.acts.talk import own, press, talker
from tests.town.people import LINKED, REQUESTER, Resident, buttons
from tests.town.town import Town

STEPS = 14  # presses and answers after which somebody gives a form up
IN_TWO_DAYS = "2d"
VALUES = ("4711-AB", "12", "2026-03-20", "14:30", "yes", "ann@example.org", "x", "none of these", "1")


@act("registers", 22)
async def registers(town: Town, random: Random) -> None:
    """Somebody files a request from the first question to the last."""
    by = choose(random, town.of_sort(REQUESTER, REQUESTER, LINKED))
    word = own(town, by, random)
    possible(lambda: town.says(by, word, "/new"))
    await town.settle()
    for _ in range(STEPS):
        before = len(town.tickets())
        if by.side.window(by.native) is not None:
            fill(town, by, random, slips=0.1)
        elif not step(town, by, random):
            return
        await town.settle()
        if len(town.tickets()) > before:
            town.tally.count("reached", "registered")
            return


def step(town: Town, by: Resident, random: Random) -> bool:
    """Answer the newest question; return whether there was one."""
    lines = [line for line in by.lines() if line.by_desk and not line.service][-1:]
    named = sorted({name for line in lines for name in buttons(line)})
    for wanted in ("submit", "pick", "skip"):
        found = [name for name in named if name.startswith(f"{wanted}:")]
        if found:
            press(town, by, lines[-1], random.choice(found))
            return True
    if any(name.startswith(("back:", "drop:")) for name in named):
        word = own(town, by, random)
        possible(lambda: town.says(by, word))
        return True
    return False


@act("answers a form", 8)
async def answers(town: Town, random: Random) -> None:
    by = talker(town, random)
    word = own(town, by, random)
    text = random.choice((word.text, word.token, f"{random.choice(VALUES)}"))
    possible(lambda: town.says(by, word, text))


@act("goes on with a form", 10)
async def goes_on(town: Town, random: Random) -> None:
    by = talker(town, random)
    if by.side.window(by.native) is not None:
        fill(town, by, random, slips=0.3)
    elif not step(town, by, random):
        choose(random, [])


@act("works in a window", 10)
async def windows(town: Town, random: Random) -> None:
    by = choose(random, [person for person in town.people if person.side.window(person.native) is not None])
    if random.random() < 0.2:
        possible(lambda: by.side.shut(by.native))
        town.note(f"{by.name} shuts a window")
    else:
        fill(town, by, random, slips=0.2)


def fill(town: Town, by: Resident, random: Random, slips: float) -> None:
    """Fill the window in front of somebody and submit it."""
    side = by.side
    assert isinstance(side, SlackStage)
    for name, field in by.native.modal.fields.items():
        if field.optional and random.random() < 0.5:
            continue
        value = _value(town, by, field, random, slips) if not name.endswith("when") else IN_TWO_DAYS
        if value is not None:
            possible(lambda n=name, v=value: by.native.fills({n: v}))  # type: ignore[misc]
    town.note(f"{by.name} submits a window")
    possible(lambda: side.submit(by.native))


def _value(town: Town, by: Resident, field: Any, random: Random, slips: float) -> Any:
    if field.options:
        return random.choice(field.options).text
    if field.kind in ("plain_text_input", "rich_text_input"):
        word = form_word(town, by, random)
        return random.choice(VALUES) if random.random() < slips else word
    return {"number_input": "12", "datepicker": "2026-03-20", "timepicker": "14:30"}.get(field.kind)


def form_word(town: Town, by: Resident, random: Random) -> str:
    """Return words for a field: of what a requester says, or of what an agent may send to one."""
    from tests.town.words import OWN, PUBLIC, REPLY, TEAM

    title = str(getattr(by.native.modal, "callback_id", ""))
    kind = OWN
    if by.of_team:
        kind = REPLY if "reply" in title else TEAM
        if by.sort == "admin" and kind == TEAM:
            kind = PUBLIC
    word = town.word(by, kind, random)
    if kind == REPLY:
        word.readers = {home for number in town.tickets() for home in town.parties(number)}
    return word.text
