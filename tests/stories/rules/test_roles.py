"""Roles and the stop-list: given by command and kept in the rules, never taken from the last admin."""

import pytest

from tests.stories.harness import QUEUE, Desk, Somebody, said_in
from tests.stories.harness.given import asked
from tests.stories.rules.ruled import account, admin, applies, present, ruled


async def test_a_role_is_given_shown_and_taken_back(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await present(bob, eve)
    await eve.says("/role", at=QUEUE)
    await eve.sees(said_in("en", "refused.not_yours", role="an admin")[:12], at=QUEUE)
    await ruled(desk, roles={"admins": [account(bob)]})
    await bob.says("/role @Eve senior", at=QUEUE)
    await bob.sees("What changes: Eve", "Role: agent → senior agent", buttons=["Apply", "Cancel"], at=QUEUE)
    assert await desk.records(lambda tx: tx.rules.newest().act) == "apply"  # type: ignore[union-attr]
    await applies(bob, at=QUEUE)
    await bob.sees(said_in("en", "role.done", name="Eve", role=said_in("en", "role.senior")), buttons=[], at=QUEUE)
    newest = await desk.records(lambda tx: tx.rules.newest())
    assert newest is not None
    assert newest.data["roles"]["seniors"] == [account(eve)]
    assert (newest.act, newest.name) == ("role", "Bob")
    await bob.says("/role @Bob agent", at=QUEUE)
    await bob.sees(said_in("en", "refused.rules", problem=said_in("en", "rules.wrong.last_admin")), at=QUEUE)
    await bob.says("/role", at=QUEUE)
    await bob.sees("The team", buttons=["Bob: admin", "Eve: senior agent"], at=QUEUE)
    await bob.presses("Eve: senior agent", at=QUEUE)
    await bob.sees("Eve: senior agent", buttons=["agent", "admin"], at=QUEUE)
    await bob.presses("admin", at=QUEUE)
    await bob.sees("Role: senior agent → admin", at=QUEUE)
    await applies(bob, at=QUEUE)
    await bob.sees(said_in("en", "role.done", name="Eve", role=said_in("en", "role.admin")), at=QUEUE)
    await bob.says("/role @Eve senior", at=QUEUE)
    await bob.sees("Role: admin → senior agent", at=QUEUE)
    await eve.says("/role @Bob agent", at=QUEUE)
    await eve.sees("Role: admin → agent", at=QUEUE)
    await eve.presses("Apply", at=QUEUE)
    await eve.sees(said_in("en", "role.done", name="Bob", role=said_in("en", "role.agent")), at=QUEUE)
    await bob.presses("Apply", at=QUEUE)  # what was shown to an admin who is none any more
    bob.sees_toast(said_in("en", "refused.not_yours", role="admin"))
    await bob.says("/role @Eve agent", at=QUEUE)
    await bob.sees(said_in("en", "refused.not_yours", role="an admin")[:12], at=QUEUE)


async def test_a_command_may_ask_for_another_role(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    await ruled(desk, roles={"permissions": {"close": "senior", "ban": "agent"}})
    await asked(ann)
    await bob.says("/close 1", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    assert await desk.records(lambda tx: tx.tickets.get(1).status) == "new"
    await bob.says("/ban 1 2d advertising", at=QUEUE)
    await bob.sees("What changes: Ann", "advertising", at=QUEUE)
    await applies(bob, at=QUEUE)
    await bob.sees("Ann is not served until", "advertising", at=QUEUE)


async def test_who_is_on_the_stop_list_is_told_and_bothers_nobody(desk: Desk, bob: Somebody):
    anna = desk.requester("Анна", language="uk")
    await present(bob)
    await ruled(desk, roles={"admins": [account(bob)]})
    await asked(anna, "Купіть у мене квартиру")
    await bob.catches_up(at=QUEUE)

    await bob.says("/ban @Bob spam", at=QUEUE)
    await bob.sees(said_in("en", "refused.ban_team", name="Bob"), at=QUEUE)
    await bob.says("/ban @nobody spam", at=QUEUE)
    await bob.sees(said_in("en", "refused.whom", name="@nobody"), at=QUEUE)
    await bob.says("/ban @Анна", at=QUEUE)
    await bob.sees("/ban @name 7d", at=QUEUE)
    await bob.says("/ban @Анна 7d реклама", at=QUEUE)
    await bob.sees("What changes: Анна", "does not serve them until", "реклама", at=QUEUE)
    await applies(bob, at=QUEUE)
    await bob.sees("Анна is not served until", "реклама", buttons=[], at=QUEUE)

    await anna.says("А гараж?")
    await anna.sees("Команда не приймає тут ваші повідомлення до", "реклама")
    await anna.says("/new")
    await anna.sees_nothing()
    await bob.sees_nothing(at=QUEUE)

    await bob.says("/ban", at=QUEUE)
    await bob.sees("Анна: until", "реклама", buttons=["Lift: Анна", "➕ Add"], at=QUEUE)
    await bob.presses("Lift: Анна", at=QUEUE)
    await bob.sees("What changes: Анна", "They are served again.", "реклама", at=QUEUE)
    await applies(bob, at=QUEUE)
    await bob.sees(said_in("en", "ban.lifted", name="Анна"), at=QUEUE)
    await bob.says("/unban @Анна", at=QUEUE)
    await bob.sees(said_in("en", "refused.not_banned", name="Анна"), at=QUEUE)
    await anna.says("/help")
    await anna.catches_up()

    await bob.says("/ban 1 1d реклама", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await applies(bob, at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await desk.passes(days=1, minutes=1)
    await bob.catches_up(at=QUEUE)
    await anna.catches_up()
    await anna.says("/help")
    await anna.sees("/new")


@pytest.mark.parametrize("language", ["uk", "ru"])
async def test_a_ban_is_asked_for_part_by_part(desk: Desk, language: str):
    boss, anna = desk.agent("Boss", language=language), desk.requester("Анна", language=language)

    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    await asked(anna, "Купіть у мене квартиру")
    await admin(desk, boss)
    await boss.says("/ban")
    await boss.sees(say("ban.nobody"), buttons=[say("rules.add")])
    await boss.presses(say("rules.add"))
    await boss.fills(who="Хто це", length="тиждень", reason="реклама", review=False)
    await boss.sees(say("refused.whom", name="Хто це"))
    await boss.fills(who="Анна", review=False)
    await boss.sees(say("refused.length", word="тиждень"))
    await boss.fills(length="7d", review=False)
    await boss.sees(say("rules.would_change", name="Анна"), "реклама", buttons=[say("rules.apply"), say("form.cancel")])
    await anna.says("/help")
    await anna.catches_up()  # nothing has changed yet
    await boss.catches_up()
    await boss.presses(say("rules.apply"))
    await boss.sees("Анна", "реклама", buttons=[])
    await anna.says("/help")
    await anna.sees("реклама")


async def test_no_way_round_a_permission_or_a_group(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await present(bob, eve)
    title = {"en": "Money", "uk": "Гроші", "ru": "Деньги"}
    money = {"title": title, "members": [account(eve)], "keywords": ["card"]}
    await ruled(
        desk, desk={"unclaimed_reminder": "9d"}, groups={"money": money}, roles={"permissions": {"close": "senior"}}
    )
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/bulk close", at=QUEUE)
    await bob.sees("senior", at=QUEUE)
    await bob.says("/bulk resolve", at=QUEUE)
    await bob.sees(buttons=[said_in("en", "bulk_yes.resolve", n=1), said_in("en", "form.cancel")], at=QUEUE)
    await bob.presses(said_in("en", "bulk_yes.resolve", n=1), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/snooze 1 2h", at=QUEUE)
    await bob.sees(said_in("en", "refused.other_group", ticket=1, group="Money"), at=QUEUE)
    found = await desk.records(lambda tx: tx.tickets.get(1))
    assert (found.status, found.agent_id) == ("new", None)
    await ann.sees_nothing()


async def test_what_a_senior_by_the_rules_may_holds_whatever_leads_there(desk: Desk, ann: Somebody, bob: Somebody):
    zoe = desk.requester("Zoe")
    await present(bob)
    permits = {"resolve": "senior", "company add": "senior"}
    await ruled(desk, desk={"unclaimed_reminder": "9d"}, roles={"seniors": [account(bob)], "permissions": permits})
    await asked(ann, "The Wi-Fi is down")
    await asked(zoe, "No internet", ticket=2)
    await bob.says("/problem 2 1", at=QUEUE)
    await bob.presses(said_in("en", "button.linked", n=1), at=QUEUE)
    await bob.presses(said_in("en", "button.resolve_linked", n=1), at=QUEUE)
    await desk.passes(minutes=1)
    assert await desk.records(lambda tx: tx.tickets.get(2).status) == "resolved"
    await bob.says("/company add Acme", at=QUEUE)
    await bob.says("/company Acme notes They pay late", at=QUEUE)
    await bob.reads("Acme", "They pay late", at=QUEUE)
    for somebody in (ann, zoe, bob):
        await somebody.catches_up()
    await bob.catches_up(at=QUEUE)


async def test_a_ticket_is_given_to_nobody_outside_the_team(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    await asked(ann)
    card = await bob.sees("#1 ", at=QUEUE)
    requester = await desk.records(lambda tx: tx.tickets.get(1).requester_id)
    await bob.presses_name(f"give:1.{requester}", card)
    bob.sees_toast("Nobody of the team")
    assert await desk.records(lambda tx: tx.tickets.get(1).agent_id) is None


async def test_a_number_that_is_none_is_no_accident(ann: Somebody):
    await ann.says("/status ²")
    await ann.sees("/status 1042")
