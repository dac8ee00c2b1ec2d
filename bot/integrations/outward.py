"""Calls to addresses that an admin has named: to the internet over https, elsewhere only to hosts that a setting names."""

import ipaddress
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector
from yarl import URL

from bot.messengers.downloads import Outward, is_public_address
from bot.messengers.wire import pause_seconds

TIMEOUT = 10.0  # seconds of a call, all in all
SETTING = "PRIVATE_HOSTS"


class Unfit(Exception):
    """An address is not called as it is; ``reason`` is a word of this module's: scheme, private, address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoAnswer(Exception):
    """Nobody answered; the message is one word that says nothing of what was sent."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody else's server said; nothing of its words is read."""

    status: int
    pause: float | None  # seconds that it asks to be left alone for; None: it says nothing of it in seconds


@dataclass(frozen=True, slots=True)
class Fetched:
    """What somebody else's server said when it was asked; ``body`` is None where it was more than was asked for."""

    status: int
    body: bytes | None


class OutwardCalls:
    """Calls servers of others, follows no redirect, and believes nothing about how much they say."""

    def __init__(self, named: Collection[str] = ()) -> None:
        self._named = frozenset(host.casefold() for host in named)
        self._session: ClientSession | None = None

    def fit(self, address: str) -> URL:
        """Return an address that may be called; raise Unfit."""
        try:
            url = URL(address)
            host = url.host
        except ValueError:
            raise Unfit("address") from None
        if not host or url.scheme not in ("http", "https") or url.user or url.password:
            raise Unfit("address")
        if host.casefold() in self._named:
            return url
        if url.scheme != "https":
            raise Unfit("scheme")
        if _is_number(host) and not is_public_address(host):  # else the resolver looks
            raise Unfit("private")
        return url

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Send bytes; raise Unfit or NoAnswer."""
        async with self._call("POST", address, headers, body) as answer:
            named = answer.headers.get("Retry-After", "").strip()
            return Answered(answer.status, pause_seconds(named) if named.isdecimal() else None)

    async def get(self, address: str, headers: Mapping[str, str], most: int) -> Fetched:
        """Ask for at most so many bytes; raise Unfit or NoAnswer."""
        async with self._call("GET", address, headers) as answer:
            body = bytearray()
            async for piece in answer.content.iter_any():
                body += piece
                if len(body) > most:
                    break
            return Fetched(answer.status, bytes(body) if len(body) <= most else None)

    @asynccontextmanager
    async def _call(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> AsyncIterator[ClientResponse]:
        """Make a call, follow no redirect, and hang up on whatever is not read; raise Unfit or NoAnswer."""
        url, within = self.fit(address), ClientTimeout(total=TIMEOUT)
        try:
            async with self._open().request(
                method, url, data=body, headers=headers, timeout=within, allow_redirects=False
            ) as answer:
                try:
                    yield answer
                finally:
                    answer.close()
        except TimeoutError:
            raise NoAnswer("timeout") from None
        except (ClientError, OSError, ValueError) as error:
            raise NoAnswer(type(error).__name__) from None

    def _open(self) -> ClientSession:
        if self._session is None:
            # None stays open: who is trusted to be where they were is looked up anew for each call.
            connector = TCPConnector(resolver=Outward(*self._named), use_dns_cache=False, force_close=True)
            self._session = ClientSession(connector=connector, auto_decompress=False)
        return self._session

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
