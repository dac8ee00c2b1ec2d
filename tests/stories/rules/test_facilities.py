"""A facilities team's long day: a table of assets, an inspection each month, a leak with a plumber from outside, and a refusal.

One story from the first table to the survey, with another program that hears of it all.
"""

import re
from typing import Any

import pytest

from tests.receiver import Receiver
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.rules.ruled import account, admin, ruled
from tests.stories.rules.test_planning import span, tomorrow

PLUMBING, INSPECTION = {"en": "Plumbing", "uk": "Сантехніка"}, {"en": "Inspection", "uk": "Огляд"}
SUPPLIES, APPROVED = {"en": "Office supplies", "uk": "Канцтовари"}, {"en": "Approved", "uk": "Погоджено"}
FLOOR = {"en": "Floor", "uk": "Поверх"}
KINDS = {"room": {"title": {"en": "Room", "uk": "Кімната"}, "fields": {"floor": FLOOR}}}
VALVE = {"en": "Valve closed", "uk": "Вентиль закрито"}
BOILER, EXITS = {"en": "Boiler pressure read", "uk": "Тиск у котлі знято"}, {"en": "Exits free", "uk": "Виходи вільні"}
TICKED = {"en": ("boiler pressure", "exits"), "uk": ("тиск у котлі", "виходи")}  # as they are called in haste
ROOMS = 150
SAID = {  # what people write, each as they would
    "en": {
        "head": "Inventory number;Model",
        "monthly": "/every month on the 15th at 9:00 ",
        "look": "look at boilers and exits",
        "drips": "The tap drips on the floor",
        "at ten": "/plan 1 tomorrow 10-12",
        "at three": "/plan 1 tomorrow 3 pm for 2h",
        "come": "A tap drips in room 114, second floor. Can you come tomorrow at ten?",
        "not before": "Only after three. The seal is 12 euro",
        "order": "A new boiler",
        "reason": "Not before summer",
        "mended": "Mended",
    },
    "uk": {
        "head": "Інвентарний номер;Модель",
        "monthly": "/every щомісяця 15-го о 9:00 ",
        "look": "оглянути котли та виходи",
        "drips": "Кран капає на підлогу",
        "at ten": "/plan 1 завтра о 10-12",
        "at three": "/plan 1 завтра 15:00 на 2 години",
        "come": "У кімнаті 114 на другому поверсі капає кран. Зможете прийти завтра о десятій?",
        "not before": "Тільки після третьої. Прокладка коштує 12 євро",
        "order": "Новий котел",
        "reason": "До літа не будемо",
        "mended": "Полагодили",
    },
}


@pytest.fixture
def house() -> House:
    """A desk whose operator lets it call this machine."""
    return House(settings={"private_hosts": ("127.0.0.1",)})


async def rests(*people: Somebody) -> None:
    """Everything else is read."""
    for somebody in people:
        await somebody.catches_up()
        if somebody.is_agent:
            await somebody.catches_up(at=QUEUE)
            known = await somebody.desk.records(lambda tx: [n for n in (1, 2, 3) if tx.tickets.find(n) is not None])
            for ticket in known:
                await somebody.catches_up(at=THREAD(ticket))


async def housed(desk: Desk, bob: Somebody, eve: Somebody, erp: Receiver, language: str) -> None:
    """The rules of a building: what may leak, what is inspected, who says yes to an order, how it was, who hears of it."""
    await admin(desk, bob)
    newest = (await desk.records(lambda tx: tx.rules.newest())).data  # type: ignore[union-attr]
    details = {"name": "details", "kind": "long_text", "label": {"en": "What is wrong?", "uk": "Що не так?"}}
    room = {
        "name": "room",
        "kind": "asset",
        "of": ["room"],
        "whose": "all",
        "label": {"en": "Which room?", "uk": "Яка кімната?"},
    }
    valve = {"name": "valve", "kind": "check", "label": VALVE, "guest": True}
    looked: list[dict[str, Any]] = [
        {"name": "boiler", "kind": "check", "label": BOILER},
        {"name": "exits", "kind": "check", "label": EXITS},
    ]
    types = {
        **newest["types"],
        "plumbing": {"title": PLUMBING, "fields": [details, room, valve]},
        "inspection": {"title": INSPECTION, "fields": [details, *looked]},
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
        desk={"team_language": language, "unclaimed_reminder": "9d", "idle_reminder": "0m"},
    )
    await bob.says("/webhooks")
    shown = await bob.sees(said_in(language, "webhook.title"), "erp → ")
    await bob.presses(said_in(language, "webhook.show_secret", name="erp"), on=shown)
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", (await bob.sees("whsec_")).text)
    assert found is not None
    erp.knows(found[0])
    await rests(bob)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_long_day_of_a_facilities_team(desk: Desk, erp: Receiver, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    said = SAID[language]
    ann, petro = desk.requester("Ann", language=language), desk.requester("Petro", language=language)
    bob, eve = desk.agent("Bob", language=language), desk.agent("Eve", language=language)
    await eve.says("/back", at=QUEUE)
    for each in (eve, ann, petro):
        await each.starts()
        await each.catches_up()
    await housed(desk, bob, eve, erp, language)

    # The building comes from a table.
    rows = "\n".join(f"R-{number};Room {number};{number // 50 + 1}" for number in range(ROOMS))
    table = f"{said['head']};{FLOOR[language]}\n{rows}"
    await bob.sends("document", "/asset import", name="rooms.csv", data=table.encode())
    await bob.reads(say("asset.would", new=ROOMS, changed=0, same=0, wrong=0))
    await bob.presses(say("rules.apply"))
    await bob.reads(say("asset.imported", new=ROOMS, changed=0))

    # What is looked at each month comes by itself.
    await bob.says(f"{said['monthly']}{said['look']}", at=QUEUE)
    await bob.presses(say("recurring.change"), at=QUEUE)
    await bob.presses(say("recurring_part.type"), at=QUEUE)
    await bob.presses(INSPECTION[language], at=QUEUE)
    await bob.presses(say("recurring.start"), at=QUEUE)
    await rests(bob)

    # A tap leaks: somebody from outside is needed, and the time has to move.
    await ann.says("/new")
    await ann.fills(type=PLUMBING[language], details=said["drips"], room="R-114")
    await ann.sees(say("request.registered", ticket=1))
    await bob.presses(say("button.claim"), on=await bob.reads("#1 ", "R-114", at=QUEUE))
    await rests(bob, ann)
    await bob.says(said["at ten"], at=QUEUE)
    first, second = span(tomorrow(desk, 10), 2), span(tomorrow(desk, 15), 2)
    told = await ann.reads(say("told.planned", ticket=1, when=first, where=""))
    await ann.presses(say("button.plan_suits"), on=told)
    await bob.says(f"/guest 1 Petro {said['come']}", at=QUEUE)
    title, planned = f"#1 · {PLUMBING[language]}", say("guest.planned", ticket=1, when=first)
    card = await petro.sees(say("guest.invited", name="Bob"), title, planned)
    await petro.sees("Bob · #1", said["come"])
    await petro.says(said["not before"])
    await bob.reads(said["not before"], at=THREAD(1))
    await rests(bob, ann)
    await bob.says(said["at three"], at=QUEUE)
    await ann.reads(say("told.plan_moved", ticket=1, when=second, where=""))
    await petro.sees(say("guest.plan_moved", ticket=1, when=second))  # whoever comes has to know it too
    await rests(bob, ann)

    # The order for a new boiler is refused, with a reason.
    await ann.says("/new")
    await ann.fills(type=SUPPLIES[language], details=said["order"])
    await ann.sees(say("request.registered", ticket=2))
    order = await bob.reads("#2 ", said["order"], at=QUEUE)
    await bob.presses(say("move.to", status=APPROVED[language]), on=order)
    asked = await eve.reads(say("approval.title", ticket=2, type=SUPPLIES[language]), said["order"])
    await eve.presses(say("button.decline"), on=asked)
    await eve.fills(text=said["reason"], review=False)
    await ann.reads(say("told.declined_why", ticket=2, summary=said["order"], reason=said["reason"]))
    await rests(bob, ann, eve)

    # The plumber has been there.
    await desk.passes(days=1, hours=8)
    await rests(bob, ann, eve, petro)
    await bob.says(f"/resolve 1 {said['mended']}", at=QUEUE)
    await bob.reads(say("refused.checklist", ticket=1, items=[VALVE[language]]), at=QUEUE)
    await petro.presses(f"☐ {VALVE[language]} ❗", on=card)
    await petro.sees(f"☑ {VALVE[language]}")
    await rests(bob)
    await bob.says(f"/resolve 1 {said['mended']}", at=QUEUE)
    await petro.sees(say("guest.ended", ticket=1))
    await petro.sees_nothing()
    await ann.reads(said["mended"])
    await ann.presses(say("button.confirm"))
    await rests(bob, ann, eve)

    # A day later she is asked how it was, and the month's inspection comes.
    await desk.passes(days=1, hours=2)
    await ann.presses("9", on=await ann.reads(say("survey.nps", ticket=1, summary=said["drips"])))
    await rests(bob, ann, eve, petro)
    await desk.passes(days=14)
    inspection = await bob.reads("#3", said["look"], f"☐ {BOILER[language]} ❗", at=QUEUE)
    await bob.presses(say("button.claim"), on=inspection)
    for item in TICKED[language]:
        await bob.says(f"/check 3 {item}", at=QUEUE)
    await bob.says("/resolve 3", at=QUEUE)
    await rests(bob, ann, eve, petro)
    stand = await desk.records(lambda tx: [tx.tickets.get(number).active for number in (1, 2, 3)])
    assert stand == [False, False, False]
    assert erp.events.count("ticket.opened") == 3
    assert erp.events.count("ticket.resolved") == 2
    assert set(erp.verdicts) == {"new"}, erp.verdicts
    assert await desk.records(lambda tx: tx.assets.of_ticket(1)[0].number) == "R-114"
