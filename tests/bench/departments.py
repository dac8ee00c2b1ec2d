"""What a department waits for while others are busy: `python -m tests.bench.departments [--quick]`.

Three departments have a forum each on Telegram, which lets a bot post 20 messages a minute in a group; the sandbox refuses
more, as Telegram does. Requesters of two departments write 30 messages a minute, those of the third one six. Simulated minutes,
the real program: the same figures on any machine. It fails where the third department waits, or a word is not shown.
"""

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from storage.models import MessageKind, message, post, ticket
from tests.stories.harness import QUEUE, Desk, House, Place, Somebody
from tests.stories.rules.ruled import ruled

MINUTES = 5
EVERY = {"first": 2, "second": 2, "third": 10}  # seconds between two messages of a department's requesters
PEOPLE = 4  # who have a request in each department
QUIET_P99 = 3.0  # seconds that the third department may wait: two are the fold of a burst


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a department's words waited until its forum showed them, in seconds, ascending."""

    department: str
    seconds: list[float]

    @property
    def p99(self) -> float:
        """Return what one of a hundred waits longer than, in seconds."""
        return self.seconds[int(len(self.seconds) * 0.99)]

    def line(self) -> str:
        """Return the department's row of the table."""
        shown = f"{median(self.seconds):.1f} | {self.p99:.1f} | {self.seconds[-1]:.1f}"
        return f"| {self.department} | {len(self.seconds)} | {60 / EVERY[self.department]:.0f} | {shown} |"


async def set_up(desk: Desk, requesters: int) -> dict[str, list[Somebody]]:
    """Let each department have its forum, an agent, and requesters with a claimed request each; return these."""
    bob = desk.agent("Bob")
    await bob.says("/help", at=QUEUE)
    await desk.settles()
    heads = {name: desk.agent(f"Head {name}", outside=True) for name in ("second", "third")}
    groups: dict[str, Any] = {"first": {"title": "first", "keywords": ["firstly"]}}
    for name, head in heads.items():
        desk.room(name, head, forum=True)
        groups[name] = {"title": name, "channels": [f"telegram:{desk.rooms[name]}"], "keywords": [f"{name}ly"]}
    await ruled(desk, desk={"unclaimed_reminder": "9d"}, groups=groups)
    people: dict[str, list[Somebody]] = {}
    number = 0
    for name in EVERY:
        people[name] = [desk.requester(f"{name} {n}") for n in range(requesters)]
        agent, where = (bob, QUEUE) if name == "first" else (heads[name], Place(room=name))
        for person in people[name]:
            number += 1
            await person.says("/new")
            await person.fills(type="Something else", details=f"{name}ly, I am {person.name}")
            await desk.passes(minutes=1)
            await agent.says(f"/claim {number}", at=where)
            await desk.passes(minutes=1)
    return people


async def talk(desk: Desk, people: dict[str, list[Somebody]], minutes: int) -> None:
    """Let everybody write at their department's pace."""
    for second in range(minutes * 60):
        for name, every in EVERY.items():
            if second % every == 0:
                turn = second // every
                await people[name][turn % len(people[name])].says(f"word {turn}")
        await desk.passes(seconds=1)
    await desk.passes(minutes=30)


def waits(connection: Any) -> tuple[list[Waits], Counter[str]]:
    """Return how long each department's words waited, and how many posts its forum had in its busiest minute."""
    query = (
        select(ticket.c.group_name, message.c.id, message.c.at, func.min(post.c.at))
        .join(ticket, ticket.c.id == message.c.ticket_id)
        .outerjoin(post, (post.c.message_id == message.c.id) & post.c.outgoing_id.is_not(None))
        .where(message.c.kind == MessageKind.FOLLOW_UP, message.c.words["text"].as_string().like("word %"))
        .group_by(ticket.c.group_name, message.c.id, message.c.at)
    )
    found: dict[str, list[float]] = {name: [] for name in EVERY}
    for group, number, said, shown in connection.execute(query).all():
        assert shown is not None, f"message {number} of the {group} department was shown to nobody"
        found[group].append((shown - said).total_seconds())
    ours = select(post.c.place, post.c.native, func.min(post.c.at)).where(post.c.outgoing_id.is_not(None))
    minutes: Counter[tuple[str, Any]] = Counter()
    for place, _, at in connection.execute(ours.group_by(post.c.place, post.c.native)).all():
        minutes[place.partition("/")[0], at.replace(second=0, microsecond=0)] += 1
    busiest: Counter[str] = Counter()
    for (place, _), count in minutes.items():
        busiest[place] = max(busiest[place], count)
    return [Waits(name, sorted(seconds)) for name, seconds in found.items()], busiest


async def run(*, quick: bool) -> None:
    """Play it, print the table, and fail where what it promises is not so."""
    with TemporaryDirectory() as folder:
        desk = await Desk.open("telegram", f"sqlite+aiosqlite:///{Path(folder) / 'frontdesk.db'}", House(paced=True))
        try:
            await talk(desk, await set_up(desk, 1 if quick else PEOPLE), 1 if quick else MINUTES)
            found, busiest = await desk.look(waits)
            complaints = desk.stage.complaints
        finally:
            await desk.leaves()
    table = ["| department | words | a minute | wait, s: p50 | p99 | most |", "|---|---|---|---|---|---|"]
    told = f"most posts of a forum in a minute: {max(busiest.values())}; refused by Telegram: {len(complaints)}"
    sys.stdout.write("\n".join([*table, *(one.line() for one in found), told, ""]))
    third = next(one for one in found if one.department == "third")
    assert third.p99 <= QUIET_P99, f"the third department waited {third.p99} s behind the others"


if __name__ == "__main__":
    asyncio.run(run(quick="--quick" in sys.argv))
