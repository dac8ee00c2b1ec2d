"""In public only the knowledge base answers: every command and every button, as either messenger brings them.

The list is the router's, so that a new command is covered. What is said in public to anything else is one pointer, whoever
asks; what a button leads to is shown in the person's own chat.
"""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any

import pytest
from aiogram.types import Update
from sqlalchemy import select

from bot.slack import events, interactions
from bot.telegram.events import event_from_update as of_telegram
from handlers.contents import CONTENTS
from handlers.turns.router import Route
from handlers.vocabulary.audience import ANYWHERE, INSIDE, OWN, Audience
from handlers.vocabulary.messages import RENDERED_MESSAGE, Event, Kind, phrase
from handlers.vocabulary.translations import Locale, Translator
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import Role, outgoing
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.desk.scenes import SOURCE, TEAM, Scene, alone

SLACK, USER, HALL, HOME = "slack:T1", "U1", "C9", "D1"
KNOWN = events.SlackContext(SLACK, "UBOT", "BBOT", "CTEAM")
POINTER = Translator().say(phrase("refused.only_private"), Locale())
QUESTION, ANSWER = "Where is the canteen?", "On the second floor"
VALUES = ("", "1", "1.1", "1.5", "anew", "-1.0", "words of mine", "canteen", "1.claim", "close.1.00000000", "agent")


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; who reads what asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


def scene_with(connection: Any, role: Role) -> Scene:
    """Return a desk that knows somebody of this role on Slack, with a request and an article."""
    scene = Scene(Transaction(connection))
    team = scene.tx.channels.ensure(SLACK, "CTEAM", language="en", threads=False)
    known: Any = {"name": "Nora", "username": "nora", "language": "en"}
    who = scene.tx.people.meet(SLACK, USER, chat=HOME, at=MONDAY, **known)
    scene.tx.people.set_zone(who, "UTC")
    if role is not Role.REQUESTER:
        scene.tx.channels.join(team.id, who.id, MONDAY)
        scene.tx.people.grant(who.id, role)
    who = scene.tx.people.of_account(who.account_id)
    scene.registers(who, "secretofnora")
    scene.tx.articles.add(
        section="", language="en", question=QUESTION, answer=ANSWER, aliases=(), keywords=(), by=who.id, at=MONDAY
    )
    return scene


def mention(text: str) -> Event:
    """Return what somebody says to the app in a channel that is not the team's."""
    inner = {"type": "app_mention", "user": USER, "channel": HALL, "ts": "1700000000.000100", "text": f"<@UBOT> {text}"}
    found = events.event_from_payload({"event": inner, "event_id": "E1"}, KNOWN)
    assert found is not None
    return found


def pressed(name: str, value: str) -> Event:
    """Return a press of a button in a channel that is not the team's."""
    body = {
        "type": "block_actions",
        "trigger_id": "T.1",
        "user": {"id": USER},
        "container": {"channel_id": HALL, "message_ts": "1700000000.000200", "thread_ts": "1700000000.000100"},
        "actions": [{"value": f"{name}:{value}", "action_ts": "1", "type": "button"}],
    }
    found = interactions.interaction_event(body, KNOWN, MONDAY)
    assert found is not None
    return found


def in_a_group(text: str) -> Event:
    """Return what somebody says in a Telegram group that is not the team's."""
    message = {
        "message_id": 5,
        "date": 1700000000,
        "chat": {"id": -500, "type": "supergroup", "title": "Hall"},
        "from": {"id": 7, "is_bot": False, "first_name": "Nora"},
        "text": text,
    }
    found = of_telegram(Update.model_validate({"update_id": 1, "message": message}), "telegram:1", "frontdesk_bot")
    assert found is not None
    return found


def said(scene: Scene, after: int, place: str) -> list[str]:
    """Return what was promised a place and its threads."""
    rows = scene.tx.connection.execute(
        select(outgoing.c.payload).where(outgoing.c.id > after, outgoing.c.lane.startswith(place, autoescape=True))
    ).all()
    return [RENDERED_MESSAGE.validate_json(row.payload).words.text for row in rows]


AT_HOME = "I have answered you in our own chat."


def commands() -> Iterator[Route]:
    """Yield every command."""
    return (route for route in CONTENTS.router.routes.values() if route.kind is Kind.COMMAND)


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.ADMIN])
async def test_in_a_slack_channel_a_command_gets_a_pointer_and_nothing_else(database, role):
    def story(connection: Any) -> None:
        scene = scene_with(connection, role)
        for route in commands():
            for value in ("", "1", "canteen", "export", "secretofnora"):
                alone(scene.tx, partial(one, scene, route, value))

    def one(scene: Scene, route: Route, value: str) -> None:
        last, before = scene.last(), settings(scene)
        scene.gives(mention(f"!{route.name} {value}"))
        told = said(scene, last, f"{SLACK}:{HALL}")
        answers = Audience.PUBLIC in route.audiences and f"{route.name} {value}" not in names()
        if route.name == "channel":  # an admin sets up the very channel it is given in, and is asked in private
            assert told == [AT_HOME if role is Role.ADMIN and not value else POINTER]
        elif answers:
            assert route.name == "faq"
            assert told
            assert all("secretofnora" not in text for text in told)
            assert all("article #" not in text.lower() for text in told)
        else:
            assert told == [POINTER], f"!{route.name} {value}"
            assert settings(scene) == before, f"!{route.name} {value}: something was done"

    await database.run(story)


async def test_what_is_no_command_gets_the_pointer_too(database):
    def story(connection: Any) -> None:
        scene = scene_with(connection, Role.ADMIN)
        for text in ("!nothing", "!lnik", "!roles @ann"):
            last = scene.last()
            scene.gives(mention(text))
            assert said(scene, last, f"{SLACK}:{HALL}") == [POINTER]

    await database.run(story)


def names() -> set[str]:
    """Return what all commands are called."""
    return {route.name for route in commands()}


def settings(scene: Scene) -> list[Any]:
    """Return what is kept beside the tables of tickets: link codes, proposals, lists."""
    return sorted(scene.tx.connection.exec_driver_sql("select name, value from setting").all())


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.ADMIN])
async def test_a_button_in_public_opens_the_own_chat_or_shows_an_answer(database, role):
    def story(connection: Any) -> None:
        scene = scene_with(connection, role)
        for route in (route for route in CONTENTS.router.routes.values() if route.kind is Kind.PRESS):
            for value in VALUES:
                alone(scene.tx, partial(one, scene, route, value))

    def one(scene: Scene, route: Route, value: str) -> None:
        last = scene.last()
        scene.gives(pressed(route.name, value))
        told = said(scene, last, f"{SLACK}:{HALL}")
        if Audience.PUBLIC not in route.audiences:
            assert told == [], f"{route.name}:{value}"
        assert all("secretofnora" not in text for text in told), f"{route.name}:{value}"

    await database.run(story)


async def test_a_telegram_group_that_is_not_the_teams_hears_nothing(database):
    def story(connection: Any) -> None:
        scene = scene_with(connection, Role.ADMIN)
        for route in commands():
            last = scene.last()
            if route.name == "channel":  # heard of an admin anywhere, and answered in private
                continue
            for text in (f"/{route.name}@frontdesk_bot 1", f"/{route.name}", f"!{route.name} 1", QUESTION):
                scene.gives(in_a_group(text))
            assert scene.last() == last, route.name

    await database.run(story)


async def test_a_question_in_public_is_answered_from_the_knowledge_base_and_joins_nothing(database):
    def story(connection: Any) -> None:
        scene = scene_with(connection, Role.REQUESTER)
        last = scene.last()
        scene.gives(mention(QUESTION))
        [told] = said(scene, last, f"{SLACK}:{HALL}")
        assert ANSWER in told
        last = scene.last()
        scene.gives(mention("secretword of mine that nobody knows an answer to"))
        assert len(said(scene, last, f"{SLACK}:{HALL}")) == 1
        assert scene.tx.tickets.get(1).unread == 0
        assert len(scene.tx.talk.of(1)) == 1

    await database.run(story)


async def test_in_public_the_dialog_opens_in_a_window_and_its_end_is_told_in_the_own_chat(database):
    def story(connection: Any) -> None:
        scene = scene_with(connection, Role.REQUESTER)
        last = scene.last()
        turn = scene.gives(pressed("need", "anew"))
        [(_, asked)] = turn.windows
        assert (asked.private, asked.chat, asked.interaction) == (True, HOME, "T.1")
        assert said(scene, last, f"{SLACK}:{HALL}") == []

    await database.run(story)


async def test_who_is_banned_is_told_so_in_private_only(database):
    def story(connection: Any) -> None:
        scene = scene_with(connection, Role.REQUESTER)
        who = scene.tx.people.find(SLACK, USER)
        assert who is not None
        scene.tx.bans.put(who.id, reason="secretreason", until=None, by=who.id, at=MONDAY)
        last = scene.last()
        scene.gives(mention(QUESTION))
        assert said(scene, last, SLACK) == []

    await database.run(story)


async def test_in_the_teams_channel_what_is_for_the_reader_alone_goes_to_the_own_chat(database):
    def story(connection: Any) -> None:
        scene = scene_with(connection, Role.ADMIN)
        for route in (route for route in commands() if route.audiences == OWN):
            last = scene.last()
            inner = {
                "type": "message",
                "user": USER,
                "channel": "CTEAM",
                "ts": "1700000001.0",
                "text": f"!{route.name}",
            }
            found = events.event_from_payload({"event": inner, "event_id": "E2"}, KNOWN)
            assert found is not None
            scene.gives(found)
            assert said(scene, last, f"{SLACK}:CTEAM") == ["I have answered you in our own chat."], route.name
            assert len(said(scene, last, f"{SLACK}:{HOME}")) == 1, route.name

    await database.run(story)


def test_only_answers_are_for_everybody():
    assert {
        route.name
        for route in CONTENTS.router.routes.values()
        if route.audiences == ANYWHERE and route.kind is Kind.COMMAND
    } == {"faq", "channel"}
    shown = {
        route.name
        for route in CONTENTS.router.routes.values()
        if route.audiences == ANYWHERE and route.kind is Kind.PRESS
    }
    assert shown == {
        *("faq", "section", "article", "step", "helped", "favour", "answer_approval"),
        *(
            "confirm",
            "again",
            "person",
            "not_request",
            "fill_private",
            "offer_yes",
            "offer_no",
            "join_own",
            "part_own",
            "plan_suits",
            "plan_other",
            "plan_calendar",
        ),  # of a request's author, in its thread in a request channel
    }
    assert {route.audiences for route in CONTENTS.router.routes.values()} == {OWN, INSIDE, ANYWHERE}


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize(("kind", "name"), [(Kind.COMMAND, "clam"), (Kind.COMMAND, "nothing"), (Kind.PRESS, "gone")])
async def test_what_nobody_hears_in_the_teams_channel_is_answered_there(database, kind: Kind, name: str, written: bool):
    """Also of an agent who has not written to the bot: where else would they read it?"""

    def story(connection: Any) -> None:
        scene = Scene(Transaction(connection))
        bob = scene.person("Bob", Role.AGENT, **({} if written else {"chat": ""}))
        last = scene.last()
        turn = scene.gives(scene.in_team(bob, kind, name, "1"))
        assert scene.refusals == []
        assert [toast.alert for toast in turn.toasts] == [True] * (kind is Kind.PRESS)
        lanes = connection.scalars(select(outgoing.c.lane).where(outgoing.c.id > last)).all()
        assert list(lanes) == [f"{SOURCE}:{TEAM}"] * (kind is Kind.COMMAND)

    await database.run(story)


async def test_in_ones_own_chat_nothing_is_said_to_go_on_there(database):
    def story(connection: Any) -> None:
        scene = scene_with(connection, Role.ADMIN)
        who = scene.tx.people.find(SLACK, USER)
        assert who is not None
        for route in commands():
            alone(scene.tx, partial(one, scene, who, route))

    def one(scene: Scene, who: Any, route: Route) -> None:
        last = scene.last()
        scene.gives(scene.event(who, Kind.COMMAND, route.name, "1"))
        assert AT_HOME not in said(scene, last, f"{SLACK}:{HOME}"), route.name

    await database.run(story)
