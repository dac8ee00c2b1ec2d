"""A long day that stands on a page of the docs, played line by line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Line, Place, Somebody, said_in
from tests.stories.harness.people import SKIP

DOCS = Path(__file__).parents[2] / "docs"
PLACED = re.compile(r"(?P<rest>.*?)(?: \((?:#(?P<ticket>\d+)|черга)\))?$")
CHOICES = re.compile(r"(?P<words>.*?)(?: \[(?P<buttons>.*)\])?$")
TOLD = re.compile(r"Бот(?: → (?P<name>\w+))?: (?P<said>.*)")
MINUTES = {"хвилина": 1, "хвилини": 1, "хвилин": 1, "година": 60, "години": 60, "годин": 60}
FIELDS = {"Питання щодо оплати": ("type", "contract"), "Обладнання": ("type", "device", "place", "photo")}
TEAM = {"Богдан": "bohdan", "Ірина": "iryna"}
HOUSE = House(team_language="uk", settings={"language": "uk", "time_zone": "Europe/Kyiv"})


def script(page: str) -> Iterator[str]:
    """Yield the lines of a day, comments apart."""
    _, block, _ = (DOCS / page).read_text("utf-8").split("```")
    yield from (line for line in block.removeprefix("text\n").splitlines() if line.strip() and not line.startswith("#"))


class Day:
    """The people of a day, and what they have written."""

    def __init__(self, desk: Desk, *requesters: str) -> None:
        self.desk = desk
        self.people = {name: desk.requester(name, language="uk") for name in requesters}
        self.people |= {name: desk.agent(name, language="uk", username=nick) for name, nick in TEAM.items()}
        self.first = self.people[requesters[0]]
        self.neighbours: list[Somebody] = []
        self.written: dict[str, Line] = {}

    async def plays_all(self, page: str) -> None:
        """Play the whole page; say in which line something was otherwise."""
        for number, line in enumerate(script(page)):
            try:
                await self.plays(line)
            except AssertionError as wrong:
                raise AssertionError(f"docs/{page}, line {number + 1} of the day, {line!r}: {wrong}") from wrong

    async def plays(self, line: str) -> None:
        """Play one line of the script."""
        placed = PLACED.match(line)
        assert placed is not None
        rest, at = placed["rest"], where(line, placed["ticket"])
        if line.startswith("… "):
            number, unit = line.removeprefix("… ").split()
            await self.desk.passes(minutes=int(number) * MINUTES[unit])
        elif told := TOLD.match(rest):
            await self.told(self.people[told["name"]] if told["name"] else self.first, told["said"])
        elif line.startswith("Команда "):
            await self.team_reads(line)
        elif line.startswith("Сусіди: "):
            await self.neighbours_say(rest.removeprefix("Сусіди: ").split(" / "))
        else:
            await self.acts(rest, at)

    async def told(self, who: Somebody, said: str) -> None:
        """See that somebody is told this."""
        found = CHOICES.match(said)
        assert found is not None
        buttons = found["buttons"].split("] [") if found["buttons"] else None
        await who.sees(*found["words"].split(" … "), buttons=buttons)

    async def team_reads(self, line: str) -> None:
        """See that the team reads this, in a thread or on a card."""
        place, _, said = line.removeprefix("Команда (").partition("): ")
        at = QUEUE if place == "черга" else THREAD(int(place.removeprefix("#")))
        await self.people["Богдан"].reads(*said.split(" … "), at=at)

    async def neighbours_say(self, questions: Sequence[str]) -> None:
        """Let as many people as there are questions ask, each one of them."""
        for question in questions:
            who = self.desk.requester(f"Сусід{len(self.neighbours) + 1}", language="uk")
            self.neighbours.append(who)
            await who.says(question)

    async def acts(self, rest: str, at: Place | None) -> None:
        """Let somebody do something."""
        name = next(each for each in self.people if rest.startswith(each))
        who, what = self.people[name], rest.removeprefix(name).strip()
        sign, _, words = what.partition(" ")
        if sign == "▸":
            await who.presses(words, at=at)
        elif sign == "✎":
            was, _, now = words.partition(" → ")
            await who.edits(self.written[was], now)
        elif sign == "📎":
            self.written[words] = await who.sends("photo", words)
        elif sign == "↪":
            origin, _, words = words.partition(": ")
            self.written[words] = await who.says(words, forwarded=origin)
        elif sign == "заповнює:":
            await self.fills(who, words, at)
        elif sign == "блокує":
            if who.can(Capability.BLOCKING):
                who.native.blocks()
        else:
            words = what.removeprefix(": ")
            self.written[words] = await who.says(words, at=at)

    async def fills(self, who: Somebody, words: str, at: Place | None) -> None:
        """Let somebody fill a request's form, or, in a team's place, the one question that is asked there."""
        if at is not None:
            await self.desk.settles()
            window = self.desk.stage.window(who.native)
            if window is None:
                asked = said_in(who.language, "form.asked", name="\0").rpartition("\0")[2]
                await who.says(words, at=at, reply_to=await who.reads(asked, at=at))
            else:
                one: dict[str, Any] = {each.rpartition(".")[2]: words for each in window}
                await who.fills(**one)
            return
        answers = words.split(", ")
        given = [*(SKIP if answer == "-" else answer for answer in answers)]
        names = FIELDS[answers[0]]
        filled: Mapping[str, Any] = dict(zip(names, [*given, *([SKIP] * (len(names) - len(given)))], strict=True))
        await who.fills(**filled)

    async def reads_all(self, tickets: int) -> None:
        """Let everybody read what the day does not name: receipts, cards that were redrawn."""
        for who in (*self.people.values(), *self.neighbours):
            await who.catches_up()
            if who.is_agent:
                for at in (QUEUE, *(THREAD(ticket) for ticket in range(1, tickets + 1))):
                    await who.catches_up(at=at)


def where(line: str, ticket: str | None) -> Place | None:
    """Return the place that stands behind a line."""
    if ticket:
        return THREAD(int(ticket))
    return QUEUE if line.endswith("(черга)") else None
