"""Where people of the town talk besides their own chats and the first channel: request channels, and a group's own channel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any

from handlers.rules.change import put_document
from storage.engine.database import Connection
from storage.transaction import Transaction
from tests.stories.harness.places import ROOM, Place
from tests.stories.harness.slack import SlackStage
from tests.stories.harness.stage import Stage
from tests.town.people import ADMIN, AGENT, BOT, LINKED, REQUESTER, SPECIALIST, STRANGER, Resident

REQUESTS, GROUP = "requests", "group"
FIRST, MONEY = "first", "money"  # the groups: the second has a channel of its own
OPENINGS = (
    ("mention",),
    ("mention", "every"),
    ("mention", "every", "emoji"),
    ("mention", "emoji"),
    ("mention", "offer"),
    ("mention", "emoji", "offer"),
)
TASK = "Look at it in place"  # a part of every request of the usual type
ASKED_STATUS = "approved"  # of an order: some of the team say yes before it comes there
OWN_GROUP = 0.3  # the share of request channels whose requests go to the group with a channel of its own
DEVICE = {"name": "device_no", "label": "Which device it is", "kind": "asset", "by": "agent", "required": False}
# On the checklist of every type.
LOOKED = {"name": "looked", "label": "Looked at the line", "kind": "check", "guest": True}
SITE = {"name": "site", "label": "Which site it is at", "kind": "choice", "required": False}  # of orders
ASKED = 0.3  # the share of request channels that answer at once where they are sure


@dataclass(eq=False, slots=True)
class Room:
    """A channel or group of other people's, with the bot in it."""

    name: str
    kind: str
    side: Stage
    id: str
    people: list[Resident]
    forum: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    open: bool = True  # requests are opened there
    shut: bool = False  # the bot is not in it now
    lost: bool = False  # and was not once

    def __str__(self) -> str:
        return str(self.place)

    @property
    def place(self) -> Place:
        """Return it as a place to talk."""
        return ROOM(self.name)

    @property
    def source(self) -> str:
        """Return the account of the desk that is in it."""
        return self.side.source(self.side.founder)

    def opens(self, way: str) -> bool:
        """Return whether requests are opened in it in this way."""
        return self.open and way in self.settings["opens"]


class Architect:
    """Lets the rooms of a town exist, and makes them known to its desk."""

    def __init__(self, random: Random, people: Sequence[Resident]) -> None:
        self._random, self._people = random, people

    def build(self, sides: Sequence[Stage]) -> list[Room]:
        """Return rooms on each side: two request channels, and perhaps the channel of a group."""
        found = [room for side in sides for room in self._of(side)]
        at = self._random.choice((sides, sides[:1], sides[-1:]))  # where that group's agents are
        return [*found, *(self._group(side) for side in at)]

    def _of(self, side: Stage) -> Iterator[Room]:
        for number, aside in enumerate((False, True)):
            opens = list(self._random.choice(OPENINGS))
            settings: dict[str, Any] = {"opens": opens, "answer": self._random.random() < ASKED}
            settings |= {"group": MONEY} if self._random.random() < OWN_GROUP else {}
            people = self._some(side)
            room = self._opened(side, f"clients {number}", REQUESTS, people, aside=aside)
            room.settings = settings
            yield room

    def _some(self, side: Stage) -> list[Resident]:
        """Return who talks in a request channel: some who may need help, an agent, an admin, another app's bot."""
        here = [person for person in self._people if person.side is side]
        clients = [person for person in here if person.sort in (REQUESTER, STRANGER, LINKED)]
        chosen = self._random.sample(clients, 3)
        chosen += [next(person for person in here if person.sort == sort) for sort in (AGENT, ADMIN)]
        return [*chosen, *(person for person in here if person.sort == BOT)]

    def _group(self, side: Stage) -> Room:
        here = [person for person in self._people if person.side is side]
        people = [person for person in here if person.sort == SPECIALIST]
        people += [[person for person in here if person.sort == AGENT][-1]]
        return self._opened(side, "money", GROUP, people, aside=self._random.random() < 0.5)

    def _opened(self, side: Stage, name: str, kind: str, people: list[Resident], *, aside: bool) -> Room:
        """Open a room: aside is a forum on Telegram, and what only its members see on Slack."""
        forum = aside and not isinstance(side, SlackStage)
        members = [person.native for person in people if person.sort != BOT]
        chat = side.opens_room(name, members, forum=forum, private=aside or kind == GROUP)
        room = Room(name, kind, side, chat, people, forum)
        for person in people:
            person.rooms.append(chat)
            if person.sort == BOT:
                enters(person, side, name)
        return room


def enters(robot: Resident, side: Any, name: str) -> None:
    """Let another app's bot be in a room."""
    if isinstance(side, SlackStage):
        robot.native.joins(side.rooms[name])
    else:
        robot.native.becomes("member", side.rooms[name])


@dataclass(frozen=True, slots=True)
class Others:
    """What the rules name that is outside the desk: addresses of programs, and a user group of Slack, "" for none."""

    hook: str
    sites: str
    user_group: str


def user_group(sides: Sequence[Stage]) -> str:
    """Make a user group where there is a Slack; return its id."""
    return next((side.sandbox.opens_group() for side in sides if isinstance(side, SlackStage)), "")


def made_known(rooms: Sequence[Room], base: Any, at: datetime, others: Others, connection: Connection) -> None:
    """Write down what these rooms are, and what the rules name, as an earlier day's work of an admin."""
    tx = Transaction(connection)
    for room in rooms:
        if room.kind == REQUESTS:
            tx.request_channels.keep(room.source, room.id, title=room.name, settings=room.settings, at=at)
    words = [f"{room.source.partition(':')[0]}:{room.id}" for room in rooms if room.kind == GROUP]
    for room in rooms:
        if room.kind == GROUP:
            tx.channels.ensure(room.source, room.id, language="en", threads=room.forum)
    groups = {
        FIRST: {"title": "First line", "escalate_to": MONEY},
        MONEY: {"title": "Money", "channels": words},
    }
    newest = tx.rules.newest()
    document = newest.data if newest else {}
    types = {
        name: {**kind, "fields": [*kind["fields"], {**LOOKED, "required": name == "billing"}, DEVICE]}
        for name, kind in document["types"].items()
    }
    asks_for_site = {**SITE, "choices_from": {"url": others.sites, "every": "5m"}}
    types["supplies"]["fields"] += [asks_for_site]
    types["other"]["tasks"] = [{"title": TASK, "group": FIRST, "due": "1d"}]
    ruled = {**document, "groups": groups, "types": types, "assets": {"device": {"title": "Device"}}}
    ruled["workflows"] = with_approvals(document["workflows"])
    duty = {"title": "Money", "group": MONEY, "every": "day", "begins": at.date().isoformat(), "at": f"{at:%H:%M}"}
    people = [f"{person.side.source(person.native).partition(':')[0]}:{person.native.id}" for person in on_rota(rooms)]
    followed = {"slack_group": others.user_group} if others.user_group else {}
    ruled["rota"] = {MONEY: {**duty, **followed, "people": people}}
    ruled["webhooks"] = {"program": {"url": others.hook}}
    if any(room.settings.get("answer") for room in rooms):  # in a share of the towns
        ruled["surveys"] = {"after": "1h", "once_in": "1d", "scale": "nps"}
    put_document(tx, ruled, replace(base), act="apply", by=None, at=at)
    for number in range(1, 6):
        tx.assets.add(f"PC-{number}", "device", at, name="Lenovo")


def on_rota(rooms: Sequence[Room]) -> list[Resident]:
    """Return who takes shifts for the group with a channel of its own."""
    return [person for room in rooms if room.kind == GROUP for person in room.people if person.sort != BOT]


def with_approvals(flows: Mapping[str, Any]) -> dict[str, Any]:
    """Return workflows of which that of orders asks for the yes of some of the team, by its ``flows``: names and data."""
    asked = {"rounds": [{"ask": ["role:agent"], "need": need} for need in ("any", "majority")], "remind": "4h"}
    order = {**flows["order"], "approvals": {ASKED_STATUS: {**asked, "declined": "declined"}}}
    return {**flows, "order": order}
