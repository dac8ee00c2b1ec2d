"""A desk with rules of its own, for stories about what they do."""

import re
from typing import Any

from handlers.rules.change import put_document
from tests.stories.harness import QUEUE, Desk, Place, Somebody, said_in
from tests.stories.harness.capabilities import SIDES
from tests.stories.harness.people import SKIP


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
        put_document(tx, {**newest.data, **sections}, on.app.book.base, act="apply", by=None, at=on.clock.now())

    await on.records(work)


async def admin(desk: Desk, bob: Somebody) -> None:
    """Let Bob be the admin, in his own chat with the bot."""
    await present(bob)
    await ruled(desk, desk={"unclaimed_reminder": "9d"}, roles={"admins": [account(bob)]})
    await bob.starts()
    await bob.catches_up()


async def goes(bob: Somebody, *answers: str) -> None:
    """Answer question after question, and submit."""
    for answer in answers:
        card = await bob.sees()
        label = said_in(bob.language, "form.skip") if answer == SKIP else answer
        await (bob.presses(label, on=card) if label in card.buttons else bob.says(answer))
    await bob.sees(said_in(bob.language, "form.review"))
    await bob.presses(said_in(bob.language, "form.submit"))
    await bob.sees(buttons=[])  # the form, filled in


async def changes_setting(bob: Somebody, section: str, part: str, words: str) -> None:
    """Bob, an admin, changes one part of a section of the rules in chat, sees what would change, and lets it."""
    language = bob.language
    await bob.says("/settings")
    card = await bob.sees(said_in(language, "rules.title"))
    await bob.presses(said_in(language, f"rules.section.{section}"), on=card)
    await bob.catches_up()
    await bob.presses(said_in(language, "rules.edit"))
    await bob.sees(said_in(language, "form.review"))
    await bob.presses(said_in(language, "form.change", field=said_in(language, f"rule.{part}")))
    await goes(bob, words)
    await bob.sees(said_in(language, f"rule.{part}"), f"— → {words}")
    await applies(bob)
    await bob.catches_up()


async def applies(somebody: Somebody, *, at: Place | None = None) -> None:
    """See what would change, and let it change."""
    await somebody.presses(said_in(somebody.language, "rules.apply"), at=at)
