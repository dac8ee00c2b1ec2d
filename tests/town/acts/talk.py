"""What people do in their own chat with the bot."""

from random import Random

from handlers.contents import CONTENTS
from handlers.vocabulary.messages import Kind
from storage.models import Role
from tests.stories.harness.places import Line
from tests.town.acts.registry import act, choose, possible
from tests.town.people import ADMIN, AGENT, ANONYMOUS, BOT, DESERTER, LINKED, REQUESTER, STRANGER, Resident, buttons
from tests.town.town import Town
from tests.town.words import NOTE, OWN, PUBLIC, REPLY, Word, tokens

TALKERS = (REQUESTER, REQUESTER, LINKED, STRANGER, DESERTER, AGENT, ADMIN)
FILES = ("photo", "document", "video", "voice")
PIECES = (
    "I have a problem",
    "у мене проблема",
    "it is about the till",
    "каса не друкує",
    "and it is urgent",
    "ось помилка",
)
ANSWERS = (
    "yes, it works now",
    "так, дякую, вирішено",
    "да, помогло",
    "no, still the same",
    "ні, не працює",
    "нет",
    "так, але",
)
SLIPS = ("/nwe", "/statsu 1", "/status 999999", "/my my", "/", "/link 0000000000", "/cancle")


def talker(town: Town, random: Random) -> Resident:
    """Return somebody who talks with the bot alone."""
    return choose(random, town.of_sort(random.choice(TALKERS)))


def own(town: Town, by: Resident, random: Random) -> Word:
    """Return words of somebody for the desk; an admin's may become what everybody reads."""
    return town.word(by, PUBLIC if by.sort == ADMIN else OWN, random)


@act("says", 20)
async def says(town: Town, random: Random) -> None:
    by = talker(town, random)
    word = own(town, by, random)
    possible(lambda: town.says(by, word))


@act("says twice", 4)
async def says_twice(town: Town, random: Random) -> None:
    by = talker(town, random)
    for _ in range(random.choice((2, 3))):
        word = own(town, by, random)
        possible(lambda said=word: town.says(by, said))  # type: ignore[misc]


@act("says it in pieces", 5)
async def says_in_pieces(town: Town, random: Random) -> None:
    """A sentence, another, perhaps a picture, one right after another: they are one question, or go where one would."""
    by = talker(town, random)
    for _ in range(random.choice((2, 3))):
        word = own(town, by, random)
        possible(lambda said=word: town.says(by, said, f"{random.choice(PIECES)} {said.token}"))  # type: ignore[misc]
    if random.random() < 0.5:
        word = own(town, by, random)
        line = possible(lambda: by.side.sends(by.native, "photo", word.text, None, None))
        word.room, word.line = line.room, line.id


@act("says yes or no", 5)
async def agrees(town: Town, random: Random) -> None:
    """In words, whether somebody has asked or not."""
    by = talker(town, random)
    word = own(town, by, random)
    possible(lambda: town.says(by, word, f"{random.choice(ANSWERS)} {word.token}"))


@act("passes words on", 3)
async def passes_on(town: Town, random: Random) -> None:
    by = talker(town, random)
    word = own(town, by, random)
    text = random.choice((word.text, f"/new {word.text}"))
    possible(lambda: town.says(by, word, text, forwarded="Petro"))


@act("says very much at once", 1)
async def floods(town: Town, random: Random) -> None:
    by = talker(town, random)
    for _ in range(random.choice((8, 25))):
        word = own(town, by, random)
        possible(lambda said=word: town.says(by, said))  # type: ignore[misc]


@act("says what somebody asked before", 2)
async def asks_again(town: Town, random: Random) -> None:
    by = talker(town, random)
    word = own(town, by, random)
    possible(lambda: town.says(by, word, f"where is the invoice? {word.token}"))


@act("gives a command", 12)
async def commands(town: Town, random: Random) -> None:
    by = talker(town, random)
    names = [route.name for route in CONTENTS.router.commands(Role.REQUESTER)]
    name = random.choice(names)
    word = own(town, by, random)
    rest = random.choice(("", "", *map(str, town.tickets()), word.text, "uk", "999999"))
    possible(lambda: town.says(by, word, f"/{name} {rest}".strip()))


@act("gives a wrong command", 3)
async def slips(town: Town, random: Random) -> None:
    by = talker(town, random)
    word = own(town, by, random)
    possible(lambda: town.says(by, word, random.choice(SLIPS)))


@act("gives a command of the team", 3)
async def intrudes(town: Town, random: Random) -> None:
    by = choose(random, town.of_sort(REQUESTER, STRANGER, LINKED, DESERTER))
    names = [
        r.name
        for (kind, _), r in CONTENTS.router.routes.items()
        if kind is Kind.COMMAND and r.role is not Role.REQUESTER
    ]
    word = own(town, by, random)
    rest = random.choice(("", *map(str, town.tickets())))
    possible(lambda: town.says(by, word, f"/{random.choice(names)} {rest}".strip()))


def press(town: Town, by: Resident, line: Line, name: str) -> None:
    """Let somebody press something."""
    if name.startswith("send_note:"):
        sends_after_all(town, by, int(name.partition(":")[2]))
    possible(lambda: by.side.presses(by.native, name, line))
    if name.startswith(("offer_yes:", "need:")):
        town.wanted(by, line)
    town.tally.count("button", name.partition(":")[0])
    town.note(f"{by.name} presses {name.partition('.')[0]} on {line.text[:40]!r}")


def sends_after_all(town: Town, by: Resident, message: int) -> None:
    """A note that its author sends is a reply from now on: whoever it is for may read it."""
    for row in town.life.reader.rows("SELECT words, ticket_id FROM message WHERE id = ?", message):
        for word in filter(None, map(town.words.get, tokens(row["words"]))):
            if word.by is by and word.kind == NOTE:
                word.kind, word.ticket = REPLY, row["ticket_id"]


@act("presses", 30)
async def presses(town: Town, random: Random) -> None:
    by = talker(town, random)
    lines = [line for line in by.lines() if line.by_desk and buttons(line)][-4:]
    line = choose(random, lines)
    press(town, by, line, choose(random, sorted(buttons(line))))


@act("presses twice", 3)
async def presses_twice(town: Town, random: Random) -> None:
    by = talker(town, random)
    line = choose(random, [line for line in by.lines() if line.by_desk and buttons(line)][-3:])
    name = choose(random, sorted(buttons(line)))
    for _ in range(2):
        press(town, by, line, name)


@act("presses what was there once", 6)
async def presses_old(town: Town, random: Random) -> None:
    by = choose(random, [person for person in town.people if person.pasts and person.sort not in (BOT, ANONYMOUS)])
    line, name = choose(random, by.pasts)
    if line.room != by.home and not by.here:
        return
    press(town, by, line, name)


@act("presses what somebody else was shown", 3)
async def presses_forged(town: Town, random: Random) -> None:
    """A button's name is no secret: whoever presses it in their own chat is who they are."""
    by = choose(random, town.of_sort(REQUESTER, STRANGER, LINKED))
    _, name = choose(random, [past for person in town.people for past in person.pasts])
    line = choose(random, [line for line in by.lines() if line.by_desk])
    press(town, by, line, name)


def written(town: Town, by: Resident) -> list[Word]:
    """Return what somebody has said that still stands."""
    return [w for w in town.words.values() if w.by is by and w.line and not w.deleted]


def line_of(town: Town, word: Word) -> Line | None:
    """Return the line that words stand in."""
    lines = word.by.side.everything().get(word.room, ())
    return next((line for line in lines if line.id == word.line), None)


@act("edits", 5)
async def edits(town: Town, random: Random) -> None:
    by = choose(random, [p for p in town.people if written(town, p)])
    was = choose(random, written(town, by))
    line = line_of(town, was)
    if line is None or line.kind == "command" or line.text.startswith(("/", "!")):
        raise_impossible()
    assert line is not None
    now = town.word(by, was.kind, random, was.ticket)
    now.room, now.line, now.readers, now.edited = was.room, was.line, was.readers, True
    possible(lambda: by.side.edits(by.native, line, f"{line.text} {now.token}"))
    was.edited = True
    for word in town.in_line(was.room, was.line):
        word.gone, word.at = "", town.clock.now()  # it is said anew, also where it was erased before
    town.note(f"{by.name} edits {was.token}: {now.token}")


def raise_impossible() -> None:
    """Say that this cannot be done."""
    choose(Random(0), [])


@act("deletes", 3)
async def deletes(town: Town, random: Random) -> None:
    by = choose(random, [p for p in town.people if written(town, p)])
    word = choose(random, written(town, by))
    line = line_of(town, word)
    if line is None or not line.id:
        raise_impossible()
    assert line is not None
    possible(lambda: by.side.deletes(by.native, line))
    for each in town.words.values():
        if (each.room, each.line) == (word.room, word.line):
            each.deleted = True
    town.note(f"{by.name} deletes {word.token}")


@act("replies to the desk", 4)
async def replies(town: Town, random: Random) -> None:
    by = talker(town, random)
    line = choose(random, [line for line in by.lines() if line.by_desk and not line.passing][-12:])
    word = own(town, by, random)
    possible(lambda: town.says(by, word, reply_to=line))


@act("sends a file", 6)
async def files(town: Town, random: Random) -> None:
    by = talker(town, random)
    word, kind = own(town, by, random), random.choice(FILES)
    line = possible(lambda: by.side.sends(by.native, kind, word.text, None, None))
    word.room, word.line = line.room, line.id
    town.note(f"{by.name} sends a {kind}: {word.text}")


@act("sends an album", 2)
async def albums(town: Town, random: Random) -> None:
    by = talker(town, random)
    word = own(town, by, random)
    lines = possible(lambda: by.side.sends_album(by.native, ("photo", "photo", "photo"), word.text, None))
    word.room, word.line = lines[0].room, lines[0].id
    town.note(f"{by.name} sends an album: {word.text}")


@act("asks for the story of a request", 6)
async def asks(town: Town, random: Random) -> None:
    """Of one's own, or of somebody else's."""
    by = choose(random, town.of_sort(REQUESTER, REQUESTER, STRANGER, LINKED))
    numbers = [number for number in town.tickets() if by.home in town.owners(number)] or town.tickets()
    number = choose(random, numbers if random.random() < 0.8 else town.tickets())
    possible(
        lambda: town.says(by, own(town, by, random), f"/{random.choice(('history', 'history', 'status'))} {number}")
    )
