"""What happens to a request, and to those who are asked, while somebody's yes is waited for."""

from tests.stories.harness import QUEUE, Desk, Somebody, said_in
from tests.stories.rules.approving import SUPPLIES, asked_of, asks, at_home, at_rest, with_rule
from tests.stories.rules.ruled import account, present


async def test_whoever_asks_for_something_ends_it_but_goes_round_no_question(desk: Desk, bob: Somebody):
    eve, dan = desk.agent("Eve"), desk.agent("Dan")
    await present(bob, eve, dan)
    await at_home(bob, eve, dan)
    await with_rule(desk, "en", {"ask": [account(eve)]})
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
    await at_rest(bob, eve, dan)
