"""Two accounts of one person: whatever was the second's is the first's, and nothing points at nobody."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from handlers.vocabulary.deeds import Deed
from storage.care.outages import Stage, Touched
from storage.models import (
    Answer,
    DutyChange,
    MessageKind,
    Role,
    StateKind,
    ban,
    columns_that_name,
    leaving,
    metadata,
    person,
    ticket,
)
from storage.people import account_merge
from storage.people.account_merge import APART, ONE_EACH, THEIRS
from storage.people.tokens import Tokens
from storage.retention.references import COLUMNS
from tests.clock import MONDAY
from tests.storage.rows import SOURCE, at, known, transact

LATER = MONDAY + timedelta(hours=1)
NAMING = [*columns_that_name(person), *(column for column, table in COLUMNS.items() if table == "person")]


def test_every_column_that_names_a_person_is_moved_or_says_why_not():
    """A new table with people in it is a new line in `storage/people/account_merge.py`."""
    moved = {f"{table.name}.{column}" for table, columns in THEIRS for column in columns}
    each = {f"{table.name}.person_id" for table in ONE_EACH}
    named = list(map(str, NAMING))
    assert sorted(named) == sorted([*moved, *each, *APART])


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
        named = {column.name for column in NAMING if column.table is table}
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
    for who, on in ((ann, mine), (cid, theirs), (cid, mine)):
        tx.talk.add(on.id, who.id, MessageKind.FOLLOW_UP, words={"text": "Help"}, files=[], at=MONDAY)
    for who, on in ((ann, mine), (cid, mine), (cid, theirs)):
        tx.hearing.watch(on.id, who.id)
        tx.helpers.join(on.id, who.id, MONDAY)
        tx.guests.join(on.id, who.id, MONDAY)
    for who, on in ((ann, mine), (cid, theirs)):
        tx.surveys.ask(on.id, who.id, "nps", MONDAY)
        times = {"begins_at": LATER, "ends_at": LATER, "at": MONDAY}
        tx.plans.add(ticket_id=on.id, by_id=who.id, note_by_id=who.id, **times)
    tx.kept.keep_view(ann.id, "late", "overdue")
    tx.kept.keep_view(cid.id, "late", "free")
    tx.kept.keep_view(cid.id, "mine", "me")
    tx.hearing.choose(cid.id, {"claimed": False})
    tx.people.choose(cid.id, language="uk")
    told_at_once(tx, ann, cid)
    in_their_rooms(tx, ann, cid, mine, theirs)
    worked(tx, ann, cid, theirs)
    return boss, ann, cid, theirs


def told_at_once(tx, ann, cid):
    """Let the same concern both: a company each, an announcement they read, outages that they wait for the end of."""
    for who, name in ((ann, "Acme"), (cid, "Beta")):
        tx.companies.join(tx.companies.put(name, MONDAY).id, who.id)
    for by in (ann, cid):
        told = tx.announcements.add(by_id=by.id, words={}, files=[], segment={}, place={}, created_at=MONDAY)
        for phase, who in (("begun", ann), ("begun", cid), ("over", cid)):
            tx.announcements.claim(told, phase, who.id)
            tx.announcements.promised(told, phase, who.id, 7 if who is ann else 8)
    both, one = (tx.outages.add(MONDAY, stage=Stage.OPEN, by_id=who.id) for who in (ann, cid))
    tx.outages.touch(both, ann.id, ann.account_id, Touched.TOLD, MONDAY)
    tx.outages.touch(both, cid.id, cid.account_id, Touched.WAITS, LATER)
    tx.outages.touch(one, cid.id, cid.account_id, Touched.LINKED, LATER)
    for key, who in (("both", ann), ("both", cid), ("only", cid)):
        tx.states.put(who.id, StateKind.OFFERED, LATER, value=who.name, key=key)


def in_their_rooms(tx, ann, cid, mine, theirs):
    """Let both speak in a request channel, each on a request that was opened there."""
    room = tx.request_channels.keep("slack:T1", "C1", title="", settings={}, at=MONDAY)
    for who, own in ((ann, mine), (cid, theirs)):
        tx.known_errors.keep(own.id, "a loose cable", None, by=who.id, at=MONDAY)
        asked = {"status": "", "stood": own.status, "need": "all", "why": "", "digest": ""}
        yes = tx.approvals.begin(MONDAY, ticket_id=own.id, request_type_id=own.request_type_id, by_id=who.id, **asked)
        for one, other in ((ann, cid), (cid, ann)):
            seat = tx.approvals.seat(yes.id, 1, one.id, other.id)
            tx.approvals.answer(seat.id, Answer.YES, "", by=other.id, at=MONDAY)
        boss = tx.people.named("Olena")[0]
        tx.approvals.let_stand_in(who.id, boss.id)
        tx.approvals.let_stand_in(boss.id, who.id)
        for name in ("Acme", who.name):
            tx.approvals.let_approve(tx.companies.put(name, MONDAY).id, who.id, may=True)
        tx.request_channels.begin(own.id, room.id, root=who.name, topic="", author=who.id, at=MONDAY)
        for on in (mine, theirs):
            tx.request_channels.take_part(on.id, who.id)
        tx.request_channels.hear(room.id, who.name, topic="", person=who.id, account=who.account_id, said={}, at=MONDAY)


def worked(tx, ann, cid, theirs):
    """Let both have done what the team does: resolved, banned, spent time, left a channel, kept answers, changed rules."""
    tx.connection.execute(update(ticket).where(ticket.c.id == theirs.id).values(agent_id=cid.id, resolved_by=cid.id))
    tx.bans.put(known(tx, "Dan").id, reason="abuse", until=None, by=cid.id, at=MONDAY)
    left = tx.channels.ensure(SOURCE, "left", language="en", threads=True)
    for who in (ann, cid):
        tokens = Tokens(tx.connection)
        tokens.add(who.name, who.name, scopes=[], person_id=who.id, per_minute=60, at=MONDAY)
        tx.connection.execute(insert(leaving).values(team_channel_id=left.id, person_id=who.id, at=who.known_since))
        tx.labelled.spend(theirs.id, who.id, 5, MONDAY)
        tx.duty.add(
            rota="r", change=DutyChange.ALSO, person_id=who.id, begins_at=MONDAY, ends_at=LATER, by_id=who.id, at=MONDAY
        )
        tx.recurrences.add(
            by_id=who.id, account_id=who.account_id, summary="look", schedule={}, type_name="billing", holidays="keep",
            again="note", created_at=MONDAY,
        )  # fmt: skip
        tx.assets.add(f"PC-{who.name}", "laptop", MONDAY, person_id=who.id)
        article = tx.articles.add(
            by=who.id, at=MONDAY, section="s", language="en", question=who.name, answer="a", aliases=[]
        )
        tx.articles.propose(article.id, "as people ask", by=who.id, at=MONDAY)
        tx.articles.favour(who.id, article.id)
        for reader in (ann, cid):
            tx.remarks.keep(article.id, reader.id, "too short", MONDAY, place=None, native=None)
        tx.rules.put({}, act="apply", by=who.id, at=MONDAY)
        tx.timers.schedule("digest", LATER, person=who.id, facts={})
        tx.records.audit(Deed.LINKED, MONDAY, person=who.id, facts={})
        tx.records.verdict(
            person=who.id, question="how?", said={}, language="en", verdict_="unknown", candidates=[], at=MONDAY
        )


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
            if table != "ban" or banned != "both":  # a ban of both is one
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


async def test_a_world_of_two_has_something_of_everything(database):
    def story(tx):
        _, _, cid, _ = lived(tx)
        for column in NAMING:
            if str(column) not in APART:
                owners = set(tx.connection.scalars(select(column)))
                assert cid.id in owners, column

    await transact(database, story)


async def test_nothing_of_the_second_is_lost_while_they_are_one(database):
    def story(tx):
        _, ann, cid, _ = lived(tx)
        had = {column: set(tx.connection.scalars(select(column))) for column in NAMING}
        tx.people.link(keep=ann.id, gone=cid.id)
        for column, owners in had.items():
            left = set(tx.connection.scalars(select(column)))
            assert left == {ann.id if owner == cid.id else owner for owner in owners}, column
        assert tx.companies.named("Acme").id == tx.companies.id_of(ann.id)
        assert not tx.announcements.claim(1, "over", ann.id)  # they were told, as the second
        assert tx.outages.state(1, ann.id) == Touched.WAITS
        assert tx.outages.state(2, ann.id) == Touched.LINKED

    await transact(database, story)


async def test_of_two_times_on_a_ticket_the_one_that_goes_on_counts_and_its_end_is_that_of_both(database):
    def story(tx):
        _, ann, cid, _ = lived(tx)
        ticket = at(tx, known(tx, "Dana"), minutes=2)
        for which in (tx.guests, tx.helpers):
            for who, since in ((ann, MONDAY), (cid, LATER)):
                which.join(ticket.id, who.id, since)
            which.leave(ticket.id, ann.id, LATER)
        before = everything(tx.connection)
        for ends in (False, True):
            was = json.loads(json.dumps(tx.people.link(keep=ann.id, gone=cid.id)))
            assert [each.at for each in tx.guests.all(ticket.id)] == [LATER]
            for which in (tx.guests, tx.helpers):
                assert which.of(ticket.id) == [ann.id]
                if ends:
                    which.leave(ticket.id, ann.id, LATER)
            again = account_merge.unlink_people(tx.connection, ann.id, was)
            after = everything(tx.connection, {again: cid.id})
            for which, name in ((tx.guests, "guest"), (tx.helpers, "helper")):
                assert which.of(ticket.id) == ([] if ends else [again])
                assert ends or after[name] == before[name]
            cid = tx.people.of_account(cid.account_id)

    await transact(database, story)


async def test_what_was_heard_as_one_both_have_heard(database):
    def story(tx):
        _, ann, cid, _ = lived(tx)
        was = json.loads(json.dumps(tx.people.link(keep=ann.id, gone=cid.id)))
        tx.outages.touch(1, ann.id, ann.account_id, Touched.ENDED, LATER)
        again = account_merge.unlink_people(tx.connection, ann.id, was)
        assert {tx.outages.state(1, who) for who in (ann.id, again)} == {Touched.ENDED}

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
