"""Many seeds, one after the other: what they found, how fast, and whether everything struck at least once."""

import asyncio
import logging
import os
import ssl
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from bot.monitoring.failpoints import POINTS
from storage.engine.migrate import migrate_database
from tests.town.acts import ACTS
from tests.town.database import FileHomes, Homes
from tests.town.known import FINDINGS
from tests.town.plan import Act, plan, shrink
from tests.town.run import INCIDENTS, LENGTH, Outcome, play, weights, worlds
from tests.town.tally import Tally
from tests.town.trouble import KINDS, SOCKETS

SHRINKS = 60  # replays spent on making a failing seed small
SHORT = 1  # the first seed of the short form
WORLDS = 4  # every so-manieth seed is lived through in two worlds
FULL = 100  # seeds from which on everything has to strike


def homes_of(folder: Path, database: str) -> Homes:
    """Return where the seeds' desks keep their rows."""
    os.environ["HTTP_PORT"] = "0"
    # All is on loopback, and each start asks for some.
    ssl.create_default_context = cache(ssl.create_default_context)  # type: ignore[assignment]
    for name in ("frontdesk", "slack_bolt", "slack_sdk", "aiogram", "asyncio", "aiohttp"):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [INCIDENTS], False
    if database == "postgres":
        from tests.town.postgres import PostgresHomes

        return PostgresHomes()
    path = folder / "template.db"
    asyncio.run(migrate_database(f"sqlite+aiosqlite:///{path}"))
    return FileHomes(path)


def stage_of(seed: int, stages: Sequence[str]) -> str:
    """Return where a seed is played."""
    return stages[seed % len(stages)]


def expected(stages: Sequence[str]) -> Tally:
    """Return a tally that knows what has to strike."""
    tally = Tally()
    tally.expect("act", [name for name in ACTS if _possible(name, stages)])
    tally.expect("fault", (*KINDS, "database held", *(() if stages == ("telegram",) else SOCKETS)))
    tally.expect("death", (*POINTS, "idle"))
    tally.expect("race", ("claim against claim", "merge against reply", "ban against word", "escalate against reply"))
    return tally


def _possible(name: str, stages: Sequence[str]) -> bool:
    only = {
        "telegram": ("looks at the front page", "works in a window", "another bot talks", "links two accounts"),
        "slack": (
            *("sends something odd", "a masked admin acts", "a topic is lost", "blocks the bot"),
            *("lets the bot write again", "links two accounts"),
        ),
    }
    return len(stages) > 1 or name not in only.get(stages[0], ())


def campaign(homes: Homes, seeds: Iterable[int], stages: Sequence[str], *, shrinks: bool) -> int:
    """Play all seeds; return 1 where anything was wrong."""
    tally, begun = expected(stages), time.perf_counter()
    failed: list[Outcome] = []
    known: dict[str, list[str]] = {}
    done = played = 0
    for seed in seeds:
        outcome = play(stage_of(seed, stages), seed, homes, tally)
        for name in sorted(outcome.known):
            known.setdefault(name, []).append(f"{seed} {outcome.stage}")
        done, played = done + outcome.done, played + 1
        if seed % WORLDS == 0 and not outcome.wrong:
            outcome.wrong += worlds(outcome.stage, seed, homes)
        if outcome.wrong:
            failed.append(outcome)
            print(told(outcome), flush=True)  # noqa: T201
    seconds = time.perf_counter() - begun
    print("\n".join(tally.lines()))  # noqa: T201
    print(f"{played} seeds, {done} acts in {seconds:.0f} s: {done / seconds:.0f} acts a second")  # noqa: T201
    for name, where in known.items():
        print(f"known, in {len(where)} seeds ({', '.join(where[:4])}): {name}")  # noqa: T201
    kinds = Counter(problem.partition(":")[0] for outcome in failed for problem in outcome.wrong[:1])
    print(f"{len(failed)} seeds failed: {dict(kinds)}" if failed else "nothing was wrong")  # noqa: T201
    if failed and shrinks:
        print(shortened(failed[0], homes))  # noqa: T201
    never = tally.never() if played >= FULL else []
    if never:
        print(f"never struck: {', '.join(never)}")  # noqa: T201
    return int(bool(failed or never))


def short(homes: Homes) -> int:
    """Play a few seeds on every stage, one of them twice, and each finding's own; return 1 where anything is wrong."""
    wrong = list[str]()
    for stage in ("telegram", "slack", "crossed"):
        first, again = (play(stage, SHORT, homes, Tally()) for _ in range(2))
        if first.digest != again.digest:
            wrong.append(f"seed {SHORT} on {stage} came out otherwise the second time: {first.digest}, {again.digest}")
        wrong += [told(outcome) for outcome in (first, play(stage, SHORT + 1, homes, Tally())) if outcome.wrong]
    for finding in FINDINGS:
        if finding.name not in (outcome := play(finding.stage, finding.seed, homes, Tally())).known:
            wrong.append(
                f"{finding.name}: seed {finding.seed} on {finding.stage} shows it no more; take it off the list"
            )
        wrong += [told(outcome)] if outcome.wrong else []
    print("\n".join(wrong) or "nothing was wrong")  # noqa: T201
    return int(bool(wrong))


def told(outcome: Outcome) -> str:
    """Return a line about a seed that failed."""
    return f"seed {outcome.seed} on {outcome.stage}, {outcome.digest}, after {outcome.at}: {outcome.wrong[0]}"


def shortened(outcome: Outcome, homes: Homes) -> str:
    """Return the fewest acts that were found to fail in the same way, and their history."""
    kind = outcome.wrong[0].partition(":")[0]
    best = outcome

    def fails(acts: Sequence[Act]) -> bool:
        nonlocal best
        tried = play(outcome.stage, outcome.seed, homes, Tally(), acts)
        if tried.wrong and tried.wrong[0].partition(":")[0] == kind:
            best = tried
            return True
        return False

    end = outcome.acts if outcome.at is None else outcome.acts[: outcome.acts.index(outcome.at) + 1]
    kept = shrink(end, fails, SHRINKS)
    numbers = ",".join(str(act.number) for act in kept)
    again = f"python -m tests.town --seed {outcome.seed} --stage {outcome.stage} --keep {numbers}"
    return "\n".join([f"seed {outcome.seed} in {len(kept)} acts: {again}", *best.history, *best.wrong[:5]])


def replay(homes: Homes, seed: int, stage: str | None, keep: str | None) -> int:
    """Play one seed and print its history."""
    tally = Tally()
    acts = plan(seed, LENGTH, weights())
    if keep:
        numbers = {int(number) for number in keep.split(",")}
        acts = [act for act in acts if act.number in numbers]
    stages = (stage,) if stage else ("telegram", "slack", "crossed")
    outcome = play(stage_of(seed, stages), seed, homes, tally, acts)
    print("\n".join(outcome.history))  # noqa: T201
    print(f"seed {seed} on {outcome.stage}: {outcome.digest}, {outcome.done} acts, {outcome.seconds:.1f} s")  # noqa: T201
    print("\n".join([*(f"known: {name}" for name in outcome.known), *outcome.wrong]) or "nothing was wrong")  # noqa: T201
    return int(bool(outcome.wrong))
