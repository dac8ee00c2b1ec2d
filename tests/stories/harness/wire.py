"""The real client on the real wire: every call it makes is also judged by an independent reader of the Bot API's rules."""

from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import GetUpdates, Response, TelegramMethod
from teremok.validation import ApiRuleViolation, validate_method


class Judge(BaseRequestMiddleware):
    """Keeps every call, and what is wrong with it."""

    def __init__(self) -> None:
        self.calls: list[TelegramMethod[Any]] = []
        self.problems: list[str] = []

    async def __call__(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Response[Any]:
        if not isinstance(method, GetUpdates):
            self.calls.append(method)
            try:
                validate_method(bot, method)
            except ApiRuleViolation as problem:
                self.problems.append(f"{type(method).__name__}: {problem.description}")
        return await make_request(bot, method)
