"""Telegram's own kinds of trouble, made on purpose."""

from typing import Protocol

from bot.sandbox.faults import FOREIGN, Fault, Faults, Gate
from bot.sandbox.telegram.errors import too_many


class HasId(Protocol):
    """A chat or a person: anything with a chat id."""

    @property
    def id(self) -> int:
        """The id."""
        ...


Where = int | HasId | None
BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


def _chat(chat: Where) -> int | None:
    return chat if chat is None or isinstance(chat, int) else chat.id


class Trouble(Faults):
    """What may go wrong with a call. ``method`` may hold ``*``; ``times=None`` with a ``share`` never ends."""

    def retry_after(
        self, seconds: int = 1, *, method: str = "send*", chat: Where = None, times: int | None = 1, share: float = 1.0
    ) -> Fault:
        """Answer 429: wait so long."""
        body = too_many(seconds).answer()
        return self.add(Fault(method, _chat(chat), times, share, status=429, body=body))

    def error(
        self,
        code: int,
        description: str,
        *,
        method: str = "send*",
        chat: Where = None,
        times: int | None = 1,
        share: float = 1.0,
        after: bool = False,
    ) -> Fault:
        """Answer an error of the API's; ``after`` the call has had its effect, if so asked."""
        body = {"ok": False, "error_code": code, "description": description}
        return self.add(Fault(method, _chat(chat), times, share, after, code, body))

    def html(
        self, *, method: str = "send*", chat: Where = None, times: int | None = 1, share: float = 1.0, status: int = 502
    ) -> Fault:
        """Answer like a proxy whose server is away."""
        return self.add(Fault(method, _chat(chat), times, share, status=status, body=BAD_GATEWAY))

    def foreign(
        self,
        kind: str,
        *,
        method: str = "send*",
        chat: Where = None,
        times: int | None = 1,
        share: float = 1.0,
        after: bool = False,
    ) -> Fault:
        """Let somebody else answer: a proxy, a captive portal, a broken server (the kinds of ``FOREIGN``)."""
        return self.answer(Fault(method, _chat(chat), times, share, after), FOREIGN[kind])

    def drop(
        self,
        *,
        after: bool,
        method: str = "send*",
        chat: Where = None,
        times: int | None = 1,
        share: float = 1.0,
    ) -> Fault:
        """Cut the connection before or after the call has had its effect."""
        return self.add(Fault(method, _chat(chat), times, share, after, drop=True))

    def slow(
        self,
        seconds: float,
        *,
        after: bool = False,
        method: str = "send*",
        chat: Where = None,
        times: int | None = 1,
        share: float = 1.0,
    ) -> Fault:
        """Let the answer take its time."""
        return self.add(Fault(method, _chat(chat), times, share, after, delay=seconds))

    def hold(self, *, after: bool = False, method: str = "send*", chat: Where = None, times: int | None = 1) -> Gate:
        """Hold calls, before or after their effect, until the returned gate is opened."""
        gate = Gate()
        self.add(Fault(method, _chat(chat), times, after=after, gate=gate))
        return gate
