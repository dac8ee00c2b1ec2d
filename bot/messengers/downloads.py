"""Files from outside: where a credential may go, what is taken for a file, how much of them is in memory at once."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector, ThreadedResolver
from aiohttp.abc import ResolveResult
from yarl import URL

from bot.messengers import deadlines
from bot.messengers.protocol import Rejected, Unreachable, Wait
from bot.messengers.wire import CHUNK, json_object, read_body, retry_after
from handlers.vocabulary.messages import File

Opened = Callable[[], Awaitable[ClientSession]]

REDIRECTS = 5  # that are followed, each judged anew
MOVED = (301, 302, 303, 307, 308)
GONE = (404, 410)  # final where the messenger itself says so; a proxy's, like its 403, is asked again for some minutes
SAID = 64 * 1024  # bytes of an answer in which a messenger says why there is no file
HTML = ("text/html", "application/xhtml+xml")
TOGETHER = 200 * 1024 * 1024  # bytes of all files that are being passed on; one message with more of them goes alone


@dataclass(frozen=True, slots=True)
class Hosts:
    """Who may be shown a messenger's credential: the host a setting names, as it names it, and these over https."""

    named: URL
    others: frozenset[str] = frozenset()

    @classmethod
    def of(cls, setting: str, *others: str) -> Self:
        """Return the hosts of an API at this address."""
        return cls(URL(setting), frozenset(others))

    def own(self, address: str | URL) -> URL | None:
        """Return an address of theirs; None for anybody else's, for one with a name in it, and for what is none."""
        try:
            url = URL(address)
            host, port, who = url.raw_host, url.port, (url.raw_user, url.raw_password)
        except ValueError:
            return None
        setting = self.named
        if who != (None, None) and (host, *who) != (setting.raw_host, setting.raw_user, setting.raw_password):
            return None
        if host == setting.raw_host and (url.scheme, port) == (setting.scheme, setting.port):
            return url
        safe = url.scheme == "https" and port == 443
        return url if safe and (host in self.others or host == setting.raw_host) else None


class Outward(ThreadedResolver):
    """Looks hosts up; what is not the setting's own must not lead back into this machine or its network."""

    def __init__(self, *named: str | None) -> None:
        super().__init__()
        self._named = named

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return a host's addresses; raise OSError where one is no public one."""
        found = await super().resolve(host, port, family)
        if host not in self._named and not all(is_public_address(one["host"]) for one in found):
            raise OSError("a public host with an address that is not")
        return found


def is_public_address(address: str) -> bool:
    """Return whether an IP address is one of the internet's, and nobody's own."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_global and not found.is_multicast


class Downloads:
    """Brings a messenger's files: each from its own hosts, streamed, and given up beyond the limit."""

    def __init__(self, hosts: Hosts, most: int, *, proxy: str | None = None, session: Opened | None = None) -> None:
        self.hosts = hosts
        self._most = most
        self._proxy = proxy
        self._opened = session or self._open
        self._own: ClientSession | None = None

    async def bring(self, address: str, file: File, room: "Room", credential: Mapping[str, str]) -> bytes:
        """Return the content at an address. Raises Rejected where there is none to be had, Unreachable where nobody says."""
        url = self.hosts.own(address)
        within = ClientTimeout(total=deadlines.call_timeout(deadlines.expected_file_size(file)))
        asked: dict[str, Any] = {"headers": credential, "timeout": within, "proxy": self._proxy}
        try:
            session = await self._opened()
            for _ in range(REDIRECTS):
                if url is None:
                    raise Rejected("no_file")
                async with session.get(url, allow_redirects=False, **asked) as answer:
                    if answer.status not in MOVED:
                        return await self._content(answer, file, room)
                    url = self._onwards(url, answer.headers.get("Location", ""))
        except (TimeoutError, ClientError, OSError) as error:
            raise Unreachable(type(error).__name__, doubt=False) from error
        raise Rejected("no_file")

    async def _open(self) -> ClientSession:
        if self._own is None:
            proxy = URL(self._proxy).raw_host if self._proxy else None
            self._own = ClientSession(connector=TCPConnector(resolver=Outward(self.hosts.named.raw_host, proxy)))
        return self._own

    async def close(self) -> None:
        """Let go of the connections."""
        if self._own is not None:
            await self._own.close()

    def _onwards(self, url: URL, location: str) -> URL | None:
        try:
            return self.hosts.own(url.join(URL(location))) if location else None
        except ValueError:
            return None

    async def _content(self, answer: ClientResponse, file: File, room: "Room") -> bytes:
        """Return the body of an answer that is the file, whatever size was claimed."""
        page = answer.content_type in HTML
        if answer.status == 429:
            raise Wait(retry_after(answer.headers))
        if (answer.status in GONE and await _is_messengers_refusal(answer)) or (
            answer.status == 200 and page and "html" not in file.mime
        ):
            raise Rejected("no_file")  # to whoever may not see it, a sign-in page is shown
        if answer.status != 200:
            raise Unreachable(f"status {answer.status}", doubt=False)
        found = bytearray()
        async for chunk in answer.content.iter_chunked(CHUNK):
            if len(found) + len(chunk) > self._most:
                raise Rejected("too_big")
            await room.take(len(chunk))
            found += chunk
        if page and file.size and len(found) != file.size:  # a sign-in page in the place of a page
            raise Rejected("no_file")
        return bytes(found)


async def _is_messengers_refusal(answer: ClientResponse) -> bool:
    """Return whether an answer has the shape in which a messenger says no; a page, or words, may be those of a proxy."""
    said = json_object(await read_body(answer, SAID))
    named = said is not None and (
        said.get("error") or said.get("description")
    )  # as Slack says why, and as Telegram does
    return said is not None and said.get("ok") is False and isinstance(named, str)


class Memory:
    """What all files under way may take of memory together."""

    def __init__(self, total: int = TOGETHER) -> None:
        self.used = 0
        self._total = total
        self._line = asyncio.Lock()  # whoever comes first is first
        self._liar = asyncio.Lock()  # one at a time may take more than was claimed for it
        self._freed = asyncio.Event()

    @asynccontextmanager
    async def room(self, claimed: int) -> AsyncIterator["Room"]:
        """Keep room for files of a claimed size, as soon as there is some; more than all of it goes alone."""
        async with self._line:
            while self.used and self.used + claimed > self._total:
                self._freed.clear()
                await self._freed.wait()
            room = Room(self, claimed)
            self.used += claimed
        try:
            yield room
        finally:
            self.used -= room.size
            if room.grown:
                self._liar.release()
            self._freed.set()

    async def grow(self, room: "Room", more: int) -> None:
        """Give a room more than was claimed, beyond the total too: nobody who waits for others holds them up for ever."""
        if not room.grown:
            await self._liar.acquire()
            room.grown = True
        room.size += more
        self.used += more


class Room:
    """The room of one message's files."""

    def __init__(self, memory: Memory, claimed: int) -> None:
        self.size = claimed
        self.grown = False
        self._memory = memory
        self._taken = 0

    async def take(self, more: int) -> None:
        """Take so many bytes of it, waiting where others must be done first."""
        self._taken += more
        if self._taken > self.size:
            await self._memory.grow(self, self._taken - self.size)
