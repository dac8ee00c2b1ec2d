"""A question whether something is meant holds for a day: what was shown then may look quite different by now."""

from tests.stories.harness import QUEUE, Desk, Somebody, said_in
from tests.stories.harness.given import asked
from tests.stories.rules.ruled import account, present, ruled


async def test_many_at_once_are_not_done_on_an_old_yes(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/bulk tag vip", at=QUEUE)
    asking = await bob.sees(buttons=[said_in("en", "bulk_yes.tag", n=1), said_in("en", "form.cancel")], at=QUEUE)
    await desk.passes(hours=25)
    await bob.catches_up(at=QUEUE)
    await ann.catches_up()
    await bob.presses(said_in("en", "bulk_yes.tag", n=1), on=asking)
    bob.sees_toast(said_in("en", "refused.list_gone"))
    assert not (await desk.records(lambda tx: tx.labelled.of(1))).tags


async def test_nobody_is_banned_by_an_old_question(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    await ruled(desk, roles={"admins": [account(bob)]})
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await bob.says("/ban 1 7d advertising", at=QUEUE)
    asking = await bob.sees("What changes: Ann", at=QUEUE)
    await desk.passes(hours=25)
    await bob.catches_up(at=QUEUE)
    await ann.catches_up()
    await bob.presses(said_in("en", "rules.apply"), on=asking)
    bob.sees_toast(said_in("en", "refused.expired"))
    assert await desk.records(lambda tx: tx.bans.all(desk.clock.now())) == []
