"""A facilities team's long day: a table of assets, an inspection each month, a leak with a plumber from outside, and a refusal.

One story from the first table to the survey, with another program that hears of it all.
"""

import re
from typing import Any

import pytest

from tests.receiver import Receiver
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.rules.ruled import account, admin, ruled

KINDS = {"room": {"title": {"en": "Room"}, "fields": {"floor": {"en": "Floor"}}}}
TITLES = {"plumbing": "Plumbing", "inspection": "Inspection", "supplies": "Office supplies"}
ROOMS = 300


@pytest.fixture
def house() -> House:
    """A desk whose operator lets it call this machine."""
    return House(settings={"private_hosts": ("127.0.0.1",)})


def say(key: str, **facts: object) -> str:
    return said_in("en", key, **facts)


async def rests(*people: Somebody) -> None:
    """Everything else is read."""
    for somebody in people:
        await somebody.catches_up()
        if somebody.is_agent:
            await somebody.catches_up(at=QUEUE)
            known = await somebody.desk.records(lambda tx: [n for n in (1, 2, 3) if tx.tickets.find(n) is not None])
            for ticket in known:
                await somebody.catches_up(at=THREAD(ticket))


async def housed(desk: Desk, bob: Somebody, eve: Somebody, erp: Receiver) -> None:
    """The rules of a building: what may leak, what is inspected, who says yes to an order, how it was, who hears of it."""
    await admin(desk, bob)
    newest = (await desk.records(lambda tx: tx.rules.newest())).data  # type: ignore[union-attr]
    details = {"name": "details", "kind": "long_text", "label": {"en": "What is wrong?"}}
    room = {"name": "room", "kind": "asset", "of": ["room"], "whose": "all", "label": {"en": "Which room?"}}
    valve = {"name": "valve", "kind": "check", "label": {"en": "Valve closed"}, "guest": True}
    looked: list[dict[str, Any]] = [
        {"name": "boiler", "kind": "check", "label": {"en": "Boiler pressure read"}},
        {"name": "exits", "kind": "check", "label": {"en": "Exits free"}},
    ]
    types = {
        **newest["types"],
        "plumbing": {"title": {"en": "Plumbing"}, "fields": [details, room, valve]},
        "inspection": {"title": {"en": "Inspection"}, "fields": [details, *looked]},
    }
    flows = newest["workflows"]
    yes = {"approved": {"rounds": [{"ask": [account(eve)]}], "declined": "declined"}}
    await ruled(
        desk,
        types=types,
        assets=KINDS,
        workflows={**flows, "order": {**flows["order"], "approvals": yes}},
        surveys={"after": "1d", "scale": "nps"},
        webhooks={"erp": {"url": erp.url}},
        desk={"team_language": "en", "unclaimed_reminder": "9d", "idle_reminder": "0m"},
    )
    await bob.says("/webhooks")
    await bob.presses(say("webhook.show_secret", name="erp"), on=await bob.sees(say("webhook.title"), "erp → "))
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", (await bob.sees("whsec_")).text)
    assert found is not None
    erp.knows(found[0])
    await rests(bob)


async def test_a_long_day_of_a_facilities_team(desk: Desk, erp: Receiver):
    ann, petro = desk.requester("Ann"), desk.requester("Petro")
    bob, eve = desk.agent("Bob"), desk.agent("Eve")
    await eve.says("/back", at=QUEUE)
    for each in (eve, ann, petro):
        await each.starts()
        await each.catches_up()
    await housed(desk, bob, eve, erp)

    # The building comes from a table.
    rows = "\n".join(f"R-{number};Room {number};{number // 50 + 1}" for number in range(ROOMS))
    table = f"Inventory number;Model;Floor\n{rows}"
    await bob.sends("document", "/asset import", name="rooms.csv", data=table.encode())
    await bob.reads(say("asset.would", new=ROOMS, changed=0, same=0, wrong=0))
    await bob.presses(say("rules.apply"))
    await bob.reads(say("asset.imported", new=ROOMS, changed=0))

    # What is looked at each month comes by itself.
    await bob.says("/every month on the 15th at 9:00 look at boilers and exits", at=QUEUE)
    await bob.presses(say("recurring.change"), at=QUEUE)
    await bob.presses(say("recurring_part.type"), at=QUEUE)
    await bob.presses("Inspection", at=QUEUE)
    await bob.presses(say("recurring.start"), at=QUEUE)
    await rests(bob)

    # A tap leaks: somebody from outside is needed, and the time has to move.
    await ann.says("/new")
    await ann.fills(type="Plumbing", details="The tap drips on the floor", room="R-114")
    await ann.sees(say("request.registered", ticket=1))
    await bob.presses(say("button.claim"), on=await bob.reads("#1 ", "R-114", at=QUEUE))
    await rests(bob, ann)
    await bob.says("/plan 1 tomorrow 10-12", at=QUEUE)
    await ann.presses(say("button.plan_suits"), on=await ann.reads("We have planned a time for your request #1"))
    await bob.says("/guest 1 Petro A tap drips in room 114, second floor. Can you come tomorrow at ten?", at=QUEUE)
    card = await petro.sees(say("guest.invited", name="Bob"), "#1 · Plumbing", "Planned for #1")
    await petro.sees("Bob · #1", "Can you come tomorrow at ten?")
    await petro.says("Only after three. The seal is 12 euro")
    await bob.reads("Only after three", at=THREAD(1))
    await rests(bob, ann)
    await bob.says("/plan 1 tomorrow 3 pm for 2h", at=QUEUE)
    await ann.reads("The time for your request #1 has changed")
    await petro.sees("The time for #1 has changed")  # whoever comes has to know it too
    await rests(bob, ann)

    # The order for a new boiler is refused, with a reason.
    await ann.says("/new")
    await ann.fills(type="Office supplies", details="A new boiler")
    await ann.sees(say("request.registered", ticket=2))
    await bob.presses(say("move.to", status="Approved"), on=await bob.reads("#2 ", "A new boiler", at=QUEUE))
    asked = await eve.reads(say("approval.title", ticket=2, type="Office supplies"), "A new boiler")
    await eve.presses(say("button.decline"), on=asked)
    await eve.fills(text="Not before summer", review=False)
    await ann.reads(say("told.declined_why", ticket=2, summary="A new boiler", reason="Not before summer"))
    await rests(bob, ann, eve)

    # The plumber has been there.
    await desk.passes(days=1, hours=8)
    await rests(bob, ann, eve, petro)
    await bob.says("/resolve 1 Mended", at=QUEUE)
    await bob.reads(say("refused.checklist", ticket=1, items=["Valve closed"]), at=QUEUE)
    await petro.presses("☐ Valve closed ❗", on=card)
    await petro.sees("☑ Valve closed")
    await rests(bob)
    await bob.says("/resolve 1 Mended", at=QUEUE)
    await petro.sees(say("guest.ended", ticket=1))
    await petro.sees_nothing()
    await ann.reads("Mended")
    await ann.presses(say("button.confirm"))
    await rests(bob, ann, eve)

    # A day later she is asked how it was, and the month's inspection comes.
    await desk.passes(days=1, hours=2)
    await ann.presses("9", on=await ann.reads(say("survey.nps", ticket=1, summary="The tap drips on the floor")))
    await rests(bob, ann, eve, petro)
    await desk.passes(days=14)
    inspection = await bob.reads("#3", "look at boilers and exits", "☐ Boiler pressure read ❗", at=QUEUE)
    await bob.presses(say("button.claim"), on=inspection)
    for item in ("boiler pressure", "exits"):
        await bob.says(f"/check 3 {item}", at=QUEUE)
    await bob.says("/resolve 3", at=QUEUE)
    await rests(bob, ann, eve, petro)
    stand = await desk.records(lambda tx: [tx.tickets.get(number).active for number in (1, 2, 3)])
    assert stand == [False, False, False]
    assert erp.events.count("ticket.opened") == 3
    assert erp.events.count("ticket.resolved") == 2
    assert set(erp.verdicts) == {"new"}, erp.verdicts
    assert await desk.records(lambda tx: tx.assets.of_ticket(1)[0].number) == "R-114"
