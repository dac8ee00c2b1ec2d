"""What people do in request channels: where clients and colleagues talk, and the desk listens."""

from datetime import timedelta
from random import Random

from tests.stories.harness.places import Line
from tests.town.acts.registry import Impossible, act, choose, possible
from tests.town.acts.talk import FILES, press
from tests.town.people import ADMIN, BOT, Resident, buttons
from tests.town.rooms import REQUESTS, Room
from tests.town.town import Town
from tests.town.words import JOINS, NOTHING, OPEN, REPLY

CHATTER = (
    *("Good morning!", "thanks a lot", "👍🎉", "Works now, thank you", "ok", "Добрий день", "Вже все працює, дякую"),
    *("Спасибо!", "Заработало!", "never mind"),
)
ASKED_AMONG_OTHERS = ("my", "history", "status", "link", "settings", "queue", "find", "who", "me", "faq", "hlep")
CHOICES = (
    *("requests every", "requests", "requests emoji", "requests offer", "answer off", "language uk", "quiet off"),
    *("type access", "together 5", "off"),
)


def channel(town: Town, random: Random, *ways: str) -> Room:
    """Return a request channel that the bot is in, where requests are opened in one of these ways (any, if none is named)."""
    among = [room for room in town.of_kind(REQUESTS) if not room.shut]
    return choose(random, [room for room in among if not ways or any(room.opens(way) for way in ways)])


def client(room: Room, random: Random) -> Resident:
    """Return somebody who talks there and is not of the team."""
    return choose(random, [person for person in room.people if not person.of_team and person.sort != BOT])


def colleague(room: Room, random: Random) -> Resident:
    """Return somebody of the team who talks there."""
    return choose(random, [person for person in room.people if person.of_team])


def talk(room: Room) -> list[Line]:
    """Return what is said there, as everybody reads it."""
    lines = room.side.everything().get(room.id, [])
    return [line for line in lines if not line.passing and not line.service and line.id]


@act("posts in a request channel", 16)
async def posts(town: Town, random: Random) -> None:
    """In words, or with a file; now and then the bot is named."""
    room = channel(town, random)
    by = client(room, random)
    for _ in range(random.choice((1, 1, 1, 2))):
        word = town.word(by, OPEN, random)
        mention = random.random() < (0.2 if room.opens("every") else 0.6)
        if not mention and random.random() < 0.15:
            line = possible(lambda: by.side.sends(by.native, random.choice(FILES), word.text, room.place, None))  # noqa: B023
            town.stands(word, line, room.place)
        else:
            possible(lambda: town.says(by, word, at=room.place, mention=mention))  # noqa: B023
        town.fated(room, word, JOINS if room.opens("every") or (mention and room.open) else NOTHING)


@act("goes on in a request channel", 12)
async def goes_on(town: Town, random: Random) -> None:
    """In reply to anything that stands there."""
    room = channel(town, random)
    by = client(room, random)
    line = choose(random, talk(room)[-10:])
    ticket = town.spoken_of(room, line)
    word = town.word(by, OPEN, random)
    possible(lambda: town.says(by, word, reply_to=line))
    if ticket is not None and town.goes_on(ticket) and town.is_kept(room, line):
        town.fated(room, word, JOINS)


@act("chats in a request channel", 5)
async def chats(town: Town, random: Random) -> None:
    """Words that ask for nothing, by whomever."""
    room = channel(town, random)
    by = choose(random, [person for person in room.people if person.sort != BOT])
    line = random.choice([None, None, *talk(room)[-4:]])
    word = town.word(by, OPEN, random)
    possible(lambda: town.says(by, word, random.choice(CHATTER), room.place, line))
    town.fated(room, word, NOTHING)


@act("the team talks in a request channel", 3)
async def team_talks(town: Town, random: Random) -> None:
    """To everybody, which opens nothing."""
    room = channel(town, random)
    by = colleague(room, random)
    word = town.word(by, OPEN, random)
    possible(lambda: town.says(by, word, at=room.place))
    town.fated(room, word, NOTHING if town.knows_as_agent(by) else "")


@act("an agent answers in a request channel", 8)
async def answers(town: Town, random: Random) -> None:
    """Whoever is of the team, in the thread of a request that is worked on: that is a reply."""
    room = channel(town, random)
    by = colleague(room, random)
    spoken = [(line, town.spoken_of(room, line)) for line in talk(room)[-6:] if line.by_desk]
    line, ticket = choose(
        random, [(line, n) for line, n in spoken if n and town.goes_on(n) and town.is_kept(room, line)]
    )
    word = town.word(by, REPLY, random, ticket)
    possible(lambda: town.says(by, word, reply_to=line))
    town.fated(room, word, JOINS)


@act("another bot talks in a request channel", 3)
async def robot_talks(town: Town, random: Random) -> None:
    """To everybody, to the desk by its name, or in answer to anything."""
    room = channel(town, random)
    by = choose(random, [person for person in room.people if person.sort == BOT])
    word = town.word(by, OPEN, random)
    line, mention = random.choice([None, None, *talk(room)[-4:]]), random.random() < 0.4
    possible(lambda: town.says(by, word, at=room.place, reply_to=line, mention=mention))
    town.fated(room, word, NOTHING)


@act("presses in a request channel", 12)
async def presses(town: Town, random: Random) -> None:
    """Whoever is there, whatever stands there."""
    room = channel(town, random)
    by = choose(random, [person for person in room.people if person.sort != BOT])
    line = choose(random, [line for line in talk(room) if line.by_desk and buttons(line)][-5:])
    press(town, by, line, choose(random, sorted(buttons(line))))


@act("takes a request back", 2)
async def takes_back(town: Town, random: Random) -> None:
    room = channel(town, random)
    offered = [(line, name) for line in talk(room) for name in buttons(line) if name.startswith("not_request:")]
    line, name = choose(random, offered[-3:])
    press(town, choose(random, [person for person in room.people if person.sort != BOT]), line, name)


@act("points at a message", 6)
async def points(town: Town, random: Random) -> None:
    """By the emoji that makes a request of it, where it may, or may not."""
    room = channel(town, random, *random.choice((("emoji",), ())))
    by = choose(random, [person for person in room.people if person.sort != BOT])
    line = choose(random, talk(room)[-8:])
    possible(lambda: by.side.reacts(by.native, "🎫", line))
    town.note(f"{by.name} at {room} puts the emoji on {line.text[:40]!r}")
    if room.opens("emoji"):
        town.pointed_at(room, line)


@act("names the bot under a message", 5)
async def asks_for(town: Town, random: Random) -> None:
    """A request is made of that message; the words beside the name join it."""
    room = channel(town, random)
    by = client(room, random)
    line = choose(random, talk(room)[-8:])
    word = town.word(by, OPEN, random)
    words = random.random() < 0.7
    possible(lambda: town.says(by, word, word.text if words else " ", reply_to=line, mention=True))
    if room.open:
        town.pointed_at(room, line)
        town.fated(room, word, JOINS if words else "")


@act("gives a command in a request channel", 6)
async def commands(town: Town, random: Random) -> None:
    """What is asked among others is not answered among others."""
    room = channel(town, random)
    by = choose(random, [person for person in room.people if person.sort != BOT])
    name = random.choice(ASKED_AMONG_OTHERS)
    rest = random.choice(("", *map(str, town.tickets())))
    word = town.word(by, OPEN, random)
    line = random.choice([None, None, *talk(room)[-4:]])
    sign, mention = random.choice((("/", False), ("!", False), ("!", True)))
    possible(lambda: town.says(by, word, f"{sign}{name} {rest}".strip(), room.place, line, mention=mention))


@act("an admin changes a request channel", 2)
async def changes(town: Town, random: Random) -> None:
    room = choose(random, [room for room in town.of_kind(REQUESTS) if not room.shut])
    by = choose(random, [person for person in room.people if person.sort == ADMIN])
    word = town.word(by, OPEN, random)
    possible(lambda: town.says(by, word, f"/channel {random.choice(CHOICES)}", room.place))
    await town.settle()
    offered = [(line, name) for line in by.lines() for name in buttons(line) if name.startswith("apply:")]
    line, name = choose(random, offered[-1:])
    press(town, by, line, name)
    town.tally.count("reached", "channel changed")


@act("the bot is taken out of a channel", 1)
async def thrown_out(town: Town, random: Random) -> None:
    room = choose(random, [room for room in town.places if not room.shut])
    town.shuts(room)
    town.note(f"the bot is taken out of {room}")


@act("the bot is let in again", 4)
async def let_in(town: Town, random: Random) -> None:
    room = choose(random, [room for room in town.places if room.shut])
    town.lets_in(room)
    town.note(f"the bot is let into {room} again")


@act("people talk while the desk is down", 3)
async def talk_meanwhile(town: Town, random: Random) -> None:
    """It is stopped, people go on where they talk, and it starts again."""
    await town.settle()
    town.note("the desk is stopped")
    await town.life.stop()
    for _ in range(random.choice((1, 2, 3))):
        try:
            await random.choice((posts, posts, goes_on, goes_on, chats, answers, team_talks, robot_talks))(town, random)
        except Impossible:
            continue
    town.clock.set(town.clock.now() + timedelta(minutes=random.choice((1, 15, 200))))
    town.note("the desk is started")
    await town.life.start()
