"""A link may lead straight into a request."""

from tests.stories.harness import QUEUE, Desk, Somebody
from tests.stories.harness.given import asked
from tests.stories.harness.people import SKIP


async def test_a_link_to_a_request_type_opens_its_form(desk: Desk, bob: Somebody):
    olha = desk.requester("Ольга", language="uk")
    await olha.starts("req_billing")
    await olha.fills(details="Двічі списали гроші", contract=SKIP)
    await olha.sees("Заявку #1 зареєстровано")
    await bob.sees("#1 Billing question", "Ольга", "Двічі списали гроші", at=QUEUE)


async def test_a_link_of_older_times_still_begins_a_request(desk: Desk, ann: Somebody):
    await ann.starts("req_gone")
    await ann.puts_off()


async def test_a_link_nobody_knows_greets(desk: Desk, ann: Somebody):
    await ann.starts("hello_there")
    await ann.sees("Hello, Ann!", buttons=["New request", "My requests"])


async def test_who_comes_back_sees_what_is_being_looked_after(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await ann.starts()
    await ann.sees("Your request #1 is being looked after")
