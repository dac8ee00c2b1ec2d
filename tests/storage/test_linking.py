"""Two accounts of one person: whatever was the second's is the first's, and nothing points at nobody."""

from sqlalchemy import insert, select

from storage.linking import THEIRS
from storage.models import MessageKind, Role, ban, metadata
from tests.clock import MONDAY
from tests.storage.rows import SOURCE, at, known, transact

ELSEWHERE = {  # one a key, or dropped
    **{name: {"person_id"} for name in ("draft", "member", "leaving", "favourite", "watcher", "view", "person_state")},
    "ban": {"person_id", "by_id"},
}


def test_every_column_that_names_a_person_is_moved():
    """A new table with people in it is a new line in `storage/linking.py`."""
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
        assert (kept.account_id, kept.name, kept.role, kept.language) == (ann.account_id, "Ann", Role.SENIOR, "uk")
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


async def test_the_firsts_own_choices_and_role_stay(database):
    def story(tx):
        ann, slack = known(tx, "Ann"), known(tx, "Ann Lee")
        tx.people.choose(ann.id, language="ru")
        tx.people.choose(slack.id, language="uk")
        tx.people.grant(ann.id, Role.ADMIN)
        tx.people.link(keep=ann.id, gone=slack.id)
        kept = tx.people.get(ann.id)
        assert (kept.role, kept.language) == (Role.ADMIN, "ru")

    await transact(database, story)
