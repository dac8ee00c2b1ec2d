"""Another program: let in as an operator does, it calls the API of a running desk over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.api import issuing
from bot.api.scopes import Scope
from storage.models import Role
from tests.stories.harness.desk import Desk


@dataclass
class Program:
    """Another program, with a token or without."""

    http: aiohttp.ClientSession
    base: str
    secret: str = ""

    async def calls(self, method: str, path: str, *, key: str = "", **sent: Any) -> tuple[int, Any, Any]:
        """Call, and return the status, the document and the headers of the answer; None where it is no document."""
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= sent.pop("headers", {})
        async with self.http.request(method, f"{self.base}{path}", headers=headers, **sent) as answer:
            told = await answer.json() if "json" in answer.content_type else await answer.text()
            return answer.status, told, answer.headers

    async def asks(self, method: str, path: str, status: int = 200, /, **sent: Any) -> Any:
        """Call, and return the document that is answered with this status."""
        found, told, _ = await self.calls(method, path, **sent)
        assert found == status, told
        return told


def nobody(desk: Desk, http: aiohttp.ClientSession) -> Program:
    """Return a program without a token."""
    return Program(http, f"{desk.app.web.url}/api/v1")


async def token_for(
    desk: Desk, name: str, *scopes: Scope, role: Role = Role.SENIOR, acts_as: str = "", rate: int = 600
) -> str:
    """Make a token as an operator does, beside the running desk."""
    wish = issuing.Wish(name, scopes or tuple(Scope), role, acts_as, rate)
    return await issuing.add_token(desk._url, wish, desk.app.book.base)


@asynccontextmanager
async def let_in(desk: Desk, name: str = "Shop", *scopes: Scope, **how: Any) -> AsyncIterator[Program]:
    """Yield a program that has a token."""
    async with aiohttp.ClientSession() as http:
        yield Program(http, nobody(desk, http).base, await token_for(desk, name, *scopes, **how))
