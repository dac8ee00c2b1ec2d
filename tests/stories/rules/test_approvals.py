"""Somebody's yes: a workflow asks for it before a request comes to a status; who is asked answers in private, by buttons."""

import asyncio

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.rules.approving import APPROVED, SUPPLIES, asked_of, asks, at_home, at_rest, ordered, with_rule
from tests.stories.rules.ruled import account, admin, present, ruled


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_an_order_is_approved_by_all_who_are_asked_and_goes_on_by_itself(desk: Desk, language: str):
    ann = desk.requester("Ann", language=language)
    bob, eve, dan = (desk.agent(name, language=language) for name in ("Bob", "Eve", "Dan"))
    await present(bob, eve, dan)
    await at_home(bob, eve, dan)
    await with_rule(desk, language, {"ask": [account(eve), account(dan)], "need": "all"})
    await ordered(ann, bob)
    bob.sees_toast(said_in(language, "done.approval_begun", ticket=1, people=["Eve", "Dan"]))
    await bob.reads("#1 ", "✋", "Eve", "Dan", at=QUEUE)
    question = await asked_of(eve, "Ten boxes of paper", "Ann", "Bob", "Dan", APPROVED[language])
    await eve.presses(said_in(language, "button.approve"), on=question)
    eve.sees_toast(said_in(language, "approval_done.yes", ticket=1))
    await eve.sees(said_in(language, "approval_seat.yes", ticket=1, name="Eve", at="")[:12], buttons=[])
    await bob.says("/close 1", at=QUEUE)
    await bob.reads(said_in(language, "refused.approval_open", ticket=1, people=["Dan"]), at=QUEUE)
    await ann.sees_nothing()
    await dan.presses(said_in(language, "button.approve"), on=await asked_of(dan, "Eve"))
    await ann.sees(said_in(language, "told.approved", ticket=1, summary="Ten boxes of paper"))
    await bob.reads("#1 ", APPROVED[language], "Dan", at=QUEUE)
    await bob.sees(said_in(language, "approval_told.approved", ticket=1, summary="Ten boxes of paper"))
    assert await desk.records(lambda tx: tx.tickets.get(1).status) == "approved"
    await eve.presses_name(question.names[0], question)  # late: it is told kindly, and counts no more
    eve.sees_toast("Dan")
    assert len(await desk.records(lambda tx: tx.approvals.all_seats(1))) == 2
    await at_rest(ann, bob, eve, dan)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_no_has_a_reason_which_the_requester_and_the_team_read(desk: Desk, language: str):
    ann, bob, eve = (
        desk.requester("Ann", language=language),
        *(desk.agent(n, language=language) for n in ("Bob", "Eve")),
    )
    await present(bob, eve)
    await at_home(eve)
    await with_rule(desk, language, {"ask": ["role:agent"], "need": "any"}, declined="declined")
    await present(bob, eve)
    await ordered(ann, bob)
    await bob.catches_up()
    question = await asked_of(eve)
    await eve.presses(said_in(language, "button.decline"), on=question)
    await eve.fills(text="The budget is spent", review=False)
    await eve.sees(said_in(language, "approval_done.no", ticket=1))
    asked = await desk.records(lambda tx: tx.approvals.get(1))
    assert asked is not None
    assert asked.ended_at is None  # Bob may still say yes
    await bob.says("/approval 1", at=QUEUE)
    await bob.reads(said_in(language, "approval.of", ticket=1), "Bob", at=QUEUE)
    await at_home(bob)
    await bob.says("/approval withdraw 1", at=QUEUE)
    await bob.reads("#1 ", said_in(language, "approval_card.withdrawn", name="Bob"), at=QUEUE)
    assert await desk.records(lambda tx: tx.tickets.get(1).status) == "requested"
    await eve.presses_name(question.names[0], question)
    eve.sees_toast("#1")
    await with_rule(desk, language, {"ask": [account(eve)]}, declined="declined")
    await at_rest(ann, bob, eve)
    await ann.says("/new")
    await ann.fills(type=SUPPLIES[language], details="A golden pen")
    await ann.sees(said_in(language, "request.registered", ticket=2))
    await asks(bob)
    again = await eve.sees(said_in(language, "approval.title", ticket=2, type=SUPPLIES[language]), "A golden pen")
    await eve.presses(said_in(language, "button.decline"), on=again)
    await eve.fills(text="Too dear", review=False)
    await ann.sees(said_in(language, "told.declined_why", ticket=2, summary="A golden pen", reason="Too dear"))
    await bob.reads("#2 ", "Too dear", "Eve", at=QUEUE)
    assert await desk.records(lambda tx: tx.tickets.get(2).status) == "declined"
    for at in (QUEUE, THREAD(1), THREAD(2), None):
        await bob.catches_up(at=at)
        await eve.catches_up(at=at)
    await ann.catches_up()


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_what_should_change_is_asked_answered_and_approved(desk: Desk, language: str):
    ann, bob, eve = (
        desk.requester("Ann", language=language),
        *(desk.agent(n, language=language) for n in ("Bob", "Eve")),
    )
    await present(bob, eve)
    await at_home(bob, eve)
    await with_rule(desk, language, {"ask": [account(eve)]})
    await ordered(ann, bob)
    await eve.presses(said_in(language, "button.ask_changes"), on=await asked_of(eve))
    await eve.fills(text="For which office?", review=False)
    await eve.sees(said_in(language, "approval_done.changes", ticket=1))
    await ann.sees(said_in(language, "told.approval_changes", ticket=1, name="Eve", question="For which office?"))
    await bob.reads("#1 ", "Eve", "For which office?", at=QUEUE)
    await ann.presses(said_in(language, "button.answer_approval"))
    await ann.fills(text="For Lviv", review=False)
    await ann.sees(said_in(language, "approval.answer_done", ticket=1))
    await bob.reads("For Lviv", at=THREAD(1))
    await eve.presses(said_in(language, "button.approve"), on=await asked_of(eve, "For which office?", "For Lviv"))
    await ann.sees(said_in(language, "told.approved", ticket=1, summary="Ten boxes of paper"))
    await ann.presses(said_in(language, "button.answer_approval"))  # the old button: nothing is asked any more
    ann.sees_toast(said_in(language, "refused.approval_answered", ticket=1))
    await at_rest(ann, bob, eve)


async def test_a_majority_of_three_is_enough_and_the_third_reads_so(desk: Desk, ann: Somebody, bob: Somebody):
    judges = [desk.agent(name) for name in ("Eve", "Dan", "Joe")]
    await present(bob, *judges)
    await at_home(bob, *judges)
    await with_rule(desk, "en", {"ask": [account(each) for each in judges], "need": "majority"})
    await ordered(ann, bob)
    asked = [(each, await asked_of(each)) for each in judges[:2]]
    await asyncio.gather(*(each.presses_name(line.names[0], line) for each, line in asked))  # both at once
    await ann.sees("Good news: request #1")
    await ann.sees_nothing()
    late = await judges[2].reads("#1 was approved by")
    assert not late.buttons
    await at_rest(ann, bob, *judges)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_somebody_is_asked_once_whatever_the_workflow_says(desk: Desk, language: str):
    ann, kay = (desk.requester(name, language=language) for name in ("Ann", "Kay"))
    bob = desk.agent("Bob", language=language)
    await present(bob)
    await at_home(bob, kay)
    await desk.settles()
    await ruled(desk, desk={"team_language": language, "unclaimed_reminder": "9d"})
    await ann.says("/new")
    await ann.fills(
        type={"en": "Billing question", "uk": "Питання щодо оплати"}[language], details="A refund", contract="(skip)"
    )
    await ann.sees(said_in(language, "request.registered", ticket=1))
    await bob.says("/approval 1 Ann may she?", at=QUEUE)
    await bob.reads(said_in(language, "refused.approval_own", ticket=1, name="Ann"), at=QUEUE)
    await bob.says("/approval 1 Kay 900 € are at stake", at=QUEUE)
    await bob.reads(said_in(language, "approval.would_ask", ticket=1), "Kay", at=QUEUE)
    await kay.sees_nothing()  # whoever is not of the team is shown before they read anything
    await bob.presses(said_in(language, "button.ask_yes"), at=QUEUE)
    question = await kay.sees("#1", "A refund", "900 € are at stake", "Bob", "Ann")
    await kay.presses(said_in(language, "button.approve"), on=question)
    await ann.sees(said_in(language, "told.approved", ticket=1, summary="A refund"))
    await bob.sees(said_in(language, "approval_told.approved", ticket=1, summary="A refund"))
    await kay.catches_up()
    await at_rest(ann, bob)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_whoever_stands_in_answers_for_somebody_who_is_away(desk: Desk, language: str):
    ann = desk.requester("Ann", language=language)
    bob, eve, dan = (desk.agent(name, language=language) for name in ("Bob", "Eve", "Dan"))
    await present(bob, eve, dan)
    await at_home(bob, eve, dan)
    await with_rule(desk, language, {"ask": [account(eve)]}, {"ask": [account(dan)]})
    await ordered(ann, bob)
    question = await asked_of(eve)
    await eve.says("/away Dan")
    await eve.sees(said_in(language, "away.stand_in", name="Dan"))
    await dan.sees(said_in(language, "away.stands_in", name="Eve"))
    await bob.reads("#1 ", "Eve (Dan)", at=QUEUE)
    standing = await asked_of(dan, said_in(language, "approval.stands_in", name="Eve"))
    await dan.presses(said_in(language, "button.approve"), on=standing)
    await eve.reads("#1", "Dan")
    await eve.presses_name(question.names[0], question)  # late: Dan was quicker, for her
    eve.sees_toast("Dan")
    await ann.sees_nothing()  # there is another round
    await dan.presses(said_in(language, "button.approve"), on=await asked_of(dan, "Bob"))
    await ann.sees(said_in(language, "told.approved", ticket=1, summary="Ten boxes of paper"))
    await eve.says("/back")
    await dan.sees(said_in(language, "away.stands_in_no_more", name="Eve"))
    await at_rest(ann, bob, eve, dan)


async def test_who_approves_for_a_company_is_asked_and_reminded(desk: Desk, ann: Somebody, bob: Somebody):
    kay = desk.requester("Kay")
    await admin(desk, bob)
    await at_home(ann, kay)
    for words in ("add Acme", "Acme people + Ann", "Acme approvers + Kay"):
        await bob.says(f"/company {words}")
        if "+" in words:
            await bob.sees("Acme")
            await bob.presses("Apply")
    await bob.catches_up()
    await bob.says("/company Acme")
    await bob.sees("Approve for it: Kay")
    flows = (await desk.records(lambda tx: tx.rules.newest())).data["workflows"]  # type: ignore[union-attr]
    rule = {"approved": {"rounds": [{"ask": ["company"]}], "remind": "2h"}}
    await ruled(desk, workflows={**flows, "order": {**flows["order"], "approvals": rule}})
    await ordered(ann, bob)
    await bob.catches_up()
    first = await asked_of(kay)
    await desk.passes(hours=3)
    again = await asked_of(kay, "Ten boxes of paper")
    moved = await kay.reads("I have asked again about #1, below.")
    assert not moved.buttons
    assert first.names == again.names
    await kay.presses("👍 Approve", on=again)
    await ann.sees("Good news: request #1")
    await desk.passes(days=2)
    await kay.catches_up()
    assert len([line for line in desk.stage.lines(kay.native, None) if "Your approval is needed" in line.text]) == 2
    await at_rest(ann, bob)


async def test_somebody_else_is_named_only_where_who_was_asked_cannot_answer(desk: Desk, ann: Somebody, bob: Somebody):
    eve, dan = desk.agent("Eve"), desk.agent("Dan")
    await present(bob, eve, dan)
    await at_home(bob, dan)
    await with_rule(desk, "en", {"ask": [account(eve)]})
    await ordered(ann, bob)
    await eve.catches_up()
    shown = await bob.reads("#1 ", "Waits for approval: Eve", at=QUEUE)
    if "Cannot be reached: Eve" not in shown.text:  # where the bot may write first
        await bob.says("/approval 1 Dan", at=QUEUE)
        await bob.reads(said_in("en", "refused.approval_open", ticket=1, people=["Eve"]), at=QUEUE)
        await at_rest(ann, bob, eve, dan)
        return
    await bob.says("/approval 1 Dan", at=QUEUE)
    await dan.presses("👍 Approve", on=await asked_of(dan))
    await ann.sees("Good news: request #1")
    await at_rest(ann, bob, eve, dan)
