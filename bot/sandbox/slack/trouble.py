"""Slack's own kinds of trouble, made on purpose."""

from typing import Protocol

from bot.sandbox.faults import FOREIGN, Fault, Faults, Gate
from bot.sandbox.slack.errors import too_fast


class HasId(Protocol):
    """A channel or a person: anything with an id."""

    @property
    def id(self) -> str:
        """The id."""
        ...


Where = str | HasId | None
BAD_GATEWAY = (
    "<html>\r\n<head><title>503 Service Unavailable</title></head>\r\n<body>Server Error</body>\r\n</html>\r\n"
)


def _id(channel: Where) -> str | None:
    return channel if channel is None or isinstance(channel, str) else channel.id


class Trouble(Faults):
    """What may go wrong with a call. ``method`` may hold ``*``; ``times=None`` with a ``share`` never ends."""

    def ratelimited(
        self,
        seconds: int = 1,
        *,
        method: str = "chat.*",
        channel: Where = None,
        times: int | None = 1,
        share: float = 1.0,
    ) -> Fault:
        """Answer 429: wait so long."""
        headers = {"Retry-After": str(seconds)}
        fault = Fault(method, _id(channel), times, share, status=429, body=too_fast(seconds).answer(), headers=headers)
        return self.add(fault)

    def error(
        self,
        code: str,
        *,
        method: str = "chat.*",
        channel: Where = None,
        times: int | None = 1,
        share: float = 1.0,
        after: bool = False,
    ) -> Fault:
        """Answer an error of the API's; ``after`` the call has had its effect, if so asked."""
        return self.add(Fault(method, _id(channel), times, share, after, 200, {"ok": False, "error": code}))

    def html(
        self,
        *,
        method: str = "chat.*",
        channel: Where = None,
        times: int | None = 1,
        share: float = 1.0,
        status: int = 503,
        after: bool = False,
    ) -> Fault:
        """Answer like a proxy whose server is away."""
        return self.add(Fault(method, _id(channel), times, share, after, status=status, body=BAD_GATEWAY))

    def foreign(
        self,
        kind: str,
        *,
        method: str = "chat.*",
        channel: Where = None,
        times: int | None = 1,
        share: float = 1.0,
        after: bool = False,
    ) -> Fault:
        """Let somebody else answer: a proxy, a captive portal, a broken server (the kinds of ``FOREIGN``)."""
        return self.answer(Fault(method, _id(channel), times, share, after), FOREIGN[kind])

    def drop(
        self,
        *,
        after: bool,
        method: str = "chat.*",
        channel: Where = None,
        times: int | None = 1,
        share: float = 1.0,
    ) -> Fault:
        """Cut the connection before or after the call has had its effect."""
        return self.add(Fault(method, _id(channel), times, share, after, drop=True))

    def slow(
        self,
        seconds: float,
        *,
        after: bool = False,
        method: str = "chat.*",
        channel: Where = None,
        times: int | None = 1,
        share: float = 1.0,
    ) -> Fault:
        """Let the answer take its time."""
        return self.add(Fault(method, _id(channel), times, share, after, delay=seconds))

    def hold(
        self, *, after: bool = False, method: str = "chat.*", channel: Where = None, times: int | None = 1
    ) -> Gate:
        """Hold calls, before or after their effect, until the returned gate is opened."""
        gate = Gate()
        self.add(Fault(method, _id(channel), times, after=after, gate=gate))
        return gate
