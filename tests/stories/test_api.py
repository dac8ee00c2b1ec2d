"""Another program beside the people: what it reads and does over HTTP, and what the desk says of it in the chats."""

from datetime import datetime

import aiohttp
from sqlalchemy import select

from bot.api import issuing
from storage.models import Sending, outgoing
from tests.api.client import Client, TicketSent
from tests.api.program import let_in, nobody, token_for
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.approving import at_home
from tests.stories.rules.ruled import present, ruled

ANSWERS = {"contract": "AB-1234", "details": "Charged twice"}


async def test_while_nobody_is_let_in_there_is_no_api(desk: Desk):
    async with aiohttp.ClientSession() as http:
        shop = nobody(desk, http)
        for path in ("", "/", "/openapi.json", "/tickets", "/nothing"):
            await shop.asks("GET", path, 404)
        secret = await token_for(desk, "Shop")
        assert "Bring a token" in (await shop.asks("GET", "/tickets", 401))["detail"]
        assert (await shop.asks("GET", "/openapi.json"))["openapi"] == "3.1.0"
        assert "openapi.json" in await shop.asks("GET", "/")
        shop.secret = secret
        assert await shop.asks("GET", "/tickets") == {"items": [], "next": None}
        await issuing.drop_token(desk._url, "Shop", desk.clock.now())
        await shop.asks("GET", "/tickets", 404)


async def test_a_program_reads_what_people_asked_and_were_answered(desk: Desk, ann: Somebody, bob: Somebody):
    await charged_twice(ann, bob)
    async with let_in(desk) as shop:
        assert (await shop.asks("GET", "/tickets/1"))["plan"] is None
        await bob.says("/plan 1 tomorrow 10:00-12:00, ring twice, place: Lilac 7", at=QUEUE)
        for somebody, at in ((ann, None), (bob, QUEUE), (bob, THREAD(1))):
            await somebody.catches_up(at=at)
        assert (await shop.asks("GET", "/tickets?q=urgent"))["items"] == []
        (ticket,) = (await shop.asks("GET", "/tickets?q=@bob&sort=queue"))["items"]
        assert (ticket["summary"], ticket["requester"]["name"]) == ("My card was charged twice", "Ann")
        assert (ticket["kind"], ticket["agent"]["name"]) == ("open", "Bob")
        assert ticket == await shop.asks("GET", "/tickets/1")
        plan = await desk.records(lambda tx: tx.plans.of(1)[0])
        times = [datetime.fromisoformat(ticket["plan"].pop(name)) for name in ("starts_at", "ends_at")]
        assert (times, ticket["plan"]) == ([plan.begins_at, plan.ends_at], {"place": "Lilac 7", "note": "ring twice"})
        said = (await shop.asks("GET", "/tickets/1/messages"))["items"]
        told = [(one["kind"], one["author"]["name"], one["text"]) for one in said]
        assert told == [("follow_up", "Ann", "My card was charged twice"), ("reply", "Bob", "We look into it")]
        page = await shop.asks("GET", "/tickets/1/messages?limit=1")
        rest = await shop.asks("GET", f"/tickets/1/messages?limit=1&cursor={page['next']}")
        assert ([*page["items"], *rest["items"]], rest["next"]) == (said, None)
        assert (await shop.asks("GET", "/tickets/2", 404))["reason"] == "no_ticket"
        assert (await shop.asks("GET", "/tickets?q=nonsens", 422))["reason"] == "filter"


async def charged_twice(ann: Somebody, bob: Somebody) -> None:
    """Ann asks, Bob takes it and answers."""
    await ann.says("My card was charged twice")
    await ann.sees("I don't have an answer to that yet.")
    await ann.presses("I still need a person")
    await ann.fills(type="Billing question", contract="AB-1234")
    await ann.sees("Request #1 is registered")
    await bob.sees("#1 Billing question", at=QUEUE)
    await bob.presses("Claim", at=QUEUE)
    bob.sees_toast("#1 is yours.")
    await ann.sees("Bob is on your request #1.")
    await bob.sees("#1 Billing question", "Bob", at=QUEUE)
    await bob.finds(1, "My card was charged twice")
    await bob.says("/r We look into it", at=THREAD(1))
    await ann.sees("Bob", "We look into it")
    await bob.sees("✓ delivered", at=THREAD(1))


async def test_a_request_by_a_program_is_answered_in_the_chat_and_resolved_by_the_program(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await ann.starts()
    await ann.sees("Hello, Ann!")
    async with let_in(desk) as shop:
        api = Client(shop)
        (person,) = (await api.list_people(name="Ann"))["items"]
        sent: TicketSent = {"type": "billing", "requester": person["id"], "answers": ANSWERS}
        opened = await api.open_ticket(sent, key="order-7")
        assert (opened["id"], opened["kind"], opened["agent"]) == (1, "new", None)
        assert await api.open_ticket(sent, key="order-7") == opened
        await ann.sees("Shop has registered a request for you", "Charged twice", "Request #1 is registered")
        await bob.sees("#1 Billing question", "Ann", "Charged twice", "AB-1234", at=QUEUE)

        await bob.presses("Claim", at=QUEUE)
        bob.sees_toast("#1 is yours.")
        await ann.sees("Bob is on your request #1.")
        await bob.sees("#1 Billing question", "Bob", at=QUEUE)
        await bob.finds(1, "Charged twice")
        await bob.says("/r We look into it", at=THREAD(1))
        await ann.sees("Bob", "We look into it")
        await bob.sees("✓ delivered", at=THREAD(1))
        assert (await shop.asks("POST", "/tickets/1/claim", 409))["reason"] == "taken"

        note = await api.post_message(1, {"kind": "note", "text": "Paid back at 9:05"})
        await bob.sees("📝 Shop", "Paid back at 9:05", at=THREAD(1))
        reply = await api.post_message(1, {"kind": "reply", "text": "It is refunded"})
        await ann.sees("Shop", "It is refunded")
        await bob.sees("↩️ Shop", "It is refunded", at=THREAD(1))
        said = (await api.list_messages(1))["items"]
        assert [one["id"] for one in said][-2:] == [note["id"], reply["id"]]
        assert said[1]["text"] == "We look into it"

        assert (await api.priority_ticket(1, {"priority": "high"}))["priority"] == "high"
        await api.tags_ticket(1, {"add": ["refund"]})
        await bob.sees("#1 Billing question", "#refund", at=QUEUE)
        assert (await api.resolve_ticket(1, {}))["kind"] == "resolved"
        await ann.sees("Request #1 is resolved", buttons=["Yes, it is solved", "Reopen"])
        await bob.sees("resolved", at=QUEUE)

        events = await api.list_events()
        told = [(one["action"], one["by"]["name"] if one["by"] else "") for one in events["items"]]
        assert told[:3] == [("register", "Ann"), ("claim", "Bob"), ("reply", "Bob")]
        assert told[3:] == [("reply", "Shop"), ("set_priority", "Shop"), ("resolve", "Shop")]
        assert (await api.list_events(cursor=events["next"]))["items"] == []


async def test_a_program_has_a_request_and_its_requester_writes_on_in_ukrainian(desk: Desk, bob: Somebody):
    """What the one who has a request would be told goes to nobody where that is a program; nothing is left unsent."""
    olha = desk.requester("Ольга", language="uk")
    await olha.starts()
    await olha.sees("Ольга")
    async with let_in(desk, "Крамниця") as shop:
        api = Client(shop)
        (person,) = (await api.list_people(name="ольга"))["items"]
        await api.open_ticket({"type": "billing", "requester": person["id"], "answers": ANSWERS})
        await olha.sees("Крамниця реєструє для вас заявку", "Charged twice")
        await bob.sees("#1 Billing question", "Ольга", at=QUEUE)
        await api.claim_ticket(1)
        await olha.sees("Крамниця", "#1")
        await bob.sees("#1 Billing question", "Крамниця", at=QUEUE)
        await bob.finds(1, "Charged twice")
        await olha.says("І ще раз у вівторок")
        await bob.sees("💬 Ольга", "І ще раз у вівторок", at=THREAD(1))
        await olha.sees("Додано до заявки #1.")
        assert (await api.get_ticket(1))["unread"] == 1
        await bob.says("/r Дивимося", at=THREAD(1))
        await olha.sees("Bob", "Дивимося")
        await bob.sees("✓ delivered", at=THREAD(1))
        bobs = (await api.list_people(name="@bob"))["items"][0]["id"]
        assert (await api.assign_ticket(1, {"agent": bobs}))["agent"] == bobs
        await olha.sees("Bob")
        await bob.sees("#1 Billing question", "Bob", at=QUEUE)
        await desk.settles()
        told = select(outgoing.c.state, outgoing.c.payload, outgoing.c.done_at).where(outgoing.c.lane.like("api:%"))
        for state, payload, done_at in await desk.look(lambda connection: connection.execute(told).all()):
            assert (state, payload, done_at is not None) == (Sending.DROPPED, "", True)


async def test_a_program_ends_a_task_with_a_word_and_reads_what_came_of_a_question(
    desk: Desk, ann: Somebody, bob: Somebody
):
    eve = desk.agent("Eve")
    await present(bob, eve)
    await at_home(bob, eve)
    await ruled(desk, desk={"unclaimed_reminder": "9d"})
    await asked(ann)
    await claimed(bob, ann)
    await bob.says("/task 1 check the cable", at=QUEUE)
    await bob.says("/approval 1 Eve it costs 900", at=QUEUE)
    await eve.presses(said_in("en", "button.approve"), on=await eve.reads("it costs 900"))
    await bob.says("/retype 1 hardware", at=QUEUE)
    await bob.says("/problem 2 1", at=QUEUE)
    await desk.settles()
    async with let_in(desk) as shop:
        done = await shop.asks("POST", "/tickets/2/resolve", json={"text": "It was the cable"})
        assert done["kind"] == "resolved"
        await bob.reads("Shop · #2", "It was the cable", at=THREAD(1))
        events = (await shop.asks("GET", "/events?limit=100"))["items"]
    told = [(one["action"], one["facts"]) for one in events]
    steps = [facts for action, facts in told if action == "approval"]
    assert steps == [{"state": "open"}, {"state": "yes"}, {"state": "approved"}]
    assert ("retype", {"was": "billing", "now": "hardware"}) in told
    assert ("link", {"problem": 1}) in told
    await ann.catches_up()
    for somebody in (bob, eve):
        for at in (None, QUEUE, THREAD(1), THREAD(2)):
            await somebody.catches_up(at=at)
