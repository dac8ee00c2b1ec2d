"""Who has left the team is of it no more, whatever they had begun, and whether anybody heard of it."""

from bot.api import issuing
from tests.api.program import let_in
from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody, needs, said_in
from tests.stories.harness.given import asked, talking
from tests.stories.rules.ruled import account, applies, present, ruled

NOT_MEMBER = said_in("en", "refused.not_member")


async def refused(bob: Somebody) -> None:
    """See that a press was refused: in passing, or where nothing can be shown in passing in private."""
    await bob.desk.settles()
    if bob.can(Capability.WINDOWS):
        await bob.sees(NOT_MEMBER)
    else:
        bob.sees_toast(NOT_MEMBER)


async def is_agent(desk: Desk, bob: Somebody) -> bool:
    """Return whether somebody is of the team, by the records."""
    return bob.name in [person.name for person in await desk.records(lambda tx: tx.people.team())]


@needs(team=Capability.WINDOWS)
async def test_words_of_a_window_opened_before_leaving_come_back(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.presses("Reply", at=QUEUE)
    await desk.settles()
    await bob.leaves()
    await bob.fills(text="The money is ours now", review=False)
    await bob.sees(NOT_MEMBER, said_in("en", "refused.given_back"), "The money is ours now")
    await ann.sees_nothing()
    assert not await is_agent(desk, bob)
    await bob.says("/queue")
    await bob.sees("That is for: agent.")


async def test_a_late_press_is_refused_and_makes_nobody_an_agent(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await asked(ann)
    card = await eve.sees("#1 ", at=QUEUE)
    await bob.says("/queue", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.leaves()
    await bob.presses_name("claim:1", card)
    await refused(bob)
    assert not await is_agent(desk, bob)
    assert await desk.records(lambda tx: tx.tickets.get(1).agent_id) is None


async def test_leaving_while_nobody_hears_it_is_noticed_at_the_next_start(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await eve.says("/queue", at=QUEUE)
    await talking(ann, bob)
    await desk.stops()
    await bob.leaves(heard=False)
    await desk.starts()
    await eve.sees("#1", "nobody has it yet", at=QUEUE)
    await eve.catches_up(at=QUEUE)
    assert not await is_agent(desk, bob)
    assert await is_agent(desk, eve)


async def test_leaving_that_is_never_told_is_noticed_within_a_day(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await eve.says("/queue", at=QUEUE)
    await talking(ann, bob)
    await bob.leaves(heard=False)
    await desk.passes(days=1, minutes=1)
    assert not await is_agent(desk, bob)
    assert await is_agent(desk, eve)
    assert await desk.records(lambda tx: tx.tickets.get(1).agent_id) is None
    await eve.catches_up(at=QUEUE)
    await eve.catches_up(at=THREAD(1))
    await ann.catches_up()


async def test_who_has_left_unheard_is_asked_about_when_they_act(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    card = await bob.sees("#1 ", at=QUEUE)
    await bob.leaves(heard=False)
    await desk.restarts()
    await bob.presses_name("claim:1", card)
    await refused(bob)
    assert not await is_agent(desk, bob)


async def test_who_was_there_before_the_desk_is_an_agent_by_their_first_press(desk: Desk, ann: Somebody):
    dan = desk.agent("Dan", outside=True)
    await asked(ann)
    await desk.stops()
    await dan.joins()
    await desk.starts()
    await dan.presses("Claim", at=QUEUE)
    await ann.sees("Dan is on your request #1.")
    await dan.catches_up(at=QUEUE)
    await dan.catches_up(at=THREAD(1))


async def test_who_comes_back_is_an_agent_again(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.leaves()
    await desk.settles()
    assert not await is_agent(desk, bob)
    await bob.joins()
    await desk.settles()
    assert await is_agent(desk, bob)
    await bob.presses("Claim", at=QUEUE)
    await ann.sees("Bob is on your request #1.")


async def test_a_senior_agent_who_left_is_none_until_they_are_back(desk: Desk, ann: Somebody, bob: Somebody):

    await talking(ann, bob)
    await ruled(desk, roles={"seniors": [account(bob)]})
    await bob.says("/merge 1 2", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.leaves()
    await bob.says("/queue")
    await bob.sees("That is for: agent.")
    await bob.joins()
    await bob.says("/queue")
    await bob.catches_up()


async def test_what_comes_back_is_not_theirs_who_have_left(desk: Desk, ann: Somebody, bob: Somebody):
    """Resolved and taken up again, merged and itself again, or a program's whose token is gone: it waits for somebody else."""
    eve, zoe = desk.agent("Eve"), desk.requester("Zoe")
    await present(bob, eve)
    general = {"team_language": "en", "unclaimed_reminder": "9d"}
    await ruled(desk, desk=general, roles={"seniors": [account(bob)]})
    for number, somebody in enumerate((ann, zoe, zoe, ann), 1):
        await asked(somebody, f"The tap leaks {number}", ticket=number)
    for said in ("/claim 1", "/claim 2", "/r 1 Try again", "/resolve 1"):
        await eve.says(said, at=QUEUE)
    await bob.says("/merge 2 3", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await applies(bob, at=QUEUE)
    undo = await bob.reads(said_in("en", "done.merged", ticket=2, into=3), at=QUEUE)
    async with let_in(desk) as shop:
        await shop.asks("POST", "/tickets/4/claim")
    await eve.leaves()
    await ann.catches_up()
    await ann.says("/status 1")
    await ann.catches_up()
    await ann.says("no")
    await bob.presses(said_in("en", "button.undo"), on=undo)
    await issuing.drop_token(desk._url, "Shop", desk.clock.now())
    await desk.passes(minutes=1)
    stand = await desk.records(lambda tx: [tx.tickets.get(number) for number in (1, 2, 4)])
    assert [(one.status, one.agent_id) for one in stand] == [("new", None)] * 3
    await bob.says("/queue free", at=QUEUE)
    await bob.says("/claim 4", at=QUEUE)
    await bob.reads(said_in("en", "done.claimed", ticket=4), at=QUEUE)
    for somebody in (ann, zoe):
        await somebody.catches_up()
    for place in (QUEUE, *map(THREAD, (1, 2, 3, 4))):
        await bob.catches_up(at=place)
