"""What the team does in its channel, in the threads of requests, and by commands."""

from random import Random

from handlers.contents import CONTENTS
from handlers.vocabulary.messages import Kind
from storage.models import Role
from tests.town.acts.registry import act, choose, follow, possible
from tests.town.acts.talk import press
from tests.town.people import ADMIN, AGENT, ANONYMOUS, BOT, DESERTER, Resident, buttons
from tests.town.town import NOTE, QUEUE, TEAM, THREAD, Town
from tests.town.words import PUBLIC, REPLY

DURATIONS = ("1h", "30m", "2d", "tomorrow", "0", "-1h", "99999d")
SPARED = ("faq import", "settings workflow", "report")  # files and pictures: they have acts of their own


SENDING = ("resolve", "bulk")  # what follows is said to requesters: replies have acts of their own


def agent(town: Town, random: Random, *sorts: str) -> Resident:
    """Return somebody who is in the team's channel now."""
    among = sorts or (AGENT, AGENT, DESERTER, ADMIN)
    return choose(random, [person for person in town.of_sort(*among) if person.here])


def threads(town: Town) -> list[int]:
    """Return the requests that have a thread of the team's."""
    rows = town.life.reader.rows("SELECT DISTINCT ticket_id FROM thread ORDER BY ticket_id")
    return [row["ticket_id"] for row in rows]


@act("takes a request", 14)
async def claims(town: Town, random: Random) -> None:
    await _works(town, random, ("claim",))


@act("ends a request", 5)
async def ends(town: Town, random: Random) -> None:
    await _works(town, random, ("resolve", "close", "reopen", "resolve"))


async def _works(town: Town, random: Random, wanted: tuple[str, ...]) -> None:
    by, name = agent(town, random), random.choice(wanted)
    shown = [(line, each) for line in by.lines(team=True) for each in buttons(line) if each.startswith(f"{name}:")]
    line, each = choose(random, shown[-6:])
    press(town, by, line, each)


@act("answers about an approval", 10)
async def answers_approval(town: Town, random: Random) -> None:
    """Yes, no, or a question, twice now and then; what is asked in words is answered as any form is."""
    asked = [
        (by, line, name)
        for by in town.of_sort(AGENT, ADMIN, DESERTER)
        for line in by.lines()
        for name in buttons(line)
        if name.startswith(("approve:", "decline:", "ask_changes:"))
    ]
    by, line, name = choose(random, asked)
    for _ in range(random.choice((1, 1, 2))):
        press(town, by, line, name)


@act("asks for an approval", 4)
async def asks_approval(town: Town, random: Random) -> None:
    """By the move that needs it, or of somebody once, whatever the workflow says."""
    by = agent(town, random)
    shown = [(line, each) for line in by.lines(team=True) for each in buttons(line) if each.startswith("move:")]
    moves = [(line, each) for line, each in shown if each.endswith(".approved")]
    if moves and random.random() < 0.7:
        press(town, by, *choose(random, moves[-4:]))
        return
    other, ticket = agent(town, random), choose(random, threads(town))
    possible(lambda: by.side.says(by.native, f"/approval {ticket} {other.name}", QUEUE, None))


@act("two take one request", 4)
async def race(town: Town, random: Random) -> None:
    by = agent(town, random)
    shown = [(line, each) for line in by.lines(team=True) for each in buttons(line) if each.startswith("claim:")]
    _, name = choose(random, shown[-4:])
    racers = [person for person in town.of_sort(AGENT, ADMIN, DESERTER) if person.here]
    for each in random.sample(racers, min(2, len(racers))):
        lines = [line for line in each.lines(team=True) if name in buttons(line)]
        press(town, each, choose(random, lines[-1:]), name)
    town.tally.count("race", "claim against claim")


@act("presses in the team's channel", 24)
async def presses(town: Town, random: Random) -> None:
    by = agent(town, random)
    lines = [line for line in by.lines(team=True) if line.by_desk and buttons(line)][-6:]
    line = choose(random, lines)
    press(town, by, line, choose(random, sorted(buttons(line))))


@act("replies", 16)
async def replies(town: Town, random: Random) -> None:
    by, ticket = agent(town, random), choose(random, threads(town))
    word = town.word(by, REPLY, random, ticket)
    command = random.choice(("/r", "/r", "/r?"))
    possible(lambda: town.says(by, word, f"{command} {word.text}", THREAD(ticket)))


@act("replies to words", 6)
async def replies_to(town: Town, random: Random) -> None:
    """In reply to a requester's words in their thread: sent to them where replies are told apart, a note elsewhere."""
    by, ticket = agent(town, random), choose(random, threads(town))
    lines = possible(lambda: by.side.lines(by.native, THREAD(ticket)))
    line = choose(random, [line for line in lines if line.by_desk and line.text.startswith("💬") and not buttons(line)])
    word = town.word(by, REPLY, random, ticket)
    possible(lambda: town.says(by, word, at=THREAD(ticket), reply_to=line))


@act("leaves a note", 8)
async def notes(town: Town, random: Random) -> None:
    by, ticket = agent(town, random), choose(random, threads(town))
    word = town.word(by, NOTE, random, ticket)
    text = random.choice((word.text, f"/note {word.text}"))
    possible(lambda: town.says(by, word, text, THREAD(ticket)))


@act("passes a command on", 3)
async def passes_on(town: Town, random: Random) -> None:
    """What another wrote elsewhere, and would be a reply if it were obeyed."""
    by, ticket = agent(town, random), choose(random, threads(town))
    word = town.word(by, NOTE, random, ticket)
    possible(lambda: town.says(by, word, f"/r {word.text}", THREAD(ticket), forwarded="Petro"))


@act("talks in the team's channel", 3)
async def talks(town: Town, random: Random) -> None:
    by = choose(random, [person for person in town.people if person.here and person.sort != BOT])
    word = town.word(by, TEAM, random)
    possible(lambda: town.says(by, word, at=QUEUE))


@act("gives a command in the team's channel", 16)
async def commands(town: Town, random: Random) -> None:
    by = agent(town, random)
    by_role = Role.ADMIN if by.sort == ADMIN else Role.AGENT
    names = [
        route.name
        for route in CONTENTS.router.commands(by_role)
        if route.name not in (*SPARED, "r", "r?", "note", "new")
    ]
    await _commands(town, random, by, random.choice(names))


@act("gives a command of more trust", 3)
async def exceeds(town: Town, random: Random) -> None:
    by = agent(town, random, AGENT, DESERTER)
    names = [r.name for (kind, _), r in CONTENTS.router.routes.items() if kind is Kind.COMMAND and r.role is Role.ADMIN]
    await _commands(town, random, by, random.choice(names))


async def _commands(town: Town, random: Random, by: Resident, name: str) -> None:
    word = town.word(by, PUBLIC if by.sort == ADMIN else TEAM, random)
    place = random.choice((QUEUE, QUEUE, *map(THREAD, threads(town))))
    words = "done" if name in SENDING else word.text
    rest = " ".join(random.choices(_rest(town, random, words), k=random.choice((0, 1, 1, 2))))
    possible(lambda: town.says(by, word, f"/{name} {rest}".strip(), place))
    town.tally.count("command", name)


def _rest(town: Town, random: Random, words: str) -> list[str]:
    """Return what may follow a command."""
    numbers = [str(number) for number in town.tickets()] or ["1"]
    names = [f"@{p.username}" for p in town.people if p.username and p.sort not in (ADMIN,)]
    return [
        *(random.choice(numbers) for _ in range(6)),
        *(random.choice(names) for _ in range(2)),
        random.choice(DURATIONS),
        words,
        random.choice(("urgent", "low", "billing", "hardware", "agent", "all", "999999")),
    ]


@act("lets others help", 5)
async def several_hands(town: Town, random: Random) -> None:
    """A colleague is called to help with a request, or is called off; now and then somebody who is none."""
    by, ticket = agent(town, random), choose(random, town.tickets())
    known = [person for person in town.people if person.username and (person.here or random.random() < 0.1)]
    names = [f"@{choose(random, known).username}" for _ in range(random.choice((1, 1, 2)))]
    signs = [random.choice(("", "", "-")) for _ in names]
    said = " ".join(f"{sign}{name}" for sign, name in zip(signs, names, strict=True))
    word = town.word(by, TEAM, random)
    possible(lambda: town.says(by, word, f"/with {ticket} {random.choice((said, said, 'me'))}", QUEUE))
    await town.settle()
    if town.life.reader.one("SELECT count(*) FROM helper WHERE ended_at IS NULL") > 0:
        town.tally.count("reached", "several hands")


@act("lets a guest in", 5)
async def lets_in(town: Town, random: Random) -> None:
    """Somebody outside is let into a request, told something, or let go; now and then one who may not be."""
    by, ticket = agent(town, random), choose(random, town.tickets())
    whom = choose(random, town.people)
    word = town.word(by, PUBLIC, random)
    said = random.choice((*(f"{whom.name} {word.text}" for _ in range(4)), f"off {whom.name}", ""))
    possible(lambda: town.says(by, word, f"/guest {ticket} {said}", QUEUE))
    await town.settle()
    if town.life.reader.one("SELECT count(*) FROM guest WHERE ended_at IS NULL") > 0:
        town.tally.count("reached", "guests")
        await follow(town, random, "deals with a guest")


@act("deals with a guest", 5)
async def deals_with_guest(town: Town, random: Random) -> None:
    """The buttons of a guest are pressed: what was asked is shown, what they wrote is passed on, an item is ticked by them."""
    by = agent(town, random) if random.random() < 0.7 else choose(random, [one for one in town.people if not one.here])
    names = ("guest_show:", "guest_pass:", "guest_off:", "visit:", "visited:")
    lines = [*by.lines(team=True), *by.lines()] if by.here else by.lines()
    shown = [(line, each) for line in lines for each in buttons(line) if each.startswith(names)]
    line, name = choose(random, shown)
    press(town, by, line, name)


@act("hands a part on", 4)
async def hands_on(town: Town, random: Random) -> None:
    """A part of a request becomes a task of somebody's, of a group's or of nobody's in particular, perhaps until a time."""
    by, ticket = agent(town, random), choose(random, town.tickets())
    names = [f"@{person.username}" for person in town.people if person.username and person.here]
    whose = random.choice(("", "#money", "#first", choose(random, names)))
    due = random.choice(("", "", " due tomorrow 15:00", " due 1h"))
    word = town.word(by, TEAM, random)
    possible(lambda: town.says(by, word, f"/task {ticket} {whose} {word.text}{due}", QUEUE))
    await town.settle()
    if town.life.reader.one("SELECT count(*) FROM ticket WHERE task_of IS NOT NULL") > 0:
        town.tally.count("reached", "tasks")


@act("merges", 5)
async def merges(town: Town, random: Random) -> None:
    by = agent(town, random, ADMIN)
    numbers = town.tickets()
    if len(numbers) < 2:
        choose(random, [])
    gone, kept = random.sample(numbers, 2)
    word = town.word(by, TEAM, random)
    before = town.life.reader.one("SELECT count(*) FROM ticket WHERE merged_into IS NOT NULL")
    possible(lambda: town.says(by, word, f"/merge {gone} {kept}", QUEUE))
    await town.settle()
    if town.life.reader.one("SELECT count(*) FROM ticket WHERE merged_into IS NOT NULL") > before:
        town.tally.count("reached", "merged")


@act("merges against a reply", 2)
async def merge_race(town: Town, random: Random) -> None:
    by, other = agent(town, random, ADMIN), agent(town, random)
    gone = choose(random, threads(town))
    kept = choose(random, [number for number in town.tickets() if number != gone])
    reply = town.word(other, REPLY, random, gone)
    possible(lambda: town.says(by, town.word(by, TEAM, random), f"/merge {gone} {kept}", QUEUE))
    possible(lambda: town.says(other, reply, f"/r {reply.text}", THREAD(gone)))
    town.tally.count("race", "merge against reply")


@act("bans against words", 2)
async def ban_race(town: Town, random: Random) -> None:
    by = agent(town, random, ADMIN)
    whom = choose(random, [person for person in town.of_sort("requester", "stranger") if person.username])
    possible(lambda: town.says(by, town.word(by, TEAM, random), f"/ban @{whom.username} 1h", QUEUE))
    word = town.word(whom, "own", random)
    word.calm = False
    possible(lambda: town.says(whom, word))
    town.tally.count("race", "ban against word")


@act("escalates against a reply", 2)
async def escalation_race(town: Town, random: Random) -> None:
    by, other, ticket = agent(town, random), agent(town, random), choose(random, threads(town))
    reply = town.word(other, REPLY, random, ticket)
    possible(lambda: town.says(by, town.word(by, TEAM, random), "/escalate money", THREAD(ticket)))
    possible(lambda: town.says(other, reply, f"/r {reply.text}", THREAD(ticket)))
    town.tally.count("race", "escalate against reply")


@act("a masked admin acts", 2)
async def masked(town: Town, random: Random) -> None:
    by = choose(random, [person for person in town.of_sort(ANONYMOUS) if person.here])
    if random.random() < 0.5:
        word = town.word(by, TEAM, random)
        text = random.choice((word.text, "/queue", f"/r {word.text}"))
        place = random.choice((QUEUE, *map(THREAD, threads(town))))
        possible(lambda: town.says(by, word, text, place))
        return
    lines = [line for line in by.lines(team=True) if line.by_desk and buttons(line)][-6:]
    line = choose(random, lines)
    press(town, by, line, choose(random, sorted(buttons(line))))


@act("another bot talks", 2)
async def robot(town: Town, random: Random) -> None:
    by = choose(random, [person for person in town.of_sort(BOT) if person.here])
    word = town.word(by, TEAM, random)
    place = random.choice((QUEUE, *map(THREAD, threads(town))))
    possible(lambda: town.says(by, word, at=place))
