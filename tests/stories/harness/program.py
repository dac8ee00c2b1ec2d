"""Another program beside the people of a story: let in as an operator does, it calls the API over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.api import issuing
from bot.api.scopes import Scope
from storage.models import Role
from tests.stories.harness.desk import Desk

EVERYTHING = tuple(Scope)


@dataclass
class Program:
    """Another program, with a token or without."""

    http: aiohttp.ClientSession
    base: str
    secret: str = ""

    async def asks(self, method: str, path: str, status: int = 200, /, *, key: str = "", **sent: Any) -> Any:
        """Call, and return the document that is answered with this status."""
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        headers |= {"Idempotency-Key": key} if key else {}
        async with self.http.request(method, f"{self.base}{path}", headers=headers, **sent) as answer:
            text = await answer.text()
            assert answer.status == status, text
            return await answer.json(content_type=None) if text.startswith("{") else text


async def let_in(
    desk: Desk, name: str, *scopes: Scope, role: Role = Role.SENIOR, acts_as: str = "", rate: int = 600
) -> str:
    """Let a program in as an operator does, beside the running desk."""
    wish = issuing.Wish(name, scopes or EVERYTHING, role, acts_as, rate)
    return await issuing.add_token(desk._url, wish, desk.app.book.base)


@asynccontextmanager
async def program(desk: Desk, name: str = "Shop", *scopes: Scope, **how: Any) -> AsyncIterator[Program]:
    """Yield a program that has a token."""
    secret = await let_in(desk, name, *scopes, **how)
    async with aiohttp.ClientSession() as http:
        yield Program(http, f"{desk.app.web.url}/api/v1", secret)
