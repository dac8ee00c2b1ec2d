"""Two who change the rules at one time, buttons of an older time, and buttons that nobody was shown: nothing is lost."""

from typing import Any

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import account, admin, applies, goes, present, ruled


@pytest.fixture
def house() -> House:
    """Ask every form step by step: these stories are about the questions."""
    return House(windows=False)


async def two(desk: Desk, bob: Somebody) -> Somebody:
    """Let Bob and Eve be admins."""
    eve = desk.agent("Eve")
    await present(eve)
    await admin(desk, bob)
    await ruled(desk, roles={"admins": [account(bob), account(eve)]})
    await eve.starts()
    await eve.catches_up()
    return eve


async def removes(eve: Somebody, kind: str) -> None:
    """A request type goes."""
    await eve.says(f"/type {kind}")
    await eve.presses("Remove", on=await eve.sees(f"({kind})"))
    await eve.sees("It is offered no more")
    await applies(eve)
    await eve.sees("The change holds from now on.")


async def test_what_was_opened_before_somebody_else_changed_it_undoes_nothing(desk: Desk, bob: Somebody):
    eve = await two(desk, bob)
    await bob.says("/type billing")
    await bob.presses("Change …", on=await bob.sees("(billing)"))
    review = await bob.sees(said_in("en", "form.review"))
    await eve.says("/type billing")
    await eve.presses("Change …", on=await eve.sees("(billing)"))
    await eve.presses("Change: Priority", on=await eve.sees(said_in("en", "form.review")))
    await goes(eve, "urgent")
    await eve.sees("Priority: normal → urgent")
    await applies(eve)
    await eve.sees("The change holds from now on.")
    await bob.presses("Submit", on=review)
    bob.sees_toast("Somebody else has changed “billing” meanwhile.")
    kind = await desk.records(lambda tx: tx.rules.newest().data["types"]["billing"])  # type: ignore[union-attr]
    assert kind["priority"] == "urgent"
    await bob.catches_up()


async def test_a_question_of_a_type_that_is_gone(desk: Desk, bob: Somebody):
    eve = await two(desk, bob)
    await bob.says("/type billing")
    await bob.presses("➕ Add a question", on=await bob.sees("(billing)"))
    await goes(bob, "extra", "What else?", "text", SKIP, "No", SKIP, SKIP, SKIP, SKIP, SKIP, SKIP)
    await bob.sees("What changes: billing.extra")
    await removes(eve, "billing")
    await bob.presses("Apply")
    bob.sees_toast("Somebody else has changed “billing.extra” meanwhile.")
    await bob.catches_up()


async def test_cancel_says_only_what_is_so(desk: Desk, bob: Somebody):
    eve = await two(desk, bob)
    await bob.says("/role @Eve senior", at=QUEUE)
    shown = await bob.sees("What changes: Eve", at=QUEUE)
    leave = next(name for name in shown.names if name.startswith("leave:"))
    await eve.presses_name(leave, shown)  # it is Bob's to leave
    eve.sees_toast(said_in("en", "refused.expired"))
    await bob.presses("Apply", on=shown)
    await bob.sees("Eve: senior agent from now on.", at=QUEUE)
    await bob.presses_name(leave, shown)
    bob.sees_toast(said_in("en", "refused.expired"))
    assert any("from now on" in line.text for line in desk.stage.lines(bob.native, QUEUE))
    await bob.catches_up(at=QUEUE)


async def test_where_requests_begin_is_changed_where_they_are_to_begin(desk: Desk, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/settings workflow repair")
    await bob.presses("Change …", on=await bob.sees("repair"))
    await bob.catches_up()
    await bob.presses("new")
    await bob.presses("Change …", on=await bob.sees("Do requests begin here: Yes"))
    await bob.presses("Change: Do requests begin here?", on=await bob.sees(said_in("en", "form.review")))
    await goes(bob, "No")
    await bob.sees(said_in("en", "rules.wrong.start_elsewhere"))
    await bob.catches_up()


async def test_buttons_that_nobody_was_shown(desk: Desk, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/settings")
    shown = await bob.sees("The desk's rules")
    for name in (
        *(
            "rule_up:status.repair.diagnosing",
            "rule_up:notice.claimed..",
            "rule_edit:workflow.repair",
            "rule_drop:desk",
        ),
        *("rule_add:text", "rule_add:desk", "role:99999", "role_to:99999999999.senior", "unban:999999999999999999"),
        *("rule:group.nobody", "rule_edit:question.nothing.at_all", "rule_add:question.nothing", "apply:00000000"),
    ):
        await bob.presses_name(name, shown)
        await desk.settles()
    await bob.catches_up()
    assert len(await desk.records(lambda tx: tx.rules.history())) == 2


async def test_a_help_line_is_a_text_like_any_other(desk: Desk, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/settings text help.settings text")
    [label] = (found := await bob.sees("Choose")).buttons
    await bob.presses(label, on=found)
    await bob.sees("What is said (English): change what the desk says")
    await bob.catches_up()


async def test_whoever_may_ban_may_be_asked_whom(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    await ruled(desk, desk={"unclaimed_reminder": "9d"}, roles={"permissions": {"ban": "agent"}})
    await asked(ann)
    await bob.starts()
    await bob.catches_up()
    await bob.says("/ban")
    await bob.presses("➕ Add", on=await bob.sees(said_in("en", "ban.nobody")))
    await bob.fills(who="Ann", length=SKIP, reason="advertising", review=False)
    await bob.sees("What changes: Ann", "advertising")
    await bob.catches_up()
    await applies(bob)
    await bob.sees("Ann is not served any more")
    await bob.catches_up(at=QUEUE)


async def test_a_second_tap_leaves_out_no_other_question(desk: Desk, bob: Somebody):
    await admin(desk, bob)
    await bob.says("/sla add")
    await bob.sees("Step 1 of 5")  # of no working hours none are asked for
    await bob.says("quick")
    first = await bob.sees("First response", "2")
    skip = next(name for name in first.names if name.startswith("skip:"))
    await bob.presses_name(skip, first)
    await bob.presses_name(skip, first)
    card = await bob.sees("Resolution")  # and not what comes after it
    await bob.presses("Cancel", on=card)
    await bob.catches_up()


async def test_what_is_answered_meanwhile_is_no_spam(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await claimed(bob, ann)
    labels = await bob.unfolds(at=QUEUE)
    assert "Spam" in labels
    card = desk.stage.lines(bob.native, QUEUE)[-1]
    await bob.says("/r I look into it", at=THREAD(1))
    await ann.sees("I look into it")
    await bob.presses_name("spam:1", card)
    bob.sees_toast(said_in("en", "refused.expired"))
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)
    assert await desk.records(lambda tx: tx.tickets.get(1).active)


async def test_whoever_is_named_is_named_with_all_accounts(desk: Desk, bob: Somebody):
    eve = await two(desk, bob)
    zoe = desk.agent("Zoe")
    await present(zoe)

    def link(tx: Any) -> list[str]:
        [first], [second] = tx.people.named("Eve"), tx.people.named("Zoe")
        tx.people.link(keep=first.id, gone=second.id)
        return list(tx.people.accounts(first.id))

    both = await desk.records(link)
    assert both == [account(eve), account(zoe)]
    await bob.says("/settings roles")
    await bob.presses("Change …", on=await bob.sees("Roles and permissions"))
    await bob.presses("Change: Admins", on=await bob.sees(said_in("en", "form.review")))
    await goes(bob, "@Bob, @Eve")
    await bob.sees("What changes: Roles and permissions")
    await applies(bob)
    await bob.sees("The change holds from now on.")
    assert await desk.records(lambda tx: tx.rules.newest().data["roles"]) == {"admins": [account(bob), *both]}  # type: ignore[union-attr]
