"""Permissions hold for an act, whatever leads there: each act, by every route that reaches it, for each role."""

import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import pytest

from handlers.contents import CONTENTS
from handlers.rules import Rules
from handlers.rules.canned import Canned
from handlers.rules.general import DIRECT
from handlers.rules.people import Roles
from handlers.turns.router import Route, Router, Routes
from handlers.vocabulary import presses
from handlers.vocabulary.acts import ACT_OF, ACTS
from handlers.vocabulary.fetches import SHOW_CODE
from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.payloads import FetchedFile, Reaction, Submission
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import MessageKind, Role
from storage.people.people import Person
from storage.queues.spoken import StoredWords
from storage.transaction import Transaction
from tests.desk.scenes import SOURCE, TEAM, Scene, alone
from tests.storage.rows import at

CANNED = {"hello": Canned("hello", {"en": "Hello"})}
WEAKER = {Role.AGENT: [Role.AGENT], Role.SENIOR: [Role.AGENT, Role.SENIOR], Role.ADMIN: [Role.AGENT, Role.SENIOR]}
VALUES = ("1", "00000000.question.1", "00000000.1", "1.2", "", "1.hello", "1.high", "1.1h", "0.1.00000000", "close.1.00000000",
          "1.1.00000000", "1.00000000", "1.en", "1.1.other",
          "waiting", "00000000", "0.all", "1.h2", "1.agent", "1.other", "1.open", "billing.", "group.first", "other",
          "1.1.1", "overview.1", "xlsx.queue.1.00000000", "txt.1.00000000")  # fmt: skip


# Acts on somebody else of what everybody may do for themselves: these ways lead there, and each asks inside.
ASKED_WITHIN = {
    "privacy": (
        (Kind.COMMAND, "privacy", "@ann"),
        *((Kind.PRESS, name, "{ann}") for name in ("privacy", "export", "erase_ask", "erase_no")),
    )
}


# What is told of a file that was read: nothing can be taken from it.
CODES = b64encode(b'["PC-1"]').decode()
UNREADABLE = b64encode(
    json.dumps(
        {
            "problems": [["unreadable", 0, {"why": "it is empty"}]],
            "wrong": 1,
            "webhook": "erp",
            "said": "taken",
            "ms": 1,
        }
    ).encode()
).decode()


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; who may do what asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


class Staffed(Scene):
    """Two requests, and somebody of each of the team's roles."""

    def begin(self, act: str, needed: Role) -> "Staffed":
        """Register them where an act asks for a role."""
        self.rules = Rules(roles=Roles(permissions={act: needed}), canned=CANNED)
        self.team = {role: self.person(str(role).title(), role) for role in (Role.AGENT, Role.SENIOR, Role.ADMIN)}
        for name in ("Ann", "Zoe"):
            number = self.registers(self.person(name), "It leaks")
            self.tx.talk.set_native(number, self.channel.id, str(number))
        self.tx.articles.add(section="", language="en", question="Where?", answer="There", by=None, at=self.at)
        self.delivered()
        return self

    def refused(self, event: Event) -> bool:
        """Return whether somebody's act is refused for their role."""
        self.refusals.clear()
        self.gives(event)
        return "not_yours" in self.refusals


def fitting(route: Route) -> str:
    """Return something that a button of this route may carry."""
    found = next((value for value in VALUES if re.fullmatch(route.key, value)), None)
    assert found is not None, f"{route.name}: say in VALUES what a button with the key {route.key!r} may carry"
    return found


def caused(scene: Staffed, route: Route, who: Person) -> Event:
    """Return how somebody would come to a route."""
    facts: dict[str, Any] = {"thread": "1"}
    match route.kind:
        case Kind.COMMAND:
            return scene.in_team(who, route.kind, route.name, "1 something", **facts)
        case Kind.PRESS:
            return scene.in_team(who, route.kind, route.name, fitting(route), **facts)
        case Kind.FETCHED:
            return scene.event(
                who,
                route.kind,
                route.name,
                facts={"account": who.account_id},
                fetched=FetchedFile("a.csv", CODES if route.name == SHOW_CODE else UNREADABLE),
            )
    form = scene.tx.requests.form_id(
        route.name,
        "0",
        {"name": route.name, "title": {"": "note.title"}, "fields": [], "review": False},
        scene.at,
    )
    lane = f"{SOURCE}:{TEAM}"
    answers = {
        "tags": "vip",
        "spent": "30m",
        "aliases": "The canteen?",
        "who": "@ann",
        "reason": "adverts",
        "text": "Hello",
        "to": "everybody",
        "words": "We move on Monday",
        "when": "tomorrow 10-12",
    }
    words: StoredWords = {"text": "Hi", "spans": []}
    said = scene.tx.talk.add(1, who.id, MessageKind.REPLY, words=words, files=[], at=scene.at)
    outage = scene.tx.outages.add(scene.at, stage="open", words="The mail is down")
    facts = {"ticket": 1, "article": 1, "message": said, "outage": outage, "guest": who.id}
    draft = scene.tx.drafts.open(who.id, lane, form, step="review", answers=answers, facts=facts, at=scene.at)
    return scene.in_team(who, route.kind, route.name, str(draft.id), submission=Submission())


def work(story: Callable[[Staffed], None], act: str, needed: Role) -> Callable[[Any], None]:
    """Return a story as work for a database."""
    return lambda connection: story(Staffed(Transaction(connection)).begin(act, needed))


@pytest.mark.parametrize("needed", [Role.SENIOR, Role.ADMIN])
@pytest.mark.parametrize("act", [act for act in ACTS if act not in ("role", "settings")])
async def test_every_route_to_an_act_asks_for_its_role(database, act, needed):
    def story(scene: Staffed) -> None:
        for route in (route for route in CONTENTS.router.routes.values() if route.act == act):
            for role, who in scene.team.items():
                event = caused(scene, route, who)
                alone(scene.tx, partial(one, scene, route, role, event))

    def one(scene: Staffed, route: Route, role: Role, event: Event) -> None:
        refused = role in WEAKER[needed] and role is not needed
        assert scene.refused(event) == refused, f"{route.kind} {route.name} by {role}"

    await database.run(work(story, act, needed))


@pytest.mark.parametrize("needed", [Role.AGENT, Role.SENIOR, Role.ADMIN])
@pytest.mark.parametrize("act", list(ASKED_WITHIN))
async def test_every_way_to_act_on_somebody_else_asks_for_the_role(database, act, needed):
    def story(scene: Staffed) -> None:
        ann = scene.tx.people.of_username("ann", SOURCE)[0]
        ways = [(kind, name, value.format(ann=ann.id)) for kind, name, value in ASKED_WITHIN[act]]
        everybody = {**scene.team, Role.REQUESTER: scene.tx.people.of_username("zoe", SOURCE)[0]}
        for (kind, name, value), (role, who) in product(ways, everybody.items()):
            event = scene.event(who, kind, name, value)
            alone(scene.tx, partial(one, scene, role, event))
            alone(scene.tx, partial(own, scene, replace(event, value=str(who.id) if kind is Kind.PRESS else "")))

    def one(scene: Staffed, role: Role, event: Event) -> None:
        assert scene.refused(event) == (role.rank < needed.rank), f"{event.kind} {event.name} by {role}"

    def own(scene: Staffed, event: Event) -> None:
        assert not scene.refused(event), f"{event.kind} {event.name} for themselves"

    await database.run(work(story, act, needed))


async def test_the_emoji_the_reply_and_the_canned_one_ask_as_well(database):
    def story(scene: Staffed) -> None:
        who = scene.team[Role.AGENT]
        scene.gives(scene.in_team(scene.team[Role.ADMIN], Kind.COMMAND, "claim", "1"))
        scene.delivered()
        first = scene.tx.talk.first(1, MessageKind.FOLLOW_UP)
        assert first is not None
        scene.tx.talk.written(f"{SOURCE}:{TEAM}", "77", first.id, scene.at)
        answers = scene.in_team(who, Kind.TEXT, thread="1", reply_to="77", text="We are on it")
        said = [
            answers,
            scene.in_team(who, Kind.PRESS, "canned_send", "1.hello", thread="1"),
            scene.in_team(who, Kind.COMMAND, "resolve", "1 We are done", thread="1", text="1 We are done"),
        ]
        for event in said:
            alone(scene.tx, lambda event=event: told.append(scene.refused(event)))  # type: ignore[misc]
        assert told == [True] * len(said)
        assert [one.kind for one, _ in scene.tx.talk.of(1)] == ["follow_up"]
        scene.rules = Rules(talk=DIRECT, roles=scene.rules.roles)
        scene.gives(scene.in_team(who, Kind.TEXT, thread="1", text="Between us"))
        assert [one.kind for one, _ in scene.tx.talk.of(1)] == ["follow_up", "note"]

    told: list[bool] = []
    await database.run(work(story, "r", Role.SENIOR))


@pytest.mark.parametrize(("verb", "act"), [("claim", "claim"), ("resolve", "resolve")])
async def test_an_emoji_asks_for_its_act(database, verb, act):
    def story(scene: Staffed) -> None:
        card = scene.tx.talk.cards(1)[0]
        native = scene.tx.connection.exec_driver_sql(
            f"select native from post where outgoing_id = {card.outgoing_id}"
        ).scalar()
        for role, refused in ((Role.AGENT, True), (Role.SENIOR, False)):
            event = scene.in_team(scene.team[role], Kind.REACTION, verb, message=str(native), reaction=Reaction(verb))
            assert scene.refused(event) == refused

    await database.run(work(story, act, Role.SENIOR))


async def test_a_move_by_name_asks_for_what_it_comes_to(database):
    workflow = {
        "name": "short",
        "start": "new",
        "statuses": {"new": "new", "done": "closed"},
        "moves": {"new": {"move": ["done"]}},
    }

    def story(scene: Staffed) -> None:
        number = at(scene.tx, scene.person("Ann"), workflow=workflow).id
        for role, refused in ((Role.AGENT, True), (Role.SENIOR, False)):
            event = scene.in_team(scene.team[role], Kind.PRESS, "move", f"{number}.done")
            assert scene.refused(event) == refused
        assert scene.tx.tickets.get(number).kind == "closed"

    await database.run(work(story, "close", Role.SENIOR))


async def test_work_that_goes_on_by_a_timer_ends_with_the_permission(database):
    def story(scene: Staffed) -> None:
        who = scene.team[Role.AGENT]
        facts = {"act": "close", "arg": None, "left": [1, 2], "done": 0, "not": [], "lane": f"{SOURCE}:{TEAM}",
                 "language": "en", "zone": "UTC", "shown": None, "account": who.account_id}  # fmt: skip
        event = Event(Kind.TIMER, SOURCE, "t", "t", scene.at, name="bulk", facts=facts)
        scene.gives(event)
        assert [scene.tx.tickets.get(number).kind for number in (1, 2)] == ["new", "new"]

    await database.run(work(story, "close", Role.SENIOR))


async def test_a_requester_ends_and_takes_up_their_own_whatever_the_team_may(database):
    def story(scene: Staffed) -> None:
        ann = scene.person("Ann")
        assert not scene.refused(scene.event(ann, Kind.PRESS, "withdraw", "1"))
        assert scene.tx.tickets.get(1).kind == "closed"
        bob = scene.team[Role.AGENT]
        mine = scene.registers(bob, "My own chair is broken")
        assert not scene.refused(scene.event(bob, Kind.PRESS, "withdraw", str(mine)))

    await database.run(work(story, "close", Role.ADMIN))


def test_every_act_of_the_team_is_on_the_list_or_refused_at_the_start():
    for route in CONTENTS.router.routes.values():
        if route.act:
            assert ACTS[route.act] is route.role
    assert set(ACT_OF.values()) <= set(ACTS)
    assert {route.act for route in CONTENTS.router.routes.values()} | set(ASKED_WITHIN) == {"", *ACTS}
    apart = Routes()
    with pytest.raises(ValueError, match="name its act"):
        apart.press(presses.More, role=Role.AGENT)
    with pytest.raises(ValueError, match="none of handlers/vocabulary/acts"):
        apart.press(presses.MergeInto, role=Role.AGENT, act="merge")(lambda turn: None)
    apart.press(presses.Claim, role=Role.AGENT)(lambda turn: None)
    with pytest.raises(ValueError, match="heard twice"):
        Router(apart, apart)


def test_a_menu_begins_with_what_its_reader_uses_most():
    """By the order of the table of contents."""
    for role, first in (
        (Role.REQUESTER, ("new",)),
        (Role.AGENT, ("r", "r?", "note")),
        (Role.ADMIN, ("r", "r?", "note")),
    ):
        assert tuple(route.name for route in CONTENTS.router.commands(role))[: len(first)] == first


@pytest.mark.parametrize("away", [Kind.DELETE, Kind.EDIT])
async def test_a_message_that_is_deleted_or_edited_to_nothing_asks_for_its_act(database, away):
    """Whoever may not take a reply back by the command or the button does not by deleting it; nor who has left the team."""

    def replied(scene: Staffed, who: Person) -> tuple[int, str]:
        said = scene.in_team(who, Kind.COMMAND, "r", "1 We are on it", thread="1", text="1 We are on it")
        assert not scene.refused(said)
        kept = scene.tx.talk.last(1, MessageKind.REPLY)
        assert kept is not None
        return kept.id, said.message

    def stands(scene: Staffed, number: int) -> bool:
        kept = scene.tx.talk.get(number)
        return kept is not None and kept.deleted_at is None

    def story(scene: Staffed) -> None:
        scene.gives(scene.in_team(scene.team[Role.ADMIN], Kind.COMMAND, "claim", "1"))
        scene.delivered()
        for role, refused in ((Role.AGENT, True), (Role.SENIOR, False), (Role.ADMIN, False)):
            who = scene.team[role]
            number, native = replied(scene, who)
            assert scene.refused(scene.in_team(who, away, thread="1", message=native)) == refused
            assert stands(scene, number) == refused
        scene.rules = Rules()
        gone = scene.team[Role.AGENT]
        scene.gives(scene.event(gone, Kind.COMMAND, "r", "1 From my seat", text="1 From my seat"))
        kept = scene.tx.talk.last(1, MessageKind.REPLY)
        assert kept is not None
        assert kept.person_id == gone.id
        native = str(scene.natives)
        scene.tx.channels.leave(scene.channel.id, gone.id, scene.at)
        assert scene.refused(scene.event(gone, away, message=native))
        assert stands(scene, kept.id)

    await database.run(work(story, "del", Role.SENIOR))
