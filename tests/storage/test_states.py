"""What is remembered of a person: for a while, once where it serves once, and of one person when two accounts are joined."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.desk import states
from storage.models import StateKind, person_state
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import known, meet, transact

HOUR = timedelta(hours=1)
SOON, LATER = MONDAY + HOUR, MONDAY + 2 * HOUR


async def test_it_is_there_until_its_end(database):
    def story(tx):
        ann, bob = known(tx, "Ann"), known(tx, "Bob")
        tx.states.put(ann.id, StateKind.FIND, SOON, value=["card"])
        assert tx.states.get(ann.id, StateKind.FIND, MONDAY) == ["card"]
        assert tx.states.get(bob.id, StateKind.FIND, MONDAY) is None
        assert tx.states.get(ann.id, StateKind.QUEUE, MONDAY) is None
        assert tx.states.get(ann.id, StateKind.FIND, SOON) is None
        assert tx.states.take(ann.id, StateKind.FIND, SOON) is None
        tx.states.put(ann.id, StateKind.FIND, LATER, value=["fan"])
        assert tx.states.get(ann.id, StateKind.FIND, SOON) == ["fan"]

    await transact(database, story)


async def test_what_serves_once_is_gone_then(database):
    def story(tx):
        ann, bob = known(tx, "Ann"), known(tx, "Bob")
        for person in (ann, bob):
            tx.states.put(person.id, StateKind.BULK, SOON, value={"of": person.id})
        assert tx.states.take(ann.id, StateKind.BULK, MONDAY) == {"of": ann.id}
        assert tx.states.take(ann.id, StateKind.BULK, MONDAY) is None
        assert tx.states.get(bob.id, StateKind.BULK, MONDAY) == {"of": bob.id}

    await transact(database, story)


async def test_a_code_tells_whose_it_is_as_long_as_it_holds(database):
    def story(tx):
        ann, bob = known(tx, "Ann"), known(tx, "Bob")
        tx.states.put(ann.id, StateKind.LINK, SOON, key="aa11")
        tx.states.put(ann.id, StateKind.LINK, LATER, key="aa22")
        tx.states.put(bob.id, StateKind.LINK, LATER, key="bb11")
        assert tx.states.owner(StateKind.LINK, "aa11", MONDAY) == ann.id
        assert tx.states.owner(StateKind.LINK, "bb11", MONDAY) == bob.id
        assert tx.states.owner(StateKind.LINK, "cc11", MONDAY) is None
        assert tx.states.owner(StateKind.TURN, "aa11", MONDAY) is None
        assert tx.states.owner(StateKind.LINK, "aa11", SOON) is None

    await transact(database, story)


async def test_everybodys_of_a_kind_is_told_the_longest_first(database):
    def story(tx):
        people = [known(tx, name) for name in ("Ann", "Bob", "Eve")]
        for person, hours in zip(people, (2, 3, 0), strict=True):
            tx.states.put(person.id, StateKind.TURN, MONDAY + hours * HOUR, value=hours, key="vip")
        tx.states.put(people[0].id, StateKind.TURN, LATER, value=9, key="other")
        found = tx.states.all(StateKind.TURN, MONDAY, key="vip")
        assert [(one.person_id, one.value) for one in found] == [(people[1].id, 3), (people[0].id, 2)]
        assert len(tx.states.all(StateKind.TURN, MONDAY, key="vip", limit=1)) == 1

    await transact(database, story)


async def test_of_two_processes_one_gets_what_serves_once(processes):
    ann = await meet(processes[0], "Ann")
    await transact(processes[0], lambda tx: tx.states.put(ann.id, StateKind.LINK, SOON, key="aa11"))

    def use(tx: Transaction) -> bool:
        owner = tx.states.owner(StateKind.LINK, "aa11", MONDAY)
        return owner is not None and tx.states.take(owner, StateKind.LINK, MONDAY, key="aa11") is True

    used = await asyncio.gather(*(transact(process, use) for process in processes))
    assert sorted(used) == [False, False, True]


def test_every_kind_has_a_rule_for_joining_accounts():
    assert sorted(states.MOVED + states.DROPPED + states.LARGEST) == sorted(StateKind)


@pytest.mark.parametrize("kind", states.MOVED)
async def test_what_the_first_account_has_is_kept_else_the_seconds_is(database, kind):
    def story(tx):
        ann, bob, slack = known(tx, "Ann"), known(tx, "Bob"), known(tx, "Ann Lee")
        tx.states.put(ann.id, kind, SOON, value=1, key="both")
        tx.states.put(slack.id, kind, LATER, value=2, key="both")
        tx.states.put(slack.id, kind, LATER, value=3, key="only")
        tx.states.put(bob.id, kind, LATER, value=4, key="only")
        tx.people.link(keep=ann.id, gone=slack.id)
        rows = tx.connection.execute(select(person_state).order_by(person_state.c.person_id, person_state.c.key)).all()
        assert [row[:4] for row in rows] == [
            (ann.id, kind, "both", 1),
            (ann.id, kind, "only", 3),
            (bob.id, kind, "only", 4),
        ]

    await transact(database, story)


@pytest.mark.parametrize("kind", states.DROPPED)
async def test_what_names_buttons_of_the_second_account_is_dropped(database, kind):
    def story(tx):
        ann, slack = known(tx, "Ann"), known(tx, "Ann Lee")
        tx.states.put(ann.id, kind, SOON, value=1)
        tx.states.put(slack.id, kind, SOON, value=2, key="its")
        tx.people.link(keep=ann.id, gone=slack.id)
        assert tx.connection.execute(select(person_state.c.person_id, person_state.c.value)).all() == [(ann.id, 1)]

    await transact(database, story)


@pytest.mark.parametrize(("first", "second"), [(3, 5), (5, 3)])
async def test_of_two_turns_in_a_group_the_later_counts(database, first, second):
    def story(tx):
        ann, slack = known(tx, "Ann"), known(tx, "Ann Lee")
        tx.states.put(ann.id, StateKind.TURN, SOON, value=first, key="vip")
        tx.states.put(slack.id, StateKind.TURN, SOON, value=second, key="vip")
        tx.people.link(keep=ann.id, gone=slack.id)
        assert [(one.person_id, one.value) for one in tx.states.all(StateKind.TURN, MONDAY, key="vip")] == [(ann.id, 5)]

    await transact(database, story)


async def test_how_a_ticket_stood_names_whoever_two_people_are_now_also_where_somebody_else_remembers_it(database):
    def story(tx):
        ann, bob, slack = known(tx, "Ann"), known(tx, "Bob"), known(tx, "Ann Lee")
        stood = {"was": "open", "agent": slack.id, "guests": [slack.id, ann.id], "plan": slack.id}
        merged = {"watched": {"1": [bob.id, slack.id], "2": [bob.id]}, "merged": [slack.id]}
        for key, value in (("1", stood), ("1.2", merged), ("bulk.x", [slack.id])):
            tx.states.put(bob.id, StateKind.UNDO, LATER, value=value, key=key)
        tx.people.link(keep=ann.id, gone=slack.id)
        after = {key: tx.states.get(bob.id, StateKind.UNDO, MONDAY, key=key) for key in ("1", "1.2", "bulk.x")}
        assert after["1"] == {**stood, "agent": ann.id, "guests": [ann.id]}
        assert after["1.2"] == {**merged, "watched": {"1": [bob.id, ann.id], "2": [bob.id]}}
        assert after["bulk.x"] == [slack.id]

    await transact(database, story)
