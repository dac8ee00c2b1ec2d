"""What is refused and by which word, where a story would be long: each of these asks for two of something, or for a race."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import select

from handlers import bulk, labels, views
from handlers.messages import Event, Kind
from handlers.rules import Rules
from handlers.rules.document import read
from handlers.rules.groups import Group
from storage.database import Database
from storage.models import Role, StateKind, person_state
from storage.opening import open_database
from storage.people import Person
from storage.transaction import Transaction
from tests.desk.scenes import FORM
from tests.desk.test_acts import Staffed

SLACK = "slack:T1"


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; what is refused asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


async def refused(database: Database, story: Callable[[Staffed], None], *words: str) -> None:
    """Tell a story, and see that just this was refused in it."""

    def work(connection: Any) -> list[str]:
        scene = Staffed(Transaction(connection)).begin("close", Role.AGENT)
        story(scene)
        return scene.refusals

    assert await database.run(work) == list(words)


def commands(scene: Staffed, who: Person, *lines: str, thread: str = "") -> None:
    """Let somebody give commands in the team channel."""
    for line in lines:
        name, _, value = line.partition(" ")
        scene.gives(scene.in_team(who, Kind.COMMAND, name, value, thread=thread))
        scene.delivered()


def pressed(scene: Staffed, who: Person, name: str, value: str) -> Event:
    """Return a press in somebody's own chat."""
    return scene.event(who, Kind.PRESS, name, value)


# By the team


async def test_more_than_can_be_done_at_once(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk, "MOST", 1)
    await refused(database, lambda scene: commands(scene, scene.team[Role.AGENT], "queue", "bulk close"), "bulk_many")


async def test_one_tag_too_many(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(labels, "MOST", 2)

    def story(scene: Staffed) -> None:
        commands(
            scene, scene.team[Role.AGENT], "tag 1 one two", "tag 2 one two three", "tag 1 three -one", "tag 1 four"
        )
        assert scene.tx.labelled.of(1).tags == ("three", "two")
        assert scene.tx.labelled.of(2).tags == ()

    await refused(database, story, "tags_full", "tags_full")


async def test_one_view_too_many_and_one_too_long(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(views, "MOST", 1)
    long = "free " * 60

    def story(scene: Staffed) -> None:
        for who in (scene.team[Role.AGENT], scene.team[Role.SENIOR]):  # each has their own
            commands(scene, who, "view save mine free", "view save mine urgent")
        commands(scene, scene.team[Role.AGENT], "view save other free", f"view save mine {long}")

    await refused(database, story, "views_full", "view_long")


async def test_a_note_without_a_word(database: Database):
    await refused(database, lambda scene: commands(scene, scene.team[Role.AGENT], "note", thread="1"), "usage")


async def test_what_was_merged_is_linked_to_nothing(database: Database):
    def story(scene: Staffed) -> None:
        scene.registers(scene.person("Eve"), "It leaks too")
        commands(scene, scene.team[Role.SENIOR], "merge 1 2")
        commands(scene, scene.team[Role.AGENT], "problem 3 1", "problem 1 3")

    await refused(database, story, "merged", "merged")


async def test_a_request_is_not_raised_to_where_it_is(database: Database):
    def story(scene: Staffed) -> None:
        scene.rules = Rules(groups={name: Group(name, {"en": name.title()}) for name in ("network", "phones")})
        commands(scene, scene.team[Role.AGENT], "escalate 1 network", "escalate 1 network", "escalate 1 phones")
        assert [scene.tx.tickets.get(number).group_name for number in (1, 2)] == ["phones", None]

    await refused(database, story, "in_group")


async def test_a_request_for_somebody_asks_the_agent_to_write_to_the_bot_first(database: Database):
    def story(scene: Staffed) -> None:
        stranger = scene.person("Stan", Role.AGENT, chat="")
        scene.gives(scene.in_team(stranger, Kind.PRESS, "for", str(scene.person("Ann").account_id)))

    await refused(database, story, "start_first")


async def test_who_has_left_the_team_registers_nothing_for_others(database: Database):
    def story(scene: Staffed) -> None:
        bob, ann = scene.person("Bert", Role.AGENT), scene.person("Ann")
        form = scene.tx.requests.form_id("request", "canary", FORM, scene.at)
        draft = scene.tx.drafts.open(
            bob.id, f"{bob.source}:{bob.chat}", form, step="review",
            answers={"type": "other", "contract": "", "text": "x", "files": []},
            facts={"for": ann.account_id}, at=scene.at,
        )  # fmt: skip
        scene.tx.channels.leave(scene.channel.id, bob.id, scene.at)
        scene.gives(pressed(scene, bob, "submit", str(draft.id)))

    await refused(database, story, "not_yours")


async def test_what_one_has_ended_is_not_ended_again(database: Database):
    def story(scene: Staffed) -> None:
        ann, zoe = scene.person("Ann"), scene.person("Zoe")
        commands(scene, scene.team[Role.SENIOR], "merge 1 2")
        for who, number in ((ann, "1"), (ann, "1"), (zoe, "2")):
            scene.gives(pressed(scene, who, "withdraw", number))
        assert scene.tx.tickets.get(2).kind == "closed"

    await refused(database, story, "over")


# Roles


def proposal(scene: Staffed, who: Person, whom: Person, wanted: Role) -> str:
    """Let somebody propose a role; return what their button carries."""
    scene.gives(scene.in_team(who, Kind.PRESS, "role_to", f"{whom.id}.{wanted}"))
    scene.delivered()
    return str(scene.tx.states.get(who.id, StateKind.PROPOSAL, scene.at)["token"])


async def test_of_two_who_change_the_roles_the_second_is_told(database: Database):
    def story(scene: Staffed) -> None:
        boss, other, bob = scene.team[Role.ADMIN], scene.person("Chief", Role.ADMIN), scene.team[Role.AGENT]
        mine, theirs = proposal(scene, boss, bob, Role.SENIOR), proposal(scene, other, bob, Role.ADMIN)
        scene.gives(scene.in_team(other, Kind.PRESS, "apply", theirs))
        scene.gives(scene.in_team(boss, Kind.PRESS, "apply", mine))
        newest = scene.tx.rules.newest()
        assert newest is not None
        assert newest.data["roles"]["admins"] == ["telegram:agent"]

    await refused(database, story, "rules_changed")


async def test_the_last_admin_stays_one_though_another_was_there_when_it_was_proposed(database: Database):
    def story(scene: Staffed) -> None:
        boss, bob = scene.team[Role.ADMIN], scene.team[Role.AGENT]
        scene.gives(scene.in_team(boss, Kind.PRESS, "apply", proposal(scene, boss, bob, Role.ADMIN)))
        newest = scene.tx.rules.newest()
        assert newest is not None
        scene.rules = read(newest.data, Rules())[0]
        mine = proposal(scene, bob, bob, Role.SENIOR)
        scene.tx.people.grant(boss.id, Role.REQUESTER)
        scene.gives(scene.in_team(bob, Kind.PRESS, "apply", mine))
        assert scene.tx.rules.newest() == newest

    await refused(database, story, "rules")


# One person on two messengers


def linked(scene: Staffed, who: Person, other: Person) -> str:
    """Let somebody ask for a code and give it on the other side; return the question's name."""
    scene.gives(scene.event(who, Kind.COMMAND, "link"))
    code = newest(scene, "code:")
    scene.gives(scene.event(other, Kind.COMMAND, "link", code))
    return newest(scene, "ask:")


def newest(scene: Staffed, begins: str) -> str:
    """Return what was remembered last under such a name."""
    keys = select(person_state.c.key).where(
        person_state.c.kind == StateKind.LINK, person_state.c.key.startswith(begins)
    )
    return str(scene.tx.connection.scalars(keys.order_by(person_state.c.until.desc())).first()).removeprefix(begins)


def on_slack(scene: Staffed, name: str) -> Person:
    """Return somebody's account on the other messenger, nobody's yet."""
    return scene.tx.people.meet(SLACK, f"U{name}", name=name, username="", language="en", chat=f"D{name}", at=scene.at)


async def test_a_code_of_ones_own_joins_nobody(database: Database):
    def story(scene: Staffed) -> None:
        linked(scene, scene.person("Ann"), scene.person("Ann"))

    await refused(database, story, "link_already")


async def test_somebody_of_the_team_is_joined_by_nobody_where_no_admin_can_be_asked(database: Database):
    def story(scene: Staffed) -> None:
        bob, his = scene.team[Role.AGENT], on_slack(scene, "Bob")
        scene.tx.people.grant(scene.team[Role.ADMIN].id, Role.REQUESTER)
        token = linked(scene, bob, his)
        scene.gives(scene.event(his, Kind.PRESS, "link_yes", token))
        scene.gives(scene.event(bob, Kind.PRESS, "link_yes", token))
        assert scene.tx.people.of_account(his.account_id).id != bob.id

    await refused(database, story, "link_no_admin")


async def test_who_is_joined_by_one_question_is_not_joined_by_another(database: Database):
    def story(scene: Staffed) -> None:
        bob, his, boss = scene.team[Role.AGENT], on_slack(scene, "Bob"), scene.team[Role.ADMIN]
        tokens = [linked(scene, his, bob) for _ in range(2)]
        assert len(set(tokens)) == 2
        for token in tokens:
            scene.gives(scene.event(bob, Kind.PRESS, "link_yes", token))
            scene.gives(scene.event(his, Kind.PRESS, "link_yes", token))
        for token in tokens:
            scene.gives(scene.event(boss, Kind.PRESS, "link_grant", token))

    await refused(database, story, "link_already")
