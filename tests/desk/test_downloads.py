"""Where a credential may go is told by the address alone; what is brought has room, and nobody waits for room for ever."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import unused_port
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.messengers.downloads import Downloads, Hosts, Memory, Outward, is_public_address
from bot.messengers.protocol import Rejected, Undelivered, Unreachable, Wait
from bot.slack.files import token_hosts
from handlers.vocabulary.messages import File
from tests.catchall import CatchAll, catch_all

SLACK = token_hosts("https://slack.com/api/")
SANDBOX = token_hosts("http://127.0.0.1:8082/api/")
PNG = File("photo", name="a.png", mime="image/png")


@pytest.fixture
async def server() -> AsyncIterator[CatchAll]:
    async with catch_all() as caught:
        yield caught


@pytest.mark.parametrize(
    ("own", "address", "trusted"),
    [
        (SLACK, "https://files.slack.com/files-pri/T1-F1/a.png", True),
        (SLACK, "HTTPS://FILES.SLACK.COM:443/a.png", True),
        (SLACK, "https://slack-files.com/a.png", True),
        (SLACK, "https://slack.com/a.png", True),
        (SLACK, "http://slack.com/a.png", False),
        (SLACK, "http://files.slack.com/a.png", False),
        (SLACK, "https://files.slack.com:8443/a.png", False),
        (SLACK, "https://files.slack.com./a.png", False),
        (SLACK, "https://evil.slack.com/a.png", False),
        (SLACK, "https://notslack-files.com/a.png", False),
        (SLACK, "https://files.slack.com.evil.example/a.png", False),
        (SLACK, "https://files.slack.com@evil.example/a.png", False),
        (SLACK, "https://token:x@files.slack.com/a.png", False),
        (SLACK, "https://127.0.0.1/a.png", False),
        (SLACK, "ftp://files.slack.com/a.png", False),
        (SLACK, "//files.slack.com/a.png", False),
        (SLACK, "files.slack.com/a.png", False),
        (SLACK, "https:///a.png", False),
        (SLACK, "https://files.slack.com:99999/a.png", False),
        (SLACK, "", False),
        (SANDBOX, "http://127.0.0.1:8082/files-pri/a.png", True),
        (SANDBOX, "http://127.0.0.1:8083/files-pri/a.png", False),
        (SANDBOX, "http://localhost:8082/files-pri/a.png", False),
        (SANDBOX, "https://127.0.0.1:8082/a.png", False),
        (Hosts.of("http://me:pass@telegram.local:8081"), "http://me:pass@telegram.local:8081/file/a", True),
        (Hosts.of("http://me:pass@telegram.local:8081"), "http://you:pass@telegram.local:8081/file/a", False),
    ],
)
def test_a_credential_goes_to_the_hosts_that_were_named_and_to_nobody_else(own: Hosts, address: str, trusted: bool):
    assert (own.own(address) is not None) is trusted


@pytest.mark.slow
@given(st.text(max_size=60) | st.from_regex(r"https?://[^/]{0,30}(files\.slack\.com)?[^/]{0,30}/x", fullmatch=True))
def test_no_address_that_can_be_written_leads_elsewhere(address: str):
    url = SLACK.own(address)
    if url is not None:
        assert (url.scheme, url.port) == ("https", 443)
        assert url.raw_host in {"slack.com", "files.slack.com", "slack-files.com"}
        assert URL(str(url)).raw_host == url.raw_host, "whoever reads it again goes to the same place"


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4001:830::200e", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("no address", False),
    ],
)
def test_what_is_public(address: str, outside: bool):
    assert is_public_address(address) is outside


async def test_a_public_host_must_not_lead_back_into_this_machine():
    assert await Outward("localhost").resolve("localhost", 80, socket.AF_UNSPEC)
    with pytest.raises(OSError, match="public"):
        await Outward("files.slack.com").resolve("localhost", 80, socket.AF_UNSPEC)


# What is brought


async def brought(server: CatchAll, file: File = PNG, *, most: int = 100, path: str = "/a") -> bytes:
    own = Downloads(Hosts.of(server.url), most)
    try:
        async with Memory().room(file.size) as room:
            return await own.bring(server.url + path, file, room, {"Authorization": "Bearer secret"})
    finally:
        await own.close()


async def test_the_limit_counts_what_comes_and_not_what_was_claimed(server: CatchAll):
    server.body = b"0" * 100
    assert await brought(server) == server.body
    server.body = b"0" * 101
    with pytest.raises(Rejected, match="too_big"):
        await brought(server, File("document", size=1))


@pytest.mark.parametrize(
    ("status", "content_type", "trouble"),
    [
        (404, "text/html", Unreachable),
        (404, "application/json", Unreachable),
        (410, "text/plain", Unreachable),
        (200, "text/html", Rejected),
        (200, "application/xhtml+xml; charset=x", Rejected),
        (403, "text/html", Unreachable),
        (407, "text/html", Unreachable),
        (429, "text/plain", Wait),
        (500, "application/json", Unreachable),
        (503, "text/plain", Unreachable),
        (204, "text/plain", Unreachable),
        (302, "text/plain", Rejected),
    ],
)
async def test_whatever_is_not_the_file_is_not_taken_for_it(
    server: CatchAll, status: int, content_type: str, trouble: type[Undelivered]
):
    server.status, server.headers = status, {"Content-Type": content_type}
    with pytest.raises(trouble) as told:
        await brought(server)
    assert not getattr(told.value, "doubt", False), "nothing was sent, so nothing can have arrived"


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (b'{"ok": false, "error_code": 404, "description": "Not Found"}', Rejected),
        (b'{"ok": false, "error": "file_not_found"}', Rejected),
        (b'{"ok": false}', Unreachable),
        (b'{"detail": "Not Found"}', Unreachable),
        (b"<html><h1>404 Not Found</h1></html>", Unreachable),
        (b"", Unreachable),
    ],
)
async def test_that_there_is_no_file_is_believed_of_its_messenger_alone(
    server: CatchAll, status: int, body: bytes, trouble: type[Undelivered]
):
    server.status, server.body = status, body
    with pytest.raises(trouble):
        await brought(server)


async def test_a_server_that_is_not_there_is_waited_for():
    own = Downloads(Hosts.of(gone := f"http://127.0.0.1:{unused_port()}"), 100)
    async with Memory().room(0) as room:
        with pytest.raises(Unreachable):
            await own.bring(f"{gone}/a", PNG, room, {})
    await own.close()


async def test_a_circle_of_redirects_ends(server: CatchAll):
    server.status, server.headers = 302, {"Location": "/a"}
    with pytest.raises(Rejected):
        await brought(server)
    assert len(server.heard) == 5


# Memory


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=12))
def test_all_files_together_stay_within_their_memory_and_everybody_comes_to_their_turn(files: list[tuple[int, int]]):
    memory, seen = Memory(100), [0]

    async def pass_on(claimed: int, real: int) -> None:
        async with memory.room(claimed) as room:
            for _ in range(real):
                await room.take(1)
                seen.append(memory.used)
                await asyncio.sleep(0)

    async def all_of_them() -> None:
        async with asyncio.timeout(10):
            await asyncio.gather(*(pass_on(*file) for file in files))

    asyncio.run(all_of_them())
    assert memory.used == 0
    assert max(seen) <= 100 + max(real for _, real in files)


async def test_what_is_larger_than_all_of_the_memory_goes_alone():
    memory = Memory(100)
    order: list[str] = []

    async def pass_on(name: str, claimed: int) -> None:
        async with memory.room(claimed):
            order.append(f"{name}+")
            await asyncio.sleep(0)
            order.append(f"{name}-")

    await asyncio.gather(pass_on("a", 60), pass_on("big", 500), pass_on("b", 10))
    assert order == ["a+", "a-", "big+", "big-", "b+", "b-"]


async def test_who_gives_up_leaves_no_room_taken():
    memory = Memory(100)
    async with memory.room(100):
        waiting = asyncio.create_task(memory.room(50).__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with memory.room(100):
        assert memory.used == 100
