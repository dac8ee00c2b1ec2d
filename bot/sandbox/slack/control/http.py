"""The control side over HTTP, for another process or a page: ``/control/…``, JSON in and out.

POST /control/people            {"name": "Ann", "locale": "uk-UA"}    → {"id": "U…", …}
POST /control/people/U…/says    {"text": "Hello"}                     → the message; every verb of ``Person``
POST /control/channels          {"name": "team", "members": ["U…"]}
POST /control/channels/C…/kick_bot                                    → every verb of ``Room``
POST /control/faults/html       {"method": "chat.*", "times": 2}      → every kind of ``Trouble``, and ``clear``
POST /control/sockets/silence                                         → ``refresh``, ``cut``, ``silence``, ``refuse``
POST /control/app/revoke_token                                        → ``restore_token``, ``set_scopes``, ``subscribe``
POST /control/app/use_http      {"url": "http://…/slack/events"}
POST /control/gates/0/open                                            → opens what ``faults/hold`` has made
GET  /control/files/F…                                                → its bytes
GET  /control/people | rooms | rooms/C… | people/U… | calls | deliveries | unacked | latencies | violations
GET  /control/changes?since=12&timeout=25                             → returns at the next change
A message is named by {"on": {"channel": "C…", "ts": "…"}} where a verb takes one.
"""

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault, Gate
from bot.sandbox.slack.control.person import Person
from bot.sandbox.slack.control.room import Room
from bot.sandbox.slack.control.stage import Stage
from bot.sandbox.slack.delivery import Delivery

PERSON = frozenset(
    name for name in dir(Person) if not name.startswith("_") and not isinstance(getattr(Person, name), property)
)
ROOM = frozenset({"archive", "invite_bot", "kick_bot", "delete"})
APP = frozenset({"revoke_token", "restore_token", "set_scopes", "subscribe", "use_http", "use_sockets", "falsify"})
SOCKETS = frozenset({"refresh", "cut", "silence", "refuse"})
TROUBLE = frozenset({"ratelimited", "error", "html", "drop", "slow", "hold", "clear"})
LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
LONGEST_WAIT = 50.0


class ControlPaths:
    """Serves the control paths of one sandbox."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._gates: list[Gate] = []

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer one request; other sites' pages are kept out by host and content type."""
        steps = [step for step in request.path.removeprefix("/control/").split("/") if step]
        if request.host.rpartition(":")[0] not in LOCAL and request.host not in LOCAL:
            return _answer({"error": "only from this machine"}, 403)
        try:
            if request.method == "GET":
                if steps == ["changes"]:
                    return _answer(await self._changes(request.query))
                if steps[:1] == ["files"]:
                    return self._file(steps[1])
                return _answer(self._read(steps, request.query))
            if request.content_type != "application/json":
                return _answer({"error": "send JSON, with its content type"}, 415)
            made = self._act(steps, json.loads(await request.content.read() or b"{}"))
            return _answer(await made if asyncio.iscoroutine(made) else made)
        except (LookupError, ValueError, TypeError) as error:
            return _answer({"error": f"{type(error).__name__}: {error}"}, 400)

    def _file(self, file_id: str) -> web.Response:
        """Return a file's bytes; only pictures are named by their type, so that no page of ours runs a stranger's."""
        file = self._stage.file(file_id)
        kind = (
            file.mimetype if file.mimetype in ("image/jpeg", "image/png", "image/webp") else "application/octet-stream"
        )
        return web.Response(body=file.data or b"", content_type=kind, headers={"X-Content-Type-Options": "nosniff"})

    async def _changes(self, query: Mapping[str, str]) -> dict[str, int]:
        since = int(query.get("since", self._stage.changes.count))
        try:
            async with asyncio.timeout(min(float(query.get("timeout", 25)), LONGEST_WAIT)):
                while self._stage.changes.count <= since:
                    await self._stage.changes.wait()
        except TimeoutError:
            pass
        return {"count": self._stage.changes.count}

    def _read(self, steps: list[str], query: Mapping[str, str]) -> Any:
        stage = self._stage
        match steps:
            case ["people"]:
                return stage.people
            case ["people", number]:
                return _whole(self._person(number))
            case ["rooms"]:
                return stage.rooms
            case ["rooms", number]:
                room = stage.room(number)
                own = room.seen_by(query["person"]) if "person" in query else room.messages
                return {**_plain(room), "messages": own}
            case ["calls"]:
                return stage.calls_of(query["method"]) if "method" in query else stage.calls
            case [("deliveries" | "unacked" | "latencies" | "violations") as name]:
                return getattr(stage, name)
            case _:
                raise LookupError(f"nothing to read at {'/'.join(steps)}")

    def _act(self, steps: list[str], body: dict[str, Any]) -> Any:
        if isinstance(body.get("data"), str):
            body["data"] = base64.b64decode(body["data"])
        for name in ("on", "message", "thread", "at"):
            if isinstance(body.get(name), dict):
                body[name] = self._stage.message(body[name]["channel"], body[name]["ts"])
        if "room" in body:
            body["room"] = self._stage.room(body["room"])
        match steps:
            case ["people"]:
                return self._stage.person(**body)
            case ["channels"]:
                members = [self._person(number) for number in body.pop("members", ())]
                return self._stage.channel(members=members, **body)
            case ["faults", kind] if kind in TROUBLE:
                return self._trouble(kind, body)
            case ["gates", number, "open"]:
                return self._gates[int(number)].open()
            case [*who, verb]:
                return getattr(self._actor(who, verb), verb)(**body)
        raise LookupError("nothing to do here")

    def _actor(self, who: list[str], verb: str) -> Any:
        """Return whoever has this verb."""
        match who:
            case ["people", number] if verb in PERSON:
                return self._person(number)
            case ["channels", number] if verb in ROOM:
                return self._stage.room(number)
            case ["sockets"] if verb in SOCKETS:
                return self._stage.sockets
            case ["app"] if verb in APP:
                return self._stage
            case _:
                raise LookupError(f"nothing to do at {'/'.join([*who, verb])}")

    def _trouble(self, kind: str, body: dict[str, Any]) -> Any:
        made = getattr(self._stage.faults, kind)(**body)
        if isinstance(made, Gate):
            self._gates.append(made)
            return {"gate": len(self._gates) - 1}
        return None

    def _person(self, number: str) -> Person:
        return next(person for person in self._stage.people if person.id == number)


def _whole(person: Person) -> dict[str, Any]:
    shown = {"ephemerals": person.ephemerals, "modal": person.modal, "home": person.home}
    return {**_plain(person), **shown, "failures": person.failures}


def _plain(value: Any) -> Any:
    """Return what JSON cannot say by itself as what it can."""
    if isinstance(value, Person):
        return {"id": value.id, "name": value.name, "locale": value.locale, "dm": value.chat.id}
    if isinstance(value, Room):
        return {"id": value.id, "name": value.name, "kind": value.kind, "archived": value.archived}
    if isinstance(value, Delivery):
        names = ("kind", "name", "payload", "acked", "lost", "failed", "answer", "latency", "at")
        return {**{name: getattr(value, name) for name in names}, "attempts": len(value.attempts)}
    if isinstance(value, Fault | Gate):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    raise TypeError(f"{type(value).__name__} has no JSON")


def _answer(body: Any, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(body, default=_plain).encode(), status=status, content_type="application/json")
