"""Deliveries by hand: the adapter before the sandbox, with nothing between."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Protocol

import pytest

from bot.messengers.protocol import Delivery
from bot.sandbox.telegram import Person, TelegramSandbox
from bot.telegram.adapter import Telegram
from handlers.vocabulary.messages import Operation, RenderedMessage
from storage.tickets.messages import TicketThread


class HasId(Protocol):
    """A person or a group."""

    @property
    def id(self) -> int: ...


@pytest.fixture
async def messenger(sandbox: TelegramSandbox, ann: Person) -> AsyncIterator[Telegram]:
    """The adapter; Ann has started the bot."""
    ann.starts()
    made = Telegram(sandbox.token, sandbox.url, team=None, per_second=10_000, group_per_minute=20)
    yield made
    await made.close()


def delivery(
    where: HasId,
    drawn: RenderedMessage,
    *,
    operation: Operation = Operation.SEND,
    thread: int | None = None,
    shown: Sequence[str] = (),
    begun: Sequence[str] = (),
    **more: Any,
) -> Delivery:
    """Return a delivery to a chat, perhaps into a topic of it."""
    place = TicketThread(1, 1, str(thread), "#1", "", open=True) if thread is not None else None
    return Delivery(
        (),
        operation,
        "telegram:42",
        str(where.id),
        drawn,
        thread=place,
        threads=thread is not None,
        shown=tuple(shown),
        begun=tuple(begun),
        **more,
    )
