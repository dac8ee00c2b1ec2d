"""What happens to a request, and to those who are asked, while somebody's yes is waited for."""

import pytest

from handlers.tickets import approval_seats
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.rules.approving import SUPPLIES, asked_of, asks, at_home, at_rest, ordered, with_rule
from tests.stories.rules.ruled import account, admin, present, ruled


async def test_whoever_asks_for_something_ends_it_but_goes_round_no_question(desk: Desk, bob: Somebody):
    eve, dan = desk.agent("Eve"), desk.agent("Dan")
    await present(bob, eve, dan)
    await at_home(bob, eve, dan)
    await with_rule(desk, "en", {"ask": [account(eve)]}, waiting="asked")
    await dan.says("/new")  # one of the team, for themselves
    await dan.fills(type=SUPPLIES["en"], details="Ten boxes of paper")
    await dan.sees(said_in("en", "request.registered", ticket=1))
    await asks(bob)
    await asked_of(eve, "Dan")
    await dan.says("/retype 1 hardware", at=QUEUE)
    await dan.reads(said_in("en", "refused.approval_open", ticket=1, people=["Eve"]), at=QUEUE)
    await dan.says("/close 1", at=QUEUE)
    await eve.sees("your approval is not needed any more")
    assert not (await desk.records(lambda tx: tx.tickets.get(1))).active
    await dan.says("/reopen 1", at=QUEUE)  # by mistake: it waits for nobody now, and can be asked about again
    await desk.settles()
    assert (await desk.records(lambda tx: tx.tickets.get(1))).status == "requested"
    await dan.catches_up()
    await asks(bob)
    await eve.presses("👍 Approve", on=await asked_of(eve, "Dan"))
    assert (await desk.records(lambda tx: tx.tickets.get(1))).status == "approved"
    await at_rest(bob, eve, dan)


async def test_others_take_the_place_of_those_who_cannot_answer_one_for_one(desk: Desk, ann: Somebody, bob: Somebody):
    eve, dan, joe, kay, zoe = judges = [desk.agent(name) for name in ("Eve", "Dan", "Joe", "Kay", "Zoe")]
    await present(bob, *judges)
    await at_home(bob, *judges)
    await with_rule(desk, "en", {"ask": [account(eve), account(dan)], "need": "any"}, remind="2h")
    await ordered(ann, bob)
    asked = await asked_of(eve, "Ten boxes of paper")
    await asked_of(dan)
    await eve.leaves()
    await bob.reads("#1 ", said_in("en", "approval_card.lost", people=["Eve"], ticket=1), at=QUEUE)
    await desk.passes(hours=3)
    await eve.sees_nothing()  # who has left is reminded of nothing
    await asked_of(dan)
    await bob.says("/approval 1 Joe", at=QUEUE)  # one is enough, and Dan can still say it
    await bob.reads(said_in("en", "refused.approval_open", ticket=1, people=["Dan"]), at=QUEUE)
    await bob.says("/approval 1 Dan", at=QUEUE)
    await bob.reads(said_in("en", "refused.approval_seated", ticket=1, name="Dan"), at=QUEUE)
    await dan.leaves()
    await bob.says(f"/approval 1 {account(joe)} {account(kay)} {account(zoe)}", at=QUEUE)
    lost = said_in("en", "refused.approval_instead", ticket=1, n=3, most=2, people=["Eve", "Dan"])
    await bob.reads(lost, at=QUEUE)
    await bob.says("/approval 1 Joe Eve is not here any more", at=QUEUE)
    question = await asked_of(joe, "Ten boxes of paper", "Eve is not here any more")
    replaced = await eve.reads(said_in("en", "approval_seat.replaced", ticket=1))
    assert "Ten boxes" not in replaced.text
    assert not replaced.buttons
    await eve.presses_name(asked.names[0], asked)
    eve.sees_toast(said_in("en", "approval_seat.replaced", ticket=1))
    await bob.reads("#1 ", said_in("en", "approval_card.lost", people=["Dan"], ticket=1), at=QUEUE)
    await joe.presses("👍 Approve", on=question)
    await ann.sees("Good news: request #1")
    await at_rest(ann, bob, *judges)


async def test_who_has_left_the_team_stands_in_for_nobody_and_hears_no_decision(
    desk: Desk, ann: Somebody, bob: Somebody
):
    eve, dan = desk.agent("Eve"), desk.agent("Dan")
    await present(bob, eve, dan)
    await at_home(bob, eve, dan)
    await desk.settles()
    await with_rule(desk, "en", {"ask": [account(bob)]})
    for number, what in ((1, "Ten boxes of paper"), (2, "A golden pen")):
        await ann.says("/new")
        await ann.fills(type=SUPPLIES["en"], details=what)
        await ann.sees(said_in("en", "request.registered", ticket=number))
    await bob.says("/approval 1 Eve", at=QUEUE)
    own = await asked_of(eve)
    await eve.says("/away Dan")
    standing = await asked_of(dan, said_in("en", "approval.stands_in", name="Eve"))
    await dan.leaves()
    await dan.catches_up()
    await dan.presses("👍 Approve", on=standing)
    dan.sees_toast(said_in("en", "refused.approval_left", ticket=1))
    assert not (await desk.records(lambda tx: tx.approvals.get(1))).ended_at  # type: ignore[union-attr]
    await bob.says("/approval 2 Eve", at=QUEUE)
    await eve.reads("A golden pen")
    await dan.sees_nothing()
    await bob.leaves()
    await bob.catches_up()
    await eve.presses("👍 Approve", on=own)
    await ann.sees("Good news: request #1")
    await bob.sees_nothing()
    await bob.catches_up(at=THREAD(2))
    await at_rest(ann, bob, eve, dan)


async def amended(ann: Somebody, number: int, words: str) -> None:
    """Ann says in her request what she needs instead."""
    await ann.says(f"/status {number}")
    await ann.catches_up()
    await ann.presses(said_in(ann.language, "amend.button"))
    await ann.catches_up()
    line = next(each for each in reversed(ann.desk.stage.lines(ann.native, None)) if each.buttons)
    if said_in(ann.language, "amend.button") not in line.buttons:  # a window that has but one question opens at once
        await ann.presses(line.buttons[0], on=line)
    await ann.fills(answer=words, review=False)
    await ann.catches_up()


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_yes_counts_for_what_was_read_and_a_changed_request_is_asked_about_anew(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann = desk.requester("Ann", language=language)
    bob, eve, dan = (desk.agent(name, language=language) for name in ("Bob", "Eve", "Dan"))
    await present(bob, eve, dan)
    await at_home(bob, eve, dan)
    await with_rule(desk, language, {"ask": [account(eve)]}, {"ask": [account(dan)]})
    await ordered(ann, bob)
    await eve.presses(say("button.approve"), on=await asked_of(eve, "Ten boxes of paper"))
    asked = await asked_of(dan, "Ten boxes of paper")
    await amended(ann, 1, "A hundred boxes of paper")
    await dan.presses(say("button.approve"), on=asked)
    dan.sees_toast(say("approval.changed_for_all", ticket=1))
    await dan.sees(say("approval_seat.anew", ticket=1), buttons=[])
    await bob.reads(say("thread.approval_anew", ticket=1), at=THREAD(1))
    await ann.sees_nothing()
    await eve.presses(say("button.approve"), on=await asked_of(eve, "A hundred boxes of paper"))
    before, asked = asked, await asked_of(dan, "A hundred boxes of paper")
    await dan.presses_name(before.names[0], before)  # what he was asked before counts no more
    dan.sees_toast(say("approval_seat.anew", ticket=1))
    await dan.catches_up()
    await dan.presses(say("button.ask_changes"), on=asked)
    await dan.fills(text="So many?", review=False)
    await dan.catches_up()
    await ann.catches_up()
    await amended(ann, 1, "Fifty boxes of paper")
    await ann.presses(say("button.answer_approval"))
    await ann.fills(text="Fifty will do", review=False)
    await eve.presses(say("button.approve"), on=await asked_of(eve, "Fifty boxes of paper", "Fifty will do"))
    await dan.catches_up()
    assert (await desk.records(lambda tx: tx.tickets.get(1))).status == "requested"
    await dan.presses(say("button.approve"))
    await ann.sees(say("told.approved", ticket=1, summary="Ten boxes of paper"))
    await at_rest(ann, bob, eve, dan)


async def test_who_was_named_instead_is_asked_from_the_start_and_who_was_replaced_reads_nothing_more(
    desk: Desk, ann: Somebody, bob: Somebody
):
    kay = desk.requester("Kay")
    dan, joe, zoe = desk.agent("Dan"), desk.agent("Joe"), desk.agent("Zoe")
    await admin(desk, bob)
    await present(dan, joe, zoe)
    await at_home(ann, dan, joe, zoe, kay)
    for words in ("add Acme", "Acme people + Ann", "Acme approvers + Kay"):
        await company(bob, words)
    await with_rule(desk, "en", {"ask": ["company"]}, {"ask": [account(dan)]})
    await ordered(ann, bob)
    asked = await asked_of(kay, "Ten boxes of paper")
    await company(bob, "Acme approvers - Kay")
    await bob.says("/approval 1 Joe", at=QUEUE)
    await joe.presses("👍 Approve", on=await asked_of(joe, "Ten boxes of paper"))
    await kay.sees(said_in("en", "approval_seat.replaced", ticket=1), buttons=[])
    await dan.leaves()
    await bob.says("/approval 1 Zoe", at=QUEUE)
    asked_last = await asked_of(zoe, "Ten boxes of paper")
    await bob.catches_up(at=THREAD(1))
    await bob.says("/redact Ten", at=THREAD(1))
    await zoe.reads("███ boxes of paper")
    assert not [line for line in desk.stage.lines(kay.native, None) if "boxes of paper" in line.text]
    assert not [line for line in desk.stage.lines(joe.native, None) if "boxes of paper" in line.text]
    await kay.presses_name(asked.names[0], asked)
    assert not [line for line in desk.stage.lines(kay.native, None) if "boxes of paper" in line.text]
    await amended(ann, 1, "A hundred boxes of paper")
    await zoe.presses_name(asked_last.names[0], asked_last)
    await zoe.sees(said_in("en", "approval_seat.anew", ticket=1), buttons=[])
    await zoe.sees_nothing()  # she was named in the second round
    await joe.presses("👍 Approve", on=await asked_of(joe, "A hundred boxes of paper"))
    await zoe.presses("👍 Approve", on=await asked_of(zoe, "A hundred boxes of paper"))
    await ann.sees("Good news: request #1")
    await at_rest(ann, bob, dan, joe, zoe, kay)


async def test_a_button_says_yes_to_what_stood_above_it(desk: Desk, ann: Somebody, bob: Somebody):
    eve, dan = desk.agent("Eve"), desk.agent("Dan")
    await present(bob, eve, dan)
    await at_home(bob, eve, dan)
    await with_rule(desk, "en", {"ask": [account(eve), account(dan)], "need": "all"}, remind="2h")
    await ordered(ann, bob)
    before, old = await asked_of(eve, "Ten boxes of paper"), await asked_of(dan, "Ten boxes of paper")
    await amended(ann, 1, "A hundred boxes of paper")
    await eve.presses("👍 Approve", on=before)
    eve.sees_toast(said_in("en", "approval.changed", ticket=1))
    await asked_of(eve, "A hundred boxes of paper")
    await dan.presses_name(old.names[0], old)  # he had pressed before he saw what it says now
    dan.sees_toast(said_in("en", "approval.changed", ticket=1))
    assert (await desk.records(lambda tx: [seat.answer for seat in tx.approvals.all_seats(1)])) == [None, None]
    await dan.catches_up()
    await amended(ann, 1, "Fifty boxes of paper")
    await desk.passes(hours=3)
    await eve.presses("👍 Approve", on=await asked_of(eve, "Fifty boxes of paper"))  # reminded of what it says now
    eve.sees_toast(said_in("en", "approval_done.yes", ticket=1))
    await dan.presses("👍 Approve", on=await asked_of(dan, "Fifty boxes of paper"))
    await ann.sees("Good news: request #1")
    await at_rest(ann, bob, eve, dan)


async def test_whose_own_request_it_becomes_says_yes_to_it_no_more(desk: Desk, ann: Somebody, bob: Somebody):
    eve, dan = desk.agent("Eve"), desk.agent("Dan")
    await present(bob, eve, dan)
    await at_home(bob, eve, dan)
    await with_rule(desk, "en", {"ask": [account(eve), account(dan)], "need": "all"})
    await ordered(ann, bob)
    question = await asked_of(eve)
    await eve.says("/new")
    await eve.fills(type=SUPPLIES["en"], details="Paper for me, too")
    await eve.sees(said_in("en", "request.registered", ticket=2))
    await ruled(desk, roles={"permissions": {"merge": "agent"}})
    await bob.says("/merge 2 1", at=QUEUE)
    await bob.presses("Apply", at=QUEUE)
    await eve.catches_up()
    await eve.presses("👍 Approve", on=question)
    eve.sees_toast(said_in("en", "refused.approval_own_now", ticket=1))
    await bob.reads("#1 ", said_in("en", "approval_card.lost", people=["Eve"], ticket=1), at=QUEUE)
    await dan.presses("❓ Ask for changes", on=await asked_of(dan))
    await dan.fills(text="How much paper?", review=False)
    await ann.catches_up()
    await dan.catches_up()
    await ann.presses("Answer")
    await ann.fills(text="Ten boxes", review=False)
    await dan.presses("👍 Approve", on=await asked_of(dan, "Ten boxes"))
    await ann.sees("Good news: request #1")
    await eve.sees("Good news: request #2")
    await eve.catches_up(at=THREAD(2))
    await at_rest(ann, bob, eve, dan)


async def test_a_round_that_has_grown_asks_the_first_and_a_yes_is_kept(
    desk: Desk, ann: Somebody, bob: Somebody, monkeypatch: pytest.MonkeyPatch
):
    kay, zoe = desk.requester("Kay"), desk.requester("Zoe")
    eve, dan = desk.agent("Eve"), desk.agent("Dan")
    await admin(desk, bob)
    await present(eve, dan)
    await at_home(ann, eve, dan, kay, zoe)
    for words in ("add Acme", "Acme people + Ann", "Acme approvers + Kay"):
        await company(bob, words)
    monkeypatch.setattr(approval_seats, "MOST", 1)
    await with_rule(desk, "en", {"ask": [account(eve)]}, {"ask": [account(bob), account(dan)]}, {"ask": ["company"]})
    await ordered(ann, bob)
    bob.sees_toast(said_in("en", "refused.approval_many", ticket=1, n=2, most=1))
    await with_rule(desk, "en", {"ask": [account(eve)]}, {"ask": ["company"]})
    await at_rest(ann, bob)
    await ordered(ann, bob, ticket=2)
    await company(bob, "Acme approvers + Zoe")
    question = await eve.sees(said_in("en", "approval.title", ticket=2, type=SUPPLIES["en"]))
    await eve.presses("👍 Approve", on=question)
    await bob.reads(said_in("en", "thread.approval_cut", ticket=2, n=2, most=1), at=THREAD(2))
    asked = await kay.sees(said_in("en", "approval.title", ticket=2, type=SUPPLIES["en"]))
    await zoe.sees_nothing()
    await company(bob, "Acme approvers - Kay")
    await kay.presses("👍 Approve", on=asked)
    kay.sees_toast(said_in("en", "refused.approval_not_asked", ticket=2))
    await bob.reads("#2 ", said_in("en", "approval_card.lost", people=["Kay"], ticket=2), at=QUEUE)
    await bob.says("/approval 2 Dan", at=QUEUE)
    again = await dan.sees(said_in("en", "approval.title", ticket=2, type=SUPPLIES["en"]))
    await dan.presses("👍 Approve", on=again)
    await ann.sees("Good news: request #2")
    for each in (ann, bob, eve, dan, kay):
        await each.catches_up(at=THREAD(2)) if each.is_agent else None
    await at_rest(ann, bob, eve, dan, kay)


async def company(bob: Somebody, words: str) -> None:
    """Bob changes who is of a company, or approves for it."""
    await bob.says(f"/company {words}")
    await bob.catches_up()
    if not words.startswith("add"):
        await bob.presses("Apply")
        await bob.catches_up()


async def test_a_request_that_had_another_type_meanwhile_needs_a_new_yes(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await present(bob, eve)
    await at_home(bob, eve)
    await with_rule(desk, "en", {"ask": [account(eve)]})
    await ordered(ann, bob)
    await eve.presses("👍 Approve", on=await asked_of(eve))
    await at_rest(ann, bob, eve)
    assert await desk.records(lambda tx: tx.tickets.get(1).status) == "approved"
    for name in ("billing", "supplies"):
        await bob.says(f"/retype 1 {name}", at=QUEUE)
    await at_rest(ann, bob, eve)
    await bob.says("/move 1 approved", at=QUEUE)
    await bob.sees(said_in("en", "done.approval_begun", ticket=1, people=["Eve"]), at=QUEUE)
    assert await desk.records(lambda tx: tx.tickets.get(1).status) != "approved"
    await eve.presses("👍 Approve", on=await asked_of(eve))
    await at_rest(ann, bob, eve)
    assert await desk.records(lambda tx: tx.tickets.get(1).status) == "approved"


async def test_who_stands_in_is_who_stands_in_now_and_never_who_asks(desk: Desk, ann: Somebody, bob: Somebody):
    eve, dan, joe = (desk.agent(name) for name in ("Eve", "Dan", "Joe"))
    await present(bob, eve, dan, joe)
    await at_home(bob, eve, dan, joe)
    await with_rule(desk, "en", {"ask": [account(eve)]})
    await ordered(ann, bob)
    await asked_of(eve)
    await eve.says("/away Bob")
    await bob.sees(said_in("en", "away.stands_in", name="Eve"))
    await bob.sees_nothing()  # it was he who asked
    await eve.says("/away Dan")
    await bob.sees(said_in("en", "away.stands_in_instead", name="Eve"))
    question = await asked_of(dan)
    await dan.says("/away Joe")
    await asked_of(joe)
    await dan.sees(said_in("en", "approval_seat.replaced", ticket=1), buttons=[])
    await dan.presses_name(question.names[0], question)
    assert [seat.answer for seat in await desk.records(lambda tx: tx.approvals.all_seats(1))] == [None]
    await dan.says("/back")
    await dan.catches_up()
    await eve.says("/away Dan")
    await asked_of(dan)
    await joe.reads(said_in("en", "approval_seat.replaced", ticket=1))
    await dan.presses("👍 Approve")
    await ann.sees("Good news: request #1")
    await at_rest(ann, bob, eve, dan, joe)


async def test_whoever_is_asked_for_changes_is_reminded_and_then_the_team_hears(
    desk: Desk, ann: Somebody, bob: Somebody
):
    eve = desk.agent("Eve")
    await present(bob, eve)
    await at_home(bob, eve)
    await with_rule(desk, "en", {"ask": [account(eve)]}, waiting="asked", remind="2h")
    await ordered(ann, bob)
    await eve.presses("❓ Ask for changes", on=await asked_of(eve))
    await eve.fills(text="Which colour?", review=False)
    question = said_in("en", "told.approval_changes", ticket=1, name="Eve", question="Which colour?")
    first = await ann.sees(question)
    await at_rest(ann, bob, eve)
    for _ in range(3):
        await desk.passes(hours=2, minutes=1)
        await ann.sees(question, buttons=["Answer"])
        await bob.sees_nothing(at=THREAD(1))
    await desk.passes(hours=2, minutes=1)
    await ann.sees_nothing()
    await bob.sees(said_in("en", "thread.approval_unanswered", ticket=1), at=THREAD(1))
    await desk.passes(days=9)
    await ann.sees_nothing()
    await ann.presses("Answer", on=first)
    await ann.fills(text="White", review=False)
    await asked_of(eve, "White")
    await at_rest(ann, bob, eve)
