"""Another program beside the people: what it reads and does over HTTP, and what the desk says of it in the chats."""

import aiohttp

from bot.api import issuing
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.program import Program, let_in, program


async def test_while_nobody_is_let_in_there_is_no_api(desk: Desk):
    async with aiohttp.ClientSession() as http:
        nobody = Program(http, f"{desk.app.web.url}/api/v1")
        for path in ("", "/", "/openapi.json", "/tickets", "/nothing"):
            await nobody.asks("GET", path, 404)
        secret = await let_in(desk, "Shop")
        assert "Bring a token" in (await nobody.asks("GET", "/tickets", 401))["detail"]
        assert (await nobody.asks("GET", "/openapi.json"))["openapi"] == "3.1.0"
        assert "openapi.json" in await nobody.asks("GET", "/")
        nobody.secret = secret
        assert await nobody.asks("GET", "/tickets") == {"items": [], "next": None}
        await issuing.drop_token(desk._url, "Shop")
        await nobody.asks("GET", "/tickets", 404)


async def test_a_program_reads_what_people_asked_and_were_answered(desk: Desk, ann: Somebody, bob: Somebody):
    await charged_twice(ann, bob)
    async with program(desk) as shop:
        assert (await shop.asks("GET", "/tickets?q=urgent"))["items"] == []
        (ticket,) = (await shop.asks("GET", "/tickets?q=@bob&sort=queue"))["items"]
        assert (ticket["summary"], ticket["requester"]["name"]) == ("My card was charged twice", "Ann")
        assert (ticket["kind"], ticket["agent"]["name"]) == ("open", "Bob")
        assert ticket == await shop.asks("GET", "/tickets/1")
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
