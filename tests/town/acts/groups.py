"""What is done where a group has a team channel of its own: requests move there and back, and are worked on there."""

from random import Random

from tests.stories.harness.crossed import CARD
from tests.stories.harness.places import Line
from tests.town.acts.registry import act, choose, possible
from tests.town.acts.talk import press
from tests.town.acts.team import agent
from tests.town.people import Resident, buttons
from tests.town.rooms import FIRST, GROUP, MONEY, Room
from tests.town.town import NOTE, QUEUE, TEAM, Town
from tests.town.words import REPLY


def room_of(town: Town, random: Random) -> tuple[Room, Resident]:
    """Return a group's channel, and somebody who works there."""
    room = choose(random, [room for room in town.of_kind(GROUP) if not room.shut])
    return room, choose(random, room.people)


def lines(room: Room) -> list[Line]:
    """Return what stands in a group's channel."""
    return [line for line in room.side.everything().get(room.id, ()) if line.by_desk and not line.passing]


def card(room: Room, random: Random) -> tuple[Line, int]:
    """Return the card of a request there, and its number."""
    found = [(line, number) for line in lines(room) if (number := CARD.match(line.text)) is not None and buttons(line)]
    line, number = choose(random, found[-6:])
    return line, int(number[1])


@act("a request moves to another group", 7)
async def moves(town: Town, random: Random) -> None:
    by, number = agent(town, random), choose(random, town.tickets())
    word = town.word(by, TEAM, random)
    to = random.choice((MONEY, MONEY, FIRST, ""))
    possible(lambda: town.says(by, word, f"/escalate {number} {to}".strip(), QUEUE))


@act("a group gives a request back", 3)
async def gives_back(town: Town, random: Random) -> None:
    room, by = room_of(town, random)
    line, number = card(room, random)
    word = town.word(by, TEAM, random)
    possible(lambda: town.says(by, word, f"/escalate {number} {FIRST}", reply_to=line))


@act("presses in a group's channel", 8)
async def presses(town: Town, random: Random) -> None:
    room, by = room_of(town, random)
    line = choose(random, [line for line in lines(room) if buttons(line)][-6:])
    press(town, by, line, choose(random, sorted(buttons(line))))


@act("replies from a group's channel", 5)
async def replies(town: Town, random: Random) -> None:
    room, by = room_of(town, random)
    line, number = card(room, random)
    word = town.word(by, REPLY, random, number)
    possible(lambda: town.says(by, word, f"/r {word.text}", reply_to=line))


@act("leaves a note in a group's channel", 3)
async def notes(town: Town, random: Random) -> None:
    room, by = room_of(town, random)
    line, number = card(room, random)
    word = town.word(by, NOTE, random, number)
    possible(lambda: town.says(by, word, f"/note {word.text}", reply_to=line))


@act("talks in a group's channel", 2)
async def talks(town: Town, random: Random) -> None:
    room, by = room_of(town, random)
    word = town.word(by, TEAM, random)
    possible(lambda: town.says(by, word, random.choice(("", "/queue", "/channel")), at=room.place))
