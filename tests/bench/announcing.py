"""What a talk waits for while thousands are told something: `python -m tests.bench.announcing [--quick]`.

A requester and an agent talk for some minutes, first with nothing beside them, then while an announcement goes out to everybody
who has ever written. The sandbox refuses what is faster than Telegram allows. Simulated minutes, the real program: the same
figures on any machine. It fails where the talk waits more than 1.2 times as long, or where somebody is told twice or not at all.
"""

import asyncio
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from storage.care.announcements import Stage
from storage.models import Role, announced, announcement, message, outgoing, post
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import talking
from tests.stories.harness.people import SKIP

PEOPLE, FEW = 10_000, 300
ALONE = 300  # seconds of talk with nothing beside it
EVERY = 5  # seconds between two words
LIMIT = 1.2  # how much longer the talk may wait
HEARD = 0.1  # seconds that are no waiting: a wait this short is not compared


async def crowd(desk: Desk, count: int) -> None:
    """Let so many people be there who have written to the bot on an earlier day."""
    sandbox: Any = vars(desk.stage)["sandbox"]
    natives = [sandbox.person(f"Guest {number}") for number in range(count)]
    for person in natives:
        sandbox.lets_write(person)
    source = desk.stage.source(str(natives[0].id))

    def meet(tx: Transaction) -> None:
        for person in natives:
            known: Any = {"name": f"Guest {person.id}", "username": "", "language": "en", "chat": str(person.id)}
            tx.people.meet(source, str(person.id), at=MONDAY, **known)

    await desk.records(meet)


async def talk(desk: Desk, ann: Somebody, bob: Somebody, name: str, until: Any) -> None:
    """Let them talk, in turns, until something is so."""
    turn = 0
    while not await until(turn * EVERY):
        turn += 1
        if turn % 2:
            await ann.says(f"{name} {turn}")
        else:
            await bob.says(f"/r {name} {turn}", at=THREAD(1))
        await desk.passes(seconds=EVERY)
    await desk.passes(seconds=60)


def waits(name: str) -> Any:
    """Return what tells how long each word of a talk waited until it was shown on the other side, in seconds, ascending."""

    def read(connection: Any) -> list[float]:
        query = (
            select(message.c.at, func.min(post.c.at))
            .outerjoin(post, (post.c.message_id == message.c.id) & post.c.outgoing_id.is_not(None))
            .where(message.c.words["text"].as_string().like(f"{name} %"))
            .group_by(message.c.id, message.c.at)
        )
        rows = connection.execute(query).all()
        assert all(shown is not None for _, shown in rows), "something was said and is shown to nobody"
        return sorted((shown - said).total_seconds() for said, shown in rows)

    return read


def p99(seconds: list[float]) -> float:
    """Return what one of a hundred waits longer than."""
    return seconds[int(len(seconds) * 0.99)]


async def run(*, quick: bool) -> None:
    """Play it, print the table, and fail where what it promises is not so."""
    count = FEW if quick else PEOPLE
    with TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'frontdesk.db'}"
        desk = await Desk.open("telegram", url, House(paced=True))
        try:
            ann, bob = desk.requester("Ann"), desk.agent("Bob")
            await bob.says("hello", at=QUEUE)
            await bob.says("/me")
            await desk.passes(minutes=1)
            await desk.records(lambda tx: tx.people.grant(tx.people.named("bob")[0].id, Role.ADMIN))
            await talking(ann, bob)
            await crowd(desk, count)

            async def alone(passed: int) -> bool:
                return passed >= (60 if quick else ALONE)

            await talk(desk, ann, bob, "alone", alone)
            await bob.catches_up()
            await bob.says("/announce")
            await bob.fills(to="Everybody", words="We move on Monday.", file=SKIP, when=SKIP, review=False)
            await bob.sees(f"To {count + 1}")
            await bob.presses(f"Send to {count + 1}")
            began = desk.clock.now()

            async def told(passed: int) -> bool:
                stage = await desk.look(lambda c: c.scalar(select(announcement.c.stage)))
                return bool(stage == Stage.DONE)

            await talk(desk, ann, bob, "beside", told)
            took = (desk.clock.now() - began).total_seconds()
            before, beside = await desk.look(waits("alone")), await desk.look(waits("beside"))
            sent = await desk.look(lambda c: c.scalar(select(func.count()).select_from(announced)))
            twice = await desk.look(
                lambda c: c.execute(
                    select(outgoing.c.lane)
                    .where(outgoing.c.rank > 0)
                    .group_by(outgoing.c.lane)
                    .having(func.count() > 1)
                ).all()
            )
        finally:
            await desk.leaves()
    table = ["| talk | words | wait, s: p50 | p99 | most |", "|---|---|---|---|---|"]
    for name, seconds in (("alone", before), (f"while {count:,} people are told", beside)):
        table.append(f"| {name} | {len(seconds)} | {median(seconds):.1f} | {p99(seconds):.1f} | {seconds[-1]:.1f} |")
    sys.stdout.write("\n".join([*table, f"told: {sent} in {took:.0f} simulated seconds; twice: {len(twice)}", ""]))
    assert sent == count + 1, f"{sent} of {count + 1} people were told"
    assert not twice, "somebody was told twice"
    assert p99(beside) <= max(HEARD, LIMIT * p99(before)), "the talk waits for the announcement"


if __name__ == "__main__":
    asyncio.run(run(quick="--quick" in sys.argv))
