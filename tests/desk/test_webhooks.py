"""What goes to other programs: proved to be ours, and to no address that is not meant to be called."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import HTTPServer
from typing import Any

import pytest

from bot.integrations import outward
from bot.integrations.outward import NoAnswer, OutwardCalls, Unfit
from bot.integrations.signature import signed_headers
from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.rules.webhooks import WebhookEvent
from storage.desk.webhooks import new_secret
from tests.catchall import catch_all
from tests.receiver import sample_receiver

BODY = b'{"type":"ticket.opened"}'
MINUTES = 60


@pytest.fixture
def receiver() -> Iterator[tuple[str, dict[str, Any]]]:
    """The receiver of the page, listening, and what it defines."""
    sample = sample_receiver()
    server = HTTPServer(("127.0.0.1", 0), sample["Receiver"])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", sample
    server.shutdown()
    thread.join()
    server.server_close()


async def test_the_receiver_of_the_page_takes_ours_once_and_refuses_what_is_forged_or_late(receiver, capsys):
    url, sample = receiver
    secret, calls = new_secret(), OutwardCalls(["127.0.0.1"])
    sample["SECRET"] = secret
    now = sample["time"].time()

    def headers(age: float = 0, secret: str = secret) -> dict[str, str]:
        return signed_headers("msg_1", BODY, [secret], datetime.fromtimestamp(now - age, UTC))

    try:
        assert (await calls.post(url, BODY, headers(secret=new_secret()))).status == 401
        assert (await calls.post(url, BODY + b" ", headers())).status == 401
        assert (await calls.post(url, BODY, headers(age=6 * MINUTES))).status == 401
        assert (await calls.post(url, BODY, headers(age=-6 * MINUTES))).status == 401
        assert (await calls.post(url, BODY, {})).status == 401
        assert capsys.readouterr().out == ""
        assert (await calls.post(url, BODY, headers(age=4 * MINUTES))).status == 204
        assert (await calls.post(url, BODY, headers(age=4 * MINUTES))).status == 204  # overheard, and sent again
        assert capsys.readouterr().out == "{'type': 'ticket.opened'}\n"
    finally:
        await calls.close()


async def test_while_a_secret_changes_both_are_known(receiver):
    url, sample = receiver
    old, new = new_secret(), new_secret()
    calls, both = (
        OutwardCalls(["127.0.0.1"]),
        signed_headers("msg_1", BODY, [new, old], datetime.fromtimestamp(sample["time"].time(), UTC)),
    )
    try:
        for known in (old, new):
            sample["SECRET"] = known
            assert (await calls.post(url, BODY, both)).status == 204
    finally:
        await calls.close()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://erp.example.com/", "scheme"),
        ("http://93.184.216.34/", "scheme"),
        ("https://10.0.0.1/", "private"),
        ("https://127.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://[::ffff:169.254.169.254]/", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://bob:secret@erp.example.com/", "address"),
        ("ftp://erp.example.com/", "address"),
        ("https:///hook", "address"),
    ],
)
async def test_an_address_is_not_called(address: str, reason: str):
    with pytest.raises(Unfit) as unfit:
        await OutwardCalls().post(address, BODY, {})
    assert unfit.value.reason == reason


async def test_a_name_that_leads_into_this_machine_is_not_called():
    async with catch_all() as caught:
        calls = OutwardCalls()
        for host in ("localhost", "2130706433", "0x7f.1"):  # the last are 127.0.0.1 to a resolver
            with pytest.raises(NoAnswer):
                await calls.post(f"https://{host}:{caught.port}/", BODY, {})
        await calls.close()
        assert caught.heard == []


async def test_no_redirect_is_followed_and_a_long_answer_is_not_read():
    async with catch_all() as caught, catch_all() as other:
        calls = OutwardCalls(["127.0.0.1"])
        caught.status, caught.headers, caught.body = 302, {"Location": other.url}, b"x" * 5_000_000
        assert (await calls.post(caught.url, BODY, {})).status == 302
        await calls.close()
        assert other.heard == []


async def test_who_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(outward, "TIMEOUT", 0.2)
    calls = OutwardCalls(["127.0.0.1"])
    silent = socket.create_server(("127.0.0.1", 0))  # it takes a call, and says nothing
    with silent, pytest.raises(NoAnswer, match="timeout"):
        await calls.post(f"http://127.0.0.1:{silent.getsockname()[1]}/", BODY, {})
    await calls.close()


def webhooks(**entry: object) -> tuple[Rules, list[str]]:
    """Return the rules with one webhook, and the places of what is wrong with it."""
    rules, problems = read_document({"webhooks": {"erp": entry}}, Rules())
    return rules, [f"{problem.place} {problem.said.key}" for problem in problems]


def test_a_webhook_hears_of_everything_unless_it_says_of_what():
    rules, problems = webhooks(url="https://erp.example.com/hook?of=desk")
    assert problems == []
    assert rules.webhooks["erp"].events == frozenset(WebhookEvent)
    assert not rules.webhooks["erp"].words


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ({}, "webhooks.erp.url rules.wrong.missing"),
        ({"url": "erp.example.com"}, "webhooks.erp.url rules.wrong.address"),
        ({"url": "https://bob:pass@erp.example.com"}, "webhooks.erp.url rules.wrong.address_password"),
        ({"url": "https://erp.example.com", "events": ["ticket.opend"]}, "webhooks.erp.events[0] rules.wrong.meant"),
        ({"url": "https://erp.example.com", "secret": "hush"}, "webhooks.erp.secret rules.wrong.none_of"),
        ({"url": "https://erp.example.com", "type": "nothing"}, "webhooks.erp.type rules.wrong.nothing_named"),
    ],
)
def test_a_wrong_webhook_is_refused_at_its_place(entry, wrong):
    assert webhooks(**entry)[1] == [wrong]


def test_there_are_not_too_many():
    many = {f"hook{number}": {"url": "https://erp.example.com"} for number in range(9)}
    [problem] = read_document({"webhooks": many}, Rules())[1]
    assert problem.said.key == "rules.wrong.webhooks"
