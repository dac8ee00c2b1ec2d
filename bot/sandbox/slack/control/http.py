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
POST /control/people/U…/uploads         {"files": [{"name": "a.png", "data": "…"}]}   → bytes travel as Base64
GET  /control/people/U…/screen                                        → all that their app shows, but for the messages
GET  /control/people/U…/rooms/C…                                      → the messages of one conversation, as they see them
GET  /control/people | rooms | rooms/C… | people/U… | calls | deliveries | unacked | latencies | violations
GET  /control/changes?since=12&timeout=25                             → returns at the next change
A message is named by {"on": {"channel": "C…", "ts": "…"}} where a verb takes one.
"""

from collections.abc import Mapping
from typing import Any

from bot.sandbox import control
from bot.sandbox.control import bytes_of
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


class ControlPaths(control.ControlPaths):
    """Serves the control paths of one sandbox."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.changes)
        self._stage = stage

    def _stored(self, file_id: str) -> tuple[str, bytes | None]:
        file = self._stage.file(file_id)
        return file.mimetype, file.data

    def _read(self, steps: list[str], query: Mapping[str, str]) -> Any:
        stage = self._stage
        match steps:
            case ["people"]:
                return stage.people
            case ["people", number]:
                return self._whole(self._person(number))
            case ["people", number, "screen"]:
                return stage.screen(number).whole()
            case ["people", number, "rooms", channel]:
                return stage.screen(number).messages(channel)
            case ["rooms"]:
                return stage.rooms
            case ["rooms", number]:
                room = stage.room(number)
                own = room.seen_by(query["person"]) if "person" in query else room.messages
                return {**self._plain(room), "messages": own}
            case ["calls"]:
                return stage.calls_of(query["method"]) if "method" in query else stage.calls
            case [("deliveries" | "unacked" | "latencies" | "violations") as name]:
                return getattr(stage, name)
            case _:
                raise LookupError(f"nothing to read at {'/'.join(steps)}")

    def _act(self, steps: list[str], body: dict[str, Any]) -> Any:
        if steps[:1] == ["people"] and steps[-1] == "fills":  # names in the body are the form's, not ours
            return self._person(steps[1]).fills(body)
        self._prepare(body, steps[-1])
        match steps:
            case ["people"]:
                return self._stage.person(**body)
            case ["channels"]:
                members = [self._person(number) for number in body.pop("members", ())]
                return self._stage.channel(members=members, **body)
            case ["faults", kind] if kind in TROUBLE:
                return self._trouble(self._stage.faults, kind, body)
            case ["gates", number, "open"]:
                return self._gates[int(number)].open()
            case [*who, verb]:
                return getattr(self._actor(who, verb), verb)(**body)
        raise LookupError("nothing to do here")

    def _prepare(self, body: dict[str, Any], verb: str) -> None:
        """Put what the body names in the place of its name: bytes, messages, rooms."""
        bytes_of(body)
        if "files" in body:
            _spread(body, [(file["name"], file["data"]) for file in body.pop("files")], verb)
        for name in ("on", "message", "thread", "at"):
            if isinstance(body.get(name), dict):
                body[name] = self._stage.message(body[name]["channel"], body[name]["ts"])
        if "room" in body:
            body["room"] = self._stage.room(body["room"])

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

    def _person(self, number: str) -> Person:
        return next(person for person in self._stage.people if person.id == number)

    def _whole(self, person: Person) -> dict[str, Any]:
        shown = {"ephemerals": person.ephemerals, "modal": person.modal, "home": person.home}
        return {**self._plain(person), **shown, "failures": person.failures}

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Person):
            return {"id": value.id, "name": value.name, "locale": value.locale, "dm": value.chat.id}
        if isinstance(value, Room):
            return {"id": value.id, "name": value.name, "kind": value.kind, "archived": value.archived}
        if isinstance(value, Delivery):
            names = ("kind", "name", "payload", "acked", "lost", "failed", "answer", "latency", "at")
            return {**{name: getattr(value, name) for name in names}, "attempts": len(value.attempts)}
        return super()._plain(value)


def _spread(body: dict[str, Any], files: list[tuple[str, bytes]], verb: str) -> None:
    """Put files where the verb wants them."""
    if verb == "attaches":
        body["files"] = files
    elif files:
        (body["name"], body["data"]), *body["more"] = files
