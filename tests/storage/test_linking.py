"""Two accounts of one person: whatever was the second's is the first's, and nothing points at nobody."""

import json

import pytest
from sqlalchemy import insert, select

from storage.models import MessageKind, Role, ban, metadata
from storage.people import account_merge
from storage.people.account_merge import THEIRS
from tests.clock import MONDAY
from tests.storage.rows import SOURCE, at, known, transact

ELSEWHERE = {  # one a key, or dropped
    **{name: {"person_id"} for name in ("draft", "member", "leaving", "favourite", "watcher", "view", "person_state")},
    **{name: {"person_id"} for name in ("company_person", "participant", "request_thread", "erased")},
    "ban": {"person_id", "by_id"},
    "erased": {"person_id"},  # who is erased is nobody to be joined with
    "announced": {"person_id"},  # both were told
    "affected": {"person_id"},
    "participant": {"person_id"},
}


def test_every_column_that_names_a_person_is_moved():
    """A new table with people in it is a new line in `storage/people/account_merge.py`."""
    moved = {table.name: set(columns) for table, columns in THEIRS}
    named: dict[str, set[str]] = {}
    for table in metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table.name == "person":
                named.setdefault(table.name, set()).add(key.parent.name)
    assert named == moved | ELSEWHERE


async def test_a_ban_of_one_account_is_a_ban_of_the_person(database):
    def story(tx):
        ann, slack, boss = known(tx, "Ann"), known(tx, "Ann Lee"), known(tx, "Olena")
        values = {"person_id": slack.id, "reason": "abuse", "by_id": boss.id, "at": MONDAY}
        tx.connection.execute(insert(ban).values(values))

        tx.people.link(keep=ann.id, gone=slack.id)

        assert tx.connection.scalars(select(ban.c.person_id)).all() == [ann.id]

    await transact(database, story)


async def test_all_of_the_second_is_the_firsts(database):
    def story(tx):
        ann, slack = known(tx, "Ann"), known(tx, "Ann Lee")
        team = tx.channels.ensure(SOURCE, "team", language="en", threads=True)
        other = tx.channels.ensure("slack:T1", "team", language="en", threads=True)
        for who, channel in ((ann, team), (slack, team), (slack, other)):
            tx.channels.join(channel.id, who.id, MONDAY)
        ticket = at(tx, slack)
        said = tx.talk.add(ticket.id, slack.id, MessageKind.FOLLOW_UP, words={"text": "Help"}, files=[], at=MONDAY)
        tx.people.choose(slack.id, language="uk")
        tx.people.grant(slack.id, Role.SENIOR)
        tx.hearing.choose(slack.id, {"claimed": False})
        tx.drafts.open(slack.id, "here", ticket.form_id, step="a", answers={}, facts={}, at=MONDAY)

        tx.people.link(keep=ann.id, gone=slack.id)

        assert tx.people.of_account(slack.account_id).id == ann.id
        kept = tx.people.get(ann.id)
        assert (kept.account_id, kept.name, kept.role, kept.language) == (ann.account_id, "Ann", Role.AGENT, "uk")
        assert tx.hearing.chosen(ann.id) == {"claimed": False}
        assert [p.id for p in tx.people.team()] == [ann.id]
        assert tx.tickets.get(ticket.id).requester_id == ann.id
        assert tx.tickets.get(ticket.id).account_id == slack.account_id  # talked on where it was
        assert tx.talk.get(said).person_id == ann.id
        assert [(m.id, name) for m, name in tx.talk.of(ticket.id)] == [(said, "Ann")]
        assert tx.story.entries(ticket.id)[0].person_id == ann.id
        assert tx.channels.leave(team.id, ann.id, MONDAY)
        assert tx.channels.leave(other.id, ann.id, MONDAY)

    await transact(database, story)


async def test_the_firsts_own_choices_stay_and_nobody_is_more_by_being_one_with_somebody(database):
    def story(tx):
        ann, slack = known(tx, "Ann"), known(tx, "Ann Lee")
        tx.people.choose(ann.id, language="ru")
        tx.people.choose(slack.id, language="uk")
        tx.people.grant(ann.id, Role.ADMIN)
        tx.people.link(keep=ann.id, gone=slack.id)
        kept = tx.people.get(ann.id)
        assert (kept.role, kept.language) == (Role.REQUESTER, "ru")

    await transact(database, story)


def everything(connection, renamed=()):
    """Return every row of every table that names a person, some people under another number."""
    numbers, found = dict(renamed), {}
    for table in metadata.sorted_tables:
        named = {key.parent.name for key in table.foreign_keys if key.column.table.name == "person"}
        if table.name == "person":
            named = {"id"}
        rows = connection.execute(select(table)).mappings().all() if named else []
        shown = [
            {name: numbers.get(row[name], row[name]) if name in named else row[name] for name in row} for row in rows
        ]
        found[table.name] = sorted(map(repr, shown))
    return found


def lived(tx):
    """Return two people of two messengers, each with a life of their own, and some of it the same."""
    team = tx.channels.ensure(SOURCE, "team", language="en", threads=True)
    elsewhere = tx.channels.ensure("slack:T1", "team", language="en", threads=True)
    boss, ann = known(tx, "Olena"), known(tx, "Ann")
    cid = tx.people.meet("slack:T1", "U1", name="Cid", username="cid", language="en", chat="D1", at=MONDAY)
    tx.channels.join(team.id, ann.id, MONDAY)
    tx.channels.join(elsewhere.id, cid.id, MONDAY)
    mine, theirs = at(tx, ann), at(tx, cid, minutes=1)
    for who, ticket in ((ann, mine), (cid, theirs), (cid, mine)):
        tx.talk.add(ticket.id, who.id, MessageKind.FOLLOW_UP, words={"text": "Help"}, files=[], at=MONDAY)
    for who, ticket in ((ann, mine), (cid, mine), (cid, theirs)):
        tx.hearing.watch(ticket.id, who.id)
    tx.kept.keep_view(ann.id, "late", "overdue")
    tx.kept.keep_view(cid.id, "late", "free")
    tx.kept.keep_view(cid.id, "mine", "me")
    tx.hearing.choose(cid.id, {"claimed": False})
    tx.people.choose(cid.id, language="uk")
    return boss, ann, cid, theirs


@pytest.mark.parametrize("banned", ["nobody", "the first", "the second", "both"])
async def test_a_join_that_is_undone_was_never(database, banned):
    def story(tx):
        boss, ann, cid, _ = lived(tx)
        for who in {"the first": [ann], "the second": [cid], "both": [ann, cid]}.get(banned, []):
            tx.bans.put(who.id, reason="abuse", until=None, by=boss.id, at=MONDAY)
        before = everything(tx.connection)
        was = json.loads(json.dumps(tx.people.link(keep=ann.id, gone=cid.id)))
        assert tx.people.of_account(cid.account_id).id == ann.id
        again = account_merge.unlink_people(tx.connection, ann.id, was)
        assert tx.people.of_account(cid.account_id).id == again
        after = everything(tx.connection, {again: cid.id})
        for table, rows in before.items():
            if table not in ("view", "ban"):  # where both had one of a name, each has the first's; a ban of both is one
                assert after[table] == rows, table
        assert tx.people.of_account(cid.account_id).role is Role.AGENT
        assert tx.people.of_account(ann.account_id).role is Role.AGENT
        assert {tx.bans.of(who, MONDAY) is not None for who in (ann.id,)} == {banned in ("the first", "both")}
        assert (tx.bans.of(again, MONDAY) is not None) is (banned in ("the second", "both"))
        assert tx.hearing.chosen(again) == {"claimed": False}
        assert tx.hearing.chosen(ann.id) == {}
        assert set(tx.kept.views(again)) == {"late", "mine"}
        assert set(tx.kept.views(ann.id)) == {"late"}

    await transact(database, story)


async def test_what_came_since_goes_with_its_account(database):
    def story(tx):
        _, ann, cid, theirs = lived(tx)
        was = tx.people.link(keep=ann.id, gone=cid.id)
        one = tx.people.of_account(cid.account_id)
        newer = at(tx, one, minutes=5)
        said = tx.talk.add(theirs.id, one.id, MessageKind.FOLLOW_UP, words={"text": "And?"}, files=[], at=MONDAY)
        again = account_merge.unlink_people(tx.connection, ann.id, was)
        assert tx.tickets.get(newer.id).requester_id == again
        assert tx.tickets.get(theirs.id).requester_id == again
        assert tx.talk.get(said).person_id == again

    await transact(database, story)
