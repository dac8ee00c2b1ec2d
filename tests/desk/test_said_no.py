"""What is refused and by which word, where a story would be long: each of these asks for two of something, or for a race."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.operations.seed import example_rules
from handlers.agent import bulk, digest, queue, tags_and_time, views
from handlers.privacy import page
from handlers.rules import Rules
from handlers.rules.change import put_document
from handlers.rules.document import read_document
from handlers.rules.groups import Group
from handlers.vocabulary.fetches import ArticlesFile
from handlers.vocabulary.messages import Event, Kind
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.lifecycle import Refused
from storage.models import MessageKind, Role, StateKind, account, person_state, ticket
from storage.people import erased
from storage.people.people import Person
from storage.transaction import Transaction
from tests.desk.scenes import FORM
from tests.desk.test_acts import Staffed

SLACK = "slack:T1"
ASKED: dict[str, Any] = {
    "question": "any news?", "said": {"words": {"text": "any news?", "spans": []}, "files": [], "place": "telegram:1:ann",
    "native": "77"}, "language": "en", "verdict_": "unknown", "candidates": [],
}  # fmt: skip


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
        if name == "merge" and scene.tx.states.get(who.id, StateKind.PROPOSAL, scene.at):
            scene.gives(confirmed(scene, who))  # it is asked whether that is meant
        scene.delivered()


def pressed(scene: Staffed, who: Person, name: str, value: str) -> Event:
    """Return a press in somebody's own chat."""
    return scene.event(who, Kind.PRESS, name, value)


# By the team


async def test_more_than_can_be_done_at_once(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk, "MOST", 1)
    await refused(database, lambda scene: commands(scene, scene.team[Role.AGENT], "queue", "bulk close"), "bulk_many")


async def test_one_tag_too_many(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tags_and_time, "MOST", 2)

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
        scene.rules = read_document(newest.data, Rules())[0]
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


async def test_a_yes_before_the_other_side_and_an_undoing_after_it_are_of_an_older_time(database: Database):
    def story(scene: Staffed) -> None:
        ann, hers = scene.person("Ann"), on_slack(scene, "Ann")
        token = linked(scene, ann, hers)
        scene.gives(scene.event(ann, Kind.PRESS, "link_yes", token))  # before it was asked of her
        for who in (hers, ann):
            scene.gives(scene.event(who, Kind.PRESS, "link_yes", token))
        joined = newest(scene, "join:")
        assert scene.tx.people.of_account(hers.account_id).id == scene.tx.people.of_account(ann.account_id).id
        for _ in range(2):
            scene.gives(scene.event(hers, Kind.PRESS, "link_undo", joined))
        assert scene.tx.people.of_account(hers.account_id).id != scene.tx.people.of_account(ann.account_id).id

    await refused(database, story, "expired", "expired")


# The stop-list


def confirmed(scene: Staffed, who: Person) -> Event:
    """Return the press that does what somebody proposed last."""
    token = scene.tx.states.get(who.id, StateKind.PROPOSAL, scene.at)["token"]
    return scene.in_team(who, Kind.PRESS, "apply", str(token))


async def test_a_ban_in_a_thread_is_of_its_requester(database: Database):
    def story(scene: Staffed) -> None:
        boss, zoe = scene.team[Role.ADMIN], scene.person("Zoe")
        commands(scene, boss, "ban 7d adverts", thread="2")
        scene.gives(confirmed(scene, boss))
        assert [(one.person_id, one.reason) for one in scene.tx.bans.all(scene.at)] == [(zoe.id, "adverts")]
        commands(scene, boss, "ban", thread="1")  # of Ann, and not the list: a reason is missing

    await refused(database, story, "usage")


async def test_who_joins_the_team_meanwhile_is_not_kept_out(database: Database):
    def story(scene: Staffed) -> None:
        boss, ann = scene.team[Role.ADMIN], scene.person("Ann")
        commands(scene, boss, "ban @ann 7d adverts", "ban @agent 7d adverts", "ban @ann 7d adverts")
        scene.tx.channels.join(scene.channel.id, ann.id, scene.at)
        scene.gives(confirmed(scene, boss))
        assert scene.tx.bans.all(scene.at) == []

    await refused(database, story, "ban_team", "ban_team")


async def test_of_two_who_let_somebody_in_the_second_is_told(database: Database):
    def story(scene: Staffed) -> None:
        boss, other, ann = scene.team[Role.ADMIN], scene.person("Chief", Role.ADMIN), scene.person("Ann")
        for name in ("Ann", "Zoe"):
            scene.tx.bans.put(scene.person(name).id, reason="x", until=None, by=boss.id, at=scene.at)
        for admin in (boss, other):
            scene.gives(scene.in_team(admin, Kind.PRESS, "unban", str(ann.id)))
        for admin in (boss, other):
            scene.gives(confirmed(scene, admin))
        assert [one.name for one in scene.tx.bans.all(scene.at)] == ["Zoe"]

    await refused(database, story, "not_banned")


# By requesters


async def test_a_button_about_a_request_that_is_over_or_gone_on_or_anothers(database: Database):
    def story(scene: Staffed) -> None:
        ann, zoe = scene.person("Ann"), scene.person("Zoe")
        mine = [scene.tx.records.verdict(person=ann.id, **ASKED, at=scene.at) for _ in range(3)]
        scene.gives(pressed(scene, zoe, "about", f"{mine[0]}.2"))  # not her words
        scene.gives(pressed(scene, ann, "about", f"{mine[0]}.2"))  # not her request
        scene.gives(pressed(scene, ann, "about", f"{mine[0]}.1"))
        assert len(scene.tx.talk.of(1)) == 2
        commands(scene, scene.team[Role.SENIOR], "merge 1 2")
        scene.gives(pressed(scene, ann, "about", f"{mine[1]}.1"))  # it joins what goes on for her
        commands(scene, scene.team[Role.AGENT], "close 2")
        scene.gives(pressed(scene, ann, "switch", "1"))
        scene.gives(pressed(scene, ann, "about", f"{mine[2]}.1"))  # it opens what was over
        assert scene.tx.tickets.get(2).kind in ("new", "open")

    await refused(database, story, "over", "no_ticket", "over")


# Words


async def test_what_is_no_reply_or_taken_back_already_is_not_taken_back(database: Database):
    def story(scene: Staffed) -> None:
        who = scene.team[Role.AGENT]
        first = scene.tx.talk.first(1, MessageKind.FOLLOW_UP)
        assert first is not None
        scene.gives(scene.in_team(who, Kind.COMMAND, "r", "We see it", thread="1", text="We see it"))
        scene.delivered()
        reply = next(said for said, _ in scene.tx.talk.of(1) if said.kind is MessageKind.REPLY)
        for number in ("999", str(first.id), str(reply.id), str(reply.id)):
            scene.gives(scene.in_team(who, Kind.PRESS, "unsend", number))

    await refused(database, story, "nothing_to_delete", "nothing_to_delete", "nothing_to_delete")


async def test_what_was_merged_gets_no_other_type(database: Database):
    def work(connection: Any) -> None:
        scene = Staffed(Transaction(connection)).begin("close", Role.AGENT)
        commands(scene, scene.team[Role.SENIOR], "merge 1 2")
        merged = scene.tx.tickets.get(1)
        with pytest.raises(Refused, match="merged"):
            scene.tx.tickets.retype(merged, merged.request_type_id, by=None, at=scene.at)

    await database.run(work)


async def test_who_watches_hears_that_the_requester_needs_it_no_more(database: Database):
    def story(scene: Staffed) -> None:
        who = scene.team[Role.AGENT]
        commands(scene, who, "watch 1")
        before = scene.last()
        for name, number in (("Zoe", "2"), ("Ann", "1")):
            scene.gives(pressed(scene, scene.person(name), "withdraw", number))
        said = [drawn.words.text for _, _, drawn in scene.promised(f"{who.source}:{who.chat}", after=before)]
        assert len(said) == 1, said
        assert "#1" in said[0]

    await refused(database, story)


async def test_of_two_who_put_entries_into_another_order_the_second_is_told(database: Database):
    def story(scene: Staffed) -> None:
        boss, other = scene.team[Role.ADMIN], scene.person("Chief", Role.ADMIN)
        put_document(scene.tx, example_rules(), Rules(), act="apply", by=None, at=scene.at)
        first, second = list(example_rules()["types"])[:2]
        for admin in (boss, other):
            scene.gives(scene.in_team(admin, Kind.PRESS, "rule_up", f"type.{second}"))
            scene.delivered()
        for admin in (boss, other):
            scene.gives(confirmed(scene, admin))
        newest = scene.tx.rules.newest()
        assert newest is not None
        assert list(newest.data["types"])[:2] == [second, first]

    await refused(database, story, "rules_changed")


# Lists and reports


async def test_a_list_that_cannot_be_meant(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "COUNTED", 1)

    def story(scene: Staffed) -> None:
        commands(
            scene,
            scene.team[Role.AGENT],
            "queue not oldest",
            "queue oldest",
            "queue",  # as many, in the order they stand in: that is read off an index
            "report today yesterday",
            "bulk problem this",
        )

    await refused(database, story, "filter_not", "list_long", "filter_days_twice", "bulk_how")


async def test_a_report_that_comes_by_itself_is_of_no_days_and_not_of_too_many(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(digest, "MOST", 1)

    def story(scene: Staffed) -> None:
        for role in (Role.AGENT, Role.SENIOR):  # each has their own
            commands(scene, scene.team[role], "report subscribe week")
        commands(scene, scene.team[Role.AGENT], "report subscribe day today", "report subscribe day agents")

    await refused(database, story, "digest_days", "digest_many")


async def test_a_button_that_names_what_there_is_not(database: Database):
    """Buttons stay in chats for years, and whoever forges one may write anything into it."""

    def story(scene: Staffed) -> None:
        bob, boss, ann = scene.team[Role.AGENT], scene.team[Role.ADMIN], scene.person("Ann")
        for who, name, value in (
            (bob, "report_days", "overview.999"),
            (bob, "report_days", "horoscope.1"),
            (bob, "redact", "999"),
            (boss, "outage_link", "999.1"),
            (boss, "announce_go", "999"),
            (ann, "meant", "999.1"),
            (ann, "erase_yes", str(bob.id)),
        ):
            scene.gives(pressed(scene, who, name, value))

    await refused(
        database, story, "expired", "expired", "nothing_to_redact", "expired", "expired", "expired", "expired"
    )


async def test_a_charset_that_there_is_not(database: Database):
    def story(scene: Staffed) -> None:
        boss = scene.team[Role.ADMIN]
        asked = {"token": "0123abcd", "facts": ArticlesFile(boss.account_id).dump()}
        scene.tx.states.put(boss.id, StateKind.PROPOSAL, scene.at + timedelta(hours=1), value=asked)
        scene.gives(pressed(scene, boss, "faq_charset", "0123abcd.9"))

    await refused(database, story, "expired")


async def test_words_that_were_about_a_request_which_is_closed_for_good_by_now(database: Database):
    def story(scene: Staffed) -> None:
        ann = scene.person("Ann")
        kept = scene.tx.records.verdict(person=ann.id, **ASKED, at=scene.at)
        commands(scene, scene.team[Role.AGENT], "close 1")
        scene.at += scene.rules.reopen_window + timedelta(days=1)
        scene.gives(pressed(scene, ann, "meant", f"{kept}.1"))

    await refused(database, story, "over")


# Care and privacy


async def test_there_is_nothing_to_black_out(database: Database):
    def story(scene: Staffed) -> None:
        bob = scene.team[Role.AGENT]
        first = scene.tx.talk.first(2, MessageKind.FOLLOW_UP)
        assert first is not None
        scene.tx.talk.delete(first.id, scene.at)
        scene.tx.talk.set_native(2, scene.channel.id, "2")
        commands(scene, bob, "redact 4111")
        commands(scene, bob, "redact", thread="2")
        scene.gives(scene.in_team(bob, Kind.PRESS, "redact", str(first.id)))

    await refused(database, story, "nothing_to_redact", "nothing_to_redact", "nothing_to_redact")


async def test_a_request_without_details_and_a_problem_that_was_merged(database: Database):
    def story(scene: Staffed) -> None:
        bare = scene.tx.requests.form_id("request", "bare", {**FORM, "fields": FORM["fields"][:1]}, scene.at)
        scene.tx.connection.execute(ticket.update().where(ticket.c.id == 1).values(form_id=bare))
        commands(scene, scene.team[Role.AGENT], "details 1")
        commands(scene, scene.team[Role.SENIOR], "merge 1 2", "known 1")

    await refused(database, story, "no_details", "merged")


async def test_planned_works_whose_time_has_come_before_the_yes(database: Database):
    def story(scene: Staffed) -> None:
        begins, hour = scene.at + timedelta(minutes=5), timedelta(hours=1)
        number = scene.tx.announcements.add(
            by_id=scene.team[Role.ADMIN].id, words={"en": {"text": "We mend it", "spans": []}},
            files=[], segment={"to": "everybody"}, place={}, created_at=scene.at, begins_at=begins, ends_at=begins + hour,
        )  # fmt: skip
        scene.at += timedelta(minutes=6)
        scene.gives(pressed(scene, scene.team[Role.ADMIN], "announce_go", str(number)))

    await refused(database, story, "when")


async def test_alike_requests_are_others_than_were_shown_and_one_is_none_of_an_outages(database: Database):
    def story(scene: Staffed) -> None:
        bob = scene.team[Role.ADMIN]
        number = scene.tx.outages.add(scene.at, stage="open", keywords="leaks", words="We know", by_id=bob.id)
        scene.gives(pressed(scene, bob, "outage_link", f"{number}.7"))
        commands(scene, bob, "outage out 1")

    await refused(database, story, "bulk_changed", "expired")


async def test_who_is_of_the_team_is_not_erased_though_they_were_not_when_it_was_asked(database: Database):
    def story(scene: Staffed) -> None:
        bob, boss = scene.team[Role.AGENT], scene.team[Role.ADMIN]
        scene.gives(pressed(scene, bob, "erase_yes", str(bob.id)))
        with pytest.raises(Refused, match="erase_team"):
            page.confirm_erase(scene.turn(pressed(scene, boss, "apply", "x")), {"who": bob.account_id})

    await refused(database, story, "erase_team")


async def test_nobody_reads_a_reply_once_the_requester_is_erased(database: Database):
    def story(scene: Staffed) -> None:
        zoe = scene.person("Zoe")
        scene.tx.connection.execute(
            account.update().where(account.c.id == zoe.account_id).values(native=f"{erased.MARK}{zoe.id}")
        )
        scene.gives(scene.in_team(scene.team[Role.AGENT], Kind.COMMAND, "r", "Hello", thread="2", text="Hello"))

    await refused(database, story, "erased")
