"""Changes by the API are done once, whole or not at all: repeated, at once, by two processes, refused, and cut off."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.__main__ import run_command_line
from bot.api.calls import BODY
from bot.monitoring import failpoints
from bot.monitoring.logs import redact_secrets
from handlers.vocabulary.deeds import Deed
from storage.desk.audit import Audit, Wanted
from storage.models import Role, answered_call, metadata, outgoing
from storage.people.tokens import new_secret
from storage.queues import inbox
from tests.api.program import let_in, nobody
from tests.stories.harness import Desk

NOTE = {"kind": "note", "text": "Paid back"}


async def notes(desk: Desk) -> int:
    """Return how many notes there are on the first request."""
    return await desk.records(lambda tx: sum(said.kind == "note" for said, _ in tx.talk.of(1)))


async def test_the_same_key_does_nothing_twice_however_often_it_is_repeated_at_once(desk: Desk):
    async with let_in(desk, "Shop") as shop:
        answers = await asyncio.gather(
            *(shop.calls("POST", "/tickets/1/messages", key="once", json=NOTE) for _ in range(8))
        )
        assert {status for status, _, _ in answers} == {201}
        assert len({told["id"] for _, told, _ in answers}) == 1
        assert sum("Idempotent-Replayed" in headers for _, _, headers in answers) == 7
        assert await notes(desk) == 1
        other = await shop.asks("POST", "/tickets/1/messages", 422, key="once", json={**NOTE, "text": "Else"})
        assert other["reason"] == "key_used"
        assert (await shop.asks("POST", "/tickets/2/messages", 422, key="once", json=NOTE))["reason"] == "key_used"
        assert await notes(desk) == 1
    async with let_in(desk, "Another") as another:  # a key is its token's own
        await another.asks("POST", "/tickets/1/messages", 201, key="once", json=NOTE)
    assert await notes(desk) == 2


async def test_a_key_outlives_a_restart_and_ends_after_a_day(desk: Desk):
    async with let_in(desk, "Shop") as shop:
        first = await shop.asks("POST", "/tickets/1/messages", 201, key="once", json=NOTE)
        await desk.restarts()
        shop.base = f"{desk.app.web.url}/api/v1"
        assert await shop.asks("POST", "/tickets/1/messages", 201, key="once", json=NOTE) == first


async def test_what_is_cut_off_before_its_commit_was_not_done_and_is_done_once_when_it_is_repeated(desk: Desk):
    def cut(point: str) -> None:
        if point == "before_commit":
            raise RuntimeError("cut off")

    async with let_in(desk, "Shop") as shop:
        await desk.settles()
        failpoints.set_failpoint_hook(cut)
        try:
            told = await shop.asks("POST", "/tickets/1/messages", 500, key="once", json=NOTE)
        finally:
            failpoints.set_failpoint_hook(failpoints._nothing)
        assert "incident" in told["detail"]
        assert await notes(desk) == 0
        await shop.asks("POST", "/tickets/1/messages", 201, key="once", json=NOTE)
        assert await notes(desk) == 1


async def test_a_refusal_undoes_what_was_begun_and_is_written_down(desk: Desk):
    async with let_in(desk, "Shop") as shop:
        await shop.asks("POST", "/tickets/2/claim")
        await shop.asks("POST", "/tickets/2/close")
        said = {"text": "A last word"}
        assert (await shop.asks("POST", "/tickets/2/resolve", 409, key="k", json=said))["reason"]
        told = await shop.asks("GET", "/tickets/2/messages")
        assert "A last word" not in str(told)
        refused = await desk.look(lambda connection: Audit(connection).page(Wanted(ticket=2, refused=True)))
        assert [(line.name, line.act, line.facts["name"]) for line in refused] == [
            ("Shop", Deed.REFUSED, "resolveTicket")
        ]


async def test_two_who_claim_at_once_have_one_winner(desk: Desk):
    async with let_in(desk, "One") as one, let_in(desk, "Two") as two:
        answers = await asyncio.gather(one.calls("POST", "/tickets/2/claim"), two.calls("POST", "/tickets/2/claim"))
        assert sorted(status for status, _, _ in answers) == [200, 409]


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (415, {"data": b"{}", "headers": {"Content-Type": "text/plain"}}),
        (400, {"data": b"{", "headers": {"Content-Type": "application/json"}}),
        (400, {"data": b'{"kind": "note", "text": NaN}', "headers": {"Content-Type": "application/json"}}),
        (400, {"data": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}),
        (422, {"data": b'{"kind": "note", "text": "\\ud800"}', "headers": {"Content-Type": "application/json"}}),
        (422, {"data": b'{"kind": "note", "text": "a\\u0000b"}', "headers": {"Content-Type": "application/json"}}),
        (422, {"json": {**NOTE, "text": "x" * 10_001}}),
        (422, {"json": {**NOTE, "text": "  \n "}}),
        (422, {"json": {**NOTE, "more": 1}}),
        (422, {"json": {**NOTE, "wait": "yes"}}),
        (422, {"json": NOTE, "headers": {"Idempotency-Key": "ключ".encode().decode("latin1")}}),
        (422, {"json": NOTE, "headers": {"Idempotency-Key": "x" * 256}}),
        (413, {"json": {**NOTE, "text": "x" * BODY}}),
    ],
)
async def test_what_does_not_fit_is_refused_and_nothing_is_done(lasting_desk: Desk, status: int, sent: dict[str, Any]):
    async with let_in(lasting_desk, f"Shop {id(sent)}") as shop:
        told = await shop.asks("POST", "/tickets/1/messages", status, **sent)
        assert told["detail"].endswith(".")
    assert await notes(lasting_desk) == 0


async def test_companies_people_and_answers_are_curated_as_in_the_chat(desk: Desk):
    async with let_in(desk, "Shop", role=Role.ADMIN) as shop:
        acme = await shop.asks("POST", "/companies", 201, json={"name": "Acme  Ltd"})
        changed = {"contract": "C-7", "until": "2027-01-31", "notes": "Pays late", "types": ["billing"]}
        told = await shop.asks("PATCH", f"/companies/{acme['id']}", json=changed)
        assert {name: told[name] for name in changed} == changed
        told = await shop.asks("PATCH", f"/companies/{acme['id']}", json={"notes": None, "until": None})
        assert (told["notes"], told["until"], told["contract"]) == ("", None, "C-7")
        (dan,) = (await shop.asks("GET", "/people?name=dan"))["items"]
        told = await shop.asks("PATCH", f"/people/{dan['id']}", json={"company": acme["id"]})
        assert told["company"] == {"id": acme["id"], "name": "Acme Ltd"}
        assert (await shop.asks("PATCH", f"/people/{dan['id']}", json={"company": None}))["company"] is None

        sent = {"question": "Where is my parcel?", "answer": "On its way", "language": "en", "aliases": ["parcel lost"]}
        made = await shop.asks("POST", "/articles", 201, json=sent)
        assert (await shop.asks("POST", "/articles", 409, json=sent))["reason"] == "article_has_it"
        await shop.asks("PATCH", f"/articles/{made['id']}", json={"answer": "Tomorrow", "enabled": False})
        told = await shop.asks("GET", f"/articles/{made['id']}")
        assert (told["answer"], told["enabled"], told["aliases"]) == ("Tomorrow", False, ["parcel lost"])
        await shop.asks("DELETE", f"/articles/{made['id']}")
        assert (await shop.asks("GET", f"/articles/{made['id']}", 404))["reason"] == "no_article"
        report = await shop.asks("GET", "/reports/overview?from=2026-01-01&to=2026-12-31")
        assert report["figures"]


async def test_a_guests_one_time_word_is_told_to_no_program(desk: Desk):
    def invite(tx):
        tx.people.meet("telegram:1", "guest-secretword", name="Guest", username="", language="en", chat="",
                       at=desk.clock.now())  # fmt: skip

    await desk.records(invite)
    async with let_in(desk, "Shop") as shop:
        assert "Guest" in str(told := await shop.asks("GET", "/people"))
        assert "secretword" not in str(told)


async def test_the_page_asks_for_nothing_from_outside(lasting_desk: Desk):
    async with let_in(lasting_desk, "reader"), aiohttp.ClientSession() as http:
        status, told, headers = await nobody(lasting_desk, http).calls("GET", "/")
        assert (status, headers["Content-Security-Policy"][:18]) == (200, "default-src 'none'")
        assert "http://" not in told
        assert "src=" not in told


async def test_a_token_is_made_listed_and_dropped_from_the_command_line(sqlite_url: str, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    code = await asyncio.to_thread(
        run_command_line, ["token", "add", "Shop", "--scope", "tickets:read,events:read", "--json"]
    )
    made = json.loads(capsys.readouterr().out)
    assert (code, made["name"], made["scopes"]) == (0, "Shop", ["tickets:read", "events:read"])
    assert made["token"].startswith("fd_")
    assert await asyncio.to_thread(run_command_line, ["token", "list", "--json"]) == 0
    (listed,) = json.loads(told := capsys.readouterr().out)
    assert (listed["name"], listed["acts_as"], listed["per_minute"], listed["used_at"]) == ("Shop", None, 600, None)
    assert made["token"] not in told
    for words, named in [
        (["add", "Shop", "--scope", "tickets:read"], "NAME"),
        (["add", "Else", "--scope", "tickets"], "--scope"),
        (["add", "Else"], "--scope"),
        (["add", " ", "--scope", "tickets:read"], "NAME"),
        (["add", "Else", "--scope", "tickets:read", "--role", "owner"], "--role"),
        (["add", "Else", "--scope", "tickets:read", "--as", "@nobody"], "PERSON"),
        (["drop", "Else"], "NAME"),
    ]:
        assert await asyncio.to_thread(run_command_line, ["token", *words]) == 2
        assert capsys.readouterr().err.startswith(f"{named}: "), words
    assert await asyncio.to_thread(run_command_line, ["token", "drop", "Shop"]) == 0
    capsys.readouterr()
    assert await asyncio.to_thread(run_command_line, ["token", "list"]) == 0
    assert "the API is off" in capsys.readouterr().out


def test_a_token_in_a_log_is_hidden():
    assert redact_secrets(f"Bearer {new_secret()}") == "Bearer ***"


async def test_no_secret_is_kept(desk: Desk):
    async with let_in(desk, "Shop") as shop:
        await shop.asks("POST", "/tickets/1/messages", 201, key="once", json=NOTE)
        found = await desk.look(lambda connection: [
            table.name for table in metadata.sorted_tables
            if any(shop.secret in str(row) for row in connection.execute(select(table)).all())
        ])  # fmt: skip
        assert found == []


async def test_what_a_key_was_answered_holds_nobodys_words(desk: Desk):
    async with let_in(desk, "Shop") as shop:
        await shop.asks("POST", "/tickets/1/messages", 201, key="k1", json={**NOTE, "text": "Ann's PIN is 1234"})
        await shop.asks("POST", "/tickets/1/tags", key="k2", json={"add": ["private"]})
        async with let_in(desk, "CRM", role=Role.ADMIN) as crm:
            await crm.asks("POST", "/companies", 201, key="k3", json={"name": "Umbrella"})
            number = (await crm.asks("POST", "/companies", 201, key="k3", json={"name": "Umbrella"}))["id"]
            told = await crm.asks("PATCH", "/people/1", key="k4", json={"company": number})
            assert await crm.asks("PATCH", "/people/1", key="k4", json={"company": number}) == told
            assert told["company"]["name"] == "Umbrella"
        kept = await desk.look(lambda connection: str(connection.execute(select(answered_call)).all()))
        assert "1234" not in kept
        assert "Umbrella" not in kept
        assert "private" not in kept
        assert "Ann" not in kept


async def test_what_an_admin_would_be_told_is_sent_to_no_program(desk: Desk):
    """A program of the role of an admin is none of those who are told of trouble; nothing waits for it for ever."""
    async with let_in(desk, "Shop", role=Role.ADMIN) as shop:
        await shop.asks("POST", "/tickets/2/claim")
        await desk.app._alarm("telegram:1", "revoked", "Unauthorized")
        await desk.settles()
        waits = select(outgoing.c.id).where(outgoing.c.lane.like("api:%"), outgoing.c.done_at.is_(None))
        assert await desk.look(lambda connection: connection.execute(waits).all()) == []
        assert await desk.look(inbox.dead_letters) == []
