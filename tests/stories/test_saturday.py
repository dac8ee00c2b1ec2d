"""The long day of docs/saturday.md, played line by line: an angry customer who writes in pieces, forwards, edits and blocks."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Line, Place, Somebody, said_in
from tests.stories.harness.people import SKIP

PAGE = Path(__file__).parents[2] / "docs/saturday.md"
PLACED = re.compile(r"(?P<rest>.*?)(?: \((?:#(?P<ticket>\d+)|черга)\))?$")
CHOICES = re.compile(r"(?P<words>.*?)(?: \[(?P<buttons>.*)\])?$")
MINUTES = {"хвилина": 1, "хвилини": 1, "хвилин": 1, "година": 60, "години": 60, "годин": 60}
FIELDS = {"Питання щодо оплати": ("type", "contract"), "Обладнання": ("type", "device", "place", "photo")}


def script() -> Iterator[str]:
    """Yield the lines of the day, comments apart."""
    _, block, _ = PAGE.read_text("utf-8").split("```")
    yield from (line for line in block.removeprefix("text\n").splitlines() if line.strip() and not line.startswith("#"))


class Day:
    """The people of the day, and what they have written."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.people = {"Оля": desk.requester("Оля", language="uk")}
        self.people |= {name: desk.agent(name, language="uk", username=nick) for name, nick in TEAM.items()}
        self.written: dict[str, Line] = {}

    @property
    def olha(self) -> Somebody:
        """Return the customer."""
        return self.people["Оля"]

    async def plays(self, line: str) -> None:
        """Play one line of the script."""
        placed = PLACED.match(line)
        assert placed is not None
        rest, at = placed["rest"], where(line, placed["ticket"])
        if line.startswith("… "):
            number, unit = line.removeprefix("… ").split()
            await self.desk.passes(minutes=int(number) * MINUTES[unit])
        elif rest.startswith("Бот: "):
            await self.told(rest.removeprefix("Бот: "))
        elif line.startswith("Команда "):
            await self.team_reads(line)
        else:
            await self.acts(rest, at)

    async def told(self, said: str) -> None:
        """See that the customer is told this."""
        found = CHOICES.match(said)
        assert found is not None
        buttons = found["buttons"].split("] [") if found["buttons"] else None
        await self.olha.sees(*found["words"].split(" … "), buttons=buttons)

    async def team_reads(self, line: str) -> None:
        """See that the team reads this, in a thread or on a card."""
        place, _, said = line.removeprefix("Команда (").partition("): ")
        at = QUEUE if place == "черга" else THREAD(int(place.removeprefix("#")))
        await self.people["Богдан"].reads(said, at=at)

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
            answers = words.split(", ")
            given = [*(SKIP if answer == "-" else answer for answer in answers)]
            names = FIELDS[answers[0]]
            filled: dict[str, Any] = dict(zip(names, [*given, *([SKIP] * (len(names) - len(given)))], strict=True))
            await who.fills(**filled)
        elif sign == "блокує":
            if who.can(Capability.BLOCKING):
                who.native.blocks()
        else:
            words = what.removeprefix(": ")
            self.written[words] = await who.says(words, at=at)

    async def reads_all(self) -> None:
        """Let everybody read what the day does not name: receipts, cards that were redrawn."""
        for who in self.people.values():
            await who.catches_up()
            if who.is_agent:
                for at in (QUEUE, THREAD(1), THREAD(2)):
                    await who.catches_up(at=at)


TEAM = {"Богдан": "bohdan", "Ірина": "iryna"}


def where(line: str, ticket: str | None) -> Place | None:
    """Return the place that stands behind a line."""
    if ticket:
        return THREAD(int(ticket))
    return QUEUE if line.endswith("(черга)") else None


@pytest.fixture
def house() -> House:
    """Return the desk of a Ukrainian shop."""
    return House(team_language="uk", settings={"language": "uk", "time_zone": "Europe/Kyiv"})


async def test_an_online_shops_saturday_with_one_angry_customer(desk: Desk):
    day = Day(desk)
    for number, line in enumerate(script()):
        try:
            await day.plays(line)
        except AssertionError as wrong:
            raise AssertionError(f"docs/saturday.md, line {number + 1} of the day, {line!r}: {wrong}") from wrong
    await day.reads_all()
    kept = await desk.records(lambda tx: [[said.words["text"] for said, _ in tx.talk.of(n)] for n in (1, 2)])
    assert [len(each) for each in kept] == [17, 8], kept
    assert said_in("uk", "answer.unknown") in PAGE.read_text("utf-8")
