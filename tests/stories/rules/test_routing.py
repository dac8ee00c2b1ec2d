"""Groups: a request finds its group by type or words, its agent by turn, load or old acquaintance, and the next line."""

from typing import Any

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import account, present, ruled

NETWORK = {"en": "Network", "uk": "Мережа", "ru": "Сеть"}
FIRST = {"en": "First line", "uk": "Перша лінія", "ru": "Первая линия"}
CALM = {"unclaimed_reminder": "9d"}


async def grouped(desk: Desk, **groups: Any) -> None:
    """Let the desk have these groups; nobody is reminded of anything."""
    named = {"first": FIRST, "network": NETWORK}
    await ruled(desk, desk=CALM, groups={name: {"title": named[name], **group} for name, group in groups.items()})


async def test_words_name_the_group_and_its_agents_take_turns(desk: Desk, ann: Somebody, bob: Somebody):
    eve, dan = desk.agent("Eve"), desk.agent("Dan")
    await present(eve, dan)
    network = {"members": [account(eve), account(dan)], "keywords": ["router", "wi-fi"], "take": "round_robin"}
    await grouped(desk, first={}, network=network)

    await asked(ann, "My rooter blinks red")
    await ann.sees(said_in("en", "told.assigned", agent="Eve", ticket=1))
    await bob.sees("#1 ", "Group: Network", "Eve", at=QUEUE)

    carol = desk.requester("Carol")
    await asked(carol, "The Wi-Fi is slow", ticket=2)
    await carol.sees(said_in("en", "told.assigned", agent="Dan", ticket=2))
    await bob.sees("#2 ", "Group: Network", "Dan", at=QUEUE)

    await asked(ann, "The routers again", ticket=3)  # who knows her has her next request
    await ann.sees("Eve is on your request #3")
    await bob.sees("#3 ", "Eve", at=QUEUE)

    await asked(carol, "An invoice is missing", ticket=4)
    await bob.sees("#4 ", buttons=["Claim", "Reply", "Note", "Resolve", "More…"], at=QUEUE)
    await bob.presses("Claim", at=QUEUE)
    await carol.sees("Bob is on your request #4 (An invoice is missing).")
    await rest(bob, eve, tickets=4)


async def test_the_least_busy_has_it_who_is_there_and_has_room(desk: Desk, bob: Somebody):
    eve = desk.agent("Eve")
    await present(bob, eve)
    both = [account(bob), account(eve)]
    await grouped(desk, first={"members": both, "take": "least_busy", "capacity": 1, "keywords": ["оплата"]})
    requesters = [desk.requester(name, language="uk") for name in ("Anna", "Olha", "Iryna")]

    await bob.says("/away", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await asked(requesters[0], "Не пройшла оплата")
    await requesters[0].sees(said_in("uk", "told.assigned", agent="Eve", ticket=1))
    await bob.says("/back", at=QUEUE)
    await asked(requesters[1], "Подвійна оплата", ticket=2)
    await requesters[1].sees(said_in("uk", "told.assigned", agent="Bob", ticket=2))
    await asked(requesters[2], "Питання про оплату", ticket=3)  # nobody has room: whoever claims it
    await requesters[2].sees_nothing()
    await rest(bob, eve, tickets=2)


async def test_what_the_first_line_cannot_do_goes_on_to_the_second(desk: Desk, bob: Somebody):
    eve = desk.agent("Eve")
    anna = desk.requester("Анна", language="ru")
    await present(bob, eve)
    await grouped(
        desk,
        first={"members": [account(bob)], "escalate_to": "network", "keywords": ["сайт"]},
        network={"members": [account(eve)], "take": "round_robin"},
    )
    await asked(anna, "Сайт не открывается")
    await bob.sees("#1 ", "Group: First line", at=QUEUE)

    await eve.presses("Claim", at=QUEUE)
    eve.sees_toast(said_in("en", "refused.other_group", ticket=1, group="First line"))
    await bob.presses("Claim", at=QUEUE)
    await anna.sees(said_in("ru", "told.claimed", agent="Bob", ticket=1))
    await bob.presses("More…", at=QUEUE)
    await bob.presses("⬆️ Escalate", at=QUEUE)
    bob.sees_toast(said_in("en", "done.escalated", ticket=1, group="Network"))
    await anna.sees(said_in("ru", "told.escalated", ticket=1, group="Сеть"))
    await anna.sees(said_in("ru", "told.assigned", agent="Eve", ticket=1))
    await bob.sees("#1 ", "Group: Network", "Eve", at=QUEUE)

    await bob.says("/escalate 1", at=QUEUE)
    await bob.sees(said_in("en", "refused.other_group", ticket=1, group="Network"), at=QUEUE)
    await eve.says("/escalate 1", at=QUEUE)
    await eve.sees("#1 has no next line", "(First line)", "/escalate 1 back", at=QUEUE)
    await eve.says("/escalate 1 frst line", at=QUEUE)
    await anna.sees(said_in("ru", "told.escalated", ticket=1))
    await bob.says("/escalate 1 back", at=QUEUE)  # to whom had it before
    await anna.sees(said_in("ru", "told.escalated", ticket=1))
    await anna.sees(said_in("ru", "told.assigned", agent="Eve", ticket=1))
    await rest(bob, eve, tickets=1)


async def test_what_came_from_the_whole_team_goes_back_to_it(desk: Desk, ann: Somebody, bob: Somebody):
    """Who is of the second line alone gives back what is none of theirs, in the words of their language."""
    eve = desk.agent("Eve", language="uk")
    await present(bob, eve)
    await grouped(desk, network={"members": [account(eve)]})
    await asked(ann, "The lamp is broken")
    await eve.says("/escalate 1 назад", at=QUEUE)
    await eve.sees(said_in("uk", "refused.never_escalated", ticket=1), at=QUEUE)
    await bob.says("/escalate 1 network", at=QUEUE)
    await bob.sees("#1 ", "Group: Network", at=QUEUE)
    await ann.sees(said_in("en", "told.escalated", ticket=1))
    await eve.says("/escalate 1 назад", at=QUEUE)
    await ann.sees(said_in("en", "told.escalated", ticket=1))
    await bob.presses("Claim", at=QUEUE)
    await ann.sees(said_in("en", "told.claimed", agent="Bob", ticket=1))
    assert (await desk.records(lambda tx: tx.tickets.get(1))).group_name is None
    await rest(bob, eve, tickets=1)


async def rest(*agents: Somebody, tickets: int) -> None:
    """Read what else the team is shown: threads with their stories, and notices."""
    for agent in agents:
        await agent.catches_up()
        await agent.catches_up(at=QUEUE)
        for ticket in range(1, tickets + 1):
            await agent.catches_up(at=THREAD(ticket))


async def test_a_type_is_offered_to_those_who_may_file_it(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    newest = await desk.records(lambda tx: tx.rules.newest())
    assert newest is not None
    kinds = newest.data["types"]
    only = {name: kinds[name] for name in ("billing",)}
    secret = {**kinds["access"], "may_file": "agents"}
    await ruled(desk, types={**only, "access": secret})
    await ann.says("/new")  # one type is left to her: nothing to choose
    await ann.fills(details="My card was charged twice", contract=SKIP)
    await ann.sees(said_in("en", "request.registered", ticket=1))
    await bob.catches_up(at=QUEUE)
    await bob.says("/new")
    await bob.fills(type="Access", system="Payroll", details="I cannot sign in")
    await bob.sees(said_in("en", "request.registered", ticket=2))
    await bob.catches_up(at=QUEUE)


async def test_nobody_may_file_anything(desk: Desk, ann: Somebody):
    await desk.settles()
    newest = await desk.records(lambda tx: tx.rules.newest())
    assert newest is not None
    await ruled(desk, types={"access": {**newest.data["types"]["access"], "may_file": "agents"}})
    await ann.says("/new")
    await ann.sees(said_in("en", "refused.no_types"))
