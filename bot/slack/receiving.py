"""In: a payload of Slack becomes an event in the inbox, and only then is it acknowledged.

Bolt acknowledges before listeners run, but global middleware runs before the acknowledgement: so one middleware does it all,
and its answer is the acknowledgement. Where storing fails it raises: Slack sends events again; an interaction stays unanswered,
so that the open window or the button lets the person press again.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.messengers.protocol import Forms
from bot.slack import render
from bot.slack.acquaintances import UserDirectory
from bot.slack.door import OrderedIntake
from bot.slack.errors import OURS, translate_slack_error
from bot.slack.events import SlackContext, event_from_payload, is_our_payload
from bot.slack.interactions import command_event, interaction_event, modal_answers
from handlers.vocabulary.messages import Event, Kind
from storage.engine import storable

log = logging.getLogger("frontdesk.slack")

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)  # what a strange payload raises
Body = dict[str, Any]
Update = Callable[..., Awaitable[Any]]


class Receiver:
    """The way in of one workspace."""

    def __init__(self, known: SlackContext, forms: Forms, people: UserDirectory, update: Update) -> None:
        self.door: OrderedIntake | None = None
        self._known = known
        self._forms = forms
        self._people = people
        self._update = update

    async def keep(self, req: AsyncBoltRequest, body: Body) -> BoltResponse:
        """Store what a payload says; the answer acknowledges it. What is meant for another workspace is not for us."""
        body = storable.storable_data(body)
        if not is_our_payload(body, self._known.team):
            log.warning("a payload of another workspace was left aside", extra={"event": "not_ours"})
            return BoltResponse(status=200, body="")
        if body.get("type") == "view_submission" and (wrong := await self._wrong(body)):
            return BoltResponse(status=200, body=render.modal_errors(wrong))
        if body.get("type") == "block_actions" and (body.get("view") or {}).get("type") == "modal":
            await self._steered(body)
            return BoltResponse(status=200, body="")
        assert self.door is not None

        try:
            conversation, people = _conversation(body), {_actor(body), *mentioned_users(body.get("event") or {})}
        except UNREADABLE:
            conversation, people = "unread", set()

        async def made() -> Event | None:
            await self._people.introduce(people)
            return self._made(body, conversation)

        await self.door.pass_in(conversation, made)
        self._follow(body.get("event") or {})
        return BoltResponse(status=200, body="")

    def _follow(self, event: Body) -> None:
        """Know the team channel by its new id at once: what is said there next is said to the team."""
        if event.get("type") == "channel_id_changed" and event.get("old_channel_id") == self._known.team_channel:
            self._known.team_channel = str(event["new_channel_id"])

    def _made(self, body: Body, conversation: str) -> Event | None:
        """Return the event of a payload; one that nobody can read is kept as it came."""
        try:
            return self._event(body)
        except UNREADABLE as error:
            key = str(body.get("event_id") or body.get("trigger_id") or "")
            return unreadable_event(self._known, key, conversation, body, error)

    def read(self, event: Event) -> Event | None:
        """Read again what could not be read when it came; raise what keeps us from it."""
        return self._event(json.loads(event.raw))

    def _event(self, body: Body) -> Event | None:
        now = datetime.now(UTC)
        if "command" in body:
            return command_event(body, self._known, now)
        if body.get("type") == "event_callback":
            return event_from_payload(body, self._known)
        return interaction_event(body, self._known, now)

    async def _wrong(self, body: Body) -> dict[str, str]:
        """Judge a window at the door: field errors can only ride on this very acknowledgement."""
        view = body["view"]
        draft = int(json.loads(view.get("private_metadata") or "{}").get("draft") or 0)
        wrong = await self._forms.wrong(draft, modal_answers(view, self._known))
        shown = {str(block.get("block_id")) for block in view.get("blocks") or ()}
        return {name: said for name, said in wrong.items() if name in shown}

    async def _steered(self, body: Body) -> None:
        """A choice was made that other fields hang on: draw the window anew; block ids stay, so what was typed stays."""
        view = body["view"]
        about = json.loads(view.get("private_metadata") or "{}")
        drawn = await self._forms.draw(int(about.get("draft") or 0), modal_answers(view, self._known))
        if drawn is None:
            return
        fresh = render.modal_view(drawn, str(about.get("chat") or ""), private=bool(about.get("private", True)))
        try:
            await self._update(view_id=view["id"], hash=view.get("hash"), view=fresh)
        except OURS as error:  # a newer choice has drawn it already, it is closed, or Slack does not answer
            log.info("a window was not drawn anew: %s", translate_slack_error(error), extra={"event": "stale_view"})


def unreadable_event(
    known: SlackContext, key: str, conversation: str, body: Mapping[str, Any], error: Exception
) -> Event:
    """Return the event of what came and could not be read: kept for whoever can."""
    found = f"raw:{key or sha256(json.dumps(body).encode()).hexdigest()}"
    log.error("%s cannot be read: %s", found, type(error).__name__, extra={"event": "unread", "update": found})
    return Event(Kind.RAW, known.source, found, conversation or "unread", datetime.now(UTC), raw=json.dumps(body))


def _actor(body: Body) -> str:
    inner = body.get("event") or {}
    if "event" in body:
        user = inner.get("user") or (inner.get("message") or inner.get("previous_message") or {}).get("user")
    else:
        user = body.get("user_id") or body.get("user")
    return str(user.get("id") if isinstance(user, dict) else user or "")


def _conversation(body: Body) -> str:
    """Return what keeps order: the channel of an event, else the person who acts."""
    inner = body.get("event") or {}
    return str(inner.get("channel") or (inner.get("item") or {}).get("channel") or _actor(body))


def mentioned_users(message: Body) -> set[str]:
    """Return the people that a message mentions."""
    found: set[str] = set()
    stack: list[Any] = list((message.get("message") or message).get("blocks") or ())
    while stack:
        element = stack.pop()
        if element.get("type") == "user":
            found.add(str(element.get("user_id")))
        stack += element.get("elements") or ()
    return found
