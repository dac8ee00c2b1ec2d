"""The control side over HTTP, for another process or a page: ``/control/…``, JSON in and out.

POST /control/people            {"name": "Ann", "language": "uk"}     → {"id": 7001, …}
POST /control/people/7001/says  {"text": "Hello"}                     → the message; every verb of ``Person``
POST /control/groups            {"title": "Team", "forum": true, "members": [7001]}
POST /control/groups/-100…/delete_topic {"topic": 5}                  → every verb of ``Group``
POST /control/faults/html       {"method": "send*", "times": 2}       → every kind of ``Trouble``, and ``clear``
POST /control/gates/0/open                                            → opens what ``faults/hold`` has made
GET  /control/files/<file id>                                         → its bytes
GET  /control/people | rooms | rooms/7001 | people/7001 | calls | updates | unanswered | violations | profile
GET  /control/changes?since=12&timeout=25                             → returns at the next change
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
from bot.sandbox.telegram.control.person import Person
from bot.sandbox.telegram.control.room import Group, Room
from bot.sandbox.telegram.control.stage import Stage

PERSON = frozenset(name for name in dir(Person) if name.startswith("sends")) | frozenset(
    [
        "starts",
        "says",
        "edits",
        "presses",
        "taps",
        "reacts",
        "deletes",
        "blocks",
        "unblocks",
        "vanishes",
        "joins",
        "leaves",
        "becomes",
    ]
)
GROUP = frozenset(
    ["rights", "add_bot", "remove_bot", "open_topic", "close_topic", "delete_topic", "delete_message", "upgrade"]
)
TROUBLE = frozenset({"retry_after", "error", "html", "drop", "slow", "hold", "clear"})
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
            body = json.loads(await request.content.read() or b"{}")
            return _answer(self._act(steps, body))
        except (LookupError, ValueError, TypeError) as error:
            return _answer({"error": f"{type(error).__name__}: {error}"}, 400)

    def _file(self, file_id: str) -> web.Response:
        """Return a file's bytes; only pictures are named by their type, so that no page of ours runs a stranger's."""
        file = self._stage.file(file_id)
        kind = file.mime if file.mime in ("image/jpeg", "image/png", "image/webp") else "application/octet-stream"
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
                return {**_plain(self._person(number)), "toasts": self._person(number).toasts}
            case ["rooms"]:
                return stage.rooms
            case ["rooms", number]:
                return _room(stage.room(int(number)))
            case ["calls"]:
                return stage.calls_of(query["method"]) if "method" in query else stage.calls
            case ["profile"]:
                return {"commands": list(stage.commands.items()), "texts": list(stage.profile.items())}
            case [("updates" | "unconfirmed" | "unanswered" | "violations") as name]:
                return getattr(stage, name)
            case _:
                raise LookupError(f"nothing to read at {'/'.join(steps)}")

    def _act(self, steps: list[str], body: dict[str, Any]) -> Any:
        if isinstance(body.get("data"), str) and steps[-1].startswith("sends"):
            body["data"] = base64.b64decode(body["data"])
        match steps:
            case ["people"]:
                return self._stage.person(**body)
            case ["groups"]:
                members = [self._person(number) for number in body.pop("members", ())]
                return self._stage.group(members=members, **body)
            case ["people", number, verb] if verb in PERSON:
                return getattr(self._person(number), verb)(**body)
            case ["groups", number, verb] if verb in GROUP:
                return getattr(self._stage.room(int(number)), verb)(**body)
            case ["faults", kind] if kind in TROUBLE:
                return self._trouble(kind, body)
            case ["gates", number, "open"]:
                return self._gates[int(number)].open()
            case _:
                raise LookupError(f"nothing to do at {'/'.join(steps)}")

    def _trouble(self, kind: str, body: dict[str, Any]) -> Any:
        made = getattr(self._stage.faults, kind)(**body)
        if isinstance(made, Gate):
            self._gates.append(made)
            return {"gate": len(self._gates) - 1}
        return None

    def _person(self, number: str | int) -> Person:
        return next(person for person in self._stage.people if person.id == int(number))


def _room(room: Room) -> dict[str, Any]:
    return {
        **_plain(room),
        "messages": room.messages,
        "topics": [{**asdict(topic), "messages": None} for topic in room.topics],
        "pinned": room.pinned,
        "actions": room.actions,
    }


def _plain(value: Any) -> Any:
    """Return what JSON cannot say by itself as what it can."""
    if isinstance(value, Person):
        return {"id": value.id, "name": value.name, "username": value.username}
    if isinstance(value, Room):
        return {"id": value.id, "title": value.title, "group": isinstance(value, Group)}
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
