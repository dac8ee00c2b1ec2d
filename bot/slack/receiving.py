"""In: a payload of Slack becomes an event in the inbox, and only then is it acknowledged.

Bolt acknowledges before listeners run, but global middleware runs before the acknowledgement: so one middleware does it all,
and its answer is the acknowledgement. Where storing fails it raises: Slack sends events again; an interaction stays unanswered,
so that the open window or the button lets the person press again.
"""

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.messenger import Accept, Forms
from bot.slack import render
from bot.slack.events import Known, answers, command, event, interaction
from handlers.messages import Event, Sender

log = logging.getLogger("frontdesk.slack")

Body = dict[str, Any]
Meet = Callable[[str], Awaitable[Sender | None]]
Update = Callable[..., Awaitable[Any]]


class Receiver:
    """The way in of one workspace."""

    def __init__(self, known: Known, forms: Forms, meet: Meet, update: Update) -> None:
        self.accept: Accept | None = None
        self._known = known
        self._forms = forms
        self._meet = meet
        self._update = update

    async def keep(self, req: AsyncBoltRequest, body: Body) -> BoltResponse:
        """Store what a payload says; the answer acknowledges it."""
        kind = body.get("type")
        if kind == "view_submission":
            return await self._submitted(body)
        if kind == "block_actions" and (body.get("view") or {}).get("type") == "modal":
            await self._steered(body)
            return BoltResponse(status=200, body="")
        found = await self._event(body)
        if found is not None:
            assert self.accept is not None
            await self.accept([found])
        return BoltResponse(status=200, body="")

    async def _event(self, body: Body) -> Event | None:
        now = datetime.now(UTC)
        await self._introduced(body)
        if "command" in body:
            return command(body, self._known, now)
        if body.get("type") == "event_callback":
            return event(body, self._known)
        return interaction(body, self._known, now)

    async def _introduced(self, body: Body) -> None:
        """Learn the names of who acts and of who is mentioned, before the pure part reads them."""
        inner = body.get("event") or {}
        native = body.get("user_id") or (body.get("user") or {}).get("id") if "event" not in body else inner.get("user")
        for user in {str(native or (inner.get("message") or {}).get("user") or ""), *_mentioned(inner)}:
            await self.introduce(user)

    async def introduce(self, user: str) -> None:
        """Learn who somebody is, once."""
        if user and user not in self._known.people and (met := await self._meet(user)):
            self._known.people[user] = met

    async def _submitted(self, body: Body) -> BoltResponse:
        """Judge a window at the door: field errors can only ride on this very acknowledgement."""
        view = body["view"]
        draft = int(json.loads(view.get("private_metadata") or "{}").get("draft") or 0)
        wrong = await self._forms.wrong(draft, answers(view))
        if wrong:
            shown = {name: said for name, said in wrong.items() if name in _blocks(view)}
            if shown:
                return BoltResponse(status=200, body=render.errors(shown))
        await self._introduced(body)
        found = interaction(body, self._known, datetime.now(UTC))
        assert self.accept is not None
        if found is not None:
            await self.accept([found])
        return BoltResponse(status=200, body="")

    async def _steered(self, body: Body) -> None:
        """A choice was made that other fields hang on: draw the window anew; block ids stay, so what was typed stays."""
        view = body["view"]
        about = json.loads(view.get("private_metadata") or "{}")
        drawn = await self._forms.draw(int(about.get("draft") or 0), answers(view))
        if drawn is not None:
            fresh = render.modal(drawn, str(about.get("chat") or ""), private=bool(about.get("private", True)))
            await self._update(view_id=view["id"], hash=view.get("hash"), view=fresh)


def _blocks(view: Body) -> set[str]:
    return {str(block.get("block_id")) for block in view.get("blocks") or ()}


def _mentioned(inner: Body) -> set[str]:
    """Return the people that a message mentions."""
    found: set[str] = set()
    stack: list[Any] = list((inner.get("message") or inner).get("blocks") or ())
    while stack:
        element = stack.pop()
        if element.get("type") == "user":
            found.add(str(element.get("user_id")))
        stack += element.get("elements") or ()
    return found
