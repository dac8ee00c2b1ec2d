"""Another program, which knows the sites: it gives a question its choices, changes them, and fails now and then."""

import json

from aiohttp import web

from tests.loopback import End, listen

GARBAGE = "<html>We are sorry</html>"


class SiteList:
    """What it offers, what it has given so far, and how it answers."""

    def __init__(self) -> None:
        self.offers = ["Site 1", "Site 2"]
        self.given: list[list[str]] = []  # each list that it answered with, another one each time
        self.failing = 0  # so many calls from now on are answered with no list
        self.port = 0

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.port}/sites.json"

    def changes(self, number: int) -> None:
        """Offer other sites from now on: one is new, and the oldest may be gone."""
        self.offers = [*self.offers[-3:], f"Site {number}"]

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Give the list, or nothing that is one."""
        if self.failing:
            self.failing -= 1
            return web.Response(status=503) if self.failing % 2 else web.Response(text=GARBAGE)
        if self.offers not in self.given:
            self.given.append(list(self.offers))
        return web.Response(text=json.dumps(self.offers))

    async def listens(self) -> End:
        """Listen on loopback; return what ends that."""
        self.port, end = await listen(self.answer)
        return end
