"""One seed from its first act to its last, and what was wrong."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import zip_longest
from random import Random
from typing import Any

from storage.engine.memo import Memo, Rows
from tests.town.acts import ACTS, Impossible
from tests.town.database import Home, Homes
from tests.town.known import sorted_out
from tests.town.life import Stuck, settle_in
from tests.town.loop import InVain, TownLoop
from tests.town.oracle import at_the_end, drawn, problems
from tests.town.oracle.readers import of_a_guest
from tests.town.people import LINKED, REQUESTER, Resident
from tests.town.plan import Act, plan
from tests.town.rooms import REQUESTS
from tests.town.tally import Tally
from tests.town.town import Town
from tests.town.words import OWN

LENGTH = 60  # acts of a seed
AT_ONCE = 0.25  # of the acts are followed by another before the desk has done anything
PEACE = timedelta(minutes=40)  # after trouble: the longest pause between two tries, and the pace of the fullest group
STAGES = ("telegram", "slack", "crossed")


@dataclass(slots=True)
class Outcome:
    """What came of a seed."""

    seed: int
    stage: str
    acts: list[Act]
    wrong: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)  # findings that were seen again
    at: Act | None = None  # where it showed
    digest: str = ""
    history: list[str] = field(default_factory=list)
    done: int = 0
    seconds: float = 0.0
    seen: dict[str, list[tuple[str, tuple[str, ...]]]] = field(
        default_factory=dict
    )  # at the end, by requesters at home, and in request channels
    secret: set[str] = field(default_factory=set)  # homes of those whose words are another world's

    def judge(self, problems: Iterable[str]) -> None:
        """Keep what is wrong and not known."""
        fresh, self.known = sorted_out(problems, self.known)
        self.wrong += fresh


_read_once = Memo.read


def compared(
    self: Memo, asked: Hashable, tables: frozenset[str], params: Mapping[str, Any], read: Callable[[], Rows]
) -> Rows:
    """Return what a turn remembers, and see that it would be read so now."""
    known = _read_once(self, asked, tables, params, read)
    if [tuple(row) for row in known] != [tuple(row) for row in read()]:
        raise AssertionError(f"a turn remembers what is otherwise now: {sorted(tables)}")
    return known


def weights() -> dict[str, int]:
    """Return how often each kind of act is drawn."""
    return {name: kind.weight for name, kind in ACTS.items()}


def play(
    stage: str, seed: int, homes: Homes, tally: Tally, acts: Sequence[Act] | None = None, *, world: int = 0
) -> Outcome:
    """Play a seed, or some of its acts, in a loop of its own; in another ``world`` the secrets are others."""
    begun = time.perf_counter()
    outcome = Outcome(seed, stage, list(plan(seed, LENGTH, weights()) if acts is None else acts))
    loop = TownLoop()
    asyncio.set_event_loop(loop)
    settle_in(homes)
    home = homes.fresh(f"{stage}-{seed}")
    chance, real, read_once = Random(seed), secrets.token_hex, Memo.read
    Memo.read = compared  # type: ignore[method-assign]
    secrets.token_hex = lambda nbytes=None: chance.randbytes(nbytes or 32).hex()  # what is drawn comes again too
    loop.set_exception_handler(lambda _loop, _context: None)  # tasks of the dead are nobody's
    try:
        loop.run_until_complete(_play(stage, seed, home, tally, outcome, world))
    except InVain as vain:
        outcome.judge([f"stuck: {vain}"])
    finally:
        secrets.token_hex, Memo.read = real, read_once  # type: ignore[method-assign]
        loop.run_until_complete(_drop(loop))
        loop.close()
        asyncio.set_event_loop(None)
        home.drop()
    outcome.seconds = time.perf_counter() - begun
    return outcome


async def _drop(loop: TownLoop) -> None:
    """End what is left of a life that went wrong."""
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in left:
        task.cancel()
    await asyncio.wait(left, timeout=5) if left else None


async def _play(stage: str, seed: int, home: Home, tally: Tally, outcome: Outcome, world: int) -> None:
    town = await Town.open(stage, seed, home, tally, world)
    broken = False
    try:
        await _acts(town, outcome)
    except Stuck as stuck:
        outcome.judge([f"stuck: {stuck}"])
        broken = True
    finally:
        outcome.history, outcome.digest = town.history, town.digest()
        for point in town.life.killed:
            tally.count("death", point)
    if not outcome.wrong and not broken:
        await town.life.end()
    for ends in town.ended:
        await ends()


async def _acts(town: Town, outcome: Outcome) -> None:
    for act in outcome.acts:
        outcome.at = act
        if await _one(town, act):
            outcome.done += 1
        outcome.judge(problems(town))
        if outcome.wrong:
            return
    outcome.at = None
    town.life.disarm()
    town.trouble.end()
    town.program.failing = town.program.forgets = town.sites.failing = 0
    for room in town.places:
        if room.shut:
            town.lets_in(room)
    await town.settle()
    await town.passes(PEACE)
    outcome.judge(at_the_end(town))
    outcome.seen = {
        person.home: [(line.text, line.buttons) for line in person.lines()]
        for person in town.of_sort(REQUESTER, LINKED)
    }
    rooms = dict(town.rooms())
    outcome.seen |= {room.id: [(each.text, each.buttons) for each in rooms[room.id]] for room in town.of_kind(REQUESTS)}
    outcome.secret = {each.home for each in town.of_sort(REQUESTER, LINKED) if _reads_secrets(town, each)}
    outcome.judge(await drawn.problems(town))


def _reads_secrets(town: Town, person: Resident) -> bool:
    """Return whether what somebody reads may differ between worlds: their own words do, or those that a guest was shown."""
    others = (word for word in town.words.values() if word.kind == OWN and town.secret(word.by))
    return town.secret(person) or any(of_a_guest(town, word, person) for word in others)


async def _one(town: Town, act: Act) -> bool:
    """Do one act; return whether it could be done."""
    random = Random(act.seed)
    town.note(f"-- {act}")
    try:
        await ACTS[act.name].do(town, random)
    except Impossible:
        town.history.pop()
        done = False
    else:
        town.tally.count("act", act.name)
        done = True
    if random.random() >= AT_ONCE:
        await town.settle()
    return done


def worlds(stage: str, seed: int, homes: Homes) -> list[str]:
    """Play a seed in two worlds that differ in secrets alone; return who sees a difference and may not."""
    one, other = (play(stage, seed, homes, Tally(), world=world) for world in (0, 1))
    spared = one.secret | other.secret
    return [
        f"worlds: {home} can tell them apart by {_first(lines, other.seen.get(home, []))}"
        for home, lines in one.seen.items()
        if home not in spared and lines != other.seen.get(home)
    ]


def _first(here: Sequence[object], there: Sequence[object]) -> str:
    differing = (pair for pair in zip_longest(here, there) if pair[0] != pair[1])
    return str(next(differing))


class Incidents(logging.Handler):
    """Keeps what the desk's log says of its faults, for the diagnosis."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: dict[str, str] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a fault by its incident id."""
        if record.exc_info and record.exc_info[1] is not None:
            error, frames = record.exc_info[1], record.exc_info[2]
            while frames is not None and frames.tb_next is not None:
                frames = frames.tb_next
            where = f"{frames.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frames.tb_lineno}" if frames else ""
            self.told[getattr(record, "incident", record.getMessage())] = f"{type(error).__name__}: {error} at {where}"


INCIDENTS = Incidents()
