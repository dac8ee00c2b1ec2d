"""Each operation by each scope: what a token was not given it does not get, whatever it asks for."""

from datetime import timedelta

import aiohttp
import pytest

from bot.api import issuing
from bot.api.scopes import Scope
from bot.api.table import OPERATIONS
from storage.models import Role
from tests.api.program import let_in, nobody, token_for
from tests.stories.harness import Desk
from tests.stories.rules.ruled import ruled


def plain(path: str) -> str:
    """Return a path with something that is there in the place of each name."""
    return path.replace("{kind}", "overview").replace("{ticket}", "1").replace("{person}", "1").replace(
        "{company}", "1").replace("{article}", "1")  # fmt: skip


@pytest.mark.parametrize("scope", Scope)
async def test_a_token_does_what_its_scope_lets_it_and_nothing_else(lasting_desk: Desk, scope: Scope):
    async with let_in(lasting_desk, f"only {scope}", scope) as program:
        for each in OPERATIONS:
            status, told, _ = await program.calls(each.method, plain(each.path))
            if each.scope is scope:
                assert status != 401, each
                assert not (status == 403 and told.get("reason") == "scope"), each
            else:
                assert (status, told["reason"]) == (403, "scope"), each


async def test_nobody_gets_anything(lasting_desk: Desk):
    async with aiohttp.ClientSession() as http:
        await token_for(lasting_desk, "somebody else")
        strange = nobody(lasting_desk, http)
        for secret in (
            "",
            "fd_" + "x" * 43,
            "x",
            "ё".encode().decode("latin1"),
            b"\xff".decode("utf-8", "surrogateescape"),
        ):
            strange.secret = secret
            for each in OPERATIONS:
                status, told, headers = await strange.calls(each.method, plain(each.path))
                assert (status, headers["WWW-Authenticate"]) == (401, 'Bearer realm="frontdesk"'), told


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR])
async def test_a_role_is_asked_for_as_in_the_chat(lasting_desk: Desk, role: Role):
    async with let_in(lasting_desk, f"an {role}", role=role) as program:
        told = await program.asks("POST", "/companies", 403, json={"name": "Beta"})
        assert told["reason"] == "not_yours"
        told = await program.asks("DELETE", "/articles/1", 403)
        assert told["reason"] == "not_yours"
        assert (await program.asks("GET", "/articles/1"))["question"] == "How do I reset my password?"


async def test_what_the_rules_permit_holds_for_reads_too(desk: Desk):
    """Whoever may not ask for it in the chat reads it by no token; and of reports no more than the rule lets them see."""
    permissions = {"who": "admin", "report": "senior", "queue": "admin", "company": "admin"}
    await ruled(desk, roles={"permissions": permissions}, desk={"reports": "own"})
    number = await desk.records(lambda tx: tx.articles.add(
        section="", language="en", question="Turned off?", answer="So", by=None, at=desk.clock.now()).id)  # fmt: skip
    await desk.records(lambda tx: tx.articles.change(number, "off", by=None, at=desk.clock.now(), enabled=False))
    async with let_in(desk, "agent", role=Role.AGENT) as program:
        for path in ("/people", "/people/1", "/companies", "/tickets", "/reports/overview?from=2026-03-01"):
            assert (await program.asks("GET", path, 403))["reason"] == "not_yours"
        assert (await program.asks("GET", "/tickets/1"))["id"] == 1
        assert number not in [one["id"] for one in (await program.asks("GET", "/articles"))["items"]]
        assert (await program.asks("GET", f"/articles/{number}", 404))["reason"] == "no_article"
    async with let_in(desk, "admin", role=Role.ADMIN) as program:
        assert (await program.asks("GET", "/people"))["items"]
        assert number in [one["id"] for one in (await program.asks("GET", "/articles"))["items"]]
    await ruled(desk, roles={"permissions": {}}, desk={"reports": "own"})
    async with let_in(desk, "another agent", role=Role.AGENT) as program:
        taken = await program.asks("GET", "/reports/agents?from=2026-03-01&to=2026-03-31")
        assert [row for table in taken["tables"] for row in table["rows"]] == []  # it has taken nothing itself


async def test_who_acts_as_somebody_may_what_they_may_and_nothing_once_they_have_left(desk: Desk):
    async with let_in(desk, "Bobs", acts_as="@bob") as program:
        told = await program.asks("POST", "/tickets/2/claim")
        assert told["agent"] == await desk.records(lambda tx: tx.people.named("Bob")[0].id)

        def leave(tx):
            bob = tx.people.named("Bob")[0].id
            for channel in tx.channels.all():
                tx.channels.leave(channel.id, bob, desk.clock.now())

        await desk.records(leave)
        assert (await program.asks("GET", "/tickets", 403))["reason"] == "not_of_team"
        assert (await program.asks("POST", "/tickets/2/release", 403))["reason"] == "not_of_team"


async def test_a_dropped_token_is_refused_at_once_and_an_erased_persons_too(desk: Desk):
    await token_for(desk, "another")
    async with let_in(desk, "Bobs", acts_as="@bob") as program, let_in(desk, "Shop") as shop:
        await shop.asks("GET", "/tickets")
        await issuing.drop_token(desk._url, "Shop", desk.clock.now())
        await shop.asks("GET", "/tickets", 401)
        await desk.records(lambda tx: tx.erasure.begin(tx.people.named("Bob")[0].id, desk.clock.now()))
        await program.asks("GET", "/tickets", 401)


async def test_a_rate_is_kept_and_told(lasting_desk: Desk):
    async with let_in(lasting_desk, "slow", rate=3) as program:
        for _ in range(3):
            await program.asks("GET", "/tickets")
        status, told, headers = await program.calls("GET", "/tickets")
        assert (status, headers["Retry-After"]) == (429, "20")
        assert "3 times a minute" in told["detail"]
        lasting_desk.clock.set(lasting_desk.clock.now() + timedelta(seconds=20))
        await program.asks("GET", "/tickets")
