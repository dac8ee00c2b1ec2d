"""People and team channels: met once, shown as their messenger shows them, agents as long as they belong."""

from datetime import timedelta

from storage.models import Role
from tests.clock import MONDAY
from tests.storage.rows import SOURCE, known, transact

HOUR = timedelta(hours=1)


async def test_meeting_twice_makes_one_person(database):
    def story(tx):
        ann = known(tx, "Ann")
        assert known(tx, "Ann") == ann == tx.people.find(SOURCE, "ann")
        assert tx.people.find("slack:T1", "ann") is None
        assert tx.people.get(ann.id) == tx.people.of_account(ann.account_id) == tx.people.at_chat(SOURCE, "ann") == ann
        assert tx.people.at_chat(SOURCE, "bob") is None
        assert (ann.role, ann.may(Role.REQUESTER), ann.may(Role.AGENT)) == (Role.REQUESTER, True, False)

    await transact(database, story)


async def test_what_the_messenger_says_anew_is_kept(database):
    def story(tx):
        ann = known(tx, "Ann", language="uk")
        renamed = tx.people.meet(SOURCE, "ann", name="Anna", username="anna", language="ru", chat="", at=MONDAY + HOUR)
        assert (renamed.id, renamed.name, renamed.shown_name) == (ann.id, "Anna", "Anna")
        assert (renamed.username, renamed.account_language) == ("anna", "ru")
        assert renamed.chat == "ann"  # nothing said of the chat is nothing new

    await transact(database, story)


async def test_a_chosen_language_outlives_the_messengers(database):
    def story(tx):
        ann = known(tx, "Ann", language="en")
        tx.people.choose(ann.id, language="uk")
        assert known(tx, "Ann", language="ru").language == "uk"

    await transact(database, story)


async def test_who_blocked_the_bot_stays_so_until_that_is_said(database):
    def story(tx):
        ann = known(tx, "Ann")
        tx.people.set_blocked(ann.account_id, MONDAY)
        assert known(tx, "Ann").blocked_at == tx.people.get(ann.id).blocked_at == MONDAY
        tx.people.set_blocked(ann.account_id, None)
        assert known(tx, "Ann").blocked_at is None

    await transact(database, story)


async def test_names_longer_than_ours_are_cut_and_stay_known(database):
    def story(tx):
        long = {"name": "Я" * 300, "username": "u" * 70, "language": "zh-hant-tw"}
        once = known(tx, "Ann", **long)
        assert (len(once.name), len(once.username), once.account_language) == (256, 64, "zh-hant-")
        assert known(tx, "Ann", **long) == once

    await transact(database, story)


async def test_names_are_found_in_any_letter_case(database):
    def story(tx):
        olya = known(tx, "Ольга Ґудзь", username="Olya_G")
        for word in ("ольга ґудзь", "ОЛЬГА ҐУДЗЬ", "@olya_g", "OLYA_G", " @Olya_G "):
            assert tx.people.named(word) == [olya], word
        assert tx.people.named("ольга") == tx.people.named("") == tx.people.named("@%") == []

    await transact(database, story)


async def test_of_many_with_one_name_the_first_known_come_first(database):
    def story(tx):
        met = [
            tx.people.meet(SOURCE, f"{n}", name="Ann", username="", language="", chat="", at=MONDAY) for n in range(7)
        ]
        assert tx.people.named("ann") == met[:5]

    await transact(database, story)


async def test_membership_makes_an_agent_and_leaving_ends_it(database):
    def story(tx):
        bob = known(tx, "Bob")
        team = tx.channels.ensure(SOURCE, "team", language="uk", threads=True)
        assert tx.channels.join(team.id, bob.id, MONDAY)
        assert not tx.channels.join(team.id, bob.id, MONDAY)
        assert tx.people.get(bob.id).role is Role.AGENT
        assert [p.id for p in tx.people.team()] == [bob.id]
        assert tx.channels.leave(team.id, bob.id, MONDAY)
        assert not tx.channels.leave(team.id, bob.id, MONDAY)
        assert tx.people.get(bob.id).role is Role.REQUESTER
        assert tx.people.team() == []

    await transact(database, story)


async def test_a_granted_role_is_more_than_membership_and_outlives_it(database):
    def story(tx):
        bob = known(tx, "Bob")
        team = tx.channels.ensure(SOURCE, "team", language="uk", threads=True)
        tx.channels.join(team.id, bob.id, MONDAY)
        tx.people.grant(bob.id, Role.SENIOR)
        assert tx.people.get(bob.id).role is Role.SENIOR
        tx.channels.leave(team.id, bob.id, MONDAY)
        assert tx.people.get(bob.id).role is Role.SENIOR

    await transact(database, story)


async def test_a_retired_channel_makes_nobody_an_agent(database):
    def story(tx):
        bob = known(tx, "Bob")
        old = tx.channels.ensure(SOURCE, "old", language="uk", threads=True)
        other = tx.channels.ensure("slack:T1", "team", language="en", threads=True)
        tx.channels.join(old.id, bob.id, MONDAY)
        new = tx.channels.ensure(SOURCE, "new", language="uk", threads=False)
        tx.channels.retire([new.id], SOURCE)
        assert tx.channels.all() == [other, new]
        assert tx.people.get(bob.id).role is Role.REQUESTER
        assert tx.people.team() == []
        tx.channels.ensure(SOURCE, "old", language="uk", threads=True)  # named by the settings again
        assert tx.people.get(bob.id).role is Role.AGENT

    await transact(database, story)


async def test_a_channel_is_brought_up_to_date_and_moved(database):
    def story(tx):
        team = tx.channels.ensure(SOURCE, "team", language="uk", threads=False)
        again = tx.channels.ensure(SOURCE, "team", language="en", threads=True)
        assert (again.id, again.language, again.threads, again.place) == (team.id, "en", True, f"{SOURCE}:team")
        tx.channels.move(team.id, "upgraded")
        assert [c.place for c in tx.channels.all()] == [f"{SOURCE}:upgraded"]

    await transact(database, story)


async def test_away_and_back(database):
    def story(tx):
        bob = known(tx, "Bob")
        tx.people.set_away(bob.id, MONDAY)
        assert tx.people.get(bob.id).away_since == MONDAY
        tx.people.set_away(bob.id, None)
        assert tx.people.get(bob.id).away_since is None

    await transact(database, story)
