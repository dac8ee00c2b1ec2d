"""An order that needs somebody's yes, for stories about who is asked and what they answer."""

from collections.abc import Mapping
from typing import Any

from tests.stories.harness import QUEUE, THREAD, Desk, Line, Somebody, said_in
from tests.stories.rules.ruled import ruled

SUPPLIES = {"en": "Office supplies", "uk": "Канцтовари"}
APPROVED = {"en": "Approved", "uk": "Погоджено"}


async def with_rule(desk: Desk, language: str, *rounds: Mapping[str, Any], **more: Any) -> None:
    """Orders are approved by these rounds of people."""
    flows = (await desk.records(lambda tx: tx.rules.newest())).data["workflows"]  # type: ignore[union-attr]
    rule = {"approved": {"rounds": list(rounds), **more}}
    statuses = {**flows["order"]["statuses"], **({more["waiting"]: "on_hold"} if "waiting" in more else {})}
    general = {"team_language": language, "unclaimed_reminder": "9d"}
    order = {**flows["order"], "statuses": statuses, "approvals": rule}
    await ruled(desk, workflows={**flows, "order": order}, desk=general)


async def at_home(*people: Somebody) -> None:
    """Let people be known in their own chats: the bot may write to them."""
    for each in people:
        await each.starts()
        await each.catches_up()


async def ordered(ann: Somebody, bob: Somebody, what: str = "Ten boxes of paper", *, ticket: int = 1) -> None:
    """Ann has asked for office supplies, and Bob asks for the yes that this needs."""
    language = ann.language
    await ann.says("/new")
    await ann.fills(type=SUPPLIES[language], details=what)
    await ann.sees(said_in(language, "request.registered", ticket=ticket))
    await asks(bob)


async def asks(bob: Somebody) -> None:
    """Bob presses the move, which asks first."""
    await bob.presses(said_in(bob.language, "move.to", status=APPROVED[bob.language]), at=QUEUE)


async def at_rest(*people: Somebody) -> None:
    """Read all there is left."""
    for each in people:
        await each.catches_up()
        if each.is_agent:
            await each.catches_up(at=QUEUE)
            await each.catches_up(at=THREAD(1))


async def asked_of(each: Somebody, *words: str) -> Line:
    """Somebody reads, in their own chat, what they are asked."""
    return await each.sees(said_in(each.language, "approval.title", ticket=1, type=SUPPLIES[each.language]), *words)
