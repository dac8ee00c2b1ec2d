"""An agent registers a request for somebody else: known to the desk, or a guest who comes later by a link."""

import re

from storage.engine.database import Connection
from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody, needs, said_in
from tests.stories.harness.given import asked
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import present


async def begun(bob: Somebody, word: str, *, known: bool = False) -> None:
    """Bob begins a request for somebody in the team's channel, and fills it in where he is asked."""
    await bob.starts()
    await bob.catches_up()
    await bob.says(f"/new {word}", at=QUEUE)
    if known:
        asking = await bob.sees(said_in("en", "behalf.which", name=word), at=QUEUE)
        assert re.fullmatch(
            rf"{word} · \w+ · (@\S+|[UW]?\w*\d\w*|a guest) · known since \d{{4}}-\d\d-\d\d", asking.buttons[0]
        )
        await bob.presses(asking.buttons[0], at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.fills(type="Billing question", details="She was charged twice", contract=SKIP)


async def test_for_somebody_known(desk: Desk, bob: Somebody):
    anna = desk.requester("Анна", language="uk")
    await present(bob)
    await anna.starts()
    await anna.catches_up()
    await begun(bob, "Анна", known=True)
    await bob.sees("Request #1 is registered for Анна.")
    await anna.sees("Bob реєструє для вас заявку: She was charged twice", "Заявку #1 зареєстровано")
    await bob.sees("#1 ", "Анна", at=QUEUE)
    await anna.says("Дякую, це було вчора")
    await bob.catches_up(at=QUEUE)
    await anna.catches_up()
    assert await desk.records(lambda tx: tx.tickets.get(1).unread) == 1


@needs(requesters=Capability.LINKS, team=Capability.LINKS)
async def test_a_guest_finds_all_that_was_said(desk: Desk, bob: Somebody):
    await present(bob)
    await begun(bob, "Olha Petrenko")
    told = await bob.sees("registered for Olha Petrenko", "has not written to the bot yet", "start=for_")
    await bob.sees("#1 ", "Olha Petrenko", at=QUEUE)
    await bob.presses("Claim", at=QUEUE)
    await bob.says("/r The money is on its way back", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)

    payload = re.findall(r"start=(\w+)", told.text)[0]
    await bob.starts(payload)
    await bob.sees(said_in("en", "refused.link_of_another", name="Olha Petrenko"))
    olha = desk.requester("Ольга", language="uk")
    await olha.starts(payload)
    await olha.sees("Вітаємо, Ольга!")
    await olha.sees("Request #1 is registered", "She was charged twice")
    await olha.sees("Bob")
    await olha.sees("Bob", "The money is on its way back")
    await bob.sees("Ольга has come by the link", at=THREAD(1))
    await bob.sees("delivered", at=THREAD(1))
    await bob.catches_up(at=QUEUE)

    await olha.says("Дякую, чекаю на гроші завтра")
    await bob.sees("Дякую, чекаю", at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    await olha.catches_up()
    other = desk.requester("Петро", language="uk")
    await other.starts(payload)  # it serves once
    await other.sees("Петро", buttons=["Нова заявка", "Мої заявки"])


async def test_for_whom_nobody_knows(desk: Desk, ann: Somebody, bob: Somebody):
    await present(bob)
    await bob.says("/new @nobody", at=QUEUE)
    await bob.sees(said_in("en", "refused.whom", name="@nobody"), at=QUEUE)
    await asked(ann)
    await bob.catches_up(at=QUEUE)


@needs(requesters=Capability.LINKS, team=Capability.LINKS)
async def test_a_guests_link_lives_for_thirty_days_and_then_another_one_serves(desk: Desk, bob: Somebody):
    await present(bob)
    await begun(bob, "Olha Petrenko")
    told = await bob.sees("registered for Olha Petrenko", "It serves once, within 30 days.")
    await bob.sees("#1 ", "Olha Petrenko", at=QUEUE)
    old = re.findall(r"start=(\w+)", told.text)[0]
    await desk.passes(days=31)
    await bob.catches_up(at=QUEUE)
    stranger = desk.requester("Somebody")
    await stranger.starts(old)
    await stranger.sees(said_in("en", "refused.guest_link_over", days=30))

    await begun(bob, "Olha Petrenko", known=True)
    told = await bob.sees("registered for Olha Petrenko", "start=for_")
    await bob.catches_up(at=QUEUE)
    new = re.findall(r"start=(\w+)", told.text)[0]
    assert new != old
    await stranger.starts(old)
    await stranger.catches_up()
    olha = desk.requester("Olha")
    await olha.starts(new)
    heard = " ".join(line.text for line in await olha.catches_up())
    assert "Here is what was said for you so far" in heard
    assert "Request #1 is registered" in heard, "what was promised by the old link is not lost"
    assert "Request #2 is registered" in heard
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


@needs(requesters=Capability.LINKS, team=Capability.LINKS)
async def test_a_link_of_an_older_version_lives_as_long(desk: Desk, bob: Somebody):
    await present(bob)
    await begun(bob, "Olha Petrenko")
    await bob.catches_up()
    await bob.catches_up(at=QUEUE)

    def age(connection: Connection) -> None:
        connection.exec_driver_sql(
            "UPDATE account SET native = 'guest-0123456789abcdef01234567' WHERE native LIKE 'guest-%%'"
        )

    await desk.app.database.run(age)
    await desk.passes(days=31)
    await bob.catches_up(at=QUEUE)
    olha = desk.requester("Olha")
    await olha.starts("for_0123456789abcdef01234567")
    await olha.sees(said_in("en", "refused.guest_link_over", days=30))


@needs(requesters=Capability.LINKS, team=Capability.LINKS)
async def test_a_guest_who_comes_while_something_is_broken_hears_the_end_of_it(desk: Desk, bob: Somebody):
    await present(bob)
    await begun(bob, "Olha Petrenko")
    told = await bob.sees("registered for Olha Petrenko")
    await bob.says("/outage charged: The bank is slow", at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await bob.presses("Requests alike", at=QUEUE)
    await bob.presses("Link 1", at=QUEUE)
    olha = desk.requester("Olha")
    await olha.starts(re.findall(r"start=(\w+)", told.text)[0])
    await olha.catches_up()
    await bob.presses("It is over", at=QUEUE)
    await olha.sees("It works again. Thank you for waiting.")
    await olha.sees("#1", buttons=["Yes, it is solved", "Reopen"])
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
