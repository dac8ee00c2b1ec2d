"""A desk with rules of its own, for stories about what they do."""

import re
from typing import Any

from handlers.rules.change import put
from tests.stories.harness import QUEUE, Desk, Somebody
from tests.stories.harness.capabilities import SIDES


def account(person: Somebody) -> str:
    """Return a person's account as the rules name it."""
    return f"{person.desk.stage.source(person.native).partition(':')[0]}:{person.native.id}"


async def present(*agents: Somebody) -> None:
    """Let agents be seen at work: whoever has never said a word is nobody yet."""
    for agent in agents:
        await agent.says("/back", at=QUEUE)
        await agent.catches_up(at=QUEUE)


def clock(desk: Desk, time: str) -> str:
    """Return how a time of Kyiv stands in the team's chat: Slack shows each reader their own zone's, which is UTC here."""
    if SIDES[desk.name][1] == "telegram":
        return time
    hour, minute = (int(part) for part in time.split(":"))
    hour -= 2
    return f"{(hour - 1) % 12 + 1}:{minute:02} {'PM' if hour >= 12 else 'AM'}"


def local(desk: Desk, words: str) -> str:
    """Return words of a desk in Kyiv as a requester reads them: Slack says where they are, and that is UTC here."""
    if SIDES[desk.name][0] == "telegram":
        return words
    return re.sub(r"(\d\d):", lambda hour: f"{int(hour[1]) - 2:02}:", words)


async def ruled(on: Desk, **sections: Any) -> None:
    """Put sections of the rules' document in force, besides those that are."""

    def work(tx: Any) -> None:
        newest = tx.rules.newest()
        put(tx, {**newest.data, **sections}, on.app.book.base, act="apply", by=None, at=on.clock.now())

    await on.records(work)
