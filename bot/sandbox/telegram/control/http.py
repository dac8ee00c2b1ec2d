"""The control side over HTTP, for another process or a page: ``/control/…``, JSON in and out.

POST /control/people            {"name": "Ann", "language": "uk"}     → {"id": 7001, …}
POST /control/people/7001/says  {"text": "Hello"}                     → the message; every verb of ``Person``
POST /control/groups            {"title": "Team", "forum": true, "members": [7001]}
POST /control/groups/-100…/delete_topic {"topic": 5}                  → every verb of ``Group``
POST /control/faults/html       {"method": "send*", "times": 2}       → every kind of ``Trouble``, and ``clear``
POST /control/gates/0/open                                            → opens what ``faults/hold`` has made
GET  /control/files/<file id>                                         → its bytes
GET  /control/people/7001?room=-100…                                  → who they are, their toasts, the menu of commands there
GET  /control/people | rooms | rooms/7001 | calls | updates | unanswered | violations | profile
GET  /control/changes?since=12&timeout=25                             → returns at the next change
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from bot.sandbox import control
from bot.sandbox.control import bytes_of
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
        "speaks",
    ]
)
GROUP = frozenset(
    ["rights", "add_bot", "remove_bot", "open_topic", "close_topic", "delete_topic", "delete_message", "upgrade"]
)
TROUBLE = frozenset({"retry_after", "error", "html", "drop", "slow", "hold", "clear"})


class ControlPaths(control.ControlPaths):
    """Serves the control paths of one sandbox."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.changes)
        self._stage = stage

    def _stored(self, file_id: str) -> tuple[str, bytes | None]:
        file = self._stage.file(file_id)
        return file.mime, file.data

    def _read(self, steps: list[str], query: Mapping[str, str]) -> Any:
        stage = self._stage
        match steps:
            case ["people"]:
                return stage.people
            case ["people", number]:
                return self._whole(self._person(number), query)
            case ["rooms"]:
                return stage.rooms
            case ["rooms", number]:
                return self._room(stage.room(int(number)))
            case ["calls"]:
                return stage.calls_of(query["method"]) if "method" in query else stage.calls
            case ["profile"]:
                return {"commands": list(stage.commands.items()), "texts": list(stage.profile.items())}
            case [("updates" | "unconfirmed" | "unanswered" | "violations") as name]:
                return getattr(stage, name)
            case _:
                raise LookupError(f"nothing to read at {'/'.join(steps)}")

    def _act(self, steps: list[str], body: dict[str, Any]) -> Any:
        if steps[-1:] and steps[-1].startswith("sends"):
            bytes_of(body)
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
                return self._trouble(self._stage.faults, kind, body)
            case ["gates", number, "open"]:
                return self._gates[int(number)].open()
            case _:
                raise LookupError(f"nothing to do at {'/'.join(steps)}")

    def _person(self, number: str | int) -> Person:
        return next(person for person in self._stage.people if person.id == int(number))

    def _whole(self, person: Person, query: Mapping[str, str]) -> dict[str, Any]:
        menu = person.menu(int(query["room"]) if "room" in query else None)
        more = {"language": person.language, "blocked": person.blocked, "toasts": person.toasts, "menu": menu}
        return {**self._plain(person), **more}

    def _room(self, room: Room) -> dict[str, Any]:
        return {
            **self._plain(room),
            "messages": room.messages,
            "topics": [asdict(replace(topic, messages=())) for topic in room.topics],
            "pinned": room.pinned,
            "actions": room.actions,
            "doing": room.doing,
            "forum": room.forum,
            "members": room.members if isinstance(room, Group) else {},
        }

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Person):
            return {"id": value.id, "name": value.name, "username": value.username}
        if isinstance(value, Room):
            return {"id": value.id, "title": value.title, "group": isinstance(value, Group)}
        return super()._plain(value)
