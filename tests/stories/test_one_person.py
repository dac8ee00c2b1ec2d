"""One person on two messengers: both sides are shown who the other is and say yes; roles stay, and it can be taken back."""

import re
from functools import partial

import pytest

from storage.models import Role
from storage.people.people import Person
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.stories.harness import QUEUE, Desk, Somebody, said_in
from tests.stories.harness.given import asked
from tests.stories.rules.ruled import account, ruled

YES, NO, UNDO = (said_in("en", f"button.link_{word}") for word in ("yes", "no", "undo"))


@pytest.fixture(params=["crossed", "reversed"])
def stage(request: pytest.FixtureRequest) -> str:
    """Return two messengers, either way round: nobody is one person with somebody on the same."""
    return str(request.param)


async def code_of(person: Somebody) -> str:
    await person.says("/link")
    told = await person.sees("Your code is")
    return str(re.findall(r"/link (\w+)", told.text)[0])


async def role_of(desk: Desk, person: Somebody) -> Role:
    """Return the role that membership gives somebody's account."""
    source, native = desk.stage.source(person.native), str(person.native.id)
    found = await desk.records(partial(known_as, source=source, native=native))
    return found.role if found else Role.REQUESTER


async def numbers(desk: Desk, *people: Somebody) -> set[int]:
    """Return as how many people these are known."""
    found: set[int] = set()
    for who in people:
        known = await desk.records(partial(known_as, source=desk.stage.source(who.native), native=str(who.native.id)))
        found |= {known.id} if known else set()
    return found


def known_as(tx: Transaction, *, source: str, native: str) -> Person | None:
    return tx.people.find(source, native)


async def test_accounts_of_one_messenger_are_never_one_person(desk: Desk, ann: Somebody):
    eve = desk.requester("Eve")
    code = await code_of(ann)
    await eve.says(f"/link {code}")
    await eve.sees("Only accounts on different messengers can be one person.")
    assert len(await numbers(desk, ann, eve)) == 2


async def test_both_sides_see_who_the_other_is_and_say_yes(desk: Desk, ann: Somebody, bob: Somebody):
    cid = desk.agent("Cid", outside=True)
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    code = await code_of(ann)
    await cid.says(f"/link {code}")
    await cid.sees("Is this you as well?", "Ann · ", " · known since 20", buttons=[YES, NO])
    await ann.sees_nothing()
    assert len(await numbers(desk, ann, cid)) == 2
    await cid.presses(YES)
    await cid.sees("Now the other account has to say yes", buttons=[])
    await ann.sees("Is this you as well?", "Cid · ", " · known since 20", buttons=[YES, NO])
    assert len(await numbers(desk, ann, cid)) == 2
    await ann.presses(YES)
    await ann.sees("both sides have said yes", buttons=[])
    await ann.sees("Both accounts are one person now.", "Cid · ", buttons=[UNDO])
    await cid.sees("Both accounts are one person now.", "Ann · ", buttons=[UNDO])
    assert len(await numbers(desk, ann, cid)) == 1
    await cid.says("/my")
    assert "#1" in (await cid.sees("Your requests:")).buttons[0]
    await cid.presses(UNDO)
    await cid.sees("The accounts are apart again", buttons=[])
    await ann.sees("The accounts are apart again")
    assert len(await numbers(desk, ann, cid)) == 2
    await cid.says("/my")
    assert not [button for line in await cid.catches_up() for button in line.buttons if "#1" in button]
    await ann.says("/my")
    assert "#1" in (await ann.sees("Your requests:")).buttons[0]


async def test_a_no_on_either_side_leaves_them_apart(desk: Desk, ann: Somebody):
    cid = desk.agent("Cid", outside=True)
    await cid.says(f"/link {await code_of(ann)}")
    await cid.sees("Is this you as well?")
    await cid.presses(YES)
    await cid.sees("Now the other account")
    await ann.sees("Is this you as well?")
    await ann.presses(NO)
    await ann.sees("The accounts stay apart.", buttons=[])
    await cid.sees("The accounts stay apart.")
    assert len(await numbers(desk, ann, cid)) == 2


async def test_a_join_stands_after_a_day(desk: Desk, ann: Somebody):
    cid = desk.agent("Cid", outside=True)
    await cid.says(f"/link {await code_of(ann)}")
    await cid.sees("Is this you as well?")
    await cid.presses(YES)
    await cid.catches_up()
    await ann.presses(YES)
    await ann.catches_up()
    await cid.catches_up()
    await desk.passes(days=1, minutes=1)
    await ann.presses(UNDO)
    await ann.catches_up()
    assert len(await numbers(desk, ann, cid)) == 1


@pytest.mark.parametrize("belongs", ["Ann", "Cid"])
async def test_apart_again_each_is_of_the_company_that_they_were_of(desk: Desk, ann: Somebody, belongs: str):
    cid = desk.agent("Cid", outside=True)
    code = await code_of(ann)
    await cid.starts()
    await cid.catches_up()

    def join(tx: Transaction) -> None:
        tx.companies.join(tx.companies.put("Acme", MONDAY).id, tx.people.named(belongs)[0].id)

    def companies(tx: Transaction) -> dict[str, int | None]:
        return {name: tx.companies.id_of(tx.people.named(name)[0].id) for name in ("Ann", "Cid")}

    await desk.records(join)
    before = await desk.records(companies)
    await cid.says(f"/link {code}")
    await cid.presses(YES)
    await ann.presses(YES)
    assert await desk.records(companies) == {"Ann": 1, "Cid": 1}
    await ann.presses(UNDO)
    assert await desk.records(companies) == before
    await ann.catches_up()
    await cid.catches_up()


async def test_an_agent_who_types_a_strangers_code_gives_them_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    """One of the team is joined by an admin's word alone, and even then roles are what they were."""
    boss = desk.agent("Boss")
    await boss.says("/help", at=QUEUE)
    await boss.starts()
    await boss.catches_up()
    await boss.catches_up(at=QUEUE)
    await bob.says("/queue", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await ruled(desk, roles={"admins": [account(boss)], "seniors": [account(bob)]})
    before = [await role_of(desk, who) for who in (ann, bob)]
    await bob.says(f"/link {await code_of(ann)}")
    await bob.sees("Is this you as well?", "Ann · ")
    await bob.presses(YES)
    await bob.sees("Now the other account")
    await ann.sees("Is this you as well?", "Bob · ")
    await ann.presses(YES)
    await ann.sees("so an admin decides; they have been asked", buttons=[])
    assert len(await numbers(desk, ann, bob)) == 2
    await boss.sees("Are these two accounts one person?", "Ann · ", "Bob · ", buttons=["Yes, join them", "No"])
    await boss.presses("Yes, join them")
    await boss.sees("They are one person now.", buttons=[])
    await ann.sees("Both accounts are one person now.")
    await bob.sees("Both accounts are one person now.")
    assert len(await numbers(desk, ann, bob)) == 1
    assert [await role_of(desk, who) for who in (ann, bob)] == before == [Role.REQUESTER, Role.AGENT]
    await ann.says("/queue")
    await ann.sees("That is for: agent.")
    await bob.says("/queue")
    await bob.catches_up()
    await bob.presses(UNDO)
    await bob.catches_up()
    await ann.catches_up()
    assert [await role_of(desk, who) for who in (ann, bob)] == before
    assert len(await numbers(desk, ann, bob)) == 2


async def test_wrong_codes_are_counted_and_a_code_ends(desk: Desk, ann: Somebody, bob: Somebody):
    cid = desk.agent("Cid", outside=True)
    code = await code_of(ann)
    await desk.passes(hours=1, minutes=1)
    await cid.says(f"/link {code}")
    await cid.sees("This code is not valid any more.")
    for wrong in range(4):
        await cid.says(f"/link {wrong}")
        await cid.sees("This code is not valid any more.")
    await cid.says(f"/link {await code_of(ann)}")
    await cid.sees("too many wrong codes for today")
    audited = await desk.records(lambda tx: tx.connection.exec_driver_sql("select act from audit").scalars().all())
    assert audited.count("link_refused") == 5
    await desk.passes(days=1, minutes=1)
    await cid.says("/link 12345")
    await cid.sees("This code is not valid any more.")


async def test_a_code_serves_once_and_nobody_else_can_say_yes(desk: Desk, ann: Somebody):
    cid, dan = desk.agent("Cid", outside=True), desk.agent("Dan", outside=True)
    code = await code_of(ann)
    await cid.says(f"/link {code}")
    asking = await cid.sees("Is this you as well?")
    await dan.says(f"/link {code}")
    await dan.sees("This code is not valid any more.")
    yes = asking.names[0]
    await dan.presses_name(yes, await dan.reads("This code"))
    await ann.sees_nothing()
    assert len(await numbers(desk, ann, cid, dan)) == 3
    await dan.catches_up()
